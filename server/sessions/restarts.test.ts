/** Commands that are started again: the arithmetic, and a real link with a real Xvnc. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RestartPolicy } from '../../src/contract/bookmark.ts';
import { kill } from '../testing/kill.ts';
import { pidRuns, quiet, Recorder, TestMachine, until, viewerClient, whenSession } from './link.test-support.ts';
import { linkPaths } from './paths.ts';
import type { SessionHost } from './port.ts';
import { type AfterEnd, afterEnd, begun, MOST_IN_A_ROW, MOST_IN_ALL, newRestarts, shown } from './restarts.ts';

const MINUTE = 60_000;
const waits = (after: AfterEnd, now: number) => (typeof after === 'string' ? after : (after.next ?? 0) - now);

describe('a restart policy', () => {
  it('decides by the exit code', () => {
    const next = (policy: RestartPolicy, code: number | null) => waits(afterEnd(newRestarts(policy), code, 0), 0);
    expect([next('never', 3), next('never', 0), next('never', null)]).toEqual(['over', 'over', 'over']);
    expect([next('on-failure', 3), next('on-failure', 0), next('on-failure', null)]).toEqual([1000, 'over', 1000]);
    expect([next('always', 3), next('always', 0), next('always', null)]).toEqual([1000, 1000, 1000]);
    expect(afterEnd(undefined, 3, 0)).toBe('over');
  });

  it('waits longer each time, gives up a command that ends again and again, and forgets what is long ago', () => {
    let [now, restarts] = [0, newRestarts('always')];
    const seen: (string | number)[] = [];
    const run = (ms: number) => {
      now += ms;
      const after = afterEnd(restarts, 1, now);
      seen.push(waits(after, now));
      if (typeof after === 'string') return;
      now = after.next ?? now;
      restarts = begun(after, now);
    };
    for (let times = 0; times <= MOST_IN_A_ROW; times++) run(100);
    expect(seen).toEqual([1000, 2000, 4000, 8000, 16_000, 'enough']);
    expect(shown(restarts)).toEqual({ count: 5, inARow: 5, most: 5, next: null, exitCode: 1 });
    run(11 * MINUTE);
    expect(seen.at(-1)).toBe(1000);
  });

  it('gives up at last what ends slowly, too', () => {
    let [now, restarts] = [0, newRestarts('on-failure')];
    for (let times = 0; times < MOST_IN_ALL; times++) {
      now += 60 * MINUTE;
      const after = afterEnd(restarts, 1, now);
      if (typeof after === 'string') throw new Error(`${after} after ${times}`);
      restarts = begun(after, after.next ?? 0);
    }
    expect(afterEnd(restarts, 1, now + 60 * MINUTE)).toBe('enough');
  });
});

describe('a session', { timeout: 60_000 }, () => {
  const machine = new TestMachine();
  let [dir, host]: [string, SessionHost] = ['', machine.host('/nowhere')];

  beforeAll(async () => {
    await machine.build();
    dir = machine.directory('one');
    host = machine.host(dir);
  }, 60_000);
  afterAll(() => machine.dispose(), 60_000);

  /** Each word is what one run does: `exit 3`, or `stay`. The runs are counted in a file. */
  function program(name: string, ...runs: readonly string[]): string {
    const path = join(machine.base, name);
    const cases = runs.map((run, at) => `${at + 1}) ${run === 'stay' ? 'exec sleep 600' : run};;`).join('\n');
    const text = `#!/bin/sh\necho >>'${path}.runs'\ncase $(wc -l <'${path}.runs') in\n${cases}\n*) exit 99;;\nesac\n`;
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  }
  const runsOf = (command: string) => readFileSync(`${command}.runs`, 'utf8').length;
  const start = (restart: RestartPolicy, command: string) =>
    host.start(machine.user, machine.start(command, { restart }), quiet);
  const over = (id: string) => whenSession(host, id, ({ status }) => status === 'ended' || status === 'failed');

  it('goes on with the same display and viewers when its command failed and was started again', async () => {
    const left = join(machine.base, 'left');
    const command = program('failing', `sleep 600 & echo $! >${left}; sleep 1.2; exit 3`, 'stay');
    const first = await start('on-failure', command);
    expect(first.restarts).toBeUndefined();
    const recorder = new Recorder(await host.openStream(first.id, viewerClient()));
    await recorder.handshake();
    const waiting = await whenSession(host, first.id, ({ restarts }) => restarts !== undefined);
    expect(waiting).toMatchObject({ status: 'running', restarts: { count: 0, inARow: 0, exitCode: 3 } });
    expect(waiting.restarts?.next).toBeGreaterThan(waiting.started);
    const again = await whenSession(host, first.id, ({ restarts }) => restarts?.count === 1);
    const { display, serverPid } = first;
    expect(again).toMatchObject({ status: 'running', display, serverPid, restarts: { next: null, exitCode: 3 } });
    expect(again.appPid).not.toBe(first.appPid);
    expect(pidRuns(again.appPid)).toBe(true);
    // What the first run had left in the background is not there twice.
    expect(pidRuns(Number(readFileSync(left, 'utf8')))).toBe(false);
    expect(recorder.reason).toBeUndefined();
    expect((await host.log(first.id, 10_000)).log).toContain('The command is started again (1).');

    // Killed, which leaves no exit code; and ended by the person while it waits.
    await until(() => runsOf(command) === 2);
    kill(again.appPid);
    const killed = await whenSession(host, first.id, ({ restarts }) => typeof restarts?.next === 'number');
    expect(killed.restarts).toMatchObject({ count: 1, inARow: 1, exitCode: null });
    await host.terminate(first.id);
    expect(await over(first.id)).toMatchObject({ status: 'ended', error: null });
    await until(() => !pidRuns(serverPid));
    expect(runsOf(command)).toBe(2);
  });

  it('is over when its policy does not want the command again', async () => {
    const [never, failure] = [program('never', 'sleep 1.2; exit 4'), program('well', 'sleep 1.2; exit 0')];
    const sessions = await Promise.all([start('never', never), start('on-failure', failure)]);
    const ends = await Promise.all(sessions.map(({ id }) => over(id)));
    expect(ends).toMatchObject([
      { status: 'ended', exitCode: 4 },
      { status: 'ended', exitCode: 0 },
    ]);
    expect(ends.map(({ restarts }) => restarts)).toEqual([undefined, undefined]);
    expect([never, failure].map(runsOf)).toEqual([1, 1]);
  });

  it('has its command again also when that ended well, or at once, if that is its policy', async () => {
    const { id } = await start('always', program('always', 'exit 0', 'exit 5', 'stay'));
    const twice = await whenSession(host, id, ({ restarts }) => restarts?.count === 2);
    expect(twice).toMatchObject({ status: 'running', restarts: { inARow: 2, next: null, exitCode: 5 } });
    expect(pidRuns(twice.appPid)).toBe(true);
    await host.terminate(id);
    expect(await over(id)).toMatchObject({ status: 'ended', error: null });
  });

  it('does not look for a program again that is not there', async () => {
    const { id } = await start('always', program('gone', 'exit 127'));
    expect(await over(id)).toMatchObject({ status: 'failed', error: { name: 'command-not-found' } });
  });

  it('is started again by the next link where the one before died while it waited; and not for ever', async () => {
    const away = machine.directory('away');
    const first = machine.host(away);
    const command = program('waiting', 'exit 3', 'stay');
    const { id } = await first.start(machine.user, machine.start(command, { restart: 'on-failure' }), quiet);
    await whenSession(first, id, ({ restarts }) => typeof restarts?.next === 'number');
    await first.close();
    kill(machine.linkPid(away));
    const second = machine.host(away);
    await second.adopt([machine.user]);
    const again = await whenSession(second, id, ({ restarts }) => restarts?.count === 1);
    expect(again).toMatchObject({ status: 'running', restarts: { next: null } });
    await until(() => runsOf(command) === 2);

    // The link goes once more; the command fails without one, for the last time that is allowed.
    await second.close();
    kill(machine.linkPid(away));
    const state = join(linkPaths(away).sessions, id, 'state.json');
    const record = JSON.parse(readFileSync(state, 'utf8')) as { restarts: { row: number[] } };
    record.restarts.row = Array.from({ length: MOST_IN_A_ROW }, () => Date.now());
    writeFileSync(state, JSON.stringify(record));
    kill(again.appPid);
    await until(() => !pidRuns(again.appPid));
    const third = machine.host(away);
    await third.adopt([machine.user]);
    const end = await whenSession(third, id, ({ status }) => status === 'failed');
    expect(end).toMatchObject({ error: { name: 'restart-limit' }, restarts: { inARow: MOST_IN_A_ROW, next: null } });
    await until(() => !pidRuns(end.serverPid));
    expect(runsOf(command)).toBe(2);
  });

  it('without windows of its own has its program again when its last window was closed, if it always comes back', async () => {
    const command = program('windows', 'xterm -e sleep 2', 'xterm -e sleep 600');
    const wish = machine.start(command, { restart: 'always', geometry: 'rootless' });
    const { id } = await host.start(machine.user, wish, quiet);
    const again = await whenSession(host, id, ({ restarts }) => restarts?.count === 1);
    expect(again.status).toBe('running');
    expect(pidRuns(again.appPid)).toBe(true);
    await host.terminate(id);
    expect((await over(id)).error).toBeNull();
  });
});
