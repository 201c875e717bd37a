/** A job that is being handed over, and what goes wrong on the way: the link, the server, or its disk. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CasementError } from '../../src/contract/errors.ts';
import type { RunResult } from '../sessions/port.ts';
import type { StoredJob } from '../store/port.ts';
import { createFakeHost, sessionOf } from '../testing/fake-host.ts';
import { ACCOUNT } from '../testing/test-server.ts';
import { createScheduler } from './scheduler.ts';

const printed = (stdout: string): RunResult => ({
  output: stdout,
  stdout,
  exitCode: 0,
  timedOut: false,
  truncated: false,
});
const lost = () => Promise.reject(new CasementError('link-failed'));

let dir: string;
let end = () => {};
beforeEach(() => {
  vi.useFakeTimers();
  dir = mkdtempSync(join(tmpdir(), 'casement-submit-'));
  mkdirSync(join(dir, 'site'));
  for (const name of ['submit', 'status', 'cancel', 'log', 'find']) {
    writeFileSync(join(dir, 'site', name), '');
    chmodSync(join(dir, 'site', name), 0o755);
  }
});
afterEach(() => {
  end();
  rmSync(dir, { recursive: true });
  vi.useRealTimers();
});

function setUp() {
  const host = createFakeHost();
  const kept = new Map<string, StoredJob>();
  const disk = { full: false };
  const write = async (change: () => void) => {
    if (disk.full) throw new Error('database or disk is full');
    change();
  };
  const warned: string[] = [];
  const made = createScheduler({
    host,
    jobs: {
      all: async () => [...kept.values()],
      put: (job) => write(() => kept.set(job.start.id, job)),
      remove: (id) => write(() => kept.delete(id)),
    },
    dirs: [dir],
    hostname: 'here',
    serverId: 'server-1',
    warn: (_fields, message) => warned.push(message),
  });
  end = () => made.close();
  const start = { id: 's-1', name: 'x', command: 'x', geometry: '640x480', params: {} };
  const submit = () =>
    made.hand(
      {
        user: ACCOUNT,
        start: { ...start, profile: null, keyboardLayout: 'us', restart: 'never' },
        plan: { scheduler: 'site', options: [], words: ['x'] },
      },
      { step: () => undefined },
    );
  return { host, kept, disk, warned, made, submit };
}

it('is looked for where the link went while the scheduler was asked', async () => {
  const { host, made, submit } = setUp();
  host.nextRun = ({ argv }) => (argv[0]?.endsWith('submit') ? lost() : printed(argv[0]?.endsWith('find') ? '42' : ''));
  await expect(submit()).rejects.toMatchObject({ code: 'link-failed' });
  expect(made.host.get('s-1')).toMatchObject({ status: 'pending', job: { id: '' } });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(made.host.get('s-1')).toMatchObject({ status: 'pending', job: { id: '42' } });
});

it('is left to the next server where this one is stopped meanwhile', async () => {
  const { host, kept, made, submit } = setUp();
  host.nextRun = () => {
    made.close();
    return lost();
  };
  await expect(submit()).rejects.toMatchObject({ code: 'link-failed' });
  expect([...kept.keys()]).toEqual(['s-1']);
});

it('has no card where the link could not be reached at all', async () => {
  const { host, kept, made, submit } = setUp();
  host.run = lost;
  await expect(submit()).rejects.toMatchObject({ code: 'link-failed' });
  expect([made.host.list(), kept.size]).toEqual([[], 0]);
});

it('leaves no card behind where it could not be written down', async () => {
  const { disk, made, submit } = setUp();
  disk.full = true;
  await expect(submit()).rejects.toThrow('full');
  expect(made.host.list()).toEqual([]);
});

it('is followed where only its id could not be written down', async () => {
  const { host, disk, made, submit } = setUp();
  host.nextRun = ({ argv }) => {
    if (argv[0]?.endsWith('status')) return printed('{"id":"7","state":"running"}');
    disk.full = true;
    return printed('7');
  };
  expect(await submit()).toMatchObject({ session: { job: { id: '7' } } });
  await vi.advanceTimersByTimeAsync(3000);
  expect(made.host.get('s-1')?.job).toMatchObject({ id: '7', state: 'running' });
});

it('that cannot be forgotten when its session is purged ends nothing else', async () => {
  const { host, disk, warned, submit } = setUp();
  host.nextRun = ({ argv }) => printed(argv[0]?.endsWith('submit') ? '7' : '');
  await submit();
  host.put(sessionOf('s-1', { status: 'ended' }));
  disk.full = true;
  host.drop('s-1');
  await vi.advanceTimersByTimeAsync(0);
  expect(warned).toEqual(['a job could not be forgotten']);
});

it('is told to those who came before a new server had taken it up', async () => {
  const { kept, made } = setUp();
  kept.set('s-1', {
    user: ACCOUNT,
    start: { id: 's-1', name: 'x', command: 'x', geometry: '640x480', params: {}, profile: null, keyboardLayout: 'us' },
    at: 1,
    job: { scheduler: 'site', id: '7', state: 'pending', reason: null, estimatedStart: null },
    cancelled: false,
    ended: null,
    error: null,
  });
  const told: unknown[] = [];
  made.host.subscribe((id, session) => told.push([id, session?.status]));
  await made.restore();
  expect(told).toEqual([['s-1', 'pending']]);
});
