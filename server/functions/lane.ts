/** The server's end of one thread of the runner: a socket with a line of JSON for each call and each answer. */
import type { Duplex } from 'node:stream';
import { Lines } from './lines.ts';
import type { FromThread, Job, JobDone } from './messages.ts';

/** Many times what a result and its logs may be. Who writes more has got out of the engine. */
const LINE_BYTES = 16 * 1024 * 1024;

/**
 * - `closed`: there is no thread
 * - `opening`: it was asked for
 * - `idle`: it waits for a job
 * - `busy`: it has one
 * - `closing`: it has answered, and is ending
 */
type LaneState = 'closed' | 'opening' | 'idle' | 'busy' | 'closing';

export interface LaneEvents {
  /** It can take a job, or a new thread. */
  readonly free: () => void;
  readonly done: (done: JobDone) => void;
  /** What came is no answer; the process is not to be trusted any more. */
  readonly broken: (cause: unknown) => void;
}

export class Lane {
  readonly #socket: Duplex;
  readonly #events: LaneEvents;
  readonly #lines = new Lines();
  #state: LaneState = 'closed';
  #job: Job | undefined;
  #began = 0;
  /** Its thread has ended, and the answer is still to be read. */
  #last = false;

  constructor(socket: Duplex, events: LaneEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    // The process has ended, which is told elsewhere.
    socket.on('error', () => undefined);
  }

  get state(): LaneState {
    return this.#state;
  }

  get job(): Job | undefined {
    return this.#job;
  }

  opening(): void {
    this.#state = 'opening';
    this.#last = false;
  }

  give(job: Job): void {
    this.#state = 'busy';
    this.#job = job;
    this.#began = performance.now();
    this.#socket.write(`${JSON.stringify(job)}\n`);
  }

  /**
   * The thread is gone. `answered`: after an answer, which a busy lane waits for. Gives the job that will have none, and
   * for how long it went on.
   */
  ended(answered: boolean): { readonly job: Job; readonly ms: number } | undefined {
    if (this.#state === 'busy' && answered) {
      this.#last = true;
      return undefined;
    }
    const job = this.#job;
    this.#state = 'closed';
    this.#job = undefined;
    return job && { job, ms: performance.now() - this.#began };
  }

  #read(chunk: Buffer): void {
    for (const line of this.#lines.push(chunk)) this.#take(line);
    if (this.#lines.size > LINE_BYTES) this.#events.broken(new Error(`a line of more than ${LINE_BYTES} bytes`));
  }

  #take(line: string): void {
    if (this.#state === 'opening') {
      // What comes before is the rest of a thread that was ended while it wrote.
      if (line !== READY) return;
      this.#state = 'idle';
      this.#events.free();
      return;
    }
    if (this.#state !== 'busy') return;
    let message: FromThread;
    try {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a thread of ours has written it
      message = JSON.parse(line) as FromThread;
    } catch (cause) {
      this.#events.broken(cause);
      return;
    }
    if (message.kind !== 'done' || message.done.id !== this.#job?.id) return;
    this.#job = undefined;
    this.#state = this.#last ? 'closed' : message.spoilt ? 'closing' : 'idle';
    this.#events.done(message.done);
    this.#events.free();
  }
}

const READY = JSON.stringify({ kind: 'ready' } satisfies FromThread);
