/** `/files/…` over a session host in memory: whom it answers, for how long, and what is written down of it. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FILE_CALLS, type FileCall } from '../../src/contract/files.ts';
import { SOCKET_VERSION } from '../../src/contract/socket.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { startTestServer, type TestServer, type TestSocket } from '../testing/test-server.ts';

let server: TestServer;
let content: Map<string, Buffer>;

beforeEach(async () => {
  server = await startTestServer();
  server.host.put(sessionOf('sess-1'));
  ({ content } = server.host.files);
  content.set('/home/me/old', Buffer.from('0123456789'));
});
afterEach(() => server.close());

interface Viewer extends TestSocket {
  readonly key: string;
  readonly transfer: string;
  readonly resume: string;
}

async function open(more: object = {}, id = 'sess-1'): Promise<Partial<Viewer> & TestSocket> {
  const { body } = await server.call('POST', '/api/connect', { id });
  const { password } = body.result as unknown as { password: string };
  const socket = await server.socket(`/ws/session/${id}`);
  socket.ws.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ticket: password, ...more }));
  const welcome = (await socket.next()) as { files?: { key: string; transfer: string }; resume: string };
  return Object.assign(socket, welcome.files ?? {}, { resume: welcome.resume });
}

async function viewer(): Promise<Viewer> {
  const { key, transfer, resume, ...socket } = await open();
  if (key === undefined || transfer === undefined || resume === undefined) throw new Error('no files');
  return { ...socket, key, transfer, resume };
}

interface Answer {
  readonly status: number;
  readonly result: never;
  readonly error: string | undefined;
  readonly details: unknown;
  readonly headers: Record<string, unknown>;
  readonly text: string;
}

async function ask(
  key: string | undefined,
  method: 'POST' | 'PUT' | 'GET' | 'HEAD',
  url: string,
  payload?: object | Buffer,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await server.app.inject({
    method,
    url,
    headers: { ...(key === undefined ? {} : { authorization: `Viewer ${key}` }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  const json = answer.headers['content-type']?.toString().startsWith('application/json') && method !== 'HEAD';
  const body = json ? answer.json<{ result: never; error?: { name: string; details?: unknown } }>() : undefined;
  return {
    status: answer.statusCode,
    result: body?.result as never,
    error: body?.error?.name,
    details: body?.error?.details,
    headers: answer.headers,
    text: answer.body,
  };
}

const upload = (name: string, size: number) => ({ folder: '~', name, size, modified: 1 });
const put = (key: string, id: string, offset: number, bytes: Buffer) =>
  ask(key, 'PUT', `/files/upload/${id}`, bytes, {
    'content-type': 'application/octet-stream',
    'upload-offset': String(offset),
  });
const audited = async () => {
  const { body } = await server.call('GET', '/api/admin/audit');
  const { entries } = body.result as unknown as { entries: { event: string; detail: string; outcome: string }[] };
  return entries.filter(({ event }) => event === 'upload' || event === 'download');
};

describe('the viewer’s key', () => {
  it('comes with the welcome, and is what files are asked for with', async () => {
    const { key, transfer } = await viewer();
    expect(transfer).toBe('both');
    expect((await ask(key, 'POST', '/files/list', { path: '~' })).result).toMatchObject({
      home: '/home/me',
      entries: [{ name: '/home/me/old', size: 10 }],
    });
  });

  /** One question a call; a call that is not here does not compile. */
  const CALLS: { readonly [Name in FileCall]: object } = {
    list: { path: '~' },
    begin: upload('x', 1),
    finish: { id: 'x' },
    cancel: { id: 'x' },
    make: { folder: '~', below: ['x'] },
    offer: { path: '/home/me/old' },
    progress: { id: 'x' },
    stop: { id: 'x' },
  };

  it.each(Object.keys(FILE_CALLS) as FileCall[])(
    'is needed by %s: no cookie, login or guess stands for it',
    async (name) => {
      await viewer();
      const authorizations = [
        {},
        { authorization: `Bearer ${server.token}` },
        { cookie: `token=${server.token}` },
        { authorization: 'Viewer ' },
        { authorization: `Viewer ${server.token}` },
        { authorization: 'Viewer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' },
      ];
      for (const headers of authorizations) {
        const answer = await ask(undefined, 'POST', `/files/${name}`, CALLS[name], headers);
        expect([answer.status, answer.error]).toEqual([401, 'file-key']);
      }
      expect(await ask(undefined, 'PUT', '/files/upload/x')).toMatchObject({ status: 401 });
    },
  );

  it('ends with the login, the session, and a while after the connection', async () => {
    const first = await viewer();
    const ok = async ({ key }: { key: string }) => (await ask(key, 'POST', '/files/list', { path: '~' })).error ?? 'ok';
    expect(await ok(first)).toBe('ok');
    first.ws.close();
    await first.closed;
    expect(await ok(first)).toBe('ok');
    server.clock.ahead = 3 * 60_000;
    expect(await ok(first)).toBe('file-key');

    const second = await viewer();
    server.host.put(sessionOf('sess-1', { status: 'ended' }));
    expect(await ok(second)).toBe('session-not-running');
    server.host.put(sessionOf('sess-1'));
    expect(await ok(second)).toBe('ok');
    await server.call('POST', '/api/logout', {});
    expect(await ok(second)).toBe('file-key');
  });

  it.each([
    ['off', undefined],
    ['upload', 'upload'],
    ['download', 'download'],
  ] as const)('says what the profile allows: %s', async (fileTransfer, expected) => {
    const allows = { clipboard: 'both', sharing: true, offlineSharing: false, fileTransfer } as const;
    server.host.put(sessionOf('sess-2', { allows }));
    expect((await open({}, 'sess-2')).transfer).toBe(expected);
  });
});

describe('an upload', () => {
  it('goes piece by piece, and is written down once it is there', async () => {
    const { key } = await viewer();
    const begun = (await ask(key, 'POST', '/files/begin', upload('new', 8))).result as { id: string };
    expect(begun).toMatchObject({ offset: 0, exists: false });
    expect((await put(key, begun.id, 0, Buffer.from('half'))).result).toEqual({ offset: 4 });
    const wrong = await put(key, begun.id, 0, Buffer.from('half'));
    expect([wrong.status, wrong.error, wrong.details]).toEqual([409, 'file-offset', { offset: 4 }]);
    expect((await put(key, begun.id, 4, Buffer.from('half'))).status).toBe(200);
    const done = await ask(key, 'POST', '/files/finish', { id: begun.id });
    expect(done.result).toEqual({ folder: '~', name: 'new' });
    expect(content.get('new')?.toString()).toBe('halfhalf');
    // The answer was lost on the way, say.
    expect((await ask(key, 'POST', '/files/finish', { id: begun.id })).result).toEqual(done.result);
    expect(await audited()).toMatchObject([{ event: 'upload', detail: '"new", 8 bytes', outcome: 'ok' }]);
  });

  it('is finished once where it is asked again while that is being done', async () => {
    const { key } = await viewer();
    const { id } = (await ask(key, 'POST', '/files/begin', upload('new', 4))).result as { id: string };
    await put(key, id, 0, Buffer.from('text'));
    const finish = server.host.files.finish.bind(server.host.files);
    let go = () => {};
    const asked = vi.spyOn(server.host.files, 'finish').mockImplementation(async (...call) => {
      await new Promise<void>((going) => (go = going));
      return finish(...call);
    });
    const first = ask(key, 'POST', '/files/finish', { id });
    await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
    const second = ask(key, 'POST', '/files/finish', { id });
    await server.call('GET', '/api/me');
    await server.auth.current((await server.auth.verify(server.token)).jti);
    go();
    expect([(await first).result, (await second).result]).toEqual([
      { folder: '~', name: 'new' },
      { folder: '~', name: 'new' },
    ]);
    expect(asked).toHaveBeenCalledOnce();
    expect(await audited()).toHaveLength(1);
  });

  it('is of one viewer: another’s id is unknown', async () => {
    const [one, two] = [await viewer(), await viewer()];
    const { id } = (await ask(one.key, 'POST', '/files/begin', upload('mine', 4))).result as { id: string };
    expect((await put(two.key, id, 0, Buffer.from('text'))).error).toBe('file-transfer');
    for (const name of ['finish', 'cancel'] as const) {
      expect((await ask(two.key, 'POST', `/files/${name}`, { id })).error).toBe('file-transfer');
    }
    expect((await put(one.key, id, 0, Buffer.from('text'))).status).toBe(200);
  });

  it('takes no piece that says nothing of its place or is too large', async () => {
    const { key } = await viewer();
    const { id } = (await ask(key, 'POST', '/files/begin', upload('x', 4))).result as { id: string };
    const send = (headers: Record<string, string>) =>
      ask(key, 'PUT', `/files/upload/${id}`, Buffer.from('text'), headers);
    const type = { 'content-type': 'application/octet-stream' };
    expect((await send(type)).error).toBe('bad-request');
    expect((await send({ ...type, 'upload-offset': '-1' })).error).toBe('bad-request');
    expect((await send({ ...type, 'upload-offset': '0', 'content-length': String(65 * 1024 * 1024) })).error).toBe(
      'too-large',
    );
    expect((await send({ 'content-type': 'text/html', 'upload-offset': '0' })).error).toBe('bad-request');
  });

  it('is refused a name that is longer than any, and a size that is none', async () => {
    const { key } = await viewer();
    for (const wrong of [
      upload('x'.repeat(2000), 1),
      upload('x', -1),
      upload('x', 0.5),
      { ...upload('x', 1), folder: '' },
    ]) {
      expect((await ask(key, 'POST', '/files/begin', wrong)).status).toBe(400);
    }
  });
});

interface Offer {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly size: number;
}

describe('a download', () => {
  const offer = async (key: string, more: object = {}) =>
    (await ask(key, 'POST', '/files/offer', { path: '/home/me/old', ...more })).result as Offer;

  it('has an address that is good without a key, and never a page', async () => {
    const { key } = await viewer();
    const { url, size, name, id } = await offer(key, { name: '../ü.html' });
    expect([size, name]).toEqual([10, '.._ü.html']);
    expect(url).not.toContain('?');
    const got = await ask(undefined, 'GET', url);
    expect([got.status, got.text]).toEqual([200, '0123456789']);
    expect(got.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="..__.html"; filename*=UTF-8''.._%C3%BC.html`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'content-length': '10',
    });
    expect((await ask(key, 'POST', '/files/progress', { id })).result).toEqual({ state: 'done', sent: 10, size: 10 });
    expect(await audited()).toMatchObject([{ event: 'download', detail: '"/home/me/old", 10 bytes', outcome: 'ok' }]);
    expect(server.logged()).not.toContain(url.split('/')[3]);
  });

  it('is continued by its range, as long as it is the same file', async () => {
    const { key } = await viewer();
    const { url } = await offer(key);
    const get = (headers: Record<string, string>) => ask(undefined, 'GET', url, undefined, headers);
    const { etag } = (await ask(undefined, 'HEAD', url)).headers;
    expect(await get({ range: 'bytes=4-', 'if-range': String(etag) })).toMatchObject({ status: 206, text: '456789' });
    expect((await get({ range: 'bytes=4-6' })).headers).toMatchObject({ 'content-range': 'bytes 4-6/10' });
    expect(await get({ range: 'bytes=4-', 'if-range': '"another"' })).toMatchObject({
      status: 200,
      text: '0123456789',
    });
    expect(await get({ range: 'bytes=10-' })).toMatchObject({ status: 416 });
    expect(await audited()).toHaveLength(1);
  });

  it('is not begun late, not after it was stopped, not by a guess, and not when the login is over', async () => {
    const { key } = await viewer();
    const late = await offer(key);
    server.clock.ahead = 61_000;
    expect(await ask(undefined, 'GET', late.url)).toMatchObject({ status: 404, error: 'file-transfer' });
    const stopped = await offer(key);
    await ask(key, 'POST', '/files/stop', { id: stopped.id });
    expect((await ask(undefined, 'GET', stopped.url)).error).toBe('file-transfer');
    expect((await ask(key, 'POST', '/files/progress', { id: stopped.id })).error).toBe('file-transfer');
    const guessed = await offer(key);
    expect((await ask(undefined, 'GET', guessed.url.replace(/get\/..../, 'get/AAAA'))).error).toBe('file-transfer');
    await server.call('POST', '/api/logout', {});
    expect((await ask(undefined, 'GET', guessed.url)).status).toBe(404);
  });

  it.each(['stopped', 'logged out', 'forbidden'] as const)(
    'carries nothing where it was ended while the session was asked: %s',
    async (how) => {
      const watch = vi.spyOn(server.auth, 'watch');
      const { key } = await viewer();
      const { id, url } = await offer(key);
      let give: (from: Readable) => void = () => undefined;
      const asked = vi.spyOn(server.host.files, 'read').mockReturnValue(new Promise((resolve) => (give = resolve)));
      const got = ask(undefined, 'GET', url);
      await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
      if (how === 'stopped') await ask(key, 'POST', '/files/stop', { id });
      else if (how === 'logged out') await server.call('POST', '/api/logout', {});
      else {
        const lost = watch.mock.calls.findLast(([, action]) => action === 'download')?.[2];
        lost?.('forbidden');
      }
      const source = Readable.from([Buffer.from('0123456789')]);
      give(source);
      expect(await got).toMatchObject({ status: 403, error: 'files-off' });
      expect(source.destroyed).toBe(true);
    },
  );

  it('that cannot be had is written down too', async () => {
    const { key } = await viewer();
    expect((await ask(key, 'POST', '/files/offer', { path: '/etc/shadow' })).error).toBe('file-unknown');
    expect(await audited()).toMatchObject([{ event: 'download', detail: '"/etc/shadow"', outcome: 'file-unknown' }]);
  });

  it('is of one viewer: another neither sees how far it is nor stops it', async () => {
    const [one, two] = [await viewer(), await viewer()];
    const { id, url } = await offer(one.key);
    for (const name of ['progress', 'stop'] as const) {
      expect((await ask(two.key, 'POST', `/files/${name}`, { id })).error).toBe('file-transfer');
    }
    expect((await ask(undefined, 'GET', url)).status).toBe(200);
  });
});

it('an upload that is broken off while the session is asked is over there too', async () => {
  const { key, ws } = await viewer();
  const { result } = await ask(key, 'POST', '/files/begin', upload('x', 10));
  const { id } = result as { id: string };
  let give: (to: Writable) => void = () => undefined;
  const asked = vi.spyOn(server.host.files, 'write').mockReturnValue(new Promise((resolve) => (give = resolve)));
  const put = request(`${new URL(ws.url.replace('ws', 'http')).origin}/files/upload/${id}`, {
    method: 'PUT',
    headers: {
      authorization: `Viewer ${key}`,
      'content-type': 'application/octet-stream',
      'content-length': 10,
      'upload-offset': 0,
    },
  });
  put.on('error', () => undefined);
  const taken = once(server.app.server, 'request');
  put.write('12345');
  const [incoming] = (await taken) as [IncomingMessage];
  await vi.waitFor(() => expect(asked).toHaveBeenCalledOnce());
  const gone = new Promise((resolve) => incoming.once('close', resolve));
  put.destroy();
  await gone;
  const into = new Writable({ write: (_piece, _encoding, next) => next() });
  give(into);
  await vi.waitFor(() => expect(into.destroyed).toBe(true));
});
