/** Key combinations that browsers and systems keep for themselves, by name, as keysyms to press in this order. */
import { KEYSYM } from './keysyms.ts';

export const COMBOS = {
  'ctrl-alt-delete': [KEYSYM.Control_L, KEYSYM.Alt_L, KEYSYM.Delete],
  'ctrl-alt-backspace': [KEYSYM.Control_L, KEYSYM.Alt_L, KEYSYM.BackSpace],
  'alt-f4': [KEYSYM.Alt_L, KEYSYM.F4],
  'alt-tab': [KEYSYM.Alt_L, KEYSYM.Tab],
  'ctrl-w': [KEYSYM.Control_L, 0x77],
  super: [KEYSYM.Super_L],
  'print-screen': [KEYSYM.Print],
  escape: [KEYSYM.Escape],
} as const satisfies Record<string, readonly number[]>;

export type ComboName = keyof typeof COMBOS;
