/* oxlint-disable typescript/no-unsafe-type-assertion, unicorn/consistent-function-scoping -- a test claims shapes and fails where they are wrong; its helpers stand where they are used */
/** Levels and actions: over every call, on sockets that are open, and as administrators change them. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API, type ApiName } from '../../src/contract/api.ts';
import { LEVELS, type PermissionLevel, type Switch } from '../../src/contract/permissions.ts';
import type { Route } from '../../src/contract/route.ts';
import type { ClipViewerFrame } from '../../src/contract/clipboard.ts';
import { SOCKET_VERSION } from '../../src/contract/socket.ts';
import type { Account } from '../auth/accounts.ts';
import type { Tokens } from '../auth/tokens.ts';
import { type ClipboardViewer, SessionClipboard } from '../sessions/clipboard.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const account = (login: string, groups: string[]): Account => ({
  login,
  uid: 2001,
  gid: 2001,
  home: `/home/${login}`,
  shell: '/bin/sh',
  groups,
});
const ACCOUNTS = [account('bob', ['bob', 'staff']), account('eve', ['eve']), account('root-of-all', [])];
const CLIENT = { address: '192.0.2.1', userAgent: 'curl/8', shared: false };
const START = { command: 'xterm', geometry: '800x600' };

let server: TestServer;
let tokens: Tokens;
let admin: string;
let bob: string;

beforeEach(async () => {
  server = await startTestServer(
    {},
    {
      methods: ['local', 'ssh'],
      accounts: { find: async (login) => ACCOUNTS.find((one) => one.login === login), ownGroups: async () => [] },
      levels: { admins: ['root-of-all'], managers: [] },
      ssh: (made) => {
        tokens = made;
        return { begin: () => Promise.reject(new Error('not here')), go: () => Promise.reject(new Error('not here')) };
      },
    },
  );
  admin = await logIn('root-of-all');
  bob = await logIn('bob');
  server.host.put(sessionOf('his-11', { login: 'bob', user: 'bob' }));
});
afterEach(() => server.close());

const logIn = async (login: string) => (await tokens.issue(login, 'ssh', CLIENT)).token;

interface Answer {
  status: number;
  text: string;
  body: { result?: unknown; error?: { name: string; details?: unknown } };
}
async function as(token: string, method: Route['method'], url: string, payload?: object): Promise<Answer> {
  const answer = await server.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    ...(payload === undefined ? {} : { payload }),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return { status: answer.statusCode, text: answer.body, body: isJson ? answer.json() : {} };
}

interface Rule {
  level?: PermissionLevel | null;
  grant?: Switch[];
  deny?: Switch[];
}
async function rule(id: string, { level = null, grant = [], deny = [] }: Rule): Promise<void> {
  const version = server.policy.permissions.entries().find((entry) => entry.id === id)?.version ?? 0;
  const save = { level, grant, deny, note: '', version };
  const answer = await as(admin, 'PUT', `/api/admin/permissions/${encodeURIComponent(id)}`, save);
  expect([answer.status, answer.body.error]).toEqual([200, undefined]);
}

const actionsOf = async (token: string) =>
  ((await as(token, 'GET', '/api/me')).body.result as { actions: string[] }).actions;

describe('every call, for every level', () => {
  /** The action that each needs; a call that is missing here does not compile. */
  const MANAGERS: readonly string[] = ['adminSessions', 'adminAudit'];
  const isAdmins = (name: string) => (name.startsWith('admin') && !MANAGERS.includes(name)) || name === 'bookmarkHide';
  const OPEN = Object.entries(API).filter(([, route]) => route.auth);
  const FILLED = { id: 'his-11', name: 'form-filter', revision: '1', version: '1' };
  const urlOf = (path: string) =>
    `/api${path.replace(/:(\w+)/g, (_all, key: keyof typeof FILLED) => FILLED[key] ?? 'x')}`;

  it.each(LEVELS)('%s', async (level) => {
    if (level === 'disabled') {
      await rule('bob', { level });
      for (const [, route] of OPEN) {
        const answer = await as(bob, route.method, urlOf(route.path), route.method === 'GET' ? undefined : {});
        expect([answer.status, answer.body.error?.name]).toEqual([401, 'unauthenticated']);
      }
      await expect(logIn('bob')).rejects.toMatchObject({ code: 'account-disabled' });
      return;
    }
    await rule('eve', { level });
    // Each call with a login of its own, since some of them end it.
    for (const [name, route] of OPEN) {
      const token = await logIn('eve');
      const answer = await as(token, route.method, urlOf(route.path), route.method === 'GET' ? undefined : {});
      const mayNot =
        (isAdmins(name) && level !== 'admin') || (MANAGERS.includes(name) && !['manager', 'admin'].includes(level));
      expect([name, answer.body.error?.name === 'forbidden']).toEqual([name, mayNot]);
      expect([name, answer.status === 403]).toEqual([name, mayNot]);
    }
  });

  /** What each switch refuses, from the session's owner. */
  const GUARDED: Partial<Record<Switch, ApiName[]>> = {
    start: ['start', 'bookmarks', 'forms', 'form'],
    connect: ['connect', 'extend', 'connectShortcut'],
    disconnect: ['disconnect'],
    terminate: ['terminate'],
    purge: ['purge'],
    params: ['params'],
    log: ['log'],
    clientcomm: ['clientcomm'],
    'bookmarks-own': ['bookmarkCreate'],
  };

  it.each(Object.entries(GUARDED))('%s taken away is hidden, and refused', async (action, names) => {
    expect(await actionsOf(bob)).toContain(action);
    await rule('bob', { deny: [action as Switch] });
    expect(await actionsOf(bob)).not.toContain(action);
    for (const name of names) {
      const route: Route = API[name];
      const input = { id: 'his-11', params: {}, data: 'x', name: 'Mine', ...START };
      const payload = route.method === 'GET' ? undefined : input;
      const answer = await as(bob, route.method, urlOf(route.path), payload);
      expect([name, answer.status, answer.body.error?.name]).toEqual([name, 403, 'forbidden']);
    }
    // The same under its other addresses.
    if (action === 'start') expect((await as(bob, 'POST', `/api/start/${bob}`, START)).status).toBe(403);
    if (action === 'connect') expect((await as(bob, 'POST', '/v3/api/connect', { id: 'his-11' })).status).toBe(403);
    const { result } = (await as(admin, 'GET', '/api/admin/audit?event=refused&login=bob')).body;
    expect((result as { entries: object[] }).entries[0]).toMatchObject({ outcome: 'forbidden', target: action });
  });
});

describe('starting', () => {
  it('is from bookmarks alone for limited users, and not with another command or profile beside its id', async () => {
    await rule('bob', { level: 'limited' });
    const bookmark = { ...START, bookmarkId: 'terminal', geometry: 'fullscreen' };
    expect((await as(bob, 'POST', '/api/start', bookmark)).status).toBe(200);
    const own = await as(bob, 'POST', '/api/start', START);
    expect([own.status, own.body.error?.name]).toEqual([403, 'bookmark-only']);
    expect(server.host.starts).toHaveLength(1);
    // What a client sends beside the id counts for nothing.
    await as(bob, 'POST', '/api/start', { ...bookmark, command: 'rm -rf /', profile: 'big' });
    expect(server.host.starts.map(({ command, profile }) => [command, profile])).toEqual([
      ['xterm', null],
      ['xterm', null],
    ]);
    await rule('@staff', { grant: ['start-command'] });
    expect((await as(bob, 'POST', '/api/start', START)).status).toBe(200);
  });

  it('gives of five seats exactly five to twenty who come at once, and says what is taken', async () => {
    server.host.drop('his-11');
    await seats({ perUser: 0, perServer: 0, total: 5 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => as(bob, 'POST', '/api/start', START)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(server.host.list()).toHaveLength(5);
    const refused = answers.filter(({ body }) => body.error?.name === 'seats-taken');
    expect(refused).toHaveLength(15);
    const last = await as(bob, 'POST', '/api/start', START);
    expect(last.body.error?.details).toMatchObject({ scope: 'total', limit: 5, taken: 5 });
    const { sessions } = (last.body.error as { details: { sessions: { id: string }[] } }).details;
    expect(sessions.map(({ id }) => id).toSorted()).toEqual(
      server.host
        .list()
        .map(({ id }) => id)
        .toSorted(),
    );
    // Nobody else's are told of.
    const eve = await as(await logIn('eve'), 'POST', '/api/start', START);
    expect(eve.body.error?.details).toMatchObject({ scope: 'total', sessions: [] });
    await as(bob, 'POST', '/api/terminate', { id: sessions[0]?.id });
    expect((await as(bob, 'POST', '/api/start', START)).status).toBe(200);
    expect((await as(admin, 'GET', '/api/admin/seats')).body.result).toMatchObject({
      total: 5,
      servers: [{ serverId: 'server-1', taken: 5 }],
      users: [{ login: 'bob', taken: 5 }],
    });
  });

  it('counts each person by themselves, and gives the seat of a failed start back', async () => {
    await seats({ perUser: 2, perServer: 0, total: 0 });
    server.host.failNext = { code: 'link-failed' } as never;
    await as(bob, 'POST', '/api/start', START);
    server.host.failNext = undefined;
    expect((await as(bob, 'POST', '/api/start', START)).status).toBe(200);
    expect((await as(bob, 'POST', '/api/start', START)).body.error?.details).toMatchObject({ scope: 'user', limit: 2 });
    expect((await as(await logIn('eve'), 'POST', '/api/start', START)).status).toBe(200);
  });

  async function seats(limits: { perUser: number; perServer: number; total: number }): Promise<void> {
    const { audit, version } = server.policy.settings.get();
    expect((await as(admin, 'PUT', '/api/admin/settings', { seats: limits, audit, version })).status).toBe(200);
  }

  it('is not on a server that was closed, whoever names it, and logging in is for administrators alone', async () => {
    const close = { accepts: { start: false, login: false }, version: 0 };
    expect((await as(admin, 'PUT', '/api/admin/servers/server-1', close)).status).toBe(200);
    for (const data of [START, { ...START, serverId: 'server-1' }, { ...START, params: { serverId: 'server-1' } }]) {
      const { status, body } = await as(bob, 'POST', '/api/start', data);
      expect([status, body.error?.name]).toEqual([503, 'start-disabled']);
    }
    expect(server.host.list().map(({ id }) => id)).toEqual(['his-11']);
    expect((await as(bob, 'POST', '/api/start', { ...START, serverId: 'none' })).body.error?.name).toBe(
      'server-unknown',
    );
    await expect(logIn('bob')).rejects.toMatchObject({ code: 'server-closed' });
    await logIn('root-of-all');
    const again = await as(admin, 'PUT', '/api/admin/servers/server-1', close);
    expect([again.status, again.body.error?.name]).toEqual([409, 'settings-conflict']);
  });
});

describe('what is open when a permission is taken away', () => {
  async function viewer(token: string) {
    const { result } = (await as(token, 'POST', '/api/connect', { id: 'his-11' })).body;
    const socket = await server.socket('/ws/session/his-11');
    const { password } = result as { password: string };
    socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ticket: password }));
    const first = (await socket.next()) as { t: string; resume: string; files?: { key: string; transfer: string } };
    expect(first.t).toBe('welcome');
    return { socket, resume: first.resume, files: first.files };
  }
  async function push(token: string, path = '/api/push') {
    const socket = await server.socket(path);
    socket.ws.send(JSON.stringify({ token }));
    await socket.next();
    return socket;
  }
  const reasonWithin = (socket: { closed: Promise<{ reason: string }> }, ms: number) =>
    Promise.race([
      socket.closed.then(({ reason }) => reason),
      new Promise<string>((resolve) => setTimeout(resolve, ms, 'still open')),
    ]);

  it('is the viewer, within a second, with its tickets and its way back', async () => {
    const { socket, resume } = await viewer(bob);
    const { result } = (await as(bob, 'POST', '/api/connect', { id: 'his-11' })).body;
    const pushed = await push(bob);
    await rule('@staff', { deny: ['connect'] });
    expect(await reasonWithin(socket, 1000)).toBe('forbidden');
    for (const more of [{ ticket: (result as { password: string }).password }, { resume }]) {
      const again = await server.socket('/ws/session/his-11');
      again.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ...more }));
      expect(await again.next()).toMatchObject({ t: 'error', error: { name: 'forbidden' } });
    }
    // Another action's socket goes on.
    expect(pushed.ws.readyState).toBe(pushed.ws.OPEN);
    await rule('bob', { grant: ['connect'] });
    await viewer(bob);
  });

  it('is the moving of files, in the direction that was taken away, what is under way too', async () => {
    const { files } = await viewer(bob);
    expect(files?.transfer).toBe('both');
    const authorization = `Viewer ${files?.key}`;
    const call = async (name: string, payload: object) => {
      const answer = await server.app.inject({
        method: 'POST',
        url: `/files/${name}`,
        headers: { authorization },
        payload,
      });
      return answer.json<{ result?: { id: string }; error?: { name: string } }>();
    };
    const file = { folder: '~', name: 'x', size: 100, modified: 1 };
    const id = (await call('begin', file)).result?.id;
    const { port } = server.app.server.address() as AddressInfo;
    const sending = request({
      port,
      method: 'PUT',
      path: `/files/upload/${id}`,
      headers: {
        authorization,
        'content-type': 'application/octet-stream',
        'upload-offset': '0',
        'content-length': '100',
      },
    });
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    sending.write('the first half of it');
    // Part of it has arrived, and more is awaited.
    const begun = async () => (await call('begin', file)).result as { offset?: number } | undefined;
    while (((await begun())?.offset ?? 0) === 0) await new Promise((resolve) => setImmediate(resolve));

    await rule('@staff', { deny: ['upload'] });
    const [answer] = await answered;
    const body = Buffer.concat(await answer.toArray()).toString();
    expect([answer.statusCode, body]).toEqual([403, expect.stringContaining('files-off')]);
    sending.destroy();
    expect((await call('begin', file)).error?.name).toBe('forbidden');
    expect((await call('list', { path: '~' })).error).toBeUndefined();
    expect((await viewer(bob)).files?.transfer).toBe('download');
    await rule('bob', { deny: ['download'] });
    for (const [name, input] of [
      ['offer', { path: '/x' }],
      ['list', { path: '~' }],
    ] as const) {
      expect((await call(name, input)).error?.name).toBe('forbidden');
    }
    expect((await viewer(bob)).files).toBeUndefined();
  });

  describe('is the clipboard', () => {
    /** The session's end of a viewer's stream, with the clipboard that sessions have. Without an X server behind it. */
    async function withClipboard(hello: { ticket?: string; resume?: string }) {
      const socket = await server.socket('/ws/session/his-11');
      socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ...hello }));
      const welcome = (await socket.next()) as { t: string; resume: string };
      expect(welcome.t).toBe('welcome');
      const { client, stream } = server.host.streams.at(-1) ?? expect.unreachable();
      const session = new SessionClipboard({ mode: 'both', display: () => undefined, input: () => undefined });
      const person: ClipboardViewer = {
        id: client.clientId,
        role: client.role,
        clipboard: client.clipboard ?? false,
        send: (frame) => stream.onText(JSON.stringify(frame)),
      };
      let heard = 0;
      stream.changed = () => {
        for (; heard < stream.received.length; heard++) {
          const text = stream.received[heard];
          if (typeof text === 'string') session.receive(person, JSON.parse(text) as ClipViewerFrame);
        }
      };
      session.connected(person);
      const mode = await socket.next();
      /** What comes of a paste, and of a question for what was copied. */
      const answers = async () => {
        const said: unknown[] = [];
        const paste = { selections: ['clipboard'], parts: [{ kind: 'text', bytes: 1 }], data: 'eA==' };
        for (const frame of [
          { t: 'clip.put', n: 1, ...paste },
          { t: 'clip.get', n: 2, serial: 1, kind: 'text' },
        ]) {
          socket.ws.send(JSON.stringify(frame));
          said.push(await socket.next());
        }
        return said;
      };
      return { socket, mode, answers, resume: welcome.resume };
    }
    const ticket = async () => {
      const { result } = (await as(bob, 'POST', '/api/connect', { id: 'his-11' })).body;
      return { ticket: (result as { password: string }).password };
    };
    const FORBIDDEN = [1, 2].map((n) => ({ t: 'clip.fail', n, reason: 'forbidden' }));

    it('off both ways for who may not use it, and there again with the permission', async () => {
      await rule('@staff', { deny: ['clipboard'] });
      const without = await withClipboard(await ticket());
      expect(without.mode).toEqual({ t: 'clip.mode', mode: 'off' });
      expect(await without.answers()).toEqual(FORBIDDEN);
      await rule('bob', { grant: ['clipboard'] });
      // A connection has what it was opened with; the next one has more.
      const next = await withClipboard({ resume: without.resume });
      expect(next.mode).toEqual({ t: 'clip.mode', mode: 'both' });
      expect(await next.answers()).toEqual([
        { t: 'clip.fail', n: 1, reason: 'unavailable' },
        { t: 'clip.fail', n: 2, reason: 'gone' },
      ]);
    });

    it('gone within a second for who has it, with a way back without it', async () => {
      const pushed = await push(bob);
      const { socket, mode, resume, answers } = await withClipboard(await ticket());
      expect(mode).toEqual({ t: 'clip.mode', mode: 'both' });
      // Another permission's withdrawal leaves it alone.
      await rule('@staff', { deny: ['upload'] });
      expect((await answers())[0]).toMatchObject({ reason: 'unavailable' });
      await rule('@staff', { deny: ['clipboard'] });
      // What a viewer comes back after by itself.
      expect(await reasonWithin(socket, 1000)).toBe('disconnected');
      const back = await withClipboard({ resume });
      expect(back.mode).toEqual({ t: 'clip.mode', mode: 'off' });
      expect(await back.answers()).toEqual(FORBIDDEN);
      expect(pushed.ws.readyState).toBe(pushed.ws.OPEN);
      // It has none to lose: what else is decided of clipboards does not end it.
      await rule('bob', { deny: ['clipboard'] });
      expect(await back.answers()).toEqual(FORBIDDEN);
    });
  });

  it('is everything of an account that is disabled', async () => {
    const { socket } = await viewer(bob);
    const pushed = await push(bob);
    await rule('bob', { level: 'disabled' });
    expect(await Promise.all([reasonWithin(socket, 1000), reasonWithin(pushed, 1000)])).toEqual([
      'unauthenticated',
      'unauthenticated',
    ]);
    expect((await as(bob, 'GET', '/api/me')).status).toBe(401);
    await rule('bob', { level: 'full' });
    // The login has ended, and does not come back with the level.
    expect((await as(bob, 'GET', '/api/me')).status).toBe(401);
  });

  it('is what managers were told of everybody', async () => {
    await rule('eve', { level: 'manager' });
    const eve = await logIn('eve');
    const all = await push(eve, '/api/admin/session');
    expect((await as(eve, 'POST', '/api/disconnect', { id: 'his-11' })).status).toBe(200);
    expect((await as(eve, 'POST', '/api/purge', { id: 'his-11' })).body.error?.name).toBe('session-unknown');
    await rule('eve', { level: 'full' });
    expect(await reasonWithin(all, 1000)).toBe('forbidden');
    expect((await as(eve, 'POST', '/api/disconnect', { id: 'his-11' })).body.error?.name).toBe('session-unknown');
    const audit = await as(admin, 'GET', '/api/admin/audit?event=disconnect&login=bob');
    expect((audit.body.result as { entries: object[] }).entries).toMatchObject([
      { login: 'eve', owner: 'bob', outcome: 'session-unknown' },
      { login: 'eve', owner: 'bob', outcome: 'ok' },
    ]);
  });
});

describe('rules', () => {
  it('take effect at once for a login that is under way, up and down', async () => {
    expect((await as(bob, 'GET', '/api/me')).body.result).toMatchObject({ level: 'full' });
    for (const level of ['admin', 'manager', 'limited'] as const) {
      await rule('@staff', { level });
      expect((await as(bob, 'GET', '/api/me')).body.result).toMatchObject({ level });
    }
    await rule('bob', { level: 'full' });
    expect((await as(bob, 'GET', '/api/me')).body.result).toMatchObject({ level: 'full' });
  });

  it('do not let the one who changes them lose their own rights, nor two take them from each other', async () => {
    await rule('bob', { level: 'admin' });
    await rule('eve', { level: 'admin' });
    const eve = await logIn('eve');
    const path = (id: string) => `/api/admin/permissions/${id}`;
    const full = { level: 'full', grant: [], deny: [], version: 1 };
    const own = await as(bob, 'PUT', path('bob'), full);
    expect([own.status, own.body.error?.name]).toEqual([409, 'last-admin']);
    expect((await as(bob, 'DELETE', path('bob'), { version: 1 })).body.error?.name).toBe('last-admin');
    const both = await Promise.all([as(bob, 'PUT', path('eve'), full), as(eve, 'PUT', path('bob'), full)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 403]);
    // The server's own file counts whatever the rules say.
    await rule('root-of-all', { level: 'disabled', deny: ['start'] });
    expect((await as(admin, 'GET', '/api/me')).body.result).toMatchObject({ level: 'admin' });
    expect(await actionsOf(admin)).toContain('start');
  });

  it('of two who change one at once let the first through and show the second what is there', async () => {
    await rule('bob', { level: 'limited' });
    const path = '/api/admin/permissions/bob';
    const stale = { level: 'full', grant: [], deny: [], version: 0 };
    const late = await as(admin, 'PUT', path, stale);
    expect([late.status, late.body.error?.details]).toMatchObject([409, { entry: { level: 'limited', version: 1 } }]);
    expect((await as(admin, 'DELETE', path, { version: 1 })).status).toBe(200);
    expect((await as(admin, 'DELETE', path, { version: 1 })).status).toBe(404);
    expect((await as(bob, 'GET', '/api/me')).body.result).toMatchObject({ level: 'full' });
    for (const id of ['a:b', '-x', '@', 'a/b']) {
      expect((await as(admin, 'PUT', `/api/admin/permissions/${encodeURIComponent(id)}`, stale)).status).toBe(400);
    }
  });

  it('of everybody else and of a level are settled in one place, and checked for an account beforehand', async () => {
    const defaults = { level: 'limited', levels: [{ level: 'limited', grant: [], deny: ['log'] }], version: 0 };
    expect((await as(admin, 'PUT', '/api/admin/permission-defaults', defaults)).status).toBe(200);
    expect((await as(admin, 'PUT', '/api/admin/permission-defaults', defaults)).body.error?.name).toBe(
      'settings-conflict',
    );
    await rule('@staff', { grant: ['log'] });
    const check = async (login: string) =>
      (await as(admin, 'GET', `/api/admin/permission-check?login=${login}`)).body.result as { actions: string[] };
    expect(await check('bob')).toMatchObject({ level: 'limited', exists: true, rules: ['@staff'] });
    expect((await check('bob')).actions).toContain('log');
    expect((await check('eve')).actions).not.toContain('log');
    expect(await check('nobody')).toMatchObject({ exists: false, level: 'limited' });
    expect(await actionsOf(await logIn('eve'))).toEqual((await check('eve')).actions);
  });
});

describe('the audit list', () => {
  it('has starts with their traces, logins’ ends, refusals and changes, and no values of parameters', async () => {
    await as(bob, 'POST', '/api/start', { ...START, command: 'xterm -e secret-argument', params: { pin: 's3cret' } });
    await as(bob, 'POST', '/api/params', { id: 'his-11', params: { pin: 's3cret' } });
    await as(bob, 'POST', '/api/admin/form-try', {});
    await rule('eve', { level: 'limited' });
    await as(bob, 'POST', '/api/logout', {});
    const answer = await as(admin, 'GET', '/api/admin/audit');
    const { entries } = answer.body.result as { entries: { event: string; data: unknown; detail: string }[] };
    expect(entries.map(({ event }) => event)).toEqual(['logout', 'permission-changed', 'refused', 'params', 'start']);
    expect(entries[1]?.data).toMatchObject({ before: null, after: { id: 'eve', level: 'limited' } });
    expect(entries[3]?.detail).toBe('pin');
    const { steps } = (entries[4] as { data: { steps: { step: string; state: string; ms: number }[] } }).data;
    expect(steps).toHaveLength(14);
    expect(steps[13]).toMatchObject({ step: 'session', state: 'done' });
    expect(answer.text).not.toMatch(/s3cret|secret-argument/);
  });

  it('is downloaded as lines or as a table that no spreadsheet runs', async () => {
    server.policy.audit.record({
      event: 'login-refused',
      login: '',
      address: '192.0.2.9',
      detail: '=cmd|"/c calc"!A1',
    });
    const csv = await as(admin, 'GET', '/api/admin/audit/export?format=csv&event=login-refused');
    expect(csv.text.split('\r\n')[0]).toBe('at,event,login,address,outcome,target,owner,detail,data');
    expect(csv.text).toContain(`"'=cmd|""/c calc""!A1"`);
    const lines = await as(admin, 'GET', '/api/admin/audit/export?event=login-refused');
    expect(
      lines.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([{ event: 'login-refused', detail: '=cmd|"/c calc"!A1' }]);
    expect((await as(bob, 'GET', '/api/admin/audit/export')).body.error?.name).toBe('forbidden');
    expect((await as(admin, 'GET', '/api/admin/audit/export?format=xls')).status).toBe(400);
  });
});
