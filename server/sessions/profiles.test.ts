/** Limits and scripts of profiles, against a real link and a real Xvnc. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProfileScripts, ProfileSettings } from '../../src/contract/profile.ts';
import { knownProfile } from './known-profiles.ts';
import { pidRuns, quiet, Recorder, TestMachine, until, viewerClient, whenSession } from './link.test-support.ts';
import { linkPaths } from './paths.ts';
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

const prepare = (settings: Partial<ProfileSettings>, command = 'xterm') =>
  machine.start(command, { profile: 'strict', limits: ProfileSettings.parse(settings) });
const run = async (settings: Partial<ProfileSettings>, command?: string) =>
  host.start(machine.user, prepare(settings, command), quiet);
const ended = (id: string) => whenSession(host, id, ({ status }) => status === 'ended' || status === 'failed');
const connect = async (id: string, rest: Parameters<typeof viewerClient>[0] = {}) =>
  new Recorder(await host.openStream(id, viewerClient(rest)));
const allLog = async (id: string) => (await host.log(id, 100_000)).log;
const key = (recorder: Recorder) => recorder.stream.sendBinary(Buffer.from([4, 1, 0, 0, 0, 0, 0xff, 0xe1]));
const sizeOf = (message: Buffer) => [message.readUInt16BE(2), message.readUInt16BE(4)];

describe('limits', { timeout: TIMEOUT }, () => {
  it('disconnect who is idle, and the session goes on; input and the button put that off', async () => {
    const { id } = await run({ idleSeconds: 3 });
    const recorder = await connect(id);
    await recorder.handshake();
    const deadlines = () => recorder.text('deadline').map(({ deadline }) => deadline as { at: number } | null);
    await recorder.when(() => deadlines().length > 0);
    expect(deadlines()[0]).toMatchObject({ reason: 'idle-disconnected', extendable: true });
    const { deadline } = await whenSession(host, id, (session) => session.deadline !== null);
    expect(deadline).toEqual(deadlines()[0]);
    key(recorder);
    await recorder.when(() => deadlines().length === 3);
    expect(deadlines()[1]).toBeNull();
    recorder.stream.sendText(JSON.stringify({ t: 'extend' }));
    await recorder.when(() => deadlines().length === 5);
    expect(deadlines()[4]?.at).toBeGreaterThan(deadlines()[2]?.at ?? Infinity);
    expect(await host.extend(id)).toBeNull();
    await expect(host.extend(id)).rejects.toMatchObject({ code: 'extend-refused' });
    await recorder.when(() => recorder.reason !== undefined);
    expect(recorder.reason).toBe('idle');
    expect(await whenSession(host, id, ({ clients }) => clients.length === 0)).toMatchObject({
      status: 'running',
      deadline: null,
    });
    await host.terminate(id);
  });

  it('are remembered by the link, as they were last, for starts without a server', async () => {
    for (const maxRunSeconds of [500, 600]) await host.terminate((await run({ maxRunSeconds })).id);
    expect(knownProfile(linkPaths(dir), 'strict')).toEqual(ProfileSettings.parse({ maxRunSeconds: 600 }));
    expect(knownProfile(linkPaths(dir), 'other')).toBeUndefined();
  });

  it('are put off by nobody who only watches', async () => {
    const { id } = await run({ idleSeconds: 2 });
    const [owner, guest] = [await connect(id), await connect(id, { clientId: 'g', role: 'viewer' })];
    await Promise.all([owner.handshake(), guest.handshake()]);
    await guest.when(() => guest.text('deadline').length > 0);
    key(guest);
    guest.stream.sendText(JSON.stringify({ t: 'extend' }));
    await owner.when(() => owner.reason !== undefined);
    expect([owner.reason, owner.text('deadline').filter(({ deadline }) => deadline !== null)]).toEqual([
      'idle',
      [expect.anything()],
    ]);
    await guest.when(() => guest.reason !== undefined);
    await host.terminate(id);
  });

  it('end a session by its run time, with the reason on its card and to its viewers', async () => {
    const session = await run({ maxRunSeconds: 3, extensions: 1, extensionSeconds: 1 });
    const recorder = await connect(session.id);
    const near = await whenSession(host, session.id, ({ deadline }) => deadline !== null);
    expect(near.deadline).toEqual({ at: near.started + 3000, reason: 'run-time-over', extendable: true });
    expect(await host.extend(session.id)).toBeNull();
    await whenSession(host, session.id, ({ deadline }) => deadline === null);
    const last = await whenSession(host, session.id, ({ deadline }) => deadline !== null);
    expect(last.deadline).toEqual({ at: near.started + 4000, reason: 'run-time-over', extendable: false });
    await expect(host.extend(session.id)).rejects.toMatchObject({ code: 'extend-refused' });
    const over = await ended(session.id);
    expect(over).toMatchObject({ status: 'ended', error: { name: 'run-time-over' }, deadline: null });
    expect(over.ended).toBeGreaterThanOrEqual(near.started + 4000);
    await recorder.when(() => recorder.reason !== undefined);
    expect(recorder.text('ended')).toMatchObject([{ reason: 'run-time-over' }]);
    await until(() => !pidRuns(session.serverPid) && !pidRuns(session.appPid));
    await expect(host.extend(session.id)).rejects.toMatchObject({ code: 'session-not-running' });
  });

  it('end a session that nobody looks at, not while somebody does', async () => {
    const { id } = await run({ endAfterDisconnectSeconds: 2 });
    const recorder = await connect(id);
    await recorder.handshake();
    expect((await whenSession(host, id, ({ clients }) => clients.length === 1)).deadline).toBeNull();
    recorder.stream.close();
    const over = await ended(id);
    expect(over).toMatchObject({ status: 'ended', error: { name: 'unwatched-ended' } });
    expect((over.ended ?? 0) - (over.lastDisconnect ?? 0)).toBeGreaterThanOrEqual(1900);
  });

  it('outlive a link that is killed: neither time nor profile begins anew', async () => {
    const { id, started } = await run({ maxRunSeconds: 6, maxGeometry: { width: 700, height: 500 }, clipboard: 'off' });
    process.kill(machine.linkPid(dir), 'SIGKILL');
    const over = await ended(id);
    expect(over).toMatchObject({ error: { name: 'run-time-over' }, allows: { clipboard: 'off' }, profile: 'strict' });
    expect((over.ended ?? 0) - started).toBeGreaterThanOrEqual(6000);
    expect((over.ended ?? 0) - started).toBeLessThan(6000 + 6000);
  });

  it('make no session larger than the profile says, at the start and later', async () => {
    const start = { ...prepare({ maxGeometry: { width: 600, height: 400 } }), geometry: '1920x1080' };
    const session = await host.start(machine.user, start, quiet);
    expect(session.geometry).toBe('600x400');
    expect(await allLog(session.id)).toContain('The profile allows no more than 600x400.');
    const recorder = await connect(session.id);
    expect(await recorder.handshake()).toEqual({ width: 600, height: 400 });
    const ask = (width: number, height: number) => {
      const message = Buffer.alloc(24);
      message[0] = 251;
      message.writeUInt16BE(width, 2);
      message.writeUInt16BE(height, 4);
      message[6] = 1;
      message.writeUInt16BE(width, 16);
      message.writeUInt16BE(height, 18);
      expect(sizeOf(message)).toEqual([width, height]);
      recorder.stream.sendBinary(message);
    };
    // The X server changes its size for those who can be told of it: ExtendedDesktopSize.
    recorder.stream.sendBinary(Buffer.from([2, 0, 0, 1, 0xff, 0xff, 0xfe, 0xcc]));
    ask(500, 300);
    await whenSession(host, session.id, ({ geometry }) => geometry === '500x300');
    ask(4000, 350);
    await whenSession(host, session.id, ({ geometry }) => geometry === '600x350');
    const other = await connect(session.id, { clientId: 'other' });
    expect(await other.handshake()).toEqual({ width: 600, height: 350 });
    await host.terminate(session.id);
  });
});

describe('scripts', { timeout: TIMEOUT }, () => {
  let made = 0;
  const script = (text: string, mode = 0o700) => {
    const path = join(machine.base, `script-${made++}`);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, mode);
    return path;
  };
  const told = (out: string) =>
    existsSync(out)
      ? readFileSync(out, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
      : [];

  it('are told of all that happens to a session, one after the other, with little in their environment', async () => {
    process.env['SECRET_OF_THE_SERVER'] = 'x';
    const out = join(machine.base, 'events');
    const env = join(machine.base, 'script-env');
    // Slow enough that a second one would overtake it.
    const path = script(`read -r line; sleep 0.1; env >${env}; echo "$line" >>${out}; echo "said by $CASEMENT_EVENT"`);
    const scripts = { start: path, connect: path, disconnect: path, params: path, terminate: path };
    const start = { ...prepare({ scripts }), params: { project: '$(reboot) "x"' } };
    const { id } = await host.start(machine.user, start, quiet);
    expect(told(out)).toMatchObject([{ event: 'start', session: { id, profile: 'strict', display: null } }]);
    const recorder = await connect(id, { clientId: 'c7' });
    await host.setParams(id, { project: 'alloy' });
    recorder.stream.close();
    await whenSession(host, id, ({ clients, lastConnect }) => clients.length === 0 && lastConnect !== null);
    await host.terminate(id);
    await until(() => told(out).length === 5);
    const events = told(out);
    expect(events.map(({ event }) => event)).toEqual(['start', 'connect', 'params', 'disconnect', 'terminate']);
    expect(events[0]?.['params']).toEqual({ project: '$(reboot) "x"' });
    expect(events[1]).toMatchObject({ client: { id: 'c7', login: 'someone', role: 'master' } });
    expect(events[2]).toMatchObject({ params: { project: 'alloy' } });
    expect(events[4]).toMatchObject({ end: { status: 'ended', reason: '' } });
    expect(await allLog(id)).toContain('said by connect');
    const names = readFileSync(env, 'utf8').match(/^\w+(?==)/gm) ?? [];
    expect(names).toEqual(expect.arrayContaining(['PATH', 'HOME', 'CASEMENT_EVENT', 'FASTX_SESSION_ID']));
    expect(names.filter((name) => /SECRET|DISPLAY|XAUTH|NODE/.test(name))).toEqual([]);
    expect(readFileSync(env, 'utf8')).toContain('PATH=/usr/local/sbin:');
  });

  const failing: [string, () => ProfileScripts, RegExp][] = [
    ['refuses', () => ({ start: script('echo no licence; exit 3') }), /no licence\n[^]*ended with code 3/],
    ['is missing', () => ({ start: '/nowhere/script' }), /\/nowhere\/script could not be run: there is no such file/],
    ['is not executable', () => ({ start: script('true', 0o600) }), /could not be run: it is not executable/],
    [
      'hangs',
      () => ({ start: script('sleep 1000 & echo $! >"$0.pid"; sleep 1000') }),
      /was not done after 10 s and was killed/,
    ],
  ];
  it.each(failing)('let nothing start when the one for the start %s', async (_how, scripts, said) => {
    const names = scripts();
    const out = join(machine.base, `after-${made++}`);
    const start = prepare({ scripts: { ...names, terminate: script(`cat >>${out}`) } });
    await expect(host.start(machine.user, start, quiet)).rejects.toMatchObject({
      code: 'script-failed',
      details: { event: 'start' },
    });
    expect(host.get(start.id)).toMatchObject({
      status: 'failed',
      error: { name: 'script-failed' },
      display: null,
      serverPid: null,
      appPid: null,
    });
    expect(await allLog(start.id)).toMatch(said);
    await until(() => told(out).length === 1);
    expect(told(out)[0]).toMatchObject({ event: 'terminate', end: { status: 'failed', reason: 'script-failed' } });
    const background = `${names.start}.pid`;
    if (existsSync(background)) expect(pidRuns(Number(readFileSync(background, 'utf8')))).toBe(false);
    await host.purge(start.id);
  });

  it('other than that for the start fail in the log alone', async () => {
    const { id } = await run({ scripts: { connect: '/nowhere/script', params: script('kill -9 $$') } });
    const recorder = await connect(id);
    await recorder.handshake();
    await host.setParams(id, { a: 1 });
    const log = async () => {
      let text = '';
      for (let n = 0; n < 200 && !text.includes('SIGKILL'); n++) {
        text = await allLog(id);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return text;
    };
    expect(await log()).toMatch(/The connect script \/nowhere\/script could not be run: .*\n[^]*was ended by SIGKILL/);
    expect(host.get(id)?.status).toBe('running');
    await host.terminate(id);
  });

  it('for the end are run for what ended while no link was there, and once only', async () => {
    const out = join(machine.base, 'ends');
    const { id } = await run({ scripts: { terminate: script(`cat >>${out}`) } }, 'sleep 1');
    process.kill(machine.linkPid(dir), 'SIGKILL');
    await ended(id);
    await until(() => told(out).length === 1);
    process.kill(machine.linkPid(dir), 'SIGKILL');
    const other = await run({}, 'sleep 100');
    await host.terminate(other.id);
    expect(told(out).filter(({ event }) => event === 'terminate')).toHaveLength(1);
  });
});
