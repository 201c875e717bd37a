/** Inputs as they are kept for trying: what looks like a secret is masked, what is long is clipped. */
import { keptText } from '../../src/contract/kept-text.ts';
import { isSecretName, MASK } from '../../src/contract/secret-names.ts';
import type { JsonValue } from '../../src/contract/json.ts';

/** Characters of one string; the text of a form is longer than anything that decides. */
const LONGEST = 4096;
/** Bytes of an input that is kept at all. */
export const MAX_KEPT = 256 * 1024;
const DEPTH = 64;

function redacted(value: unknown, secrets: readonly string[], depth: number): JsonValue {
  if (typeof value === 'string') return keptText(value, secrets, LONGEST);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object' || depth > DEPTH) return null;
  if (Array.isArray(value)) return value.map((one: unknown) => redacted(one, secrets, depth + 1));
  // A field of a form tells by its own `name` what its default is for.
  const field = 'name' in value && typeof value.name === 'string' && isSecretName(value.name);
  const result: { [key: string]: JsonValue } = {};
  for (const [key, one] of Object.entries(value)) {
    if (one === undefined) continue;
    const masked = isSecretName(key) || (field && (key === 'defaultValue' || key === 'value'));
    result[key] = masked && one !== null && one !== '' ? MASK : redacted(one, secrets, depth + 1);
  }
  return result;
}

/** `secrets`: texts that are to stand nowhere in it. `undefined`: too large to keep. */
export function redact(value: unknown, secrets: readonly string[] = []): JsonValue | undefined {
  const result = redacted(value, secrets, 0);
  return JSON.stringify(result).length > MAX_KEPT ? undefined : result;
}
