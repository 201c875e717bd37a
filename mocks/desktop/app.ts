/** What a program of the demo desktop is to the shell, and the shell to it. */
import type { Context } from './frame.ts';
import type { CursorName } from './cursors.ts';
import type { Rect } from './rect.ts';

/** Coordinates are pixels of the window's own content. */
export interface App {
  readonly title: string;
  readonly cursor: CursorName;
  /** Paints all of its content; the context is clipped to what is needed. */
  paint(context: Context, width: number, height: number): void;
  resized?(width: number, height: number): void;
  key?(key: Key): void;
  paste?(text: string): void;
  /** `buttons` as RFB has them: 1 left, 2 middle, 4 right, 8 and 16 the wheel. */
  pointer?(x: number, y: number, buttons: number): void;
  /** The window was closed. */
  closed?(): void;
}

export interface AppWindow {
  /** Part of the content, or all of it, looks different now. */
  damage(rect?: Rect): void;
  close(): void;
}

/** A key that went down, as the shell read it. */
export interface Key {
  readonly keysym: number;
  /** What it types, `''` for a key that types nothing. */
  readonly text: string;
  readonly control: boolean;
  readonly shift: boolean;
}

export const KEYSYM = {
  backspace: 0xff08,
  tab: 0xff09,
  enter: 0xff0d,
  escape: 0xff1b,
  home: 0xff50,
  left: 0xff51,
  up: 0xff52,
  right: 0xff53,
  down: 0xff54,
  pageUp: 0xff55,
  pageDown: 0xff56,
  end: 0xff57,
  insert: 0xff63,
  keypadEnter: 0xff8d,
  delete: 0xffff,
  shift: [0xffe1, 0xffe2],
  control: [0xffe3, 0xffe4],
} as const;

/** Keysyms of X: Latin-1 as it is, Unicode above 0x1000000, digits of the keypad. */
export function textOfKeysym(keysym: number): string {
  if ((keysym >= 0x20 && keysym <= 0x7e) || (keysym >= 0xa0 && keysym <= 0xff)) return String.fromCharCode(keysym);
  if (keysym >= 0x01000100 && keysym <= 0x0110ffff) return String.fromCodePoint(keysym - 0x01000000);
  if (keysym >= 0xffb0 && keysym <= 0xffb9) return String.fromCharCode(keysym - 0xffb0 + 0x30);
  const keypad: Readonly<Record<number, string>> = {
    0xffaa: '*',
    0xffab: '+',
    0xffad: '-',
    0xffae: '.',
    0xffaf: '/',
    0x20ac: '€',
  };
  return keypad[keysym] ?? '';
}
