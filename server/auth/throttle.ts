/**
 * Slows down whoever guesses, by the name that is tried and by the address it is tried from. Waiting, not locking: a
 * name can be kept waiting by strangers for a minute at most, so nobody is shut out of their own account.
 */
import { isIPv6 } from 'node:net';
import { CasementError } from '../../src/contract/errors.ts';

export interface ThrottleRule {
  /** Failed tries that cost nothing. */
  readonly free: number;
  /** Milliseconds; each failure after the free ones doubles the wait, up to this. */
  readonly longest: number;
}

export interface ThrottleOptions {
  readonly name?: ThrottleRule;
  readonly address?: ThrottleRule;
  readonly now?: () => number;
}

const NAME_RULE: ThrottleRule = { free: 4, longest: 60_000 };
/** Many people may sit behind one address, and who is just typing a code counts until it is right. */
const ADDRESS_RULE: ThrottleRule = { free: 49, longest: 120_000 };
const FIRST_WAIT_MS = 2000;
/** After so long without a failure all is forgiven. */
const FORGET_MS = 15 * 60_000;
/** Entries; past it the oldest go. */
const MOST = 20_000;

interface Entry {
  failures: number;
  last: number;
  /** Somebody has been told to wait since the last try. */
  told: boolean;
}

/** To be waited for. `first`: nobody else has been told so during this wait. */
export class WaitError extends CasementError {
  readonly first: boolean;

  constructor(retryAfter: number, first: boolean) {
    super('rate-limited', { details: { retryAfter } });
    this.first = first;
  }
}

/** One subscriber's network: with IPv6 everyone has billions of addresses. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const front = head.split(':').filter(Boolean);
  const back = tail === undefined ? [] : tail.split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0');
  const groups = [...front, ...zeros, ...back].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

export class LoginThrottle {
  readonly #rules: { readonly name: ThrottleRule; readonly address: ThrottleRule };
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();

  constructor(options: ThrottleOptions = {}) {
    this.#rules = { name: options.name ?? NAME_RULE, address: options.address ?? ADDRESS_RULE };
    this.#now = options.now ?? Date.now;
  }

  /**
   * A try begins. It counts as a failure until `passed` is called, so that many at once gain nothing.
   *
   * @throws WaitError `rate-limited` with `details.retryAfter` in seconds
   */
  begin(name: string, address: string): void {
    const keys = this.#keys(name, address);
    const waits = keys.map(([key, rule]) => [this.#entries.get(key), this.#wait(key, rule)] as const);
    const longest = Math.max(...waits.map(([, wait]) => wait));
    if (longest > 0) {
      const waiting = waits.flatMap(([entry, wait]) => (entry && wait > 0 ? [entry] : []));
      const first = waiting.some(({ told }) => !told);
      for (const entry of waiting) entry.told = true;
      throw new WaitError(Math.ceil(longest / 1000), first);
    }
    for (const [key] of keys) {
      const failures = this.#live(key)?.failures ?? 0;
      this.#entries.delete(key);
      this.#entries.set(key, { failures: failures + 1, last: this.#now(), told: false });
    }
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= MOST) break;
      this.#entries.delete(key);
    }
  }

  /** The try was a login: the name is forgiven; of the address only this one try, or guessing between would pay. */
  passed(name: string, address: string): void {
    const [[nameKey], [addressKey]] = this.#keys(name, address);
    this.#entries.delete(nameKey);
    this.#giveBack(addressKey);
  }

  /** The try said nothing of the answers given: sshd could not be reached. */
  void(name: string, address: string): void {
    for (const [key] of this.#keys(name, address)) this.#giveBack(key);
  }

  #giveBack(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    entry.failures--;
    if (entry.failures <= 0) this.#entries.delete(key);
  }

  #keys(name: string, address: string): [[string, ThrottleRule], [string, ThrottleRule]] {
    return [
      // A name of a megabyte is not kept as one; two that share a beginning that long are nobody's.
      [`name ${name.slice(0, 256)}`, this.#rules.name],
      [`address ${networkOf(address)}`, this.#rules.address],
    ];
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && this.#now() - entry.last < FORGET_MS ? entry : undefined;
  }

  #wait(key: string, rule: ThrottleRule): number {
    const entry = this.#live(key);
    if (!entry || entry.failures <= rule.free) return 0;
    const pause = Math.min(FIRST_WAIT_MS * 2 ** (entry.failures - rule.free - 1), rule.longest);
    return entry.last + pause - this.#now();
  }
}
