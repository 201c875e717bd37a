/** `required`, bounds, lengths, formats and option lists, checked on coerced values and so the same on both sides. */
import type { Field, FieldProblem } from '../../contract/form.ts';
import type { JsonValue } from '../../contract/json.ts';
import type { FormState } from './conditions.ts';
import { coerceField } from './coerce.ts';
import { compilePattern } from './pattern.ts';
import { parseNumber } from './scalars.ts';
import { FORMATS, STEP_BASES } from './formats.ts';

export interface CheckOptions {
  /** `false` on the server: a regular expression from a form must not be able to stop it. */
  readonly patterns: boolean;
}

/** The first thing wrong with a coerced value, or nothing. `undefined` stands for a member that is left out. */
export function checkConstraints(
  field: Field,
  value: JsonValue | undefined,
  state: FormState,
  options: CheckOptions,
): FieldProblem | undefined {
  const empty = value === undefined || (field.type === 'checkbox' && value === false);
  if (empty) return state.isShown(field) && state.isRequired(field) ? problem(field, 'required') : undefined;
  const items = field.multiple && Array.isArray(value) ? value : [value];
  const offered = offeredValues(field, state);
  for (const item of items) {
    if (offered && !offered.has(JSON.stringify(item))) return problem(field, 'option');
    const found = checkOne(field, item, options);
    if (found) return found;
  }
  return undefined;
}

/** What may be chosen, coerced and as JSON; `undefined` where anything may be said. */
function offeredValues(field: Field, state: FormState): Set<string> | undefined {
  if (!field.options) return undefined;
  // One checkbox that is ticked, or not, says so by itself.
  if (field.type === 'checkbox' && field.dataType === 'boolean' && !field.multiple) return undefined;
  const single: Field = { ...field, type: 'select', multiple: false };
  const offered = new Set<string>();
  for (const option of field.options) {
    if (option.disabled || !state.holds(option.when)) continue;
    const coerced = coerceField(single, option.value);
    if (coerced.ok && coerced.value !== undefined) offered.add(JSON.stringify(coerced.value));
  }
  return offered;
}

function checkOne(field: Field, value: JsonValue, options: CheckOptions): FieldProblem | undefined {
  const { constraints } = field;
  if (typeof value === 'number') return checkNumber(field, value);
  if (typeof value !== 'string' || field.dataType === 'json') return undefined;
  if (field.type === 'number' || field.type === 'range') {
    const number = parseNumber(value);
    return number === undefined ? problem(field, 'number') : checkNumber(field, number);
  }
  const format = FORMATS[field.type];
  if (format && !format.test(value)) return problem(field, format.code);
  const ordinal = STEP_BASES[field.type];
  if (ordinal) return checkRange(field, value, ordinal);
  if (constraints.minLength !== undefined && value.length < constraints.minLength) {
    return problem(field, 'min-length', String(constraints.minLength));
  }
  if (constraints.maxLength !== undefined && value.length > constraints.maxLength) {
    return problem(field, 'max-length', String(constraints.maxLength));
  }
  if (options.patterns && constraints.pattern !== undefined) {
    const pattern = compilePattern(constraints.pattern);
    if (pattern.ok && !pattern.test(value)) return problem(field, 'pattern');
  }
  return undefined;
}

function checkNumber(field: Field, value: number): FieldProblem | undefined {
  return checkSteps(field, value, (text) => parseNumber(text), 1, 0);
}

function checkRange(field: Field, value: string, ordinal: NonNullable<(typeof STEP_BASES)[string]>) {
  const number = ordinal.toNumber(value);
  return number === undefined
    ? problem(field, 'type')
    : checkSteps(field, number, (text) => ordinal.toNumber(text), ordinal.unit, ordinal.base);
}

/** Bounds and steps of anything that can be put on a line. A bound that cannot be read binds nobody. */
function checkSteps(
  field: Field,
  value: number,
  read: (text: string) => number | undefined,
  unit: number,
  base: number,
): FieldProblem | undefined {
  const { min, max, step } = field.constraints;
  const low = min === undefined ? undefined : read(min);
  const high = max === undefined ? undefined : read(max);
  if (low !== undefined && value < low) return problem(field, 'min', min);
  if (high !== undefined && value > high) return problem(field, 'max', max);
  const width = step === undefined || step === 'any' ? undefined : parseNumber(step);
  if (width === undefined || width <= 0) return undefined;
  const steps = (value - (low ?? base)) / (width * unit);
  // 0.3 is three steps of 0.1, whatever binary floating point says.
  const off = Math.abs(steps - Math.round(steps));
  return off > 1e-7 * Math.max(1, Math.abs(steps)) ? problem(field, 'step', step) : undefined;
}

function problem(field: Field, code: FieldProblem['code'], limit?: string): FieldProblem {
  return { field: field.name, code, ...(limit === undefined ? {} : { limit }) };
}
