/**
 * The runner: a process of its own with an empty environment, so that even someone who got out of the engine would find
 * no secret in it. Ends with the server that started it. The same file is the program of its worker threads.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Job, JobDone } from './messages.ts';
import { Pool } from './pool.ts';
import { work } from './worker.ts';

if (isMainThread) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  process.on('disconnect', () => process.exit(0));
  // A terminal's Ctrl-C is meant for the server, which ends this process when it is through.
  process.on('SIGINT', () => undefined);
  // All of the engine is compiled now, and well, once for all threads: it would otherwise be done again and again in the
  // middle of the first hundred calls.
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--no-wasm-lazy-compilation');
  const module = new WebAssembly.Module(readFileSync(process.argv[2] ?? ''));
  let outbox: JobDone[] = [];
  const pool = new Pool(fileURLToPath(import.meta.url), module, (done) => {
    outbox.push(done);
    if (outbox.length > 1) return;
    // With everything else that is done by then.
    setImmediate(() => {
      const all = outbox;
      outbox = [];
      process.send?.(all);
    });
  });
  process.on('message', (jobs: Job[]) => {
    for (const job of jobs) pool.take(job);
  });
} else if (parentPort) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the main thread has just put it there
  await work(parentPort, workerData as Parameters<typeof work>[1]);
}
