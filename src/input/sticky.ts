/** Modifiers of keys on the screen: tapped once they are held for the next key, tapped again until tapped once more. */

export type StickyState = 'off' | 'once' | 'locked';

const NEXT: Readonly<Record<StickyState, StickyState>> = { off: 'once', once: 'locked', locked: 'off' };

export class StickyKeys<Name extends string> {
  readonly #states = new Map<Name, StickyState>();
  readonly #hold: (name: Name, down: boolean) => void;
  readonly #onChange: () => void;

  /** `hold` presses and releases in the session. */
  constructor(hold: (name: Name, down: boolean) => void, onChange: () => void) {
    this.#hold = hold;
    this.#onChange = onChange;
  }

  state(name: Name): StickyState {
    return this.#states.get(name) ?? 'off';
  }

  get any(): boolean {
    return this.#states.size > 0;
  }

  tap(name: Name): void {
    this.#set(name, NEXT[this.state(name)]);
  }

  /** A key or a click was made with them. */
  used(): void {
    for (const [name, state] of this.#states) if (state === 'once') this.#set(name, 'off');
  }

  clear(): void {
    for (const name of this.#states.keys()) this.#set(name, 'off');
  }

  #set(name: Name, state: StickyState): void {
    const before = this.state(name);
    if (state === before) return;
    if (state === 'off') this.#states.delete(name);
    else this.#states.set(name, state);
    if (before === 'off') this.#hold(name, true);
    else if (state === 'off') this.#hold(name, false);
    this.#onChange();
  }
}
