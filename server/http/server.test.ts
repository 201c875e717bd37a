import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API } from '../../src/contract/api.ts';
import { CasementError } from '../../src/contract/errors.ts';
import { decodeViewerData } from '../../src/contract/xrdp.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { PARENT, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const start = { command: 'xterm', geometry: '800x600' };

describe('logging in', () => {
  it('exchanges a login link once, for a token and a cookie that scripts cannot read', async () => {
    const secret = await server.auth.newLoginSecret();
    const login = () => server.app.inject({ method: 'POST', url: '/api/auth/local', payload: { secret } });
    const first = await login();
    expect(first.statusCode).toBe(200);
    const cookie = first.headers['set-cookie'] as string;
    expect(cookie).toMatch(/^token=[^;]+;/);
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\//);
    const second = await login();
    expect([second.statusCode, second.json().error.name]).toEqual([401, 'login-link-used']);
  });

  it('lets exactly one of many through that use a link at the same moment', async () => {
    const secret = await server.auth.newLoginSecret();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        server.app.inject({ method: 'POST', url: '/api/auth/local', payload: { secret } }),
      ),
    );
    expect(answers.filter((answer) => answer.statusCode === 200)).toHaveLength(1);
  });

  it('does not know a made-up link, nor one that a newer link has replaced', async () => {
    const old = await server.auth.newLoginSecret();
    await server.auth.newLoginSecret();
    for (const secret of ['made-up', old]) {
      const { status, body } = await server.call('POST', '/api/auth/local', { secret });
      expect([status, body.error?.name]).toEqual([401, 'login-link-unknown']);
    }
  });

  it('slows down whoever guesses', async () => {
    const limited = await startTestServer({ loginTriesPerMinute: 3 });
    const statuses: number[] = [];
    for (let i = 0; i < 5; i++) statuses.push((await limited.call('POST', '/api/auth/local', { secret: 'x' })).status);
    const last = await limited.call('POST', '/api/auth/local', { secret: 'x' });
    await limited.close();
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(last.body.error?.name).toBe('rate-limited');
  });

  it('answers who is logged in, with the token that non-GET calls by cookie have to send', async () => {
    const cookies = { token: server.token };
    const me = await server.app.inject({ method: 'GET', url: '/api/me', cookies });
    const { csrf, login, level } = me.json().result;
    expect([login, level]).toEqual(['me', 'admin']);
    const without = await server.app.inject({ method: 'POST', url: '/api/start', cookies, payload: start });
    expect([without.statusCode, without.json().error.name]).toEqual([403, 'csrf-missing']);
    const headers = { 'x-csrf-token': csrf };
    const foreign = await server.app.inject({
      method: 'POST',
      url: '/api/start',
      cookies,
      headers: { ...headers, origin: 'https://evil.example' },
      payload: start,
    });
    expect(foreign.json().error.name).toBe('origin-denied');
    const withIt = await server.app.inject({ method: 'POST', url: '/api/start', cookies, headers, payload: start });
    expect(withIt.statusCode).toBe(200);
  });

  it('ends a login for good at logout', async () => {
    expect((await server.call('POST', '/api/logout')).status).toBe(200);
    expect((await server.call('GET', '/api/me')).body.error?.name).toBe('unauthenticated');
  });

  it('refuses expired and foreign tokens, and never takes one from the query', async () => {
    const other = await startTestServer();
    const bearer = (token: string) =>
      server.app.inject({ method: 'GET', url: '/api/me', headers: { authorization: `Bearer ${token}` } });
    expect((await bearer(other.token)).statusCode).toBe(401);
    await other.close();
    expect((await server.app.inject({ method: 'GET', url: `/api/me?token=${server.token}` })).statusCode).toBe(401);
    expect((await bearer(server.token)).statusCode).toBe(200);
    server.clock.ahead = 8 * 24 * 3600 * 1000;
    expect((await bearer(server.token)).statusCode).toBe(401);
  });
});

describe('every call of the table', () => {
  const urlOf = (path: string) => `/api${path.replace(':id', 'resources')}`;

  it.each(Object.entries(API).filter(([, route]) => route.auth))('%s needs a login', async (_name, route) => {
    const answer = await server.app.inject({ method: route.method, url: urlOf(route.path), payload: {} });
    expect([answer.statusCode, answer.json().error.name]).toEqual([401, 'unauthenticated']);
  });

  // The one who asks is an administrator; what others are answered by the remaining calls is asked in another file.
  it.each(['connect', 'clientcomm'])(
    '%s answers the same for a session that is missing as for one that is somebody else’s',
    async (name) => {
      server.host.put(sessionOf('theirs', { login: 'them', user: 'them' }));
      for (const id of ['theirs', 'nobody']) {
        const { status, body } = await server.call('POST', `/api/${name}`, { id, params: {}, data: 'x' });
        expect([status, body.error?.name]).toEqual([404, 'session-unknown']);
      }
    },
  );

  it.each(['connect', 'disconnect', 'terminate', 'purge', 'params', 'log', 'clientcomm', 'start', 'auth/local'])(
    '%s names the field that is wrong',
    async (name) => {
      const { status, body } = await server.call('POST', `/api/${name}`, { id: 7, command: 7, secret: 7 });
      expect(status).toBe(400);
      expect(body.error?.name).toBe('bad-request');
      expect(body.error?.details?.field).toMatch(/^(id|command|secret)$/);
      expect(body.error?.ref).toMatch(/^[0-9a-f]{12}$/);
      expect(JSON.stringify(body)).not.toMatch(/node_modules|at \w+ \(/);
    },
  );

  it('is found under /v3/api and by the old header as well', async () => {
    const headers = { 'x-fastx-token': server.token };
    const answer = await server.app.inject({ method: 'GET', url: '/v3/api/me', headers });
    expect(answer.json().result.login).toBe('me');
  });

  it('takes a v2 token from the path, and writes none into its log', async () => {
    server.host.put(sessionOf('mine-1'));
    const list = await server.app.inject({ method: 'GET', url: `/api/list/${server.token}` });
    expect(list.json().result).toHaveLength(1);
    const connect = await server.app.inject({
      method: 'POST',
      url: `/api/connect/${server.token}`,
      payload: { id: 'mine-1' },
    });
    expect(connect.statusCode).toBe(200);
    const begun = await server.app.inject({ method: 'POST', url: `/api/start/${server.token}`, payload: start });
    expect(begun.json().result.stage).toBe('started');
    const bad = await server.app.inject({ method: 'POST', url: `/api/start/${server.token}x`, payload: start });
    expect(bad.statusCode).toBe(401);
    expect(server.logged()).toContain('/api/list/:token');
    expect(server.logged()).not.toContain(server.token.slice(0, 40));
  });

  it('answers 404 by the catalogue, and 413 and 400 for bodies that are too large, not JSON or hostile', async () => {
    const raw = (payload: string, type = 'application/json') =>
      server.call('POST', '/api/start', payload, { headers: { 'content-type': type } });
    expect((await server.call('GET', '/api/nothing')).body.error?.name).toBe('not-found');
    expect((await raw('x'.repeat(2_000_000))).body.error?.name).toBe('too-large');
    expect((await raw('{')).status).toBe(400);
    expect((await raw('command=xterm', 'application/x-www-form-urlencoded')).status).toBe(400);
    expect((await raw('{"command":"x","geometry":"800x600","params":{"__proto__":{"a":1}}}')).status).toBe(400);
  });

  it('hides the cause of a failure and logs it under the reference', async () => {
    server.host.list = () => {
      throw new Error('secret cause');
    };
    const { status, body } = await server.call('GET', '/api/sessions');
    expect([status, body.error?.name]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain('secret cause');
    expect(server.logged()).toContain('secret cause');
    expect(server.logged()).toContain(body.error?.ref);
  });
});

describe('sessions', () => {
  beforeEach(() => {
    server.host.put(sessionOf('aaaa', { name: 'one', started: 3, params: { size: 10, team: 'x' } }));
    server.host.put(sessionOf('bbbb', { name: 'two', started: 1, params: { size: 9 } }));
    server.host.put(sessionOf('cccc', { name: 'three', started: 2, status: 'ended', params: { team: 'y' } }));
    server.host.put(sessionOf('dddd', { login: 'them' }));
  });
  const ids = async (query: string) => {
    const { body } = await server.call('GET', `/api/sessions${query}`);
    return (body.result as unknown as { id: string }[] | undefined)?.map(({ id }) => id[0]).join('') ?? body.error;
  };

  it('lists one’s own, newest first unless told otherwise', async () => {
    expect(await ids('')).toBe('acb');
    expect(await ids('?sortBy=started')).toBe('bca');
    expect(await ids('?sortBy=started&sortReverse=true')).toBe('acb');
    expect(await ids('?sortBy=size')).toBe('bac');
    expect(await ids('?sortBy=params.size&sortReverse=true')).toBe('abc');
    expect(await ids('?sortBy=name&start=1&limit=1')).toBe('c');
  });

  it('filters: comma is OR, several filters are AND', async () => {
    expect(await ids('?sortBy=name&filter=status==running,ended')).toBe('acb');
    expect(await ids('?filter=status==running&filter=team==x')).toBe('a');
    expect(await ids('?filter=team==x,y&sortBy=id')).toBe('ac');
    expect(await ids('?filter=name')).toMatchObject({ name: 'bad-request', details: { field: 'filter' } });
    expect(await ids('?limit=0')).toMatchObject({ name: 'bad-request', details: { field: 'limit' } });
  });

  it('changes and deletes params, but not the reserved ones', async () => {
    const params = { size: null, note: 'hi', clientIP: '6.6.6.6', name: 'forged' };
    const { body } = await server.call('POST', '/api/params', { id: 'aaaa', params });
    expect(body.result).toEqual({ team: 'x', note: 'hi' });
    const bad = await server.call('POST', '/api/params', { id: 'aaaa', params: { 'not ok': 1 } });
    expect([bad.status, bad.body.error?.name]).toEqual([400, 'param-name']);
  });

  it('ends, forgets and disconnects', async () => {
    expect((await server.call('POST', '/api/purge', { id: 'aaaa' })).body.error?.name).toBe('session-running');
    expect((await server.call('POST', '/api/terminate', { id: 'aaaa' })).status).toBe(200);
    expect((await server.call('POST', '/api/terminate', { id: 'aaaa' })).body.error?.name).toBe('session-not-running');
    expect((await server.call('POST', '/api/purge', { id: 'aaaa' })).status).toBe(200);
    expect((await server.call('POST', '/api/disconnect', { id: 'bbbb' })).status).toBe(200);
    expect(server.host.calls).toEqual(['disconnect bbbb']);
  });

  it('shows the log and carries ClientComm, measuring its data in bytes', async () => {
    const log = await server.call('POST', '/api/log', { id: 'aaaa' });
    expect(log.body.result).toEqual({ log: 'log of aaaa', truncated: false });
    const note = await server.call('POST', '/api/clientcomm', { id: 'aaaa', data: 'hello' });
    expect(note.body.result).toEqual({ delivered: 1 });
    const asked = await server.call('POST', '/api/clientcomm', {
      id: 'aaaa',
      data: '\u0001'.repeat(1024 * 1024),
      clients: 'master',
    });
    expect(asked.body.result).toEqual({ delivered: 1, data: 'got 1048576' });
    const large = await server.call('POST', '/api/clientcomm', { id: 'aaaa', data: 'é'.repeat(1024 * 1024) });
    expect([large.status, large.body.error?.name]).toEqual([413, 'too-large']);
    const nobody = await server.call('POST', '/api/clientcomm', { id: 'aaaa', data: 'x', clients: 'nobody' });
    expect([nobody.status, nobody.body.error?.name]).toEqual([404, 'no-clients']);
  });

  it('gives a ticket with everything the viewer needs in the fragment', async () => {
    const { body } = await server.call('POST', '/api/connect', { id: 'aaaa', parentOrigin: PARENT });
    const result = body.result as unknown as { url: string; password: string };
    const url = new URL(result.url);
    expect([url.pathname, url.search]).toEqual(['/xrdp', '']);
    const data = decodeViewerData(url.hash.slice(1));
    expect(data).toMatchObject({ ok: true, data: { id: 'aaaa', password: result.password, role: 'master' } });
    const ended = await server.call('POST', '/api/connect', { id: 'cccc' });
    expect([ended.status, ended.body.error?.name]).toEqual([409, 'session-not-running']);
    const denied = await server.call('POST', '/api/connect', { id: 'aaaa', parentOrigin: 'https://evil.example' });
    expect([denied.status, denied.body.error?.name]).toEqual([403, 'origin-denied']);
    const nonsense = await server.call('POST', '/api/connect', { id: 'aaaa', parentOrigin: 'null' });
    expect(nonsense.body.error).toMatchObject({ name: 'bad-request', details: { field: 'parentOrigin' } });
  });
});

describe('starting through the API', () => {
  it('walks through forms and ends with exactly the coerced params', async () => {
    const ask = { ...start, forms: ['resources', 'project'] };
    const first = (await server.call('POST', '/api/start', ask)).body.result as unknown as Record<string, unknown>;
    expect(first).toMatchObject({ stage: 'form', form: { id: 'resources' }, forms: ['project'] });
    const answered = [{ id: 'resources', version: 1 }];
    const params = { memory: '16', cores: 4, free: 'as it is' };
    const second = await server.call('POST', '/api/start', { ...start, forms: ['project'], answered, params });
    expect(second.body.result).toMatchObject({ stage: 'form', form: { id: 'project' }, forms: [] });
    const last = await server.call('POST', '/api/start', {
      ...start,
      forms: [],
      answered: [...answered, { id: 'project', version: 1 }],
      params: { ...params, project: 'Apollo', options: { a: [1] } },
    });
    expect(last.body.result).toMatchObject({
      stage: 'started',
      session: { params: { memory: 16, cores: 4, free: 'as it is', project: 'Apollo', options: { a: [1] } } },
    });
  });

  it('refuses an answer that does not fit, a form there is not, and more than 32 forms', async () => {
    const bad = await server.call('POST', '/api/start', {
      ...start,
      answered: [{ id: 'resources', version: 1 }],
      params: { memory: 'much', cores: 4 },
    });
    expect([bad.status, bad.body.error?.name]).toEqual([400, 'form-invalid']);
    expect(bad.body.error?.details).toMatchObject({ form: 'resources', problems: [{ field: 'memory' }] });
    const unknown = await server.call('POST', '/api/start', { ...start, forms: ['nope'] });
    expect(unknown.body.error?.name).toBe('form-unknown');
    const answered = Array.from({ length: 32 }, (_, i) => ({ id: `made-${i}`, version: 1 }));
    const loop = await server.call('POST', '/api/start', { ...start, forms: ['resources'], answered });
    expect([loop.status, loop.body.error?.name]).toEqual([409, 'form-loop']);
  });

  it('overwrites the reserved names, whatever the client says', async () => {
    const forged = {
      icon: 'x',
      bookmarkId: 'x',
      clientVersion: 'x',
      clientId: 'x',
      clientIP: 'x',
      clientTransport: 'x',
    };
    const { body } = await server.call('POST', '/api/start', {
      ...start,
      name: 'Mine',
      bookmarkId: 'terminal',
      params: { ...forged, name: 'forged', kept: true },
    });
    expect(body.result).toMatchObject({ stage: 'started', session: { name: 'Mine' } });
    expect(server.host.starts[0]?.params).toEqual({
      name: 'Mine',
      icon: 'terminal',
      bookmarkId: 'terminal',
      clientVersion: '',
      clientId: '',
      clientIP: '127.0.0.1',
      clientTransport: 'Web',
      kept: true,
    });
  });

  it.each([
    ['param-name', 400, { ...start, params: { constructor: 1 } }],
    ['param-name', 400, { ...start, params: { 'a b': 1 } }],
    ['command-missing', 400, { ...start, command: '   ' }],
    ['bad-request', 400, { ...start, geometry: '10x10' }],
    ['server-unknown', 422, { ...start, serverId: 'elsewhere' }],
  ])('answers %s (%i)', async (name, status, payload) => {
    const answer = await server.call('POST', '/api/start', payload);
    expect([answer.status, answer.body.error?.name]).toEqual([status, name]);
    expect(server.host.starts).toHaveLength(0);
  });

  it('starts once what is called for twice by one id, and again by another', async () => {
    const start = { command: 'xterm', geometry: '800x600', forms: [] };
    const call = async (id: string) => {
      const { body } = await server.call('POST', '/api/start', start, { headers: { 'x-start-id': id } });
      return (body.result as unknown as { session: { id: string } }).session.id;
    };
    const [one, two] = await Promise.all([call('one'), call('one')]);
    expect(two).toBe(one);
    expect(await call('one')).toBe(one);
    expect(await call('two')).not.toBe(one);
    expect(server.host.list()).toHaveLength(2);
  });

  it('says why a start failed, and keeps a trace of its steps', async () => {
    server.host.failNext = new CasementError('command-not-found');
    const failed = await server.call('POST', '/api/start', start, { headers: { 'x-start-id': 'mine' } });
    expect([failed.status, failed.body.error?.name]).toEqual([422, 'command-not-found']);
    const [trace] = await server.store.traces.recent('me', 1);
    expect(trace).toMatchObject({ startId: 'mine', outcome: 'command-not-found' });
    expect(trace?.steps.map(({ step, state }) => `${step} ${state}`)).toEqual([
      'receive done',
      'permission done',
      'form-filter skipped',
      'server-list skipped',
      'schedule skipped',
      'event skipped',
      'load-balancing done',
      'send done',
      'enabled done',
      'link done',
      'sudo skipped',
      'ssh skipped',
      'seats skipped',
      'session failed',
    ]);
  });

  it('blames the link where nothing else was tried', async () => {
    server.host.failNext = new CasementError('link-failed');
    const failed = await server.call('POST', '/api/start', start);
    expect(failed.body.error?.name).toBe('link-failed');
    const [trace] = await server.store.traces.recent('me', 1);
    expect(trace?.steps.at(-1)).toMatchObject({ step: 'link', state: 'failed' });
  });
});
