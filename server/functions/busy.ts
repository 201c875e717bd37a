/**
 * What each thread of the runner is busy with, in memory that it shares with the main thread, so that exactly one of the
 * two says how a job ended: the thread that finished it, or the main thread that ends the thread.
 */

/** A slot for the job and one for the millisecond at which it began. */
const SLOTS = 2;
const NOTHING = 0;
const ENDED = -1;

/** The same clock in all threads of the process. Wraps after 24 days, which a difference does not see. */
const clock = () => Number(process.hrtime.bigint() / 1_000_000n) | 0;

export class Busy {
  readonly #slots: Int32Array;

  /** `shared`: of `Busy.share`. */
  constructor(shared: SharedArrayBuffer) {
    this.#slots = new Int32Array(shared);
  }

  static share(lanes: number): SharedArrayBuffer {
    return new SharedArrayBuffer(lanes * SLOTS * Int32Array.BYTES_PER_ELEMENT);
  }

  begin(lane: number, id: number): void {
    Atomics.store(this.#slots, lane * SLOTS + 1, clock());
    Atomics.store(this.#slots, lane * SLOTS, id);
  }

  /** False when the job was taken away; the thread is being ended. */
  finish(lane: number, id: number): boolean {
    return Atomics.compareExchange(this.#slots, lane * SLOTS, id, NOTHING) === id;
  }

  /** Takes a job away from its thread when it has gone on for `ms`. False when it has not, or is not going on at all. */
  takeAway(lane: number, id: number, ms: number): boolean {
    if (Atomics.load(this.#slots, lane * SLOTS) !== id) return false;
    if (((clock() - Atomics.load(this.#slots, lane * SLOTS + 1)) | 0) < ms) return false;
    return Atomics.compareExchange(this.#slots, lane * SLOTS, id, ENDED) === id;
  }

  clear(lane: number): void {
    Atomics.store(this.#slots, lane * SLOTS, NOTHING);
  }
}
