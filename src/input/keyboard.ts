/** Key events of one element to presses and releases of keys. Xvnc repeats no key: who holds it presses it again and again. */
import { HeldBack } from './held-back.ts';
import { KEYSYM, keysymOf } from './keysyms.ts';
import { contradicts } from './layouts.ts';
import { DEFAULT_LEAVE, LeaveKey, type LeaveKeyName } from './leave-key.ts';
import { Locks, type Leds } from './locks.ts';
import type { Pressed } from './pressed.ts';
import { scanCodeOf } from './scancodes.ts';

export type Platform = 'mac' | 'windows' | 'other';

export interface KeyboardOptions {
  readonly platform: Platform;
  /** The way out of the desktop by keyboard alone was taken. */
  readonly onLeave: () => void;
  /** Modifiers that wait for the next key have changed. */
  readonly onArmed: () => void;
  /** A key writes what it does not on the layout that the session is believed to have. */
  readonly onOtherLayout: (code: string, key: string) => void;
}

/**
 * What a key is sent as. `keys`: the physical key, whose meaning is the session's; right where the session has the layout
 * of whoever types. `characters`: what the browser says that it means. `both`: one message with both, and the server
 * takes what it goes by.
 */
export type KeyMode = 'keys' | 'characters' | 'both';

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
/** Keys of Japanese keyboards whose key-up Windows does not tell. */
const NO_UP_ON_WINDOWS = /^(Zenkaku|Hankaku|ZenkakuHankaku|Alphanumeric|Katakana|Hiragana|Romaji|KanaMode)$/;

/** Modifiers that can be held for the next key, by the name of their key. */
const ARMABLE = {
  ShiftLeft: KEYSYM.Shift_L,
  ControlLeft: KEYSYM.Control_L,
  AltLeft: KEYSYM.Alt_L,
  MetaLeft: KEYSYM.Super_L,
} as const;
export type ArmedKey = keyof typeof ARMABLE;

type ModifierFlags = Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'altKey' | 'metaKey'> & {
  getModifierState?: (name: string) => boolean;
};

export class Keyboard {
  mode: KeyMode = 'both';
  /** Command does what Ctrl does elsewhere. */
  commandIsControl = false;
  /** The layout that the session has, where that is known: a key that contradicts it is sent as its character. */
  layout: string | undefined;
  readonly #pressed: Pressed;
  readonly #options: KeyboardOptions;
  readonly #leave: LeaveKey;
  readonly #locks: Locks;
  /** A modifier of which the next event tells whether it is one. */
  readonly #late: HeldBack;
  readonly #armed = new Set<ArmedKey>();

  constructor(pressed: Pressed, options: KeyboardOptions) {
    this.#pressed = pressed;
    this.#options = options;
    this.#leave = new LeaveKey(DEFAULT_LEAVE);
    this.#late = new HeldBack((code, keysym) => this.#press(code, keysym));
    this.#locks = new Locks(options.platform === 'mac', (code, keysym) => {
      this.#press(code, keysym);
      pressed.keyUp(code);
    });
  }

  get leaveKey(): LeaveKeyName {
    return this.#leave.name;
  }

  set leaveKey(name: LeaveKeyName) {
    this.#leave.name = name;
  }

  get armed(): ReadonlySet<ArmedKey> {
    return this.#armed;
  }

  /** Held with the next key, and let go of after it. */
  arm(key: ArmedKey, on: boolean): void {
    if (on) this.#armed.add(key);
    else this.#armed.delete(key);
    this.#options.onArmed();
  }

  /** What the session's locks are, as its server says. */
  leds(leds: Leds): void {
    this.#locks.server(leds);
  }

  down(event: KeyboardEvent): void {
    // An input method is at work; what it makes of the keys comes as text.
    if (event.isComposing || event.key === 'Process' || event.keyCode === INPUT_METHOD) return;
    const contradicted = this.#contradicted(event);
    // A dead key that is not sent as a key belongs to the browser, which composes the character.
    if (event.key !== 'Dead' || (this.mode === 'keys' && !contradicted)) event.preventDefault();
    event.stopPropagation();
    if (event.repeat) {
      if (!MODIFIER_CODE.test(event.code)) this.#pressed.repeat(event.code);
      return;
    }
    this.healModifiers(event, event.code);
    // A key that is the way out is not the session's.
    if (this.#leave.down(event.code)) return;

    const { platform } = this.#options;
    const letter = shortcutLetter(event);
    const command = this.#isCommand(event);
    const keysym = command ? KEYSYM.Control_L : (letter ?? keysymOf(event));
    const modifier = MODIFIER_CODE.test(event.code);
    if (this.#holdBack(event, keysym)) return;
    if (modifier) this.#late.let(event.code);
    else this.#locks.sync(event);
    const text = this.mode === 'characters' || letter !== undefined || this.#madeByOption(event);
    const xtCode = text || contradicted ? undefined : scanCodeOf(command ? 'ControlLeft' : event.code);
    // A dead key has no meaning of its own; as a physical key the session's layout gives it one.
    if (keysym === undefined && (this.mode !== 'keys' || xtCode === undefined)) return;
    const id = event.code || `keysym ${keysym}`;
    if (!modifier) this.pressArmed();
    this.#pressed.keyDown(id, keysym ?? 0, xtCode);
    const noUp =
      event.code === '' ||
      event.key === 'CapsLock' ||
      (platform === 'mac' && event.metaKey && !modifier) ||
      (platform === 'windows' && NO_UP_ON_WINDOWS.test(event.key));
    if (noUp) this.#pressed.keyUp(id);
    if (noUp && !modifier) this.releaseArmed();
  }

  up(event: KeyboardEvent): void {
    // What was pressed before the input method took over is released all the same.
    if (event.isComposing && !this.#pressed.isDown(event.code)) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.#late.has(event.code)) this.#letGo();
    // macOS tells the lock's going out by a key-up alone.
    if (this.#options.platform === 'mac' && event.code === 'CapsLock') this.#locks.tap('CapsLock');
    this.#pressed.keyUp(event.code);
    if (!MODIFIER_CODE.test(event.code)) this.releaseArmed();
    this.healModifiers(event, event.code);
    if (this.#leave.up(event.code)) {
      this.#pressed.releaseAll();
      this.#options.onLeave();
    }
  }

  /** Releases modifiers that the browser says are not held, though their key-up never came. */
  healModifiers(event: ModifierFlags, except = ''): void {
    for (const { flag, codes } of MODIFIERS) {
      if (event[flag] || (flag !== 'metaKey' && event.getModifierState?.('AltGraph') === true)) continue;
      for (const code of codes) {
        if (code === except) continue;
        if (this.#late.has(code)) this.#late.drop();
        else if (!this.#pressed.isDown(code)) continue;
        this.#leave.forget(code);
        this.#pressed.keyUp(code);
      }
    }
  }

  /** A button was pressed: what is held back goes with it. */
  beforeButton(): void {
    this.#late.let('');
  }

  pressArmed(): void {
    for (const code of this.#armed) this.#press(code, ARMABLE[code], `armed ${code}`);
  }

  releaseArmed(): void {
    if (this.#armed.size === 0) return;
    const any = [...this.#armed].some((code) => this.#pressed.isDown(`armed ${code}`));
    if (!any) return;
    for (const code of this.#armed) this.#pressed.keyUp(`armed ${code}`);
    this.#armed.clear();
    this.#options.onArmed();
  }

  reset(): void {
    this.#late.drop();
    this.#leave.reset();
  }

  /** For a new connection. */
  forget(): void {
    this.reset();
    this.#locks.forget();
  }

  #press(code: string, keysym: number, id = code): void {
    this.#pressed.keyDown(id, keysym, this.mode === 'characters' ? undefined : scanCodeOf(code));
  }

  /**
   * Windows presses Ctrl before each AltGr; macOS' Option makes characters. Neither is a modifier of the session then,
   * which only the next event tells. True: nothing more is to be done with this one.
   */
  #holdBack(event: KeyboardEvent, keysym: number | undefined): boolean {
    const { platform } = this.#options;
    if (platform === 'windows' && event.code === 'AltRight' && event.key === 'AltGraph') {
      if (this.#late.has('ControlLeft')) this.#leave.forget('ControlLeft');
      this.#late.drop('ControlLeft');
      return false;
    }
    const isCtrl = platform === 'windows' && event.code === 'ControlLeft';
    const isOption = platform === 'mac' && (event.code === 'AltLeft' || event.code === 'AltRight');
    if ((isCtrl || isOption) && keysym !== undefined && !this.#pressed.isDown(event.code)) {
      this.#late.let(event.code);
      this.#late.hold(event.code, keysym, isCtrl);
      return true;
    }
    if (!this.#madeByOption(event)) this.#late.let(event.code);
    return false;
  }

  #isCommand(event: KeyboardEvent): boolean {
    return this.commandIsControl && /^(Meta|OS)/.test(event.code);
  }

  /** A character that Option made, or a dead key of it. */
  #madeByOption(event: KeyboardEvent): boolean {
    if (this.#options.platform !== 'mac' || !event.altKey || event.ctrlKey || event.metaKey) return false;
    return event.key === 'Dead' || (Array.from(event.key).length === 1 && event.key !== ' ');
  }

  #letGo(): void {
    // Option alone would open a menu in some programs; Ctrl alone is a key like any other.
    if (this.#options.platform === 'mac') this.#late.drop();
    else this.#late.let('');
  }

  #contradicted(event: KeyboardEvent): boolean {
    const { code, key } = event;
    if (this.mode !== 'keys' || this.layout === undefined || event.shiftKey || event.altKey) return false;
    const wrong = contradicts(this.layout, code, key);
    // A capital that nobody holds Shift for: of a keyboard on the screen, or of a program that types.
    if (!wrong && (key.length > 1 || key === key.toLowerCase())) return false;
    if (event.getModifierState('AltGraph') || event.getModifierState('CapsLock')) return false;
    if (wrong) this.#options.onOtherLayout(code, key);
    return true;
  }
}

/** With Ctrl, programs know Latin letters alone: a key that writes another is the one that stands there in Latin. */
function shortcutLetter({ key, code, ctrlKey, metaKey }: KeyboardEvent): number | undefined {
  const [, letter] = (ctrlKey || metaKey) && key > '\x7f' ? (/^Key([A-Z])$/.exec(code) ?? []) : [];
  return letter?.toLowerCase().charCodeAt(0);
}
