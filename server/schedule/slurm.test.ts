/** Jobs of a real Slurm, their cards, and a server that is restarted in the middle. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { fillPlan, type SchedulePlan } from '../../src/contract/schedule.ts';
import type { Session } from '../../src/contract/session.ts';
import { pidRuns, quiet, TestMachine, until, whenSession } from '../sessions/link.test-support.ts';
import type { SessionStart } from '../sessions/port.ts';
import { kill } from '../testing/kill.ts';
import { openDatabase } from '../store/open.ts';
import { createSqliteStore } from '../store/sqlite.ts';
import { NO_SLURM, TestSlurm } from '../testing/slurm.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

const TIMEOUT = 90_000;
const RUN =
  'casement start --cli --id ${ start.id } --command ${ start.command } --geometry ${ start.geometry } --name ${ start.name }';

const JSON_RUN = 'casement start --cli --json ${ start.json }';

describe.skipIf(NO_SLURM !== undefined)('a start by Slurm', { timeout: TIMEOUT }, () => {
  const machine = new TestMachine();
  let slurm: TestSlurm;
  let scheduler: Scheduler;
  let store: ReturnType<typeof createSqliteStore>;
  const open: Scheduler[] = [];

  function newScheduler(): Scheduler {
    const made = createScheduler({
      host: machine.host(machine.directory('link')),
      jobs: store.jobs,
      dirs: [slurm.schedulers],
      hostname: 'machine',
      serverId: 'server-1',
      warn: () => undefined,
      pollMs: [200, 1000],
    });
    open.push(made);
    return made;
  }

  beforeAll(async () => {
    const [started] = await Promise.all([
      TestSlurm.start(),
      machine.build(),
      bundlePrograms(join(machine.base, 'dist'), ['cli/casement']),
    ]);
    slurm = started;
    store = createSqliteStore(openDatabase(machine.base));
    scheduler = newScheduler();
  }, TIMEOUT);
  afterEach(() => slurm.command('scancel', '--user=root').catch(() => undefined));
  afterAll(async () => {
    for (const one of open) one.close();
    await machine.dispose();
    slurm.stop();
  }, TIMEOUT);

  async function hand(
    command: string,
    more: Partial<SchedulePlan> = {},
    of: Partial<SessionStart> = {},
  ): Promise<{ output: string; session: Session }> {
    const start = machine.start(command, of);
    const plan = fillPlan({ run: RUN, scheduler: 'slurm', ...more }, start);
    const { output, session } = await scheduler.hand({ user: machine.user, start, plan }, quiet);
    if (!session) throw new Error('no card');
    return { output, session };
  }
  const when = (id: string, test: (session: Session) => boolean) => whenSession(scheduler.host, id, test);

  it('is pending with reason and start, runs when its session announces itself, and ends with Slurm’s reason', async () => {
    const { output, session } = await hand('sleep 600', { options: ['--begin=now+1hour'] });
    expect(output).toMatch(/^\d+\n$/);
    expect(session).toMatchObject({
      status: 'pending',
      job: { scheduler: 'slurm', id: output.trim(), state: 'pending' },
    });
    const { id } = session;
    const waiting = await when(id, ({ job }) => job?.reason === 'BeginTime');
    // Both bounds: an awk that rounds to six digits is wrong by more than an hour either way.
    expect(waiting.job?.estimatedStart).toBeGreaterThan(Date.now() + 50 * 60_000);
    expect(waiting.job?.estimatedStart).toBeLessThanOrEqual(Date.now() + 60 * 60_000);

    const [now] = [await slurm.command('scontrol', 'update', `JobId=${output.trim()}`, 'StartTime=now')];
    expect(now).toBe('');
    const running = await when(id, ({ status }) => status === 'running');
    expect(running).toMatchObject({
      command: 'sleep 600',
      job: { id: output.trim(), state: 'running', estimatedStart: null },
    });
    const stat = await slurm.command('ps', '-o', 'ppid=', '-p', String(running.serverPid));
    // Inside the job: what Slurm ends and limits are its own processes.
    expect(Number(stat)).not.toBe(machine.linkPid(machine.directory('link')));

    await slurm.command('scancel', output.trim());
    const ended = await when(id, ({ status, job }) => status === 'ended' && job?.reason !== null);
    expect(ended).toMatchObject({ job: { state: 'ended', reason: 'CANCELLED' }, error: { name: 'job-ended' } });
    await scheduler.host.purge(id);
    expect(scheduler.host.get(id)).toBeUndefined();
  });

  it('has its command started again inside its job, as its bookmark wants, and ends for good with the job', async () => {
    const runs = join(machine.base, 'runs');
    const program = join(machine.base, 'fails-once');
    // The first run fails; each says which job it is of.
    writeFileSync(
      program,
      `#!/bin/sh\necho "$SLURM_JOB_ID" >>${runs}\n[ $(wc -l <${runs}) -gt 1 ] || exit 3\nexec sleep 600\n`,
    );
    chmodSync(program, 0o755);
    const { output, session } = await hand(program, { run: JSON_RUN }, { restart: 'on-failure' });
    const job = output.trim();
    const first = await when(session.id, ({ status }) => status === 'running');
    const again = (count: number) =>
      when(
        session.id,
        ({ restarts, appPid }) => restarts?.count === count && restarts.next === null && pidRuns(appPid),
      );
    const running = await again(1);
    expect(running).toMatchObject({ status: 'running', restarts: { exitCode: 3 } });
    await until(() => readFileSync(runs, 'utf8') === `${job}\n${job}\n`);
    const ofTheJob = await slurm.command('scontrol', 'listpids', job);
    expect(ofTheJob.split('\n').map((line) => Number(line.trim().split(/\s+/)[0]))).toContain(running.appPid);
    expect(running).toMatchObject({ display: first.display, serverPid: first.serverPid });

    // A link that is killed meanwhile changes nothing: the next one goes on with the same count.
    kill(machine.linkPid(machine.directory('link')));
    kill(running.appPid);
    await again(2);
    await until(() => readFileSync(runs, 'utf8') === `${job}\n`.repeat(3));

    await slurm.command('scancel', job);
    const ended = await when(session.id, ({ status, job: of }) => status === 'ended' && of?.reason !== null);
    expect(ended).toMatchObject({ job: { state: 'ended', reason: 'CANCELLED' }, error: { name: 'job-ended' } });
    expect(readFileSync(runs, 'utf8')).toBe(`${job}\n`.repeat(3));
  });

  it('is over when somebody ends it while its job waits to start its command again', async () => {
    const { output, session } = await hand('false', { run: JSON_RUN }, { restart: 'always' });
    await when(session.id, ({ restarts }) => restarts !== undefined && restarts.next !== null);
    await scheduler.host.terminate(session.id);
    const ended = await when(session.id, ({ status, job }) => status === 'ended' && job?.state === 'ended');
    expect([ended.error, pidRuns(ended.appPid), pidRuns(ended.serverPid)]).toEqual([null, false, false]);
    expect(await slurm.command('squeue', '--noheader', `--jobs=${output.trim()}`)).toBe('');
  });

  it('ends with its reason when the job is killed before its session began, and is cancelled from its card', async () => {
    const first = await hand('sleep 600', { options: ['--hold'] });
    await slurm.command('scancel', first.output.trim());
    expect(await when(first.session.id, ({ status }) => status === 'ended')).toMatchObject({
      job: { reason: 'CANCELLED' },
      error: { name: 'job-ended', details: { reason: 'CANCELLED' } },
    });
    const second = await hand('sleep 600', { options: ['--hold'] });
    await scheduler.host.terminate(second.session.id);
    expect(await when(second.session.id, ({ status }) => status === 'ended')).toMatchObject({ error: null });
    const third = await hand('sleep 600');
    await when(third.session.id, ({ status }) => status === 'running');
    await scheduler.host.terminate(third.session.id);
    const ended = await when(third.session.id, ({ status, job }) => status === 'ended' && job?.state === 'ended');
    expect(ended.error).toBeNull();
  });

  it('says so when the job ended without a session, with its log', async () => {
    const { session } = await hand('x', { run: 'echo "no such thing here" >&2; exit 3' });
    const failed = await when(session.id, ({ status }) => status === 'failed');
    expect(failed).toMatchObject({ job: { reason: 'FAILED' }, error: { name: 'job-without-session' } });
    expect((await scheduler.host.log(session.id, 1000)).log).toContain('no such thing here');
    await expect(hand('x', { options: ['--partition=nowhere'] })).rejects.toMatchObject({
      code: 'schedule-failed',
      details: { output: expect.stringContaining('invalid partition') as string },
    });
    expect(scheduler.host.list().filter(({ status }) => status === 'pending')).toEqual([]);
  });

  it('is followed by the next server, also one that was stopped before it had the job’s id', async () => {
    const one = await hand('sleep 600', { options: ['--hold'] });
    const two = await hand('sleep 600', { options: ['--hold'] });
    const row = (await store.jobs.all()).find(({ start }) => start.id === two.session.id);
    if (!row) throw new Error('not kept');
    await store.jobs.put({ ...row, job: { ...row.job, id: '' } });
    await store.jobs.put({ ...row, start: { ...row.start, id: 'never-there' }, job: { ...row.job, id: '' } });
    scheduler.close();
    scheduler = newScheduler();
    await scheduler.restore();
    expect(scheduler.host.get(one.session.id)?.status).toBe('pending');
    expect(await when(two.session.id, ({ job }) => job?.id === two.output.trim())).toMatchObject({ status: 'pending' });
    expect(await when('never-there', ({ status }) => status === 'ended')).toMatchObject({
      error: { name: 'job-lost' },
    });
    await slurm.command('scontrol', 'release', one.output.trim());
    await when(one.session.id, ({ status }) => status === 'running');
    await scheduler.host.terminate(one.session.id);
  });
});
