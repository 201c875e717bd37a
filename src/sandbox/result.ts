/** What a function gave, as JSON text from outside, made a value that the rest of the program may walk through. */
import { MAX_FUNCTION_RESULT, type FunctionOutcome } from '../contract/functions.ts';
import { FORBIDDEN_NAMES, type JsonValue } from '../contract/json.ts';
import { MESSAGE, RESULT_DEPTH } from './limits.ts';

/** Characters that would disturb a terminal or a log, all but line breaks and tabs. */
// oxlint-disable-next-line no-control-regex -- they are what it is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function plainText(text: string, length = MESSAGE): string {
  const plain = text.replaceAll(CONTROL, '');
  return plain.length > length ? `${plain.slice(0, length)}…` : plain;
}

function checkedDepth(value: JsonValue): boolean {
  let level: JsonValue[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > RESULT_DEPTH) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}

/** Members named `__proto__`, `constructor` and `prototype` are dropped, wherever they are. */
function clean(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  for (const name of FORBIDDEN_NAMES) if (Object.hasOwn(value, name)) Reflect.deleteProperty(value, name);
  return value;
}

export function readResult(text: string): FunctionOutcome {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MAX_FUNCTION_RESULT) {
    return { state: 'failed', failure: { cause: 'result-too-large', message: `${bytes} bytes` } };
  }
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it is what JSON is parsed to
    const result = JSON.parse(text, clean) as JsonValue;
    if (checkedDepth(result)) return { state: 'returned', result };
    const message = `more than ${RESULT_DEPTH} levels`;
    return { state: 'failed', failure: { cause: 'result-too-large', message } };
  } catch (cause) {
    const message = cause instanceof Error ? plainText(cause.message) : 'not JSON';
    return { state: 'failed', failure: { cause: 'result-not-json', message } };
  }
}
