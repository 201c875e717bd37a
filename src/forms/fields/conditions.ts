/**
 * `data-show-when`, `data-required-when`, `data-options-when`: parsed once, evaluated as a pure function of all values
 * at each change, so that no order of events can make two answers of one question.
 */
import { isParamName, type JsonValue } from '../../contract/json.ts';
import type { Condition, Field } from '../../contract/form.ts';
import { parseBoolean, parseNumber, readJson } from './scalars.ts';

/** Values of one form by name, already coerced; a name that is missing was left empty. */
export type Values = ReadonlyMap<string, JsonValue>;

/** Between two conditions: `;`, `&`, `&&`, "and", a new line, or just a blank before the next `name=`. */
const SEPARATOR = /\s*(?:;|&&?|\n)\s*|\s+and\s+(?=[\p{L}])|[\s,]+(?=\p{L}[\p{L}\p{Nd}_.-]*\s*!?=)/u;
const COMPARISON = /^(\S+?)\s*(!=|==?)\s*(.*)$/su;
const MEMBERSHIP = /^(\S+)\s+in\s+(.*)$/su;

/** Returns the conditions, or the part that could not be understood. */
export function parseConditions(text: string): { ok: true; conditions: Condition[] } | { ok: false; part: string } {
  const conditions: Condition[] = [];
  for (const part of text.split(SEPARATOR).map((piece) => piece.trim())) {
    if (part === '') continue;
    const condition = parseOne(part);
    if (!condition) return { ok: false, part };
    conditions.push(condition);
  }
  return conditions.length > 0 ? { ok: true, conditions } : { ok: false, part: text };
}

function parseOne(part: string): Condition | undefined {
  const membership = MEMBERSHIP.exec(part);
  if (membership && isParamName(membership[1] ?? '')) {
    const list = (membership[2] ?? '').trim().replace(/^[([]|[)\]]$/g, '');
    return { field: membership[1] ?? '', op: 'in', values: list.split(',').map(unquote) };
  }
  const comparison = COMPARISON.exec(part);
  if (!comparison || !isParamName(comparison[1] ?? '')) return undefined;
  return {
    field: comparison[1] ?? '',
    op: comparison[2] === '!=' ? '!=' : '=',
    values: [unquote(comparison[3] ?? '')],
  };
}

function unquote(text: string): string {
  const trimmed = text.trim();
  return /^'.*'$|^".*"$/s.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Decides for one set of values which fields are shown, required, and which of their options are offered. */
export class FormState {
  readonly #fields: ReadonlyMap<string, Field>;
  readonly #values: Values;
  readonly #shown = new Map<string, boolean>();

  constructor(fields: readonly Field[], values: Values) {
    this.#fields = new Map(fields.map((field) => [field.name, field]));
    this.#values = values;
    // In the form's order, so that even fields that depend on each other come out the same everywhere.
    for (const field of fields) this.isShown(field);
  }

  isShown(field: Field): boolean {
    const known = this.#shown.get(field.name);
    if (known !== undefined) return known;
    // A field that depends on itself counts as shown while that is being found out.
    this.#shown.set(field.name, true);
    const shown = this.holds(field.showWhen);
    this.#shown.set(field.name, shown);
    return shown;
  }

  isRequired(field: Field): boolean {
    return field.required || (field.requiredWhen !== undefined && this.holds(field.requiredWhen));
  }

  /** All of the conditions; none is true. */
  holds(conditions: readonly Condition[] | undefined): boolean {
    return conditions?.every((condition) => this.#holdsOne(condition)) ?? true;
  }

  #holdsOne(condition: Condition): boolean {
    const field = this.#fields.get(condition.field);
    // What is hidden, or not of this form, counts as empty: the client and the server then see the same.
    const spellings = field && this.isShown(field) ? spell(field, this.#values.get(field.name)) : [''];
    const wanted = condition.values.map((value) => (field ? canonical(field, value) : value));
    const found = wanted.some((value) => spellings.includes(value));
    return condition.op === '!=' ? !found : found;
  }
}

/** Every way in which a condition may name this value. */
function spell(field: Field, value: JsonValue | undefined): string[] {
  if (Array.isArray(value) && field.multiple) return value.length === 0 ? [''] : value.map(text);
  if (field.type === 'checkbox' && !field.multiple) {
    const ticked = value !== undefined && value !== false;
    return ticked ? [text(value), 'true', 'on'] : ['', 'false', 'off'];
  }
  return [value === undefined ? '' : text(value)];
}

function text(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A condition's value as the field's own coercion would spell it: `mem=4.0` is met by the number 4. */
function canonical(field: Field, value: string): string {
  switch (field.dataType) {
    case 'number':
      return String(parseNumber(value) ?? value);
    case 'boolean':
      return String(parseBoolean(value) ?? value);
    case 'json':
      try {
        return text(readJson(value));
      } catch {
        return value;
      }
    case 'text':
    default:
      return value;
  }
}
