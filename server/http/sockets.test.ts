import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CasementError } from '../../src/contract/errors.ts';
import { SOCKET_VERSION } from '../../src/contract/socket.ts';
import { sessionOf, type FakeStream } from '../testing/fake-host.ts';
import { HIGH_WATER } from './relay.ts';
import { PARENT, startTestServer, type TestServer, type TestSocket } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
  server.host.put(sessionOf('sess-1', { name: 'Mine' }));
});
afterEach(() => server.close());

async function ticket(more: Record<string, unknown> = {}): Promise<string> {
  const { body } = await server.call('POST', '/api/connect', { id: 'sess-1', ...more });
  const result = body.result as unknown as { password: string } | undefined;
  if (!result) throw new Error(JSON.stringify(body));
  return result.password;
}

interface Welcomed {
  t: string;
  clientId: string;
  resume: string;
  parents: string[];
}

async function hello(more: Record<string, unknown>, path = '/ws/session/sess-1'): Promise<TestSocket> {
  const socket = await server.socket(path);
  socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ...more }));
  return socket;
}

async function connected(
  more: Record<string, unknown>,
): Promise<TestSocket & { welcome: Welcomed; stream: FakeStream }> {
  const socket = await hello(more);
  const welcome = (await socket.next()) as Welcomed;
  expect(welcome).toMatchObject({ t: 'welcome' });
  const stream = server.host.streams.at(-1)?.stream;
  if (!stream) throw new Error('no stream');
  return Object.assign(socket, { welcome, stream });
}

async function refusal(socket: TestSocket): Promise<string> {
  const frame = (await socket.next()) as { t: string; error: { name: string } };
  const { code, reason } = await socket.closed;
  expect([frame.t, code, reason]).toEqual(['error', 4000, frame.error.name]);
  return frame.error.name;
}

describe('the viewer’s hello', () => {
  it('is welcomed with a ticket, and the session learns who looks at it', async () => {
    const { welcome, stream, ws } = await connected({ ticket: await ticket(), clientVersion: '9.9' });
    expect(welcome).toMatchObject({ role: 'master', session: { id: 'sess-1', name: 'Mine', windowMode: 'desktop' } });
    expect(welcome.parents).toContain(PARENT);
    expect(server.host.get('sess-1')?.params).toEqual({
      clientVersion: '9.9',
      clientId: welcome.clientId,
      clientIP: '127.0.0.1',
      clientTransport: 'Web',
    });
    expect(stream.paused).toBe(false);
    ws.close();
    await stream.until(() => stream.closed);
  });

  it('works once, also when two come at the same moment', async () => {
    const one = await ticket();
    const sockets = await Promise.all([hello({ ticket: one }), hello({ ticket: one })]);
    const frames = (await Promise.all(sockets.map((socket) => socket.next()))) as { t: string }[];
    expect(frames.map(({ t }) => t).toSorted()).toEqual(['error', 'welcome']);
    expect(await refusal(await hello({ ticket: one }))).toBe('ticket-used');
  });

  it('is told apart when expired, made up, for another session, for another page, or missing', async () => {
    server.host.put(sessionOf('sess-2'));
    expect(await refusal(await hello({ ticket: 'made-up' }))).toBe('ticket-unknown');
    expect(await refusal(await hello({ ticket: await ticket() }, '/ws/session/sess-2'))).toBe('ticket-foreign');
    const bound = { parentOrigin: PARENT };
    expect(await refusal(await hello({ ticket: await ticket(bound) }))).toBe('ticket-foreign');
    expect(await refusal(await hello({ ticket: await ticket(bound), parentOrigin: 'https://evil.example' }))).toBe(
      'ticket-foreign',
    );
    expect((await connected({ ticket: await ticket(bound), parentOrigin: PARENT })).welcome.t).toBe('welcome');
    expect(await refusal(await hello({}))).toBe('ticket-missing');
    expect(await refusal(await hello({ ticket: 'x', v: 99 }))).toBe('version-mismatch');
    const late = await ticket();
    server.clock.ahead = 61_000;
    expect(await refusal(await hello({ ticket: late }))).toBe('ticket-expired');
  });

  it('is refused when it is not one', async () => {
    const notJson = await server.socket('/ws/session/sess-1');
    notJson.ws.send('{');
    expect(await refusal(notJson)).toBe('bad-request');
    const binary = await server.socket('/ws/session/sess-1');
    binary.ws.send(Buffer.from('RFB 003.008\n'));
    expect(await refusal(binary)).toBe('bad-request');
    const huge = await server.socket('/ws/session/sess-1');
    huge.ws.send('x'.repeat(1_000_000));
    expect((await huge.closed).code).toBe(1006);
  });

  it('finds a session that has ended, and one that is gone', async () => {
    const [a, b] = [await ticket(), await ticket()];
    server.host.put(sessionOf('sess-1', { status: 'ended' }));
    expect(await refusal(await hello({ ticket: a }))).toBe('session-not-running');
    server.host.drop('sess-1');
    expect(await refusal(await hello({ ticket: b }))).toBe('session-unknown');
  });
});

describe('resuming', () => {
  it('keeps the viewer’s id, gives a new token each time, and the one before works for 30 s', async () => {
    const first = await connected({ ticket: await ticket() });
    first.ws.close();
    await first.stream.until(() => first.stream.closed);
    const second = await connected({ resume: first.welcome.resume });
    expect(second.welcome.clientId).toBe(first.welcome.clientId);
    expect(second.welcome.resume).not.toBe(first.welcome.resume);
    second.ws.close();
    await second.stream.until(() => second.stream.closed);
    // The answer that held the second token may have got lost: the first one still opens.
    const again = await connected({ resume: first.welcome.resume });
    server.clock.ahead = 31_000;
    expect(await refusal(await hello({ resume: first.welcome.resume }))).toBe('resume-unknown');
    expect(await refusal(await hello({ resume: second.welcome.resume }))).toBe('resume-unknown');
    expect((await connected({ resume: again.welcome.resume })).welcome.t).toBe('welcome');
  });

  it('costs nothing when the session could not be reached', async () => {
    const first = await connected({ ticket: await ticket() });
    server.host.failNext = new CasementError('disconnected');
    expect(await refusal(await hello({ resume: first.welcome.resume }))).toBe('disconnected');
    server.clock.ahead = 3600_000;
    expect((await connected({ resume: first.welcome.resume })).welcome.t).toBe('welcome');
  });

  it('gives a second window an id of its own while the first one is alive', async () => {
    const first = await connected({ ticket: await ticket() });
    const copy = await connected({ resume: first.welcome.resume });
    expect(copy.welcome.clientId).not.toBe(first.welcome.clientId);
    expect(first.ws.readyState).toBe(first.ws.OPEN);
  });

  it('does not open another session, nor after being sent away', async () => {
    server.host.put(sessionOf('sess-2'));
    const first = await connected({ ticket: await ticket() });
    expect(await refusal(await hello({ resume: first.welcome.resume }, '/ws/session/sess-2'))).toBe('ticket-foreign');
    await server.call('POST', '/api/disconnect', { id: 'sess-1' });
    expect(await first.closed).toEqual({ code: 4002, reason: 'kicked' });
    expect(await refusal(await hello({ resume: first.welcome.resume }))).toBe('resume-unknown');
  });
});

describe('a viewer that goes while it is let in', () => {
  const ended = () => vi.waitUntil(() => server.app.websocketServer.clients.size === 0);
  const leave = () => {
    for (const socket of server.app.websocketServer.clients) socket.terminate();
    return ended();
  };

  it('leaves no watch over its clipboard', async () => {
    const watch = vi.spyOn(server.auth, 'watch');
    const current = server.auth.current.bind(server.auth);
    const looked = new Promise<void>((resolve) => {
      vi.spyOn(server.auth, 'current').mockImplementation(async (jti) => {
        const caller = await current(jti);
        await leave();
        resolve();
        return caller;
      });
    });
    await hello({ ticket: await ticket() });
    await looked;
    await new Promise((resolve) => setImmediate(resolve));
    expect(watch.mock.calls.map(([, action]) => action)).toEqual(['connect']);
    expect(server.host.streams).toEqual([]);
  });

  it('is given no key to files when its login ends while the session is asked', async () => {
    const refuses = vi.spyOn(server.auth, 'refuses');
    const open = server.host.openStream.bind(server.host);
    let go = () => {};
    const asked = new Promise<void>((resolve) => {
      server.host.openStream = async (...call) => {
        await new Promise<void>((going) => {
          go = going;
          resolve();
        });
        return open(...call);
      };
    });
    const socket = await hello({ ticket: await ticket() });
    await asked;
    await server.call('POST', '/api/logout', {});
    expect(await socket.closed).toEqual({ code: 4000, reason: 'unauthenticated' });
    await ended();
    go();
    await vi.waitFor(() => expect(server.host.streams[0]?.stream.closed).toBe(true));
    expect(refuses.mock.calls.map(([, action]) => action)).not.toContain('upload');
  });
});

describe('the relay', () => {
  it('carries binary and text both ways, in order and untouched', async () => {
    const socket = await connected({ ticket: await ticket() });
    const { ws, stream } = socket;
    stream.onBinary(Buffer.from([0, 255, 1]));
    stream.onText('{"t":"pong","at":1}');
    stream.onBinary(Buffer.alloc(0));
    expect(await socket.next()).toEqual(Buffer.from([0, 255, 1]));
    expect(await socket.next()).toEqual({ t: 'pong', at: 1 });
    expect(await socket.next()).toEqual(Buffer.alloc(0));
    ws.send(Buffer.from('RFB 003.008\n'));
    ws.send('{"t":"ping","at":1}');
    ws.send(Buffer.from([4]));
    await stream.until(() => stream.received.length === 3);
    expect(stream.received).toEqual([Buffer.from('RFB 003.008\n'), '{"t":"ping","at":1}', Buffer.from([4])]);
  });

  it('sends nothing before the welcome', async () => {
    const { resume } = server.store;
    const issue = resume.issue.bind(resume);
    // Between the stream's opening and the welcome a token is made.
    resume.issue = (hash, grant) => {
      server.host.streams.at(-1)?.stream.onBinary(Buffer.from('hasty'));
      return issue(hash, grant);
    };
    const socket = await hello({ ticket: await ticket() });
    expect(await socket.next()).toMatchObject({ t: 'welcome' });
    expect(await socket.next()).toEqual(Buffer.from('hasty'));
  });

  it('holds the session up when the viewer stops reading, and goes on when it reads again', async () => {
    const { ws, stream } = await connected({ ticket: await ticket() });
    const before = stream.pauses;
    ws.pause();
    const chunk = Buffer.alloc(64 * 1024, 7);
    let sent = 0;
    // The kernel takes some megabytes before anything waits here.
    for (let i = 0; i < 2000 && !stream.paused; i++) {
      stream.onBinary(chunk);
      sent += chunk.length;
      if (i % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(stream.paused).toBe(true);
    expect(stream.pauses).toBe(before + 1);
    let read = 0;
    const all = new Promise<void>((resolve) => {
      ws.on('message', (data: Buffer) => {
        read += data.length;
        if (read === sent) resolve();
      });
    });
    const waiting = [...server.app.websocketServer.clients].map((client) => client.bufferedAmount);
    expect(Math.max(...waiting)).toBeLessThan(HIGH_WATER + 2 * chunk.length);
    ws.resume();
    await all;
    await stream.until(() => !stream.paused);
  });

  it('stops reading from the viewer while the session cannot take more', async () => {
    const { ws, stream } = await connected({ ticket: await ticket() });
    stream.roomy = false;
    ws.send(Buffer.from([1]));
    await stream.until(() => stream.received.length === 1);
    const [peer] = server.app.websocketServer.clients;
    expect(peer?.isPaused).toBe(true);
    ws.send(Buffer.from([2]));
    stream.roomy = true;
    stream.onDrain();
    await stream.until(() => stream.received.length === 2);
    expect(stream.received).toEqual([Buffer.from([1]), Buffer.from([2])]);
  });

  it.each([
    ['ended', 4001, 'session-not-running'],
    ['kicked', 4002, 'kicked'],
    ['lost', 4003, 'disconnected'],
  ] as const)('says by the close code that the stream was %s', async (reason, code, name) => {
    const { stream, closed } = await connected({ ticket: await ticket() });
    stream.onClose(reason);
    expect(await closed).toEqual({ code, reason: name });
  });
});

describe('where an upgrade comes from', () => {
  const status = async (path: string, headers: Record<string, string>) =>
    server.socket(path, headers).then(
      () => 101,
      (error: Error) => Number(/(\d{3})$/.exec(error.message)?.[1]),
    );

  it.each(['/ws/session/sess-1', '/api/push'])('%s takes the own origin and allowed parents only', async (path) => {
    expect(await status(path, { origin: 'https://evil.example' })).toBe(403);
    expect(await status(path, { origin: 'null' })).toBe(403);
    expect(await status(path, { origin: 'http://127.0.0.1:1' })).toBe(403);
    expect(await status(path, { origin: PARENT })).toBe(101);
    expect(await status(path, {})).toBe(101);
  });
});

describe('push', () => {
  it.each(['/api/push', '/api/admin/session'])(
    '%s watches nothing for a socket that went while it was asked who it is',
    async (path) => {
      const { origin } = await server.socket('/api/push');
      const watch = vi.spyOn(server.auth, 'watch');
      const verify = server.auth.verify.bind(server.auth);
      const closed = new Promise<void>((resolve) => {
        vi.spyOn(server.auth, 'verify').mockImplementation(async (token) => {
          const caller = await verify(token);
          socket.ws.terminate();
          await vi.waitUntil(() => server.app.websocketServer.clients.size === 1);
          resolve();
          return caller;
        });
      });
      const socket = await server.socket(path, { origin, cookie: `token=${server.token}` });
      await closed;
      // As long as it would take to begin.
      await server.auth.current((await verify(server.token)).jti);
      await new Promise((resolve) => setImmediate(resolve));
      expect(watch).not.toHaveBeenCalled();
    },
  );

  type Frame = { event: string; id: string; data: Record<string, unknown> | null };
  const byCookie = async () => {
    const { origin } = await server.socket('/api/push');
    return server.socket('/api/push', { origin, cookie: `token=${server.token}` });
  };

  it('sends the present state, then ready, then changes, all of it one’s own', async () => {
    server.host.put(sessionOf('theirs', { login: 'them' }));
    const push = await byCookie();
    expect(await push.next()).toMatchObject({ event: 'server', id: 'server-1' });
    expect(await push.next()).toMatchObject({ event: 'session', id: 'sess-1' });
    expect(await push.next()).toEqual({ event: 'ready', id: '', data: null });
    server.host.put(sessionOf('theirs', { login: 'them', name: 'changed' }));
    server.host.drop('theirs');
    server.host.put(sessionOf('sess-1', { name: 'New name' }));
    expect(await push.next()).toMatchObject({ event: 'session', data: { name: 'New name' } });
    server.host.drop('sess-1');
    expect(await push.next()).toEqual({ event: 'session', id: 'sess-1', data: null });
  });

  it('shows the steps of one’s own start as they pass', async () => {
    const push = await byCookie();
    let frame: Frame;
    do frame = (await push.next()) as Frame;
    while (frame.event !== 'ready');
    await server.call(
      'POST',
      '/api/start',
      { command: 'xterm', geometry: '800x600' },
      { headers: { 'x-start-id': 'abc' } },
    );
    const seen: string[] = [];
    do {
      frame = (await push.next()) as Frame;
      if (frame.event === 'start')
        seen.push(`${frame.id} ${String(frame.data?.['step'])} ${String(frame.data?.['state'])}`);
    } while (seen.at(-1) !== 'abc session done');
    expect(seen).toContain('abc link running');
    expect(seen).toContain('abc link done');
    expect(seen.filter((line) => line.endsWith('running'))).toHaveLength(14);
  });

  it('takes the token from the first frame where there is no cookie to be trusted', async () => {
    const push = await server.socket('/api/push', {});
    push.ws.send(JSON.stringify({ token: server.token }));
    expect(await push.next()).toMatchObject({ event: 'server' });
    const foreign = await server.socket('/api/push', { origin: PARENT, cookie: `token=${server.token}` });
    foreign.ws.send(JSON.stringify({ token: 'nonsense' }));
    expect(await foreign.closed).toEqual({ code: 4000, reason: 'unauthenticated' });
  });

  it('ends with the login', async () => {
    const push = await byCookie();
    await push.next();
    await server.call('POST', '/api/logout');
    expect(await push.closed).toEqual({ code: 4000, reason: 'unauthenticated' });
  });

  it('lets go of a reader that does not read', async () => {
    const push = await byCookie();
    await push.next();
    push.ws.pause();
    const params = { blob: 'x'.repeat(200_000) };
    const peers = () => [...server.app.websocketServer.clients].filter((peer) => peer.readyState === peer.OPEN);
    const before = peers().length;
    for (let i = 0; i < 500 && peers().length === before; i++) {
      server.host.put(sessionOf('sess-1', { params }));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(peers().length).toBe(before - 1);
    push.ws.resume();
    expect((await push.closed).code).toBe(1006);
  });
});
