/** Key events of one element to presses and releases of keysyms. Key repeat is the X server's own. */
import { keysymOf } from './keysyms.ts';
import type { Pressed } from './pressed.ts';
import { scanCodeOf } from './scancodes.ts';

export interface KeyboardOptions {
  /** macOS tells no key-up of what is pressed while Command is held. */
  readonly mac: boolean;
  /** Ctrl, Alt and Shift were pressed together and let go of: the way out of the desktop by keyboard alone. */
  readonly onLeave: () => void;
}

/** Modifiers whose state every event tells, with the keys they are: a lost key-up is noticed by the next event. */
const MODIFIERS = [
  { flag: 'shiftKey', codes: ['ShiftLeft', 'ShiftRight'] },
  { flag: 'ctrlKey', codes: ['ControlLeft', 'ControlRight'] },
  { flag: 'altKey', codes: ['AltLeft', 'AltRight'] },
  { flag: 'metaKey', codes: ['MetaLeft', 'MetaRight', 'OSLeft', 'OSRight'] },
] as const;

/** `keyCode` of whatever an input method deals with. */
const INPUT_METHOD = 229;

const MODIFIER_CODE = /^(Shift|Control|Alt|Meta|OS)(Left|Right)$/;
const LEAVE_CODES = [/^Shift/, /^Control/, /^Alt/] as const;

type ModifierFlags = Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'> & {
  getModifierState?: (name: string) => boolean;
};

export class Keyboard {
  readonly #pressed: Pressed;
  readonly #options: KeyboardOptions;
  /** Codes of the keys that are down as far as the browser said, for the way out. */
  readonly #held = new Set<string>();
  #leaving = false;

  constructor(pressed: Pressed, options: KeyboardOptions) {
    this.#pressed = pressed;
    this.#options = options;
  }

  down(event: KeyboardEvent): void {
    // An input method is at work; what it makes of the keys comes as text.
    if (ofInputMethod(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.repeat) return;
    this.healModifiers(event, event.code);
    this.#held.add(event.code);
    this.#leaving =
      this.#held.size === LEAVE_CODES.length &&
      LEAVE_CODES.every((name) => [...this.#held].some((code) => name.test(code)));

    const keysym = keysymOf(event);
    if (keysym === undefined) return;
    const xtCode = scanCodeOf(event.code);
    const id = event.code || `keysym ${keysym}`;
    this.#pressed.keyDown(id, keysym, xtCode);
    const noUp =
      event.code === '' || event.key === 'CapsLock' || (this.#options.mac && event.metaKey && !MODIFIER_CODE.test(id));
    if (noUp) this.#pressed.keyUp(id);
  }

  up(event: KeyboardEvent): void {
    // What was pressed before the input method took over is released all the same.
    if (event.isComposing && !this.#pressed.isDown(event.code)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#held.delete(event.code);
    this.#pressed.keyUp(event.code);
    this.healModifiers(event, event.code);
    if (this.#leaving && this.#held.size === 0) {
      this.#leaving = false;
      this.#pressed.releaseAll();
      this.#options.onLeave();
    }
  }

  /** Releases modifiers that the browser says are not held, though their key-up never came. */
  healModifiers(event: ModifierFlags, except = ''): void {
    for (const { flag, codes } of MODIFIERS) {
      if (event[flag] || (flag !== 'metaKey' && event.getModifierState?.('AltGraph') === true)) continue;
      for (const code of codes) {
        if (code === except || !this.#pressed.isDown(code)) continue;
        this.#held.delete(code);
        this.#pressed.keyUp(code);
      }
    }
  }

  reset(): void {
    this.#held.clear();
    this.#leaving = false;
  }
}

/** The first key of a composition has its own name on macOS, and is known by the old number alone. */
function ofInputMethod(event: KeyboardEvent): boolean {
  return event.isComposing || event.key === 'Process' || event.keyCode === INPUT_METHOD;
}
