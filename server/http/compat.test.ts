/**
 * What an integration written for FastX sends, and what it must get: one request and response for every row that the
 * contract marks as compatible.
 */
import { once } from 'node:events';
import { get, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { decodeViewerData } from '../../src/contract/xrdp.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { PARENT, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

interface Fixture {
  readonly title: string;
  readonly request: { method: 'GET' | 'POST'; url: string; headers?: Record<string, string>; payload?: object };
  readonly status: number;
  readonly response: unknown;
}

/** `TOKEN` in a URL or a header stands for a live token. */
const FIXTURES: readonly Fixture[] = [
  {
    title: 'the v3 base answers as the base does',
    request: { method: 'GET', url: '/v3/api/sessions', headers: { authorization: 'Bearer TOKEN' } },
    status: 200,
    response: { result: [expect.objectContaining({ id: 'session-one', name: 'session-one' })] },
  },
  {
    title: 'the v3 token header',
    request: { method: 'GET', url: '/v3/api/me', headers: { 'x-fastx-token': 'TOKEN' } },
    status: 200,
    response: { result: expect.objectContaining({ login: 'me' }) },
  },
  {
    title: 'a refused call has error.name and a displayable error.message, and no stack',
    request: { method: 'GET', url: '/v3/api/me', headers: { 'x-fastx-token': 'made-up' } },
    status: 401,
    response: {
      error: { name: 'unauthenticated', message: expect.any(String), ref: expect.any(String) },
    },
  },
  {
    title: 'v2 list, filtered by a param with alternatives',
    request: { method: 'GET', url: '/api/list/TOKEN?filter=project%3D%3Dalloy,steel&sortBy=started&sortReverse=true' },
    status: 200,
    response: { result: [expect.objectContaining({ id: 'session-one', params: { project: 'alloy' } })] },
  },
  {
    title: 'v2 list, filtered by what nothing has',
    request: { method: 'GET', url: '/api/list/TOKEN?filter=project%3D%3Dpaper' },
    status: 200,
    response: { result: [] },
  },
  {
    title: 'v2 start',
    request: {
      method: 'POST',
      url: '/api/start/TOKEN',
      payload: { command: 'xterm', geometry: '800x600', name: 'mine' },
    },
    status: 200,
    response: { result: { stage: 'started', session: expect.objectContaining({ name: 'mine', status: 'running' }) } },
  },
  {
    title: 'v2 connect gives every documented member of the viewer’s data',
    request: { method: 'POST', url: '/api/connect/TOKEN', payload: { id: 'session-one' } },
    status: 200,
    response: {
      result: expect.objectContaining({
        id: 'session-one',
        port: expect.any(Number),
        RdpPort: expect.any(Number),
        username: 'me',
        password: expect.any(String),
        geometry: '800x600',
      }),
    },
  },
  {
    title: 'a v2 call with a token that is none',
    request: { method: 'GET', url: '/api/list/made-up' },
    status: 401,
    response: { error: expect.objectContaining({ name: 'unauthenticated' }) },
  },
  {
    title: 'v2 login where this way to log in is not offered',
    request: { method: 'POST', url: '/api/login', payload: { username: 'me', password: 'x' } },
    status: 404,
    response: { error: expect.objectContaining({ name: 'login-unavailable' }) },
  },
  ...(
    [
      ['POST', '/api/share/TOKEN'],
      ['POST', '/v3/api/share'],
      ['POST', '/v3/api/share/revoke'],
      ['GET', '/v3/api/sessions/session-one/shares'],
    ] as const
  ).map(([method, url]) => ({
    title: `sharing, until there is such a thing: ${method} ${url}`,
    request: {
      method,
      url,
      headers: { 'x-fastx-token': 'TOKEN' },
      ...(method === 'POST' ? { payload: { id: 'session-one', role: 'viewer' } } : {}),
    },
    status: 501,
    response: {
      error: { name: 'sharing-unavailable', message: expect.any(String), ref: expect.any(String) },
    },
  })),
  {
    title: 'v2 share with a token that is none',
    request: { method: 'POST', url: '/api/share/made-up', payload: { id: 'session-one' } },
    status: 401,
    response: { error: expect.objectContaining({ name: 'unauthenticated' }) },
  },
  ...['password', 'keyboard-interactive'].map((stage) => ({
    title: `v2 login, stage ${stage}, where this way to log in is not offered`,
    request: { method: 'POST' as const, url: `/api/login/${stage}/made-up`, payload: { answer: 'x' } },
    status: 404,
    response: { error: expect.objectContaining({ name: 'login-unavailable' }) },
  })),
  {
    title: 'v2 sessions of everybody',
    request: { method: 'GET', url: '/api/admin/session/TOKEN?sortBy=name&start=0&limit=1' },
    status: 200,
    response: { result: [expect.objectContaining({ id: 'session-one' })] },
  },
];

describe('calls of FastX integrations', () => {
  it.each(FIXTURES)('$title', async ({ request, status, response }) => {
    server.host.put(sessionOf('session-one', { params: { project: 'alloy' } }));
    const withToken = (text: string) => text.replace('TOKEN', server.token);
    const { headers = {}, url, method, payload } = request;
    const answer = await server.app.inject({
      method,
      url: withToken(url),
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, withToken(value)])),
      ...(payload ? { payload } : {}),
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual(response);
    expect(server.logged()).not.toContain(server.token);
  });

  it('what connect gives is what /xrdp takes', async () => {
    server.host.put(sessionOf('session-0001'));
    const { body } = await server.call('POST', `/api/connect/${server.token}`, { id: 'session-0001' });
    const { url, ...members } = body.result as unknown as Record<string, string>;
    expect(decodeViewerData(new URL(url ?? '').hash.slice(1))).toEqual({ ok: true, data: members });
  });
});

interface Event {
  readonly event: string;
  readonly data: { id: string; [more: string]: unknown };
}

/** Reads a stream of server-sent events as a browser does. */
async function listen(path: string, headers: Record<string, string>) {
  const { origin } = await server.socket('/api/push');
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${origin}${path}`, { headers }, resolve).on('error', reject);
  });
  const events: Event[] = [];
  let wake = () => {};
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const lines = new Map(
        block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      );
      if (lines.has('event'))
        events.push({ event: lines.get('event') ?? '', data: JSON.parse(lines.get('data') ?? '') as never });
    }
    wake();
  });
  let over = false;
  response.on('close', () => {
    over = true;
    wake();
  });
  response.on('error', () => wake());
  return {
    response,
    async next(): Promise<Event> {
      while (events.length === 0) {
        if (over) throw new Error('the stream is over');
        await new Promise<void>((resolve) => (wake = resolve));
      }
      return events.shift() as Event;
    },
    async ended(): Promise<void> {
      // The listener above sets it.
      while (!over) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

describe('server-sent events', () => {
  const auth = () => ({ authorization: `Bearer ${server.token}` });

  it('/sse/my-sessions: first what there is, then updates and deletions, of one’s own', async () => {
    server.host.put(sessionOf('session-one'));
    server.host.put(sessionOf('session-foreign', { login: 'other' }));
    const stream = await listen('/sse/my-sessions', auth());
    expect(stream.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(await stream.next()).toEqual({ event: 'update', data: sessionOf('session-one') });
    server.host.put(sessionOf('session-foreign', { login: 'other', name: 'changed' }));
    server.host.put(sessionOf('session-one', { name: 'renamed' }));
    expect(await stream.next()).toEqual({ event: 'update', data: sessionOf('session-one', { name: 'renamed' }) });
    server.host.drop('session-foreign');
    server.host.drop('session-one');
    expect(await stream.next()).toEqual({ event: 'delete', data: sessionOf('session-one', { name: 'renamed' }) });
    stream.response.destroy();
  });

  it('/sse/all-sessions: everybody’s', async () => {
    server.host.put(sessionOf('session-foreign', { login: 'other' }));
    const stream = await listen('/sse/all-sessions', { 'x-fastx-token': server.token });
    expect(await stream.next()).toEqual({ event: 'update', data: sessionOf('session-foreign', { login: 'other' }) });
    stream.response.destroy();
  });

  it('/sse/all-servers: the servers', async () => {
    const stream = await listen('/sse/all-servers', { cookie: `token=${server.token}` });
    expect(await stream.next()).toMatchObject({
      event: 'update',
      data: { id: 'server-1', serverId: 'server-1', cpu: 2 },
    });
    stream.response.destroy();
  });

  it('end with the login', async () => {
    const stream = await listen('/sse/my-sessions', auth());
    await server.call('POST', '/api/logout');
    await stream.ended();
  });

  it('end with the login although nobody reads them and more comes', async () => {
    const failed: unknown[] = [];
    const note = (error: unknown) => void failed.push(error);
    process.on('uncaughtException', note);
    try {
      const { origin } = await server.socket('/api/push');
      const asked = once(server.app.server, 'request') as Promise<[IncomingMessage, ServerResponse]>;
      const request = get(`${origin}/sse/my-sessions`, { headers: auth() }).on('error', () => undefined);
      const [[, raw], [response]] = await Promise.all([asked, once(request, 'response')]);
      (response as IncomingMessage).pause().on('error', () => undefined);
      const large = sessionOf('session-large', { params: { text: 'x'.repeat(200_000) } });
      // Until the kernel takes no more of it.
      for (let full = 0; full < 3; full = raw.writableLength > 0 ? full + 1 : 0) {
        if (raw.writableLength === 0) server.host.put(large);
        await server.call('GET', '/api/me');
      }
      const gone = once(raw, 'close');
      await server.call('POST', '/api/logout');
      for (let n = 0; n < 3; n++) server.host.put(sessionOf('session-one'));
      await gone;
      expect(failed).toEqual([]);
    } finally {
      process.off('uncaughtException', note);
    }
  });

  it('end where the login ended while it was asked for', async () => {
    const verify = server.auth.verify.bind(server.auth);
    vi.spyOn(server.auth, 'verify').mockImplementationOnce(async (token) => {
      const caller = await verify(token);
      await server.auth.revoke(caller.jti);
      return caller;
    });
    const stream = await listen('/sse/my-sessions', auth());
    await stream.ended();
  });

  it('begin nothing for who went while they were asked who they are', async () => {
    const { origin } = await server.socket('/api/push');
    const watch = vi.spyOn(server.auth, 'watch');
    const verify = server.auth.verify.bind(server.auth);
    const verified = new Promise<void>((resolve) => {
      vi.spyOn(server.auth, 'verify').mockImplementation(async (token) => {
        const caller = await verify(token);
        const { socket } = await taken;
        request.destroy();
        if (!socket.closed) await once(socket, 'close');
        resolve();
        return caller;
      });
    });
    const taken = new Promise<IncomingMessage>((resolve) => server.app.server.once('request', resolve));
    const request = get(`${origin}/sse/my-sessions`, { headers: auth() }).on('error', () => undefined);
    await verified;
    await new Promise((resolve) => setImmediate(resolve));
    expect(watch).not.toHaveBeenCalled();
  });

  it('are refused without a token, and with one in the query', async () => {
    for (const url of ['/sse/my-sessions', `/sse/my-sessions?token=${server.token}`]) {
      const answer = await server.app.inject({ method: 'GET', url });
      expect([answer.statusCode, answer.json().error.name]).toEqual([401, 'unauthenticated']);
    }
  });
});

describe('sockets of version 2', () => {
  it('/api/admin/session sends {id, data} for each session and each change', async () => {
    server.host.put(sessionOf('session-one', { login: 'other' }));
    const socket = await server.socket('/api/admin/session', { 'x-fastx-token': server.token });
    expect(await socket.next()).toEqual({ id: 'session-one', data: sessionOf('session-one', { login: 'other' }) });
    server.host.put(sessionOf('session-one', { name: 'renamed' }));
    expect(await socket.next()).toMatchObject({ id: 'session-one', data: { name: 'renamed' } });
    server.host.drop('session-one');
    expect(await socket.next()).toEqual({ id: 'session-one', data: null });
  });

  it('/api/admin/server sends {id, data} for each server; the token may come in the first frame', async () => {
    const socket = await server.socket('/api/admin/server', {});
    socket.ws.send(JSON.stringify({ token: server.token }));
    expect(await socket.next()).toMatchObject({ id: 'server-1', data: { serverId: 'server-1', hostname: 'here' } });
  });

  it('close with a code when there is no token, and never take one from the query', async () => {
    const socket = await server.socket(`/api/admin/session?token=${server.token}`, {});
    socket.ws.send('{}');
    expect(await socket.closed).toEqual({ code: 4000, reason: 'unauthenticated' });
  });

  it('do not open for a page of somebody else', async () => {
    const { origin } = await server.socket('/api/push');
    const ws = new WebSocket(`${origin.replace('http', 'ws')}/api/admin/session`, {
      headers: { origin: 'https://evil.example', cookie: `token=${server.token}` },
    });
    const status = await new Promise((resolve) => {
      ws.once('unexpected-response', (_request, response) => resolve(response.statusCode));
      ws.once('error', () => undefined);
    });
    expect(status).toBe(403);
    ws.terminate();
  });
});

describe('calls from pages on other origins', () => {
  const preflight = (origin: string) =>
    server.app.inject({
      method: 'OPTIONS',
      url: '/api/start',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      },
    });

  it('are open to allowed parents, with a token and never with the cookie', async () => {
    const asked = await preflight(PARENT);
    expect(asked.statusCode).toBe(204);
    expect(asked.headers['access-control-allow-origin']).toBe(PARENT);
    expect(asked.headers['access-control-allow-headers']).toMatch(/Authorization/);
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    const me = await server.call('GET', '/api/me', undefined, { headers: { origin: PARENT } });
    expect(me.status).toBe(200);
    const answer = await server.app.inject({ method: 'GET', url: '/api/config', headers: { origin: PARENT } });
    expect(answer.headers['access-control-allow-origin']).toBe(PARENT);
    expect(answer.headers['vary']).toContain('Origin');
  });

  it('are closed to all others', async () => {
    for (const origin of ['https://evil.example', 'null', `${PARENT}.evil.example`]) {
      const asked = await preflight(origin);
      expect(asked.headers['access-control-allow-origin']).toBeUndefined();
      const answer = await server.app.inject({ method: 'GET', url: '/api/config', headers: { origin } });
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});
