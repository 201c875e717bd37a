/** Keyboard layouts by their names in XKB: `de`, `us(dvorak)`. */
import * as z from 'zod/mini';

/** Also what keeps the name from being anything but one argument of a program: no space, no dash in front, no path. */
export const KeyboardLayout = z.string().check(z.regex(/^[a-z]{2,12}(\([a-z0-9][a-z0-9_-]{0,23}\))?$/));
export type KeyboardLayout = z.infer<typeof KeyboardLayout>;

/** UTF-16 units that one frame may ask to be typed: the connection waits meanwhile, and is not to seem dead. */
export const MAX_TYPED = 200;
