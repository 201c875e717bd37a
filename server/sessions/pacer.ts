/**
 * Slows down whoever sends too much, in the order in which they came, and says so when too many wait. A script that
 * sends one message after the other is only slowed; one that sends without waiting for answers hears `busy`.
 */
import { CasementError } from '../../src/contract/errors.ts';

export interface Pace {
  readonly perSecond: number;
  /** Messages that may come at once after a pause. */
  readonly burst: number;
  /** Messages that may wait for their turn. */
  readonly waiting: number;
}

export class Pacer {
  readonly #pace: Pace;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #allowance: number;
  #counted: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(pace: Pace, now: () => number = () => performance.now()) {
    this.#pace = pace;
    this.#now = now;
    this.#allowance = pace.burst;
    this.#counted = now();
  }

  /** `undefined`: go on at once. Throws `busy`. */
  turn(): Promise<void> | undefined {
    this.#count();
    if (this.#waiting.length === 0 && this.#allowance >= 1) {
      this.#allowance--;
      return undefined;
    }
    const { perSecond, waiting } = this.#pace;
    if (this.#waiting.length >= waiting) {
      throw new CasementError('busy', {
        message: `More than ${perSecond} messages a second are being sent to this session. Wait for each to be delivered.`,
        details: { perSecond },
      });
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#schedule();
    });
  }

  /** Lets everybody go on. */
  close(): void {
    clearTimeout(this.#timer);
    for (const go of this.#waiting.splice(0)) go();
  }

  #count(): void {
    const now = this.#now();
    const { perSecond, burst } = this.#pace;
    this.#allowance = Math.min(burst, this.#allowance + ((now - this.#counted) / 1000) * perSecond);
    this.#counted = now;
  }

  #schedule(): void {
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        this.#count();
        while (this.#allowance >= 1) {
          const go = this.#waiting.shift();
          if (!go) return;
          this.#allowance--;
          go();
        }
        if (this.#waiting.length > 0) this.#schedule();
      },
      Math.ceil(1000 / this.#pace.perSecond),
    );
  }
}
