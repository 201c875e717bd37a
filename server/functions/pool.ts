/**
 * The threads of the runner. A call that is still not done after `WALL_MS` loses its thread, whatever it is doing; the
 * other threads go on meanwhile, and a new one takes its place when there is something to do.
 */
import { Worker } from 'node:worker_threads';
import { WALL_MS } from '../../src/sandbox/limits.ts';
import { failedJob, type FromWorker, type Job, type JobDone } from './messages.ts';

/** Enough for one bad function of a kind to hold up nobody else; each costs some 10 MiB, and only once it is needed. */
const WORKERS = 4;
/** Calls that may wait. More only wait for something that is broken. */
const WAITING = 256;

interface Thread {
  readonly worker: Worker;
  ready: boolean;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
  began: number;
}

export class Pool {
  readonly #script: string;
  readonly #module: unknown;
  readonly #done: (done: JobDone) => void;
  readonly #threads = new Set<Thread>();
  readonly #waiting: Job[] = [];

  /** `script`: the program that is a worker when it is started as one. */
  constructor(script: string, module: unknown, done: (done: JobDone) => void) {
    this.#script = script;
    this.#module = module;
    this.#done = done;
    this.#spawn();
  }

  take(job: Job): void {
    if (this.#waiting.length >= WAITING) {
      this.#done(failedJob(job, { cause: 'engine', message: `more than ${WAITING} calls are waiting` }, 0));
      return;
    }
    this.#waiting.push(job);
    this.#next();
  }

  #next(): void {
    for (const thread of this.#threads) {
      if (!thread.ready || thread.job) continue;
      const job = this.#waiting.shift();
      if (!job) return;
      this.#give(thread, job);
    }
    const coming = [...this.#threads].filter(({ ready }) => !ready).length;
    if (this.#waiting.length > coming && this.#threads.size < WORKERS) this.#spawn();
  }

  #give(thread: Thread, job: Job): void {
    thread.job = job;
    thread.began = performance.now();
    thread.timer = setTimeout(() => {
      this.#end(thread, 'time', `more than ${WALL_MS} ms; the thread was ended`);
    }, WALL_MS);
    thread.worker.postMessage(job);
  }

  #spawn(): void {
    const worker = new Worker(this.#script, {
      workerData: this.#module,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    });
    const thread: Thread = { worker, ready: false, job: undefined, timer: undefined, began: 0 };
    this.#threads.add(thread);
    worker.on('message', (message: FromWorker) => {
      if (!this.#threads.has(thread)) return;
      if (message.kind === 'ready') thread.ready = true;
      else {
        clearTimeout(thread.timer);
        thread.job = undefined;
        this.#done(message.done);
        if (message.spoilt) this.#drop(thread);
      }
      this.#next();
    });
    worker.on('error', (error) => this.#end(thread, 'memory', error.message));
    worker.on('exit', () => this.#end(thread, 'engine', 'the thread ended'));
  }

  /** Ends a thread, and with it the call that it is busy with. */
  #end(thread: Thread, cause: 'time' | 'memory' | 'engine', message: string): void {
    if (!this.#threads.has(thread)) return;
    const { job, began } = thread;
    this.#drop(thread);
    if (job) this.#done(failedJob(job, { cause, message }, performance.now() - began));
    this.#next();
  }

  #drop(thread: Thread): void {
    clearTimeout(thread.timer);
    this.#threads.delete(thread);
    void thread.worker.terminate();
  }
}
