/** The server's side of the runner: starts it when it is first needed, and again when it died. */
import type { FunctionFailure, FunctionOutcome } from '../../src/contract/functions.ts';
import { failedJob, type Job, type JobDone } from './messages.ts';
import { RunnerProcess, type RunnerProgram } from './runner-process.ts';

/** Without any answer for this long, while calls wait for one, the process hangs. */
const PATIENCE_MS = 30_000;
/** Without a call for this long the process ends, and its memory is the machine's again. */
const IDLE_MS = 10 * 60_000;

/** Of a job's number. */
const MAX_ID = 0x7fffffff;

export interface EngineRun {
  readonly outcome: FunctionOutcome;
  readonly logs: string[];
  readonly ms: number;
}

export interface RunnerOptions extends RunnerProgram {
  readonly warn: (cause: unknown, message: string) => void;
}

interface Open {
  readonly job: Job;
  readonly settle: (done: JobDone) => void;
  /** A call reaches nothing, so one whose runner died can be made again; once, in case it was what killed it. */
  again: boolean;
}

export class Runner {
  readonly #options: RunnerOptions;
  readonly #open = new Map<number, Open>();
  #process: RunnerProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  #patience: NodeJS.Timeout | undefined;
  #last = 0;
  #closed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** The process, while there is one. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  async run(text: string, input: string): Promise<EngineRun> {
    const done = await this.#ask({ kind: 'run', id: this.#id(), text, input });
    if (done.kind === 'run') return done.run;
    return {
      outcome: { state: 'failed', failure: done.failure ?? { cause: 'engine', message: 'no answer' } },
      logs: [],
      ms: 0,
    };
  }

  async check(text: string): Promise<FunctionFailure | null> {
    const done = await this.#ask({ kind: 'check', id: this.#id(), text });
    return done.kind === 'check' ? done.failure : { cause: 'engine', message: 'no answer' };
  }

  /** So that the first start does not wait for the process. */
  warmUp(): void {
    if (!this.#closed) this.#start();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#process?.close();
  }

  #ask(job: Job): Promise<JobDone> {
    return new Promise((resolve) => {
      if (this.#closed) {
        resolve(failedJob(job, { cause: 'engine', message: 'the server is stopping' }, 0));
        return;
      }
      this.#open.set(job.id, { job, settle: resolve, again: true });
      if (this.#open.size === 1) this.#wait();
      this.#start().take(job);
    });
  }

  #wait(): void {
    clearTimeout(this.#patience);
    if (this.#open.size === 0) return;
    this.#patience = setTimeout(() => {
      this.#options.warn(undefined, 'the runner of functions does not answer, and is ended');
      this.#process?.end();
    }, PATIENCE_MS);
  }

  #id(): number {
    this.#last = (this.#last % MAX_ID) + 1;
    return this.#last;
  }

  #start(): RunnerProcess {
    clearTimeout(this.#idle);
    if (this.#process) return this.#process;
    const { script, wasm, warn } = this.#options;
    const process = new RunnerProcess(
      { script, wasm },
      { done: (done) => this.#settle(done), died: (how) => this.#died(process, how), warn },
    );
    this.#process = process;
    return process;
  }

  #settle(done: JobDone): void {
    const open = this.#open.get(done.id);
    if (!open) return;
    this.#open.delete(done.id);
    open.settle(done);
    this.#wait();
    if (this.#open.size > 0) return;
    this.#idle = setTimeout(() => this.#process?.end(), IDLE_MS);
    this.#idle.unref();
  }

  #died(process: RunnerProcess, how: string): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    this.#wait();
    if (this.#open.size === 0) return;
    if (!this.#closed) this.#options.warn(how, 'the runner of functions ended, and is started again');
    for (const open of this.#open.values()) {
      if (open.again && !this.#closed) {
        open.again = false;
        this.#start().take(open.job);
      } else {
        this.#settle(failedJob(open.job, { cause: 'engine', message: `the runner ended (${how})` }, 0));
      }
    }
  }
}
