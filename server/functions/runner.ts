/** The server's side of the runner: starts it when it is first needed, and again when it died. */
import { fork, type ChildProcess } from 'node:child_process';
import type { FunctionFailure, FunctionOutcome } from '../../src/contract/functions.ts';
import { failedJob, type Job, type JobDone } from './messages.ts';

/** A call waits in the runner behind others; this only ends what a runner that hangs would never answer. */
const PATIENCE_MS = 30_000;
/** Without a call for this long the process ends, and its memory is the machine's again. */
const IDLE_MS = 10 * 60_000;

export interface EngineRun {
  readonly outcome: FunctionOutcome;
  readonly logs: string[];
  readonly ms: number;
}

export interface RunnerOptions {
  /** The bundled program, and the engine's WebAssembly file. */
  readonly script: string;
  readonly wasm: string;
  readonly warn: (cause: unknown, message: string) => void;
}

interface Open {
  readonly job: Job;
  readonly settle: (done: JobDone) => void;
  readonly timer: NodeJS.Timeout;
  /** A call reaches nothing, so one whose runner died can be made again; once, in case it was what killed it. */
  again: boolean;
}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #open = new Map<number, Open>();
  /** What is sent together: a message between processes costs as much as a short function. */
  #outbox: Job[] = [];
  #child: ChildProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 1;
  #closed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async run(text: string, input: string): Promise<EngineRun> {
    const done = await this.#ask({ kind: 'run', id: this.#next++, text, input });
    if (done.kind === 'run') return done.run;
    return {
      outcome: { state: 'failed', failure: done.failure ?? { cause: 'engine', message: 'no answer' } },
      logs: [],
      ms: 0,
    };
  }

  async check(text: string): Promise<FunctionFailure | null> {
    const done = await this.#ask({ kind: 'check', id: this.#next++, text });
    return done.kind === 'check' ? done.failure : { cause: 'engine', message: 'no answer' };
  }

  /** So that the first start does not wait for the process. */
  warmUp(): void {
    if (!this.#closed) this.#start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    const child = this.#child;
    if (!child) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  #ask(job: Job): Promise<JobDone> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve(failedJob(job, { cause: 'engine', message: 'the server is stopping' }, 0));
        return;
      }
      const timer = setTimeout(() => {
        this.#options.warn(undefined, 'the runner of functions does not answer, and is ended');
        this.#child?.kill('SIGKILL');
      }, PATIENCE_MS);
      this.#open.set(job.id, { job, settle: resolve, timer, again: true });
      this.#post(job);
    });
  }

  #post(job: Job): void {
    this.#outbox.push(job);
    if (this.#outbox.length > 1) return;
    setImmediate(() => {
      const jobs = this.#outbox;
      this.#outbox = [];
      if (jobs.length > 0 && !this.#closed) this.#start().send(jobs);
    });
  }

  #start(): ChildProcess {
    clearTimeout(this.#idle);
    if (this.#child) return this.#child;
    const { script, wasm, warn } = this.#options;
    const child = fork(script, [wasm], {
      env: {},
      cwd: '/',
      execArgv: [],
      // Nothing of the server's but the channel.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#child = child;
    child.on('message', (all: JobDone[]) => {
      for (const done of all) this.#settle(done);
    });
    child.on('error', (cause) => warn(cause, 'the runner of functions cannot be started'));
    child.on('exit', (code, signal) => this.#died(child, signal ?? `exit code ${code}`));
    // Functions must not keep a server from ending.
    child.unref();
    child.channel?.unref();
    return child;
  }

  #settle(done: JobDone): void {
    const open = this.#open.get(done.id);
    if (!open) return;
    this.#open.delete(done.id);
    clearTimeout(open.timer);
    open.settle(done);
    if (this.#open.size > 0) return;
    this.#idle = setTimeout(() => this.#child?.kill('SIGKILL'), IDLE_MS);
    this.#idle.unref();
  }

  #died(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#outbox = [];
    if (this.#open.size === 0) return;
    if (!this.#closed) this.#options.warn(how, 'the runner of functions ended, and is started again');
    for (const open of this.#open.values()) {
      if (open.again && !this.#closed) {
        open.again = false;
        this.#post(open.job);
      } else {
        this.#settle(failedJob(open.job, { cause: 'engine', message: `the runner ended (${how})` }, 0));
      }
    }
  }
}
