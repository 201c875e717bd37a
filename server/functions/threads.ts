/** The threads of the runner, one a lane: starts them, and ends those that are busy with one job for too long. */
import { Worker } from 'node:worker_threads';
import type { FunctionFailure } from '../../src/contract/functions.ts';
import { WALL_MS } from '../../src/sandbox/limits.ts';
import { Busy } from './busy.ts';
import { FIRST_LANE_FD, LANES, type FromRunner, type ToRunner } from './messages.ts';
import type { ThreadData } from './worker.ts';

export class Threads {
  readonly #script: string;
  readonly #module: ThreadData['module'];
  readonly #tell: (message: FromRunner) => void;
  readonly #shared = Busy.share(LANES);
  readonly #busy = new Busy(this.#shared);
  readonly #workers = new Map<number, Worker>();
  readonly #failures = new Map<number, FunctionFailure>();

  /** `script`: the program that is a thread when it is started as one. */
  constructor(script: string, module: ThreadData['module'], tell: (message: FromRunner) => void) {
    this.#script = script;
    this.#module = module;
    this.#tell = tell;
  }

  take(message: ToRunner): void {
    const { lane } = message;
    if (message.kind === 'open') this.#open(lane);
    else if (this.#busy.takeAway(lane, message.id, WALL_MS)) {
      this.#failures.set(lane, { cause: 'time', message: `more than ${WALL_MS} ms; the thread was ended` });
      void this.#workers.get(lane)?.terminate();
    }
  }

  #open(lane: number): void {
    const workerData: ThreadData = {
      module: this.#module,
      lane,
      fd: FIRST_LANE_FD + lane,
      busy: this.#shared,
    };
    const worker = new Worker(this.#script, {
      workerData,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
    });
    this.#workers.set(lane, worker);
    worker.on('error', (error) => {
      const isFull = 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      this.#failures.set(lane, { cause: isFull ? 'memory' : 'engine', message: error.message });
    });
    worker.on('exit', () => {
      const failure = this.#failures.get(lane) ?? null;
      this.#workers.delete(lane);
      this.#failures.delete(lane);
      this.#busy.clear(lane);
      this.#tell({ kind: 'ended', lane, failure });
    });
  }
}
