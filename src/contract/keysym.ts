/** Characters as X keysyms: Latin-1 as it is, the rest 0x01000000 above its code point. */

/** One Unicode character. */
export function keysymOfCharacter(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  const latin1 = (point >= 0x20 && point <= 0x7e) || (point >= 0xa0 && point <= 0xff);
  return latin1 ? point : 0x01000000 + point;
}

const RETURN = 0xff0d;
const TAB = 0xff09;

/** A character of a text, where the line's end and the tab are keys. `undefined` for other control characters. */
export function keysymOfText(character: string): number | undefined {
  if (character === '\n') return RETURN;
  if (character === '\t') return TAB;
  const point = character.codePointAt(0) ?? 0;
  return point < 0x20 || (point >= 0x7f && point < 0xa0) ? undefined : keysymOfCharacter(character);
}
