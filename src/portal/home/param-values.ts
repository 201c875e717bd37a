/** Parameters as text and back: what a person types is text unless they say that it is JSON. */
import { JsonValue } from '../../contract/json.ts';

export function showValue(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** How a value is to be typed in again. */
export function kindOf(value: JsonValue): 'text' | 'json' {
  return typeof value === 'string' ? 'text' : 'json';
}

/** `undefined`: not JSON, or `null`, which would delete. */
export function readValue(kind: 'text' | 'json', text: string): JsonValue | undefined {
  if (kind === 'text') return text;
  try {
    const value = JsonValue.safeParse(JSON.parse(text));
    return value.success && value.data !== null ? value.data : undefined;
  } catch {
    return undefined;
  }
}
