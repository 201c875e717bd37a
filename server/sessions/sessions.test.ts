/** Against the real Xvnc, xterm, link and `clientcomm`. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill } from '../testing/kill.ts';
import { pidRuns, quiet, Recorder, TestMachine, until, viewerClient, whenSession } from './link.test-support.ts';
import { linkPaths, MAX_SOCKET_PATH } from './paths.ts';
import type { SessionHost } from './port.ts';

const TIMEOUT = 60_000;
const machine = new TestMachine();
let dir: string;
let host: SessionHost;

beforeAll(async () => {
  await machine.build();
  dir = machine.directory('one');
  host = machine.host(dir);
}, TIMEOUT);
afterAll(() => machine.dispose(), TIMEOUT);

const run = async (command: string, rest: Parameters<TestMachine['start']>[1] = {}) =>
  host.start(machine.user, machine.start(command, rest), quiet);
const ended = (id: string) => whenSession(host, id, ({ status }) => status === 'ended' || status === 'failed');
const connect = async (id: string, rest: Parameters<typeof viewerClient>[0] = {}) =>
  new Recorder(await host.openStream(id, viewerClient(rest)));

describe('a session', { timeout: TIMEOUT }, () => {
  it('gives its command a display, its own environment and none of the server’s', async () => {
    process.env['SECRET_OF_THE_SERVER'] = 'x';
    const out = join(machine.base, 'environment');
    const session = await run(`env >${out}; xterm`, { params: { answer: 42 } });
    expect(session).toMatchObject({ status: 'running', windowMode: 'desktop', serverId: 'server-1', exitCode: null });
    await until(() => existsSync(out) && readFileSync(out, 'utf8').includes('DISPLAY='));
    const env = new Map(
      readFileSync(out, 'utf8')
        .split('\n')
        .map((line) => line.split('=', 2) as [string, string]),
    );
    const sessionDir = join(dir, 'sessions', session.id);
    expect(env.get('DISPLAY')).toBe(`:${session.display}`);
    expect(env.get('FASTX_SESSION_ID')).toBe(session.id);
    expect(env.get('FASTX_SESSION_DIR')).toBe(sessionDir);
    expect(env.get('FX_CONFIG_DIR')).toBe(dir);
    expect(env.get('PATH')?.split(':')[0]).toBe(join(dir, 'bin'));
    expect(env.get('HOME')).toBe(machine.user.home);
    expect(JSON.parse(readFileSync(env.get('FASTX_PARAMS') ?? '', 'utf8'))).toEqual({ answer: 42 });
    expect(env.has('SECRET_OF_THE_SERVER')).toBe(false);
    for (const [path, mode] of [
      [dir, 0o700],
      [sessionDir, 0o700],
      [join(sessionDir, 'xauth'), 0o600],
      [join(sessionDir, 'rfb.sock'), 0o600],
      [join(dir, 'token'), 0o600],
    ] as const) {
      expect(statSync(path).mode & 0o777, path).toBe(mode);
    }
    // Somebody without the cookie is not let in.
    const stranger = spawnSync('xdpyinfo', [], {
      env: { PATH: process.env['PATH'], DISPLAY: `:${session.display}`, XAUTHORITY: '/dev/null' },
    });
    expect(stranger.status).not.toBe(0);
    await host.terminate(session.id);
    expect(host.get(session.id)?.status).toBe('ended');
    await until(() => !pidRuns(session.serverPid) && !pidRuns(session.appPid));
  });

  it('ends with its command and has its exit code', async () => {
    const { id, serverPid } = await run('sleep 1.2; exit 7');
    expect(await ended(id)).toMatchObject({ status: 'ended', exitCode: 7, error: null });
    await until(() => !pidRuns(serverPid));
    await host.purge(id);
    expect(host.get(id)).toBeUndefined();
    expect(existsSync(join(dir, 'sessions', id))).toBe(false);
  });

  it('fails when the command does not exist, and keeps the log', async () => {
    const start = machine.start('no-such-program --x');
    await expect(host.start(machine.user, start, quiet)).rejects.toMatchObject({ code: 'command-not-found' });
    expect(host.get(start.id)).toMatchObject({ status: 'failed', exitCode: 127, error: { name: 'command-not-found' } });
    expect((await host.log(start.id, 1000)).log).toContain('no-such-program: not found');
    // Where only the shell can tell.
    const { id } = await run('A=1 no-such-program');
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { name: 'command-not-found' } });
  });

  it('fails when the command dies at once', async () => {
    const { id } = await run('echo reasons >&2; false');
    expect(await ended(id)).toMatchObject({ status: 'failed', exitCode: 1, error: { name: 'command-died' } });
    expect((await host.log(id, 100_000)).log).toContain('reasons');
    await expect(host.openStream(id, viewerClient())).rejects.toMatchObject({ code: 'session-not-running' });
  });

  it('without windows of its own lives until the last one has closed, although the command went on', async () => {
    const started = performance.now();
    const { id, windowMode } = await run('xterm -e sleep 1.5 & ', { geometry: 'rootless' });
    expect(windowMode).toBe('rootless');
    expect(await ended(id)).toMatchObject({ status: 'ended', exitCode: 0 });
    expect(performance.now() - started).toBeGreaterThan(1500);

    const stays = await run('xterm -e sleep 1; sleep 100', { geometry: 'rootless' });
    expect((await ended(stays.id)).status).toBe('ended');
    await until(() => !pidRuns(stays.appPid));
  });

  it('takes params, and the ones reserved for the server at each connect', async () => {
    const { id } = await run('xterm', { params: { a: 1, b: 'x' } });
    expect(await host.setParams(id, { a: null, c: [true] })).toEqual({ b: 'x', c: [true] });
    const recorder = await connect(id, { reservedParams: { clientId: 'c1', clientTransport: 'Web' } });
    const session = await whenSession(host, id, ({ clients }) => clients.length === 1);
    expect(session.params).toEqual({ b: 'x', c: [true], clientId: 'c1', clientTransport: 'Web' });
    expect(session.clients[0]).toMatchObject({ id: 'c1', role: 'master' });
    await host.disconnect(id);
    await recorder.when(() => recorder.reason !== undefined);
    expect(recorder.reason).toBe('kicked');
    expect((await whenSession(host, id, ({ clients }) => clients.length === 0)).lastDisconnect).not.toBeNull();
    const other = await connect(id);
    await host.terminate(id);
    await other.when(() => other.reason !== undefined);
    expect(other.reason).toBe('ended');
    expect(other.text('ended')).toHaveLength(1);
  });
});

describe('a viewer’s stream', { timeout: TIMEOUT }, () => {
  it('carries RFB for who may see, takes input only from who may give it, and nothing to a guest', async () => {
    const out = join(machine.base, 'typed');
    const { id } = await run(`xterm -e sh -c 'read x; echo "$x" >${out}; sleep 100'`);
    const [master, viewer, guest] = await Promise.all([
      connect(id, { clientId: 'm' }),
      connect(id, { clientId: 'v', role: 'viewer' }),
      connect(id, { clientId: 'g', role: 'inactive' }),
    ]);
    expect(await viewer.handshake()).toEqual({ width: 640, height: 480 });
    expect(await master.handshake()).toEqual({ width: 640, height: 480 });
    await until(() => {
      master.requestAll(640, 480);
      return master.bytes > 640 * 480 * 4;
    });
    const type = (recorder: Recorder, text: string) => {
      for (const symbol of Array.from(text, (one) => (one === '\n' ? 0xff0d : one.charCodeAt(0)))) {
        for (const down of [1, 0]) {
          const message = Buffer.from([4, down, 0, 0, 0, 0, 0, 0]);
          message.writeUInt32BE(symbol, 4);
          recorder.stream.sendBinary(message);
        }
      }
    };
    const click = [1, 0].flatMap((button) => [5, button, ...[320, 240].flatMap((at) => [at >> 8, at & 0xff])]);
    await until(() => {
      // The pointer gives the window the focus, once it is there.
      master.stream.sendBinary(Buffer.from(click));
      type(viewer, 'intruder\n');
      type(master, 'owner\n');
      return existsSync(out) && readFileSync(out, 'utf8') !== '';
    });
    expect(readFileSync(out, 'utf8')).toBe('owner\n');
    viewer.requestAll(640, 480);
    await viewer.when(() => viewer.bytes > 640 * 480 * 4);
    await guest.when(() => guest.text('participants').length > 0);
    guest.stream.sendText('{"t":"ping","at":5}');
    await guest.when(() => guest.text('pong').length > 0);
    expect(guest.bytes).toBe(0);
    await host.terminate(id);
  });

  it('stops the X server, not the link’s memory, when a viewer stops reading', async () => {
    const { id } = await run('xterm', { geometry: '1920x1080' });
    const recorder = await connect(id);
    await recorder.handshake();
    const memory = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${machine.linkPid(dir)}/status`, 'utf8'))?.[1]) / 1024;
    const before = memory();
    recorder.stream.pause();
    const seen = recorder.bytes;
    // 40 whole pictures of 8 MB would be 330 MB.
    for (let i = 0; i < 40; i++) recorder.requestAll(1920, 1080);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(recorder.bytes).toBe(seen);
    expect(memory() - before).toBeLessThan(20);
    recorder.stream.resume();
    await recorder.when(() => recorder.bytes > 1920 * 1080 * 4);
    await host.terminate(id);
  });
});

describe('clientcomm', { timeout: TIMEOUT }, () => {
  it('has every exit code', async () => {
    const { id } = await run('xterm');
    const say = (...args: string[]) => machine.clientcomm(dir, id, args);
    expect(await say('hello')).toMatchObject({ code: 3 });
    const recorder = await connect(id);
    expect(await say('hello', 'you')).toEqual({ code: 0, out: '', err: '' });
    await recorder.when(() => recorder.text('clientcomm').length === 1);
    expect(recorder.text('clientcomm')[0]).toMatchObject({
      message: { type: 'fx-notify', number: 0, data: 'hello you' },
    });

    const questions = () =>
      recorder.text('clientcomm').map(({ message }) => message as { number: number; data: string });
    const asked = machine.clientcomm(dir, id, ['--clients=master', '--type=acme', '-'], 'from stdin');
    await recorder.when(() => questions().length === 2);
    const question = questions()[1];
    expect(question).toMatchObject({ type: 'acme', data: 'from stdin' });
    recorder.stream.sendText(JSON.stringify({ t: 'answer', answer: { number: question?.number, data: 'Yes' } }));
    expect(await asked).toEqual({ code: 0, out: 'Yes\n', err: '' });

    const refused = say('--clients', 'c1', 'x');
    await recorder.when(() => questions().length === 3);
    const error = { name: 'unhandled' };
    recorder.stream.sendText(JSON.stringify({ t: 'answer', answer: { number: questions()[2]?.number, error } }));
    expect(await refused).toMatchObject({ code: 1, err: 'clientcomm: unhandled\n' });

    expect(await say('--clients=master', '--timeout=0.1', 'x')).toMatchObject({ code: 4 });
    expect(await say('--clients=viewer', 'x')).toMatchObject({ code: 2 });
    expect(await say('--clients=nobody', 'x')).toMatchObject({ code: 3 });
    expect((await say('--list')).out).toMatch(/^ID +ROLE +LOGIN +CONNECTED\nc1 +master +someone /);
    expect(JSON.parse((await say('--list', '--json')).out)).toMatchObject([{ id: 'c1', role: 'master' }]);
    expect(await machine.clientcomm(dir, 'no-such-session', ['x'])).toMatchObject({ code: 1 });
    await host.terminate(id);
  });

  it('carries 1 MiB in parts, both ways, and no more', async () => {
    const { id } = await run('xterm');
    const recorder = await connect(id);
    const data = 'ä'.repeat(512 * 1024);
    const answer = machine.clientcomm(dir, id, ['--clients=c1', '-'], data);
    const texts: string[] = [];
    let parts = 0;
    await recorder.when(() => {
      const all = recorder.text('part');
      for (; parts < all.length; parts++) {
        const part = all[parts] as unknown as { id: number; i: number; text: string };
        texts.push(part.text);
        // No more than two may be on their way without this.
        expect(all.length - parts).toBeLessThanOrEqual(2);
        recorder.stream.sendText(JSON.stringify({ t: 'part.ack', id: part.id, i: part.i }));
      }
      return parts > 0 && (all[0] as unknown as { n: number }).n === parts;
    });
    const { message } = JSON.parse(texts.join('')) as { message: { number: number; data: string } };
    expect(message.data).toBe(data);
    recorder.stream.sendText(JSON.stringify({ t: 'answer', answer: { number: message.number, data: 'got it' } }));
    expect(await answer).toMatchObject({ code: 0, out: 'got it\n' });
    expect(await machine.clientcomm(dir, id, ['-'], `${data}x`)).toMatchObject({ code: 1 });
    await expect(host.clientcomm(id, { type: 'x', data: `${data}x` }, undefined, undefined)).rejects.toMatchObject({
      code: 'too-large',
    });
    await host.terminate(id);
  });
});

describe('a link that is killed', { timeout: TIMEOUT }, () => {
  it('is back by itself, with the same X server and command, and scripts go on', async () => {
    const { id, serverPid, appPid } = await run('sleep 1; xterm; exit 5');
    const recorder = await connect(id);
    const pid = machine.linkPid(dir);
    process.kill(pid, 'SIGKILL');
    await recorder.when(() => recorder.reason !== undefined);
    expect(recorder.reason).toBe('lost');
    const again = await connect(id);
    expect(machine.linkPid(dir)).not.toBe(pid);
    expect(host.get(id)).toMatchObject({ status: 'running', serverPid, appPid });
    expect(pidRuns(serverPid) && pidRuns(appPid)).toBe(true);
    expect(await machine.clientcomm(dir, id, ['hello'])).toMatchObject({ code: 0 });
    await again.when(() => again.text('clientcomm').length === 1);
    // It still hears of the end of what it did not start.
    kill(serverPid);
    expect((await ended(id)).status).toBe('ended');
    await again.when(() => again.reason === 'ended');
  });

  it('finds out what ended while it was away', async () => {
    const away = machine.directory('away');
    const first = machine.host(away);
    const gone = await first.start(machine.user, machine.start('sleep 2; exit 9'), quiet);
    const killed = await first.start(machine.user, machine.start('xterm'), quiet);
    const stays = await first.start(machine.user, machine.start('xterm'), quiet);
    await first.close();
    process.kill(machine.linkPid(away), 'SIGKILL');
    kill(killed.serverPid);
    await until(() => !pidRuns(gone.appPid) && !pidRuns(killed.serverPid));
    // A directory from before the machine was restarted.
    const state = join(linkPaths(away).sessions, killed.id, 'state.json');
    const record = JSON.parse(readFileSync(state, 'utf8')) as { id: string; server: { boot: string; pid: number } };
    const old = {
      ...record,
      id: 'session-of-old',
      server: { ...record.server, boot: 'another', pid: stays.serverPid },
    };
    mkdirSync(join(linkPaths(away).sessions, 'session-of-old'), { mode: 0o700 });
    writeFileSync(join(linkPaths(away).sessions, 'session-of-old/state.json'), JSON.stringify(old));
    mkdirSync(join(linkPaths(away).sessions, 'not-a-session'));

    const second = machine.host(away);
    await second.adopt([machine.user]);
    expect(second.list()).toHaveLength(4);
    expect(second.get(stays.id)).toMatchObject({ status: 'running', serverPid: stays.serverPid });
    expect(second.get(gone.id)).toMatchObject({ status: 'ended', exitCode: 9 });
    expect(second.get(killed.id)?.status).toBe('ended');
    expect(second.get('session-of-old')?.status).toBe('ended');
    expect(pidRuns(stays.serverPid)).toBe(true);
    await until(() => !pidRuns(gone.serverPid));
  });
});

describe('a link directory', { timeout: TIMEOUT }, () => {
  it('has one link', () => {
    const second = spawnSync(process.execPath, [machine.linkScript, '--dir', dir], { encoding: 'utf8' });
    expect(second.status).toBe(3);
    expect(second.stderr).toContain('another link owns this directory');
  });

  it('may have a path that is too long for a socket', async () => {
    const long = machine.directory(`long/${'d'.repeat(MAX_SOCKET_PATH)}`);
    const own = machine.host(long);
    const { id } = await own.start(machine.user, machine.start('xterm'), quiet);
    const recorder = new Recorder(await own.openStream(id, viewerClient()));
    await recorder.handshake();
    expect(await machine.clientcomm(long, id, ['hello'])).toMatchObject({ code: 0 });
    await own.terminate(id);
  });

  it('is refused when its token is wrong', async () => {
    const other = machine.directory('token');
    const own = machine.host(other);
    await own.start(machine.user, machine.start('xterm'), quiet);
    writeFileSync(linkPaths(other).token, 'wrong\n');
    const stranger = machine.host(other);
    await expect(stranger.adopt([machine.user])).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(own.openStream(own.list()[0]?.id ?? '', viewerClient())).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});
