/** Every call that starts something, made by somebody who may start from the bookmarks of the system alone. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API } from '../../src/contract/api.ts';
import { ProfileDraft } from '../../src/contract/profile.ts';
import { createTokens, type Tokens } from '../auth/tokens.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const GROUPS: Record<string, string[]> = { lim: ['guests'], ada: ['wheel'] };
const OWN = { command: 'rm -rf /', geometry: '800x600' };
const TOOL = { name: 'Tool', command: 'tool --safe', geometry: '640x480', params: { mode: 'safe' }, profile: 'strict' };

let server: TestServer;
let tokens: Tokens;
let [lim, ada] = ['', ''];

beforeEach(async () => {
  server = await startTestServer(
    {},
    {
      methods: ['local', 'ssh'],
      levels: { admins: ['ada'], managers: [] },
      accounts: {
        ownGroups: () => Promise.resolve([]),
        find: (login) => {
          const groups = GROUPS[login];
          const account = {
            login,
            uid: 2000,
            gid: 2000,
            home: `/home/${login}`,
            shell: '/bin/sh',
            groups: groups ?? [],
          };
          return Promise.resolve(groups ? account : undefined);
        },
      },
    },
  );
  tokens = await createTokens({ store: server.store, issuer: 'casement:test', now: Date.now });
  const client = { address: '127.0.0.1', userAgent: 'curl/8', shared: false };
  [lim = '', ada = ''] = await Promise.all(
    ['lim', 'ada'].map(async (who) => (await tokens.issue(who, 'ssh', client)).token),
  );
  for (const id of ['strict', 'loose']) await server.store.profiles.create(id, ProfileDraft.parse({ name: id }), 'ada');
});
afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly name: string;
  readonly result: { readonly id: string; readonly stage?: string };
}

async function call(
  token: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload: object = {},
): Promise<Answer> {
  const answer = await server.app.inject({
    method,
    url,
    // The old calls have the token in their address alone.
    headers: url.endsWith(token) ? {} : { authorization: `Bearer ${token}` },
    ...(method === 'GET' ? {} : { payload }),
  });
  const { result, error } = answer.json<{ result: Answer['result']; error?: { name: string } }>();
  return { status: answer.statusCode, name: error?.name ?? '', result };
}

const limit = () =>
  call(ada, 'PUT', '/api/admin/permissions/lim', { level: 'limited', grant: [], deny: [], note: '', version: 0 });
const bookmark = async (who: string, more: object = {}) =>
  (await call(who, 'POST', '/api/bookmarks', { ...TOOL, ...more })).result.id;

/** All addresses that start something, by what they are given. */
const STARTS = () => ['/api/start', '/v3/api/start', `/api/start/${lim}`];
const SHORTCUTS = ['/api/connect/shortcut', '/v3/api/connect/shortcut'];

describe('a limited person', () => {
  it('is meant by every call of the table that starts something', () => {
    const starting = Object.entries(API).filter(
      ([, route]) => route.method === 'POST' && /start|shortcut/.test(route.path),
    );
    expect(starting.map(([name]) => name).toSorted()).toEqual(['connectShortcut', 'start']);
  });

  it('starts no command of their own, by no call', async () => {
    await limit();
    for (const url of STARTS()) {
      for (const more of [{}, { bookmarkId: '' }, { profile: 'loose' }, { serverId: 'server-1' }, { forms: [] }]) {
        const { status, name } = await call(lim, 'POST', url, { ...OWN, ...more });
        // An id that is none is no bookmark either.
        expect([url, status >= 400, ['bookmark-only', 'bookmark-unknown', 'bad-request'].includes(name)]).toEqual([
          url,
          true,
          true,
        ]);
      }
      expect((await call(lim, 'POST', url, OWN)).name).toBe('bookmark-only');
    }
    expect(server.host.starts).toEqual([]);
  });

  it('starts no bookmark of their own, kept from better days, and none that is not for them', async () => {
    const own = await bookmark(lim, { command: 'rm -rf /', params: {}, profile: null });
    const foreign = await bookmark(ada, { system: true, groups: ['@wheel'] });
    await limit();
    for (const [id, code] of [
      [own, 'bookmark-only'],
      [foreign, 'bookmark-unknown'],
      ['none', 'bookmark-unknown'],
    ] as const) {
      for (const url of STARTS()) {
        expect([url, id, (await call(lim, 'POST', url, { ...OWN, bookmarkId: id })).name]).toEqual([url, id, code]);
      }
      for (const url of SHORTCUTS) expect([url, (await call(lim, 'POST', url, { id })).name]).toEqual([url, code]);
    }
    expect(server.host.starts).toEqual([]);
  });

  it('gets exactly what is written in a bookmark, whatever is sent beside its id', async () => {
    const id = await bookmark(ada, { system: true });
    await limit();
    const beside = { profile: 'loose', params: { mode: 'wild', more: 1 }, serverId: 'elsewhere', forms: ['resources'] };
    for (const url of STARTS()) {
      const { status, result } = await call(lim, 'POST', url, { ...OWN, ...beside, bookmarkId: id });
      expect([url, status, result.stage]).toEqual([url, 200, 'started']);
    }
    for (const url of SHORTCUTS) {
      for (const { id: running } of server.host.list()) server.host.drop(running);
      const { status } = await call(lim, 'POST', url, { id, ...beside, command: 'rm -rf /', serverId: 'server-1' });
      expect([url, status]).toEqual([url, 200]);
    }
    expect(server.host.starts).toHaveLength(STARTS().length + SHORTCUTS.length);
    for (const { command, profile, params } of server.host.starts) {
      expect([command, profile, params['mode'], params['bookmarkId']]).toEqual(['tool --safe', 'strict', 'safe', id]);
    }
  });

  it('writes, changes and takes back no bookmark, of their own or of the system', async () => {
    const [kept, gone] = [await bookmark(lim, { profile: null }), await bookmark(lim, { profile: null })];
    const system = await bookmark(ada, { system: true });
    await call(lim, 'DELETE', `/api/bookmarks/${gone}`);
    await limit();
    for (const [method, url, payload] of [
      ['POST', '/api/bookmarks', TOOL],
      ['POST', '/api/bookmarks', { ...TOOL, system: true }],
      ['PUT', `/api/bookmarks/${kept}`, { ...TOOL, command: 'rm', version: 1 }],
      ['PUT', `/api/bookmarks/${system}`, { ...TOOL, command: 'rm', version: 1 }],
      ['DELETE', `/api/bookmarks/${system}`, {}],
      ['POST', `/api/bookmarks/${gone}/restore`, {}],
      ['PUT', `/api/bookmarks/${system}/hidden`, { hidden: true }],
    ] as const) {
      const { status, name } = await call(lim, method, url, payload);
      expect([method, url, status, name]).toEqual([method, url, 403, 'forbidden']);
    }
    // One's own can still be thrown away.
    expect((await call(lim, 'DELETE', `/api/bookmarks/${kept}`)).status).toBe(200);
  });
});
