/**
 * One process of the runner, from its start to its end: gives calls to its threads, lets the others wait, and has a thread
 * ended that is still not done after `WALL_MS`, whatever it is doing; the other threads go on meanwhile.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import { WALL_MS } from '../../src/sandbox/limits.ts';
import { Lane } from './lane.ts';
import { failedJob, FIRST_LANE_FD, LANES, type FromRunner, type Job, type JobDone, type ToRunner } from './messages.ts';

/** Calls that may wait. More only wait for something that is broken. */
const WAITING = 256;
/** Threads one after the other that ended before they could do anything. Another would do no better. */
const STILLBORN = 3;
/** After `WALL_MS`, how often it is asked again whether a job's time is up: its thread may have got to it late. */
const AGAIN_MS = 100;

export interface RunnerProgram {
  /** The bundled program, and the engine's WebAssembly file. */
  readonly script: string;
  readonly wasm: string;
}

export interface RunnerProcessEvents {
  readonly done: (done: JobDone) => void;
  /** Jobs without an answer will have none. */
  readonly died: (how: string) => void;
  readonly warn: (cause: unknown, message: string) => void;
}

export class RunnerProcess {
  readonly #child: ChildProcess;
  readonly #events: RunnerProcessEvents;
  readonly #lanes: readonly Lane[];
  readonly #waiting: Job[] = [];
  readonly #watches = new Map<Lane, NodeJS.Timeout>();
  #stillborn = 0;

  constructor({ script, wasm }: RunnerProgram, events: RunnerProcessEvents) {
    this.#events = events;
    const child = fork(script, [wasm], {
      env: {},
      cwd: '/',
      execArgv: [],
      // Nothing of the server's but the channel and a socket for each thread.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', ...Array.from({ length: LANES }, () => 'pipe' as const)],
    });
    this.#child = child;
    child.on('error', (cause) => {
      events.warn(cause, 'the runner of functions cannot be started');
      // Without a process there is no end of it.
      if (child.pid === undefined) events.died(cause.message);
    });
    if (child.pid === undefined) {
      this.#lanes = [];
      return;
    }
    this.#lanes = Array.from({ length: LANES }, (_, index) => {
      const socket = child.stdio.at(FIRST_LANE_FD + index);
      if (!(socket instanceof Duplex)) throw new Error('a lane has no socket');
      unref(socket);
      const lane: Lane = new Lane(socket, {
        free: () => {
          if (lane.state === 'idle') this.#stillborn = 0;
          this.#next();
        },
        done: (done) => this.#done(lane, done),
        broken: (cause) => {
          events.warn(cause, 'the runner of functions says what it never would, and is ended');
          this.end();
        },
      });
      return lane;
    });
    child.on('message', (message: FromRunner) => this.#ended(message));
    child.on('exit', (code, signal) => {
      for (const timer of this.#watches.values()) clearTimeout(timer);
      events.died(signal ?? `exit code ${code}`);
    });
    // Functions must not keep a server from ending.
    child.unref();
    child.channel?.unref();
    this.#open(0);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  take(job: Job): void {
    if (this.#waiting.length >= WAITING) {
      this.#events.done(failedJob(job, { cause: 'engine', message: `more than ${WAITING} calls are waiting` }, 0));
      return;
    }
    this.#waiting.push(job);
    this.#next();
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  /** Ends it, and waits until it has. */
  async close(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    // Whoever waits for this must not be ended for want of anything else to do.
    this.#child.ref();
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.end();
    await exited;
  }

  #next(): void {
    for (const [index, lane] of this.#lanes.entries()) {
      if (lane.state !== 'idle') continue;
      const job = this.#waiting.shift();
      if (!job) return;
      lane.give(job);
      this.#watch(lane, index, job.id, WALL_MS);
    }
    const coming = this.#lanes.filter(({ state }) => state === 'opening').length;
    if (this.#waiting.length <= coming) return;
    const closed = this.#lanes.findIndex(({ state }) => state === 'closed');
    if (closed >= 0) this.#open(closed);
  }

  #open(index: number): void {
    this.#lanes[index]?.opening();
    this.#tell({ kind: 'open', lane: index });
  }

  #watch(lane: Lane, index: number, id: number, ms: number): void {
    const timer = setTimeout(() => {
      this.#tell({ kind: 'end', lane: index, id });
      this.#watch(lane, index, id, AGAIN_MS);
    }, ms);
    timer.unref();
    this.#watches.set(lane, timer);
  }

  #done(lane: Lane, done: JobDone): void {
    clearTimeout(this.#watches.get(lane));
    this.#events.done(done);
  }

  #ended({ lane: index, failure }: FromRunner): void {
    const lane = this.#lanes[index];
    if (!lane) return;
    if (lane.state === 'opening') this.#stillborn += 1;
    const lost = lane.ended(failure === null);
    const why = failure ?? { cause: 'engine', message: 'the thread ended' };
    if (lost) this.#done(lane, failedJob(lost.job, why, lost.ms));
    if (this.#stillborn >= STILLBORN && this.#lanes.every(({ state }) => state === 'closed' || state === 'opening')) {
      this.#stillborn = 0;
      for (const job of this.#waiting.splice(0)) this.#events.done(failedJob(job, why, 0));
    }
    this.#next();
  }

  #tell(message: ToRunner): void {
    // What cannot be sent is for a process that has just ended.
    this.#child.send(message, () => undefined);
  }
}

/** A socket that does not keep the server from ending. */
function unref(socket: Duplex): void {
  if ('unref' in socket && typeof socket.unref === 'function') socket.unref();
}
