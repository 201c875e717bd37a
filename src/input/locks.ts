/**
 * CapsLock and NumLock of whoever types and of the session, kept the same: a lock key that was pressed while another
 * window had the keyboard would leave them apart.
 */

export interface Leds {
  readonly caps?: boolean;
  readonly num?: boolean;
}

const LOCKS = { CapsLock: 0xffe5, NumLock: 0xff7f } as const;
type LockName = keyof typeof LOCKS;

export class Locks {
  readonly #mac: boolean;
  readonly #tap: (code: string, keysym: number) => void;
  /** As the server said, or as they are by what was sent since. */
  readonly #server = new Map<LockName, boolean>();

  constructor(mac: boolean, tap: (code: string, keysym: number) => void) {
    this.#mac = mac;
    this.#tap = tap;
  }

  server({ caps, num }: Leds): void {
    if (caps !== undefined) this.#server.set('CapsLock', caps);
    if (num !== undefined) this.#server.set('NumLock', num);
  }

  forget(): void {
    this.#server.clear();
  }

  /** Before each key: what the browser says that the locks are. Says nothing without a server that tells its own. */
  sync(event: Pick<KeyboardEvent, 'code' | 'getModifierState'>): void {
    for (const name of Object.keys(LOCKS) as LockName[]) {
      // A lock's own event tells of the time before or after it, by system; a Mac has no NumLock at all.
      if (event.code === name || (name === 'NumLock' && this.#mac)) continue;
      const there = this.#server.get(name);
      if (there === undefined || there === event.getModifierState(name)) continue;
      // Until the server tells the change itself.
      this.#server.set(name, !there);
      this.tap(name);
    }
  }

  tap(name: LockName): void {
    this.#tap(name, LOCKS[name]);
  }
}
