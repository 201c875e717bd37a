// @vitest-environment node
/** The events by which the audit list can be filtered are those that are written: no more, and no fewer. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { API, type ApiName } from '../../src/contract/api.ts';
import { AUDIT_EVENTS } from '../../src/contract/audit.ts';
import type { Route } from '../../src/contract/route.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { ACCOUNT, startTestServer, type TestServer } from '../testing/test-server.ts';
import { BY_THEMSELVES, eventOf, TRIES } from './routes/audited.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  server.host.put(sessionOf('mine-1', { login: ACCOUNT.login }));
  server.host.put(sessionOf('hers-1', { login: 'hers', user: 'hers' }));
});
afterEach(() => server.close());

const START = { command: 'xterm', geometry: '800x600', forms: [] };
const SETTINGS = { seats: { perUser: 3, perServer: 0, total: 0 }, audit: { days: 1, entries: 1000 }, version: 0 };
const BOOKMARK = { name: 'Solver', command: 'solver' };
const form = (html: string) => ({ name: 'Form', html });

/** What is called for each event; the newest revision or version is the first. */
const CALLS: readonly (readonly [event: string, method: Route['method'], path: string, body?: object])[] = [
  ['start', 'POST', '/start', START],
  ['connect', 'POST', '/connect', { id: 'mine-1' }],
  ['params', 'POST', '/params', { id: 'mine-1', params: { a: 1 } }],
  ['clientcomm', 'POST', '/clientcomm', { id: 'mine-1', type: 'x', data: '' }],
  ['log', 'POST', '/log', { id: 'hers-1' }],
  ['disconnect', 'POST', '/disconnect', { id: 'mine-1' }],
  ['terminate', 'POST', '/terminate', { id: 'mine-1' }],
  ['purge', 'POST', '/purge', { id: 'mine-1' }],
  [
    'permission-changed',
    'PUT',
    '/admin/permissions/eve',
    { level: 'limited', grant: [], deny: [], note: '', version: 0 },
  ],
  ['settings-changed', 'PUT', '/admin/settings', SETTINGS],
  ['server-changed', 'PUT', '/admin/servers/server-1', { accepts: { login: true, start: true }, version: 0 }],
  ['form-changed', 'POST', '/admin/forms', form('<input name="a">')],
  [
    'function-changed',
    'PUT',
    '/admin/functions/schedule',
    { body: { kind: 'javascript', text: '() => null' }, revision: 0 },
  ],
  ['profile-changed', 'POST', '/admin/profiles', { name: 'Lab' }],
  ['bookmark-created', 'POST', '/bookmarks', { ...BOOKMARK, system: true }],
  ['bookmark-changed', 'PUT', '/bookmarks/ID', { ...BOOKMARK, version: 1 }],
  ['bookmark-hidden', 'PUT', '/bookmarks/ID/hidden', { hidden: true }],
  ['bookmark-shown', 'PUT', '/bookmarks/ID/hidden', { hidden: false }],
  ['bookmark-deleted', 'DELETE', '/bookmarks/ID'],
  ['bookmark-restored', 'POST', '/bookmarks/ID/restore', {}],
  ['audit-exported', 'GET', '/admin/audit/export'],
  ['login-revoked', 'POST', '/logins/revoke-others', {}],
  ['logout', 'POST', '/logout', {}],
];

/** Written where a server is put together, of what happens outside of calls. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  login: 'server/auth/assemble.ts',
  'login-refused': 'server/auth/assemble.ts',
  'session-refused': 'server/serve.ts',
  upload: 'server/http/files.ts',
  download: 'server/http/files.ts',
};

it('are each written by the call that they are named after, and no other is', async () => {
  let bookmark = '';
  for (const [, method, path, payload] of CALLS) {
    const answer = await server.app.inject({
      method,
      url: `/api${path.replace('ID', bookmark)}`,
      headers: { authorization: `Bearer ${server.token}` },
      ...(payload ? { payload } : {}),
    });
    if (path === '/bookmarks') bookmark = answer.json<{ result: { id: string } }>().result.id;
  }
  const { entries } = await server.policy.audit.page({ limit: 500 });
  const written = entries.map(({ event }) => event).toReversed();
  expect(written).toEqual(CALLS.map(([event]) => event));

  const others = AUDIT_EVENTS.filter((event) => !written.includes(event));
  // A call that is refused is another test's: it needs somebody who may not.
  const hostKeys = others.filter((event) => event.startsWith('host-key-'));
  expect(others.filter((event) => !hostKeys.includes(event)).toSorted()).toEqual(
    [...Object.keys(ELSEWHERE), 'refused'].toSorted(),
  );
  for (const [event, file] of Object.entries(ELSEWHERE)) expect(readFileSync(file, 'utf8')).toContain(`'${event}'`);
  // By the verdicts that there are on a key.
  expect(readFileSync('server/auth/assemble.ts', 'utf8')).toContain('`host-key-${verdict}`');
});

it('include every change that an administrator can make', () => {
  const isChange = (name: ApiName) => {
    const { method }: Route = API[name];
    return name.startsWith('admin') && method !== 'GET' && !TRIES.test(name) && !BY_THEMSELVES.includes(name);
  };
  const changes = (Object.keys(API) as ApiName[]).filter(isChange);
  expect(changes.length).toBeGreaterThan(10);
  expect(changes.filter((name) => eventOf(name) === undefined)).toEqual([]);
});
