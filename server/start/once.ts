/**
 * A start is carried out once, however often its call comes: a browser that lost the answer sends the same again, and
 * gets the outcome of the first. What ties the calls together is the login, the id that the client gave and the data
 * itself; whoever wants another session gives another id, as one does with every new start.
 */
import { createHash } from 'node:crypto';
import type { StartResult } from '../../src/contract/start.ts';

/** Longer than a page, or a script, goes on trying. */
const KEPT_MS = 5 * 60_000;
/** Outcomes kept at the same time; the oldest goes first. */
const MOST = 1000;

interface Kept {
  readonly at: number;
  readonly outcome: Promise<StartResult>;
}

export interface OnceCall {
  readonly login: string;
  readonly startId: string;
  /** As it came. */
  readonly data: unknown;
}

export class StartsOnce {
  readonly #kept = new Map<string, Kept>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** `begin` is called unless the same call has been made before; a failure is its outcome as well. */
  run(call: OnceCall, begin: () => Promise<StartResult>): Promise<StartResult> {
    this.#forget();
    const key = keyOf(call);
    const known = this.#kept.get(key);
    if (known) return known.outcome;
    const outcome = begin();
    this.#kept.set(key, { at: this.#now(), outcome });
    return outcome;
  }

  #forget(): void {
    const before = this.#now() - KEPT_MS;
    for (const [key, { at }] of this.#kept) {
      // In the order in which they came.
      if (at > before && this.#kept.size < MOST) return;
      this.#kept.delete(key);
    }
  }
}

/** A hash, since start data may hold answers to a login's questions, which are to be kept nowhere. */
function keyOf({ login, startId, data }: OnceCall): string {
  return createHash('sha256')
    .update(JSON.stringify([login, startId, data]))
    .digest('base64');
}
