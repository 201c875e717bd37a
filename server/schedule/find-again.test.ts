/** A server was killed while it handed a job over, and the next one reaches neither account nor scheduler at first. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CasementError } from '../../src/contract/errors.ts';
import type { RunResult } from '../sessions/port.ts';
import type { StoredJob } from '../store/port.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import { ACCOUNT } from '../testing/test-server.ts';
import { createScheduler, type Scheduler } from './scheduler.ts';

let dir: string;
let scheduler: Scheduler | undefined;

beforeEach(() => {
  vi.useFakeTimers();
  dir = mkdtempSync(join(tmpdir(), 'casement-find-'));
  mkdirSync(join(dir, 'site'));
  for (const name of ['submit', 'status', 'cancel', 'log', 'find']) {
    writeFileSync(join(dir, 'site', name), '');
    chmodSync(join(dir, 'site', name), 0o755);
  }
});
afterEach(() => {
  scheduler?.close();
  rmSync(dir, { recursive: true });
  vi.useRealTimers();
});

async function restored() {
  const host = createFakeHost();
  const warned: string[] = [];
  const start = { id: 's-1', name: 'x', command: 'x', geometry: '640x480', params: {} };
  const stored: StoredJob = {
    user: ACCOUNT,
    start: { ...start, profile: null, keyboardLayout: 'us' },
    at: 1,
    job: { scheduler: 'site', id: '', state: 'pending', reason: null, estimatedStart: null },
    cancelled: false,
    ended: null,
    error: null,
  };
  const made = createScheduler({
    host,
    jobs: { all: async () => [stored], put: async () => undefined, remove: async () => undefined },
    dirs: [dir],
    hostname: 'here',
    serverId: 'server-1',
    warn: (_fields, message) => warned.push(message),
  });
  scheduler = made;
  host.failNext = new CasementError('link-login-needed');
  host.nextRun = ({ argv }) => {
    const stdout = argv[0]?.endsWith('find') ? '42\n' : '';
    return { output: stdout, stdout, exitCode: 0, timedOut: false, truncated: false };
  };
  await made.restore();
  await vi.advanceTimersByTimeAsync(0);
  return { made, host, warned };
}

it('is looked for until it is found', async () => {
  const { made, host, warned } = await restored();
  expect(made.host.get('s-1')?.job).toMatchObject({ id: '' });
  host.failNext = new CasementError('link-login-needed');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(made.host.get('s-1')?.job).toMatchObject({ id: '42' });
  expect(warned).toEqual(['a job could not be looked for']);
});

it('is looked for no more once the server is closed', async () => {
  const { made, host } = await restored();
  made.close();
  const asked = host.calls.length;
  await vi.advanceTimersByTimeAsync(600_000);
  expect(host.calls).toHaveLength(asked);
});

it('is cancelled once it is found where that was wanted while it was looked for', async () => {
  const { made, host } = await restored();
  let found: (result: RunResult) => void = () => undefined;
  const { nextRun } = host;
  host.nextRun = (request) =>
    request.argv[0]?.endsWith('find') ? new Promise((resolve) => (found = resolve)) : nextRun(request);
  await vi.advanceTimersByTimeAsync(5000);
  await made.host.terminate('s-1');
  found({ output: '42', stdout: '42', exitCode: 0, timedOut: false, truncated: false });
  await vi.advanceTimersByTimeAsync(0);
  expect(host.calls).toContain(`run ${join(dir, 'site', 'cancel')} 42`);
});
