/**
 * The runner: a process of its own with an empty environment, so that even someone who got out of the engine would find
 * no secret in it. Ends with the server that started it. The same file is the program of its worker threads.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import type { Job } from './messages.ts';
import { Pool } from './pool.ts';
import { work } from './worker.ts';

if (isMainThread) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  process.on('disconnect', () => process.exit(0));
  // A terminal's Ctrl-C is meant for the server, which ends this process when it is through.
  process.on('SIGINT', () => undefined);
  const module = new WebAssembly.Module(readFileSync(process.argv[2] ?? ''));
  const pool = new Pool(fileURLToPath(import.meta.url), module, (done) => process.send?.(done));
  process.on('message', (job: Job) => pool.take(job));
} else if (parentPort) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the main thread has just put it there
  await work(parentPort, workerData as Parameters<typeof work>[1]);
}
