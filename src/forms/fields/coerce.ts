/**
 * From what a control holds to what is sent, and the same rules for what a server receives. The table is in
 * `docs/forms.md`; `coerce.test.ts` goes through it row by row.
 */
import type { Field, FieldProblem } from '../../contract/form.ts';
import type { JsonValue } from '../../contract/json.ts';
import { jsonProblem, parseBoolean, parseJson, parseNumber } from './scalars.ts';

/**
 * What a control holds: its text; for one checkbox, or `undefined` when it is not ticked, its value or just `true`;
 * for a multiple select or several checkboxes of one name, the chosen values.
 */
export type RawValue = string | boolean | readonly string[] | undefined;

/** `value` is absent when the member is left out. */
export type Coerced = { ok: true; value?: JsonValue } | { ok: false; problem: FieldProblem };

const EMPTY: Coerced = { ok: true };

/** Coerces what a person typed or chose. Says nothing about `required` and bounds: see `constraints.ts`. */
export function coerceField(field: Field, raw: RawValue): Coerced {
  if (field.multiple) return coerceMany(field, raw);
  if (field.type === 'checkbox') return coerceCheckbox(field, raw);
  if (typeof raw === 'boolean') return failed(field, 'type');
  if (typeof raw === 'object') return raw.length > 1 ? failed(field, 'type') : coerceText(field, raw[0] ?? '');
  return coerceText(field, raw ?? '');
}

function coerceText(field: Field, raw: string): Coerced {
  if (raw === '' || (field.dataType !== 'text' && raw.trim() === '')) return EMPTY;
  switch (field.dataType) {
    case 'number': {
      const value = parseNumber(raw);
      return value === undefined ? failed(field, 'number') : { ok: true, value };
    }
    case 'boolean': {
      const value = parseBoolean(raw);
      return value === undefined ? failed(field, 'boolean') : { ok: true, value };
    }
    case 'json': {
      const parsed = parseJson(raw);
      return parsed.ok ? parsed : failed(field, parsed.code);
    }
    case 'text':
    default:
      return { ok: true, value: raw };
  }
}

function coerceCheckbox(field: Field, raw: RawValue): Coerced {
  const ticked = typeof raw === 'object' ? raw.length > 0 : raw !== undefined && raw !== false && raw !== '';
  if (field.dataType === 'boolean') return { ok: true, value: ticked };
  if (!ticked) return EMPTY;
  return coerceText(field, field.options?.[0]?.value ?? 'on');
}

function coerceMany(field: Field, raw: RawValue): Coerced {
  const chosen = typeof raw === 'object' ? raw : typeof raw === 'string' && raw !== '' ? [raw] : [];
  const values: JsonValue[] = [];
  for (const item of chosen) {
    const one = coerceText(field, item);
    if (!one.ok) return one;
    if (one.value !== undefined) values.push(one.value);
  }
  return values.length === 0 ? EMPTY : { ok: true, value: values };
}

/**
 * What a server does with an answer that came as JSON: the right type is kept, a string where a number or boolean
 * belongs is coerced, a JSON value is never parsed a second time.
 */
export function acceptAnswer(field: Field, answer: JsonValue | undefined): Coerced {
  if (answer === undefined) return EMPTY;
  if (!field.multiple) return acceptOne(field, answer);
  const items = Array.isArray(answer) ? answer : field.dataType === 'json' ? undefined : [answer];
  if (!items) return failed(field, 'type');
  const values: JsonValue[] = [];
  for (const item of items) {
    const one = acceptOne(field, item);
    if (!one.ok) return one;
    if (one.value !== undefined) values.push(one.value);
  }
  return values.length === 0 ? EMPTY : { ok: true, value: values };
}

function acceptOne(field: Field, answer: JsonValue): Coerced {
  if (field.dataType === 'json') {
    const code = jsonProblem(answer);
    return code ? failed(field, code) : { ok: true, value: answer };
  }
  if (answer === null) return EMPTY;
  if (typeof answer === 'string') return coerceText(field, answer);
  if (field.dataType === 'number') {
    if (typeof answer === 'number' && Number.isFinite(answer)) return { ok: true, value: answer + 0 };
    return failed(field, 'number');
  }
  if (field.dataType === 'boolean') {
    return typeof answer === 'boolean' ? { ok: true, value: answer } : failed(field, 'boolean');
  }
  return failed(field, 'type');
}

function failed(field: Field, code: FieldProblem['code']): { ok: false; problem: FieldProblem } {
  return { ok: false, problem: { field: field.name, code } };
}
