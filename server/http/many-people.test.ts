/** Several people on one server: what one sees and touches of another's, by every way there is. */
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API, type ApiName } from '../../src/contract/api.ts';
import type { FileCall } from '../../src/contract/files.ts';
import type { Route } from '../../src/contract/route.ts';
import { SOCKET_VERSION } from '../../src/contract/socket.ts';
import type { Account } from '../auth/accounts.ts';
import type { Tokens } from '../auth/tokens.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { startTestServer, type TestServer, type TestSocket } from '../testing/test-server.ts';

const account = (login: string, uid: number, groups: string[]): Account => ({
  login,
  uid,
  gid: uid,
  home: `/home/${login}`,
  shell: '/bin/sh',
  groups,
});
const ACCOUNTS = [account('alice', 2001, ['alice']), account('bob', 2002, ['bob']), account('ada', 2003, ['wheel'])];
const CLIENT = { address: '192.0.2.1', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', shared: false };

let server: TestServer;
let tokens: Tokens;
let people: Record<'alice' | 'bob' | 'ada', string>;

beforeEach(async () => {
  server = await startTestServer(
    {},
    {
      methods: ['local', 'ssh'],
      accounts: {
        find: async (login) => ACCOUNTS.find((one) => one.login === login),
        ownGroups: async () => [],
      },
      levels: { admins: ['@wheel'], managers: [] },
      ssh: (made) => {
        tokens = made;
        return { begin: () => Promise.reject(new Error('not here')), go: () => Promise.reject(new Error('not here')) };
      },
    },
  );
  const logIn = async (login: string) => (await tokens.issue(login, 'ssh', CLIENT)).token;
  people = { alice: await logIn('alice'), bob: await logIn('bob'), ada: await logIn('ada') };
  server.host.put(sessionOf('hers-1', { login: 'alice', user: 'alice', name: 'Wonderland' }));
  server.host.put(sessionOf('his-11', { login: 'bob', user: 'bob' }));
});
afterEach(() => server.close());

interface Answer {
  status: number;
  text: string;
  body: { result?: unknown; error?: { name: string } };
}
async function as(
  token: string,
  method: Route['method'],
  url: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await server.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, text: answer.body, body: answer.json() };
}

describe('somebody else’s session', () => {
  /** What each call is asked about another's session, and what comes of it; a call without an entry does not compile. */
  const HERS = { id: 'hers-1' };
  const none = { error: 'session-unknown' } as const;
  const WALK: Record<ApiName, { input?: object; path?: string; error?: string; open?: true }> = {
    config: { open: true },
    loginLocal: { open: true },
    loginSsh: { open: true },
    me: {},
    sessions: {},
    logins: {},
    revokeLogin: { path: 'hers-1', error: 'not-found' },
    revokeOtherLogins: {},
    adminSessions: { error: 'forbidden' },
    adminAudit: { error: 'forbidden' },
    adminPermissions: { error: 'forbidden' },
    adminPermissionSave: { path: 'alice', error: 'forbidden' },
    adminPermissionDelete: { path: 'alice', error: 'forbidden' },
    adminPermissionDefaults: { error: 'forbidden' },
    adminPermissionCheck: { error: 'forbidden' },
    adminSettings: { error: 'forbidden' },
    adminSettingsSave: { error: 'forbidden' },
    adminSeats: { error: 'forbidden' },
    adminServers: { error: 'forbidden' },
    adminServerSave: { path: 'server-1', error: 'forbidden' },
    adminForms: { error: 'forbidden' },
    adminForm: { path: 'resources', error: 'forbidden' },
    adminFormCreate: { error: 'forbidden' },
    adminFormSave: { path: 'resources', error: 'forbidden' },
    adminFormPublish: { path: 'resources', error: 'forbidden' },
    adminFormRollBack: { path: 'resources', error: 'forbidden' },
    adminFormText: { path: 'resources', error: 'forbidden' },
    adminFormDelete: { path: 'resources', error: 'forbidden' },
    adminFormDefaults: { error: 'forbidden' },
    adminFormTry: { error: 'forbidden' },
    profiles: {},
    extend: { input: HERS, ...none },
    adminProfiles: { error: 'forbidden' },
    adminProfile: { path: 'office', error: 'forbidden' },
    adminProfileCreate: { error: 'forbidden' },
    adminProfileSave: { path: 'office', error: 'forbidden' },
    adminProfileDelete: { path: 'office', error: 'forbidden' },
    adminProfileDefault: { error: 'forbidden' },
    adminFunctions: { error: 'forbidden' },
    adminFunction: { path: 'form-filter', error: 'forbidden' },
    adminFunctionSave: { path: 'form-filter', error: 'forbidden' },
    adminFunctionPublish: { path: 'form-filter', error: 'forbidden' },
    adminFunctionRollBack: { path: 'form-filter', error: 'forbidden' },
    adminFunctionText: { path: 'form-filter', error: 'forbidden' },
    adminFunctionDelete: { path: 'form-filter', error: 'forbidden' },
    adminFunctionDryRun: { path: 'form-filter', error: 'forbidden' },
    adminFunctionInputs: { path: 'form-filter', error: 'forbidden' },
    adminFunctionInput: { path: 'form-filter', error: 'forbidden' },
    adminFunctionShadow: { path: 'form-filter', error: 'forbidden' },
    adminFunctionShadowSet: { path: 'form-filter', error: 'forbidden' },
    bookmarks: {},
    bookmark: { path: 'hers-1', error: 'bookmark-unknown' },
    bookmarkCreate: { input: { name: 'Mine', command: 'xterm' } },
    bookmarkSave: {
      path: 'hers-1',
      input: { name: 'Mine', command: 'xterm', version: 1 },
      error: 'bookmark-unknown',
    },
    bookmarkDelete: { path: 'hers-1', error: 'bookmark-unknown' },
    bookmarkRestore: { path: 'hers-1', error: 'bookmark-unknown' },
    bookmarkHide: { path: 'hers-1', input: { hidden: true }, error: 'forbidden' },
    bookmarkFavourite: { path: 'hers-1', input: { favourite: true }, error: 'bookmark-unknown' },
    pastStarts: {},
    pastStartDelete: { path: 'hers-1', error: 'not-found' },
    pastStartsClear: {},
    connectShortcut: { input: { id: 'hers-1' }, error: 'bookmark-unknown' },
    forms: {},
    form: { path: 'hers-1', error: 'not-found' },
    start: { input: { command: 'xterm', geometry: '800x600' } },
    connect: { input: HERS, ...none },
    disconnect: { input: HERS, ...none },
    terminate: { input: HERS, ...none },
    purge: { input: HERS, ...none },
    params: { input: { ...HERS, params: { a: 1 } }, ...none },
    log: { input: HERS, ...none },
    clientcomm: { input: { ...HERS, data: 'x' }, ...none },
    logout: {},
  };

  it.each(Object.entries(WALK))('is neither seen nor touched by %s', async (name, { input, path, error, open }) => {
    const route: Route = API[name as ApiName];
    expect(route.auth).toBe(open !== true);
    if (open) return;
    const before = JSON.stringify(server.host.get('hers-1'));
    const url = `/api${route.path.replace(/:(?:id|name)/, path ?? '')}`;
    const answer = await as(people.bob, route.method, url, route.method === 'GET' ? undefined : (input ?? {}));
    expect(answer.body.error?.name).toBe(error);
    expect(answer.text).not.toMatch(/hers-|alice|Wonderland/);
    expect(JSON.stringify(server.host.get('hers-1'))).toBe(before);
    expect(server.host.calls).toEqual([]);
    // The same as for one that there is not.
    if (input === HERS) {
      const missing = await as(people.bob, route.method, url, { id: 'nobodys' });
      expect([missing.status, missing.body.error?.name]).toEqual([answer.status, error]);
    }
  });

  it('is not found by filters and sorting either', async () => {
    for (const query of ['?filter=login==alice', '?filter=id==hers-1', '?sortBy=login', '?limit=1000']) {
      const { text } = await as(people.bob, 'GET', `/api/sessions${query}`);
      expect(text).not.toMatch(/hers-/);
    }
    expect((await as(people.bob, 'GET', `/api/list/${people.bob}`)).text).not.toMatch(/hers-/);
  });

  it('never comes by push: not at first, not changed, not ended, and no start of another’s', async () => {
    const socket = await server.socket('/api/push');
    socket.ws.send(JSON.stringify({ token: people.bob }));
    const frames: unknown[] = [];
    while ((frames.at(-1) as { event?: string } | undefined)?.event !== 'ready') frames.push(await socket.next());
    server.host.put(sessionOf('hers-1', { login: 'alice', name: 'Changed' }));
    await as(people.alice, 'POST', '/api/start', { command: 'xterm', geometry: '800x600' }, { 'x-start-id': 'hers-2' });
    server.host.drop('hers-1');
    server.host.put(sessionOf('his-11', { login: 'bob', name: 'last' }));
    for (;;) {
      const frame = (await socket.next()) as { data?: { name?: string } };
      frames.push(frame);
      if (frame.data?.name === 'last') break;
    }
    expect(JSON.stringify(frames)).not.toMatch(/hers-|alice|Wonderland/);
  });

  it('comes by none of the old ways either', async () => {
    for (const url of ['/sse/all-sessions', '/sse/all-servers']) {
      expect((await as(people.bob, 'GET', url)).body.error?.name).toBe('forbidden');
    }
    for (const path of ['/api/admin/session', '/api/admin/server']) {
      const socket = await server.socket(path);
      socket.ws.send(JSON.stringify({ token: people.bob }));
      expect((await socket.closed).reason).toBe('forbidden');
    }
    const { port } = server.app.server.address() as AddressInfo;
    const headers = { authorization: `Bearer ${people.bob}` };
    const mine = await fetch(`http://127.0.0.1:${port}/sse/my-sessions`, { headers });
    let text = '';
    for await (const chunk of mine.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      if (text.includes('his-11')) break;
    }
    expect(text).not.toMatch(/hers-|alice|Wonderland/);
  });

  it('is not opened with a ticket or a resume token of one’s own', async () => {
    const { body } = await as(people.bob, 'POST', '/api/connect', { id: 'his-11' });
    const { password } = body.result as { password: string };
    const hello = async (path: string, more: object) => {
      const socket = await server.socket(path);
      socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ...more }));
      return (await socket.next()) as { t: string; resume?: string; error?: { name: string } };
    };
    expect((await hello('/ws/session/hers-1', { ticket: password })).error?.name).toBe('ticket-foreign');
    const again = await as(people.bob, 'POST', '/api/connect', { id: 'his-11' });
    const welcome = await hello('/ws/session/his-11', {
      ticket: (again.body.result as { password: string }).password,
    });
    expect(welcome.t).toBe('welcome');
    const resumed = await hello('/ws/session/hers-1', { resume: welcome.resume });
    expect(resumed.error?.name).toBe('ticket-foreign');
  });

  /** What each call asks about another's transfers, with a viewer's key of one's own; one without an entry does not compile. */
  const FILES: Record<FileCall, 'own' | 'file-transfer'> = {
    list: 'own',
    begin: 'own',
    make: 'own',
    offer: 'own',
    finish: 'file-transfer',
    cancel: 'file-transfer',
    progress: 'file-transfer',
    stop: 'file-transfer',
  };

  it('has files that no call reaches from another session', async () => {
    const viewer = async (token: string, id: string) => {
      const { body } = await as(token, 'POST', '/api/connect', { id });
      const socket = await server.socket(`/ws/session/${id}`);
      const ticket = (body.result as { password: string }).password;
      socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ticket }));
      return ((await socket.next()) as { files: { key: string } }).files.key;
    };
    const call = async (key: string, name: string, payload: object) => {
      const headers = { authorization: `Viewer ${key}` };
      const answer = await server.app.inject({ method: 'POST', url: `/files/${name}`, headers, payload });
      return answer.json<{ result?: { id: string; url: string }; error?: { name: string } }>();
    };
    const { asked, content } = server.host.files;
    content.set('~', Buffer.from('x'));
    const [hers, his] = [await viewer(people.alice, 'hers-1'), await viewer(people.bob, 'his-11')];
    const upload = { folder: '~', name: 'secret', size: 1, modified: 1 };
    const up = (await call(hers, 'begin', upload)).result?.id;
    const down = (await call(hers, 'offer', { path: '~' })).result?.id;
    asked.length = 0;
    for (const [name, outcome] of Object.entries(FILES)) {
      const input =
        name === 'begin'
          ? upload
          : name === 'make'
            ? { folder: '~', below: ['secret'] }
            : outcome === 'own'
              ? { path: '~' }
              : { id: /progress|stop/.test(name) ? down : up };
      expect([name, (await call(his, name, input)).error?.name]).toEqual([
        name,
        outcome === 'own' ? undefined : outcome,
      ]);
    }
    // The key says whose, and nothing in the question can.
    expect(asked).toEqual(['his-11', 'his-11', 'his-11', 'his-11']);
    // An administrator's hands stay off them as well: no ticket, so no key.
    expect((await as(people.ada, 'POST', '/api/connect', { id: 'hers-1' })).body.error?.name).toBe('session-unknown');
  });

  it('is seen and ended by administrators, whose hands stay off its screen', async () => {
    const all = await as(people.ada, 'GET', '/api/admin/sessions?sortBy=login');
    expect((all.body.result as { id: string }[]).map(({ id }) => id)).toEqual(['hers-1', 'his-11']);
    expect((await as(people.ada, 'GET', '/api/sessions')).body.result).toEqual([]);
    for (const call of ['connect', 'clientcomm']) {
      const touched = await as(people.ada, 'POST', `/api/${call}`, { id: 'hers-1', data: 'x' });
      expect([call, touched.body.error?.name]).toEqual([call, 'session-unknown']);
    }
    expect((await as(people.ada, 'POST', '/api/terminate', { id: 'hers-1' })).status).toBe(200);
    const audit = await as(people.ada, 'GET', '/api/admin/audit?event=terminate');
    const { entries } = audit.body.result as { entries: object[] };
    expect(entries).toMatchObject([{ login: 'ada', owner: 'alice', target: 'hers-1', outcome: 'ok' }]);
    expect((await as(people.ada, 'GET', '/api/me')).body.result).toMatchObject({ level: 'admin', groups: ['wheel'] });
  });
});

describe('logins', () => {
  const logins = async (token: string) =>
    (await as(token, 'GET', '/api/logins')).body.result as { id: string; current: boolean; browser: string }[];

  it('are listed to their owner alone, without what would prove a call', async () => {
    await tokens.issue('bob', 'ssh', { ...CLIENT, userAgent: 'curl/8' });
    const list = await logins(people.bob);
    expect(list.map(({ browser, current }) => [browser, current])).toEqual(
      expect.arrayContaining([
        ['Firefox on Linux', true],
        ['curl', false],
      ]),
    );
    expect(list).toHaveLength(2);
    const { csrf } = (await as(people.bob, 'GET', '/api/me')).body.result as { csrf: string };
    expect(JSON.stringify(list)).not.toContain(csrf);
    const [hers] = await logins(people.alice);
    const answer = await as(people.bob, 'DELETE', `/api/logins/${hers?.id}`, {});
    expect([answer.status, answer.body.error?.name]).toEqual([404, 'not-found']);
    expect((await as(people.alice, 'GET', '/api/me')).status).toBe(200);
  });

  const closedWithin = async (socket: TestSocket, ms: number) =>
    Promise.race([
      socket.closed.then(({ reason }) => reason),
      new Promise((resolve) => setTimeout(resolve, ms, 'still open')),
    ]);

  it('that are taken back lose their sockets within a second, and their tickets and ways to come back', async () => {
    const { token } = await tokens.issue('bob', 'ssh', CLIENT);
    const ticket = async () =>
      ((await as(token, 'POST', '/api/connect', { id: 'his-11' })).body.result as { password: string }).password;
    const open = async (more: object) => {
      const socket = await server.socket('/ws/session/his-11');
      socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ...more }));
      return { socket, first: (await socket.next()) as { t: string; resume: string; error?: { name: string } } };
    };
    const viewer = await open({ ticket: await ticket() });
    const unused = await ticket();
    const push = await server.socket('/api/push');
    push.ws.send(JSON.stringify({ token }));
    await push.next();
    // Reads nothing any more, and so never says goodbye.
    const deaf = await open({ ticket: await ticket() });
    deaf.socket.ws.pause();
    const mine = await server.socket('/api/push');
    mine.ws.send(JSON.stringify({ token: people.bob }));
    await mine.next();

    const began = performance.now();
    const other = (await logins(people.bob)).find(({ current }) => !current);
    expect((await as(people.bob, 'DELETE', `/api/logins/${other?.id}`, {})).status).toBe(200);
    expect(await Promise.all([closedWithin(viewer.socket, 1000), closedWithin(push, 1000)])).toEqual([
      'unauthenticated',
      'unauthenticated',
    ]);
    for (const { stream } of server.host.streams) await stream.until(() => stream.closed);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(mine.ws.readyState).toBe(mine.ws.OPEN);
    expect((await as(token, 'GET', '/api/me')).status).toBe(401);
    expect((await open({ ticket: unused })).first.error?.name).toBe('ticket-unknown');
    expect((await open({ resume: viewer.first.resume })).first.error?.name).toBe('resume-unknown');
  });

  it('can all be ended but the one that asks', async () => {
    const others = [await tokens.issue('bob', 'ssh', CLIENT), await tokens.issue('bob', 'ssh', CLIENT)];
    const answer = await as(people.bob, 'POST', '/api/logins/revoke-others', {});
    expect(answer.body.result).toEqual({ revoked: 2 });
    for (const { token } of others) expect((await as(token, 'GET', '/api/me')).status).toBe(401);
    expect((await as(people.bob, 'GET', '/api/me')).status).toBe(200);
    expect((await as(people.alice, 'GET', '/api/me')).status).toBe(200);
  });

  it('of a way that is no longer offered do not count', async () => {
    const { token } = await tokens.issue('bob', 'oidc', CLIENT);
    expect((await as(token, 'GET', '/api/me')).status).toBe(401);
  });

  it('end at the time they were given, sooner on a shared computer', async () => {
    const shared = await tokens.issue('bob', 'ssh', { ...CLIENT, shared: true });
    server.clock.ahead = 9 * 3600 * 1000;
    expect((await as(shared.token, 'GET', '/api/me')).status).toBe(401);
    expect((await as(people.bob, 'GET', '/api/me')).status).toBe(200);
    server.clock.ahead = 25 * 3600 * 1000;
    expect((await as(people.bob, 'GET', '/api/me')).status).toBe(401);
  });
});
