/**
 * One thread of the runner. It waits in `read` for a call and is in nobody's event loop: a message to a thread, and one
 * back, cost several times what a short function does. Whoever started it ends it when a call takes too long.
 */
import { readSync, writeSync } from 'node:fs';
import { loadEngine, type EngineModule } from '../../src/sandbox/engine.ts';
import { Sandbox } from '../../src/sandbox/run.ts';
import { Busy } from './busy.ts';
import { Lines } from './lines.ts';
import type { FromThread, Job } from './messages.ts';

/** What the thread is started with. */
export interface ThreadData {
  readonly module: EngineModule;
  readonly lane: number;
  /** Of the lane's socket. It blocks. */
  readonly fd: number;
  readonly busy: SharedArrayBuffer;
}

const CHUNK = 64 * 1024;

/** Until the other end is closed. */
function* linesOf(fd: number): Generator<string, void> {
  const chunk = Buffer.allocUnsafe(CHUNK);
  const lines = new Lines();
  for (let length; (length = readSync(fd, chunk)) > 0;) yield* lines.push(chunk.subarray(0, length));
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
}

function answer(sandbox: Sandbox, job: Job): Extract<FromThread, { kind: 'done' }> {
  if (job.kind === 'check') {
    const { failure, spoilt } = sandbox.check(job.text);
    return { kind: 'done', done: { kind: 'check', id: job.id, failure }, spoilt };
  }
  const { spoilt, ...run } = sandbox.run(job.text, job.input);
  return { kind: 'done', done: { kind: 'run', id: job.id, run }, spoilt };
}

/** Returns when the thread is to end. */
export async function work({ module, lane, fd, busy: shared }: ThreadData): Promise<void> {
  const busy = new Busy(shared);
  const sandbox = new Sandbox(await loadEngine(module), () => performance.now());
  const tell = (message: FromThread) => writeAll(fd, `${JSON.stringify(message)}\n`);
  // Ends a line that an earlier thread of this lane may have been ended in.
  writeAll(fd, '\n');
  tell({ kind: 'ready' });
  for (const line of linesOf(fd)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the server has written it
    const job = JSON.parse(line) as Job;
    busy.begin(lane, job.id);
    const done = answer(sandbox, job);
    if (!busy.finish(lane, job.id)) return;
    tell(done);
    if (done.spoilt) return;
  }
}
