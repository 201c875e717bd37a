/** The input of each screen of one desktop: what is set holds for both, and for a second one that comes later. */
import type { Input } from '../input/input.ts';
import type { KeyMode } from '../input/keyboard.ts';
import type { LeaveKeyName } from '../input/leave-key.ts';
import type { Leds } from '../input/locks.ts';

export class Inputs {
  readonly first: Input;
  #second: Input | undefined;
  #keysAs: readonly [mode: KeyMode, layout?: string | undefined] = ['both'];
  #commandIsControl = false;
  #leds: Leds | undefined;

  constructor(first: Input) {
    this.first = first;
    first.enabled = false;
  }

  /** Whoever made it disposes of it. */
  set second(second: Input | undefined) {
    this.#second = second;
    if (!second) return;
    second.keysAs(...this.#keysAs);
    second.commandIsControl = this.#commandIsControl;
    second.leaveKey = this.first.leaveKey;
    if (this.#leds) second.leds(this.#leds);
    second.enabled = this.first.enabled;
  }

  set enabled(enabled: boolean) {
    for (const input of this.#all()) input.enabled = enabled;
  }

  set commandIsControl(on: boolean) {
    this.#commandIsControl = on;
    for (const input of this.#all()) input.commandIsControl = on;
  }

  set leaveKey(name: LeaveKeyName) {
    for (const input of this.#all()) input.leaveKey = name;
  }

  keysAs(mode: KeyMode, layout?: string): void {
    this.#keysAs = [mode, layout];
    for (const input of this.#all()) input.keysAs(mode, layout);
  }

  leds(leds: Leds): void {
    this.#leds = leds;
    for (const input of this.#all()) input.leds(leds);
  }

  releaseAll(): void {
    for (const input of this.#all()) input.releaseAll();
  }

  /** What was held, without a word to a server that is gone. */
  forget(): void {
    for (const input of this.#all()) input.forget();
  }

  #all(): Input[] {
    return this.#second ? [this.first, this.#second] : [this.first];
  }
}
