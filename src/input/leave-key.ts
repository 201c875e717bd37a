/** The way out of the desktop by keyboard alone: keys that are pressed together and let go of, with none beside them. */

const LEAVE_KEYS = {
  'ctrl-alt-shift': [/^Control/, /^Alt/, /^Shift/],
  'ctrl-alt': [/^Control/, /^Alt/],
  'ctrl-shift': [/^Control/, /^Shift/],
  pause: [/^Pause$/],
  'scroll-lock': [/^ScrollLock$/],
  f12: [/^F12$/],
} as const satisfies Record<string, readonly RegExp[]>;

export type LeaveKeyName = keyof typeof LEAVE_KEYS;
export const LEAVE_KEY_NAMES = Object.keys(LEAVE_KEYS) as LeaveKeyName[];
export const DEFAULT_LEAVE: LeaveKeyName = 'ctrl-alt-shift';

export class LeaveKey {
  name: LeaveKeyName;
  /** Codes of the keys that are down as far as the browser said. */
  readonly #held = new Set<string>();
  #leaving = false;

  constructor(name: LeaveKeyName) {
    this.name = name;
  }

  /** True: the key is the whole way out, and no key of the session. */
  down(code: string): boolean {
    const names: readonly RegExp[] = LEAVE_KEYS[this.name];
    this.#held.add(code);
    this.#leaving =
      this.#held.size === names.length && names.every((name) => [...this.#held].some((held) => name.test(held)));
    return this.#leaving && names.length === 1;
  }

  /** True: this was the last of them to be let go of. */
  up(code: string): boolean {
    this.#held.delete(code);
    if (!this.#leaving || this.#held.size > 0) return false;
    this.#leaving = false;
    return true;
  }

  /** A key whose release was never told. */
  forget(code: string): void {
    this.#held.delete(code);
  }

  reset(): void {
    this.#held.clear();
    this.#leaving = false;
  }
}
