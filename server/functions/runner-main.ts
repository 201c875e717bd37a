/**
 * The runner: a process of its own with an empty environment, so that even someone who got out of the engine would find
 * no secret in it. Ends with the server that started it. The same file is the program of its threads.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { isMainThread, workerData } from 'node:worker_threads';
import type { ToRunner } from './messages.ts';
import { Threads } from './threads.ts';
import { work, type ThreadData } from './worker.ts';

if (isMainThread) {
  for (const name of Object.keys(process.env)) delete process.env[name];
  // At once, whatever the threads are doing.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  // A terminal's Ctrl-C is meant for the server, which ends this process when it is through.
  process.on('SIGINT', () => undefined);
  // All of the engine is compiled now, and well, once for all threads: it would otherwise be done again and again in the
  // middle of the first hundred calls.
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--no-wasm-lazy-compilation');
  const module = new WebAssembly.Module(readFileSync(process.argv[2] ?? ''));
  const threads = new Threads(fileURLToPath(import.meta.url), module, (message) => process.send?.(message));
  process.on('message', (message: ToRunner) => threads.take(message));
} else {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the main thread has just put it there
  await work(workerData as ThreadData);
}
