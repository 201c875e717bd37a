/** Text to number, boolean and JSON, as the coercion table has it: nothing is guessed, nothing is read halfway. */
import { FORBIDDEN_NAMES, type JsonValue } from '../../contract/json.ts';
import type { FieldProblem } from '../../contract/form.ts';

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** UTF-8 bytes of one JSON value. */
export const MAX_JSON_BYTES = 64 * 1024;
/** Arrays and objects inside each other; a bare scalar has depth 0. */
export const MAX_JSON_DEPTH = 16;

/** A finite decimal number, blanks around it ignored; `undefined` for anything else. */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!DECIMAL.test(trimmed)) return undefined;
  const number = Number(trimmed);
  // -0 has no spelling of its own in JSON, so it would come back as another value than was sent.
  return Number.isFinite(number) ? number + 0 : undefined;
}

export function parseBoolean(text: string): boolean | undefined {
  switch (text.trim().toLowerCase()) {
    case 'true':
    case '1':
    case 'on':
    case 'yes':
      return true;
    case 'false':
    case '0':
    case 'off':
    case 'no':
      return false;
    default:
      return undefined;
  }
}

export type JsonProblem = Extract<FieldProblem['code'], 'json' | 'json-too-large' | 'json-too-deep' | 'json-name'>;

/** Parses within the limits; a problem is returned as its code. */
export function parseJson(text: string): { ok: true; value: JsonValue } | { ok: false; code: JsonProblem } {
  if (isTooLarge(text)) return { ok: false, code: 'json-too-large' };
  let value: JsonValue;
  try {
    value = readJson(text.trim());
  } catch {
    return { ok: false, code: 'json' };
  }
  const code = jsonShapeProblem(value);
  return code ? { ok: false, code } : { ok: true, value: withoutMinusZero(value) };
}

/** JSON.parse with the type of what it can return. */
export const readJson: (text: string) => JsonValue = JSON.parse;

/** The same limits for a value that came as JSON already. */
export function jsonProblem(value: JsonValue): JsonProblem | undefined {
  // The shape first: what is too deep cannot be written out to be measured.
  return jsonShapeProblem(value) ?? (isTooLarge(JSON.stringify(value)) ? 'json-too-large' : undefined);
}

function isTooLarge(text: string): boolean {
  return text.length > MAX_JSON_BYTES || new TextEncoder().encode(text).length > MAX_JSON_BYTES;
}

function jsonShapeProblem(value: JsonValue): JsonProblem | undefined {
  // Level by level, not by recursion: 20,000 nested arrays parse, but would overflow the stack here.
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    const next: JsonValue[] = [];
    for (const item of level) {
      // `1e999` is JSON by its grammar, but reads as Infinity and would be written out as null.
      if (typeof item === 'number' && !Number.isFinite(item)) return 'json';
      if (typeof item !== 'object' || item === null) continue;
      if (depth === MAX_JSON_DEPTH) return 'json-too-deep';
      if (Array.isArray(item)) {
        for (const member of item) next.push(member);
        continue;
      }
      for (const [name, member] of Object.entries(item)) {
        if (FORBIDDEN_NAMES.includes(name)) return 'json-name';
        next.push(member);
      }
    }
    level = next;
  }
  return undefined;
}

function withoutMinusZero(value: JsonValue): JsonValue {
  if (typeof value === 'number') return value + 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutMinusZero(member)]));
}
