/** An input as somebody typed it: JSON, or on which line it is none. */
import type { JsonValue } from '../../../contract/json.ts';

export type OwnInput =
  | { readonly ok: true; readonly input: JsonValue }
  /** `line`: from 1. */
  | { readonly ok: false; readonly line: number };

export function readInput(text: string): OwnInput {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what JSON is parsed to
    return { ok: true, input: JSON.parse(text) as JsonValue };
  } catch {
    return { ok: false, line: text.slice(0, mistakeAt(text)).split('\n').length };
  }
}

const SCALAR =
  // oxlint-disable-next-line no-control-regex -- JSON's strings may not have them
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const BLANK = /[ \t\r\n]*/y;

/** Where the first character stands that JSON cannot have there. Browsers tell it in words of their own, or not at all. */
function mistakeAt(text: string): number {
  const open: string[] = [];
  let at = 0;
  /** Just after an opening bracket, where a closing one may follow. */
  let fresh = false;
  let next: 'value' | 'key' | 'colon' | 'after' = 'value';
  const eat = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  for (;;) {
    eat(BLANK);
    const char = text[at];
    if (char === undefined) return text.trimEnd().length;
    const inside = open.at(-1);
    if ((char === '}' && inside === '{') || (char === ']' && inside === '[')) {
      if (next !== 'after' && !fresh) return at;
      open.pop();
      at++;
      next = 'after';
      fresh = false;
    } else if (next === 'after') {
      if (char !== ',' || inside === undefined) return at;
      at++;
      fresh = false;
      next = inside === '{' ? 'key' : 'value';
    } else if (next === 'colon') {
      if (char !== ':') return at;
      at++;
      next = 'value';
    } else if (next === 'value' && (char === '{' || char === '[')) {
      open.push(char);
      at++;
      fresh = true;
      next = char === '{' ? 'key' : 'value';
    } else {
      if (next === 'key' && char !== '"') return at;
      if (eat(SCALAR) === '') return at;
      next = next === 'key' ? 'colon' : 'after';
    }
  }
}
