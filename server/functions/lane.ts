/** The server's end of one thread of the runner: a socket with a line of JSON for each call and each answer. */
import type { Duplex } from 'node:stream';
import type { FromThread, Job, JobDone } from './messages.ts';

/** Many times what a result and its logs may be. Who writes more has got out of the engine. */
const LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;

/**
 * - `closed`: there is no thread
 * - `opening`: it was asked for
 * - `idle`: it waits for a job
 * - `busy`: it has one
 * - `closing`: it has answered, and is ending
 */
type LaneState = 'closed' | 'opening' | 'idle' | 'busy' | 'closing';

export interface LaneEvents {
  /** It can take a job. */
  readonly idle: () => void;
  readonly done: (done: JobDone) => void;
  /** What came is no answer; the process is not to be trusted any more. */
  readonly broken: (cause: unknown) => void;
}

export class Lane {
  readonly #socket: Duplex;
  readonly #events: LaneEvents;
  #parts: Buffer[] = [];
  #size = 0;
  #state: LaneState = 'closed';
  #job: Job | undefined;
  #began = 0;

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

  /** What it is busy with, and for how long already. */
  get job(): { readonly job: Job; readonly ms: number } | undefined {
    return this.#job && { job: this.#job, ms: performance.now() - this.#began };
  }

  opening(): void {
    this.#state = 'opening';
  }

  give(job: Job): void {
    this.#state = 'busy';
    this.#job = job;
    this.#began = performance.now();
    this.#socket.write(`${JSON.stringify(job)}\n`);
  }

  /** The thread is gone. */
  closed(): void {
    this.#state = 'closed';
    this.#job = undefined;
  }

  #read(chunk: Buffer): void {
    let from = 0;
    for (let to; (to = chunk.indexOf(NEWLINE, from)) >= 0; from = to + 1) {
      const last = chunk.subarray(from, to);
      const line = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
      this.#parts = [];
      this.#size = 0;
      this.#take(line.toString());
    }
    if (from === chunk.length) return;
    this.#parts.push(chunk.subarray(from));
    this.#size += chunk.length - from;
    if (this.#size > LINE_BYTES) this.#events.broken(new Error(`a line of more than ${LINE_BYTES} bytes`));
  }

  #take(line: string): void {
    if (this.#state === 'opening') {
      // What comes before is the rest of a thread that was ended while it wrote.
      if (line === READY) this.#becomeIdle();
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
    this.#state = 'closing';
    this.#events.done(message.done);
    if (!message.spoilt) this.#becomeIdle();
  }

  #becomeIdle(): void {
    this.#state = 'idle';
    this.#events.idle();
  }
}

const READY = JSON.stringify({ kind: 'ready' } satisfies FromThread);
