/** A filled-in form to parameters, in the browser; and the same again on the server, which believes nobody. */
import { isParamName, type JsonValue, type Params } from '../../contract/json.ts';
import type { Answers, Field, FieldProblem } from '../../contract/form.ts';
import { acceptAnswer, coerceField, type Coerced, type RawValue } from './coerce.ts';
import { FormState } from './conditions.ts';
import { checkConstraints, type CheckOptions } from './constraints.ts';

/** What the controls hold, by field name. A map is as good: names are never looked up on a prototype. */
export type RawValues = Readonly<Record<string, RawValue>> | ReadonlyMap<string, RawValue>;

export type Collected = { ok: true; params: Params } | { ok: false; errors: FieldProblem[] };

interface Outcome {
  readonly values: Map<string, JsonValue>;
  readonly problems: FieldProblem[];
  readonly state: FormState;
}

/** The parameters a filled-in form sends, or every complaint, in the form's order. What is hidden is not sent. */
export function collectParams(fields: readonly Field[], values: RawValues): Collected {
  const raw = toMap(values);
  const {
    values: coerced,
    problems,
    state,
  } = examine(fields, (field) => coerceField(field, raw.get(field.name)), {
    patterns: true,
  });
  const shown = fields.filter((field) => state.isShown(field));
  const errors = problems.filter((problem) => shown.some((field) => field.name === problem.field));
  if (errors.length > 0) return { ok: false, errors };
  const params: Params = {};
  for (const field of shown) {
    const value = coerced.get(field.name);
    if (value !== undefined && isParamName(field.name)) params[field.name] = value;
  }
  return { ok: true, params };
}

/** Which fields are shown, and what of them, for values as they stand; what cannot be coerced counts as its text. */
export function formState(fields: readonly Field[], values: RawValues): FormState {
  const raw = toMap(values);
  return examine(fields, (field) => coerceField(field, raw.get(field.name)), { patterns: false }).state;
}

/**
 * Checks answers that came from outside against the fields of the forms they answer. `params` has every answer whose
 * name may be one: coerced where a field speaks of it, as it is where none does.
 *
 * What is hidden need not be there; if it is, it is held to the same as if it were shown.
 */
export function checkAnswers(fields: readonly Field[], answers: Answers): { params: Params; problems: FieldProblem[] } {
  const given = new Map(Object.entries(answers));
  const { values, problems } = examine(fields, (field) => acceptAnswer(field, given.get(field.name)), {
    patterns: false,
  });
  const known = new Set(fields.map((field) => field.name));
  const params: Params = {};
  for (const [name, answer] of given) {
    if (!isParamName(name)) {
      problems.push({ field: name, code: 'name' });
      continue;
    }
    const value = known.has(name) ? values.get(name) : answer;
    if (value !== undefined) params[name] = value;
  }
  return { params, problems };
}

function examine(fields: readonly Field[], coerce: (field: Field) => Coerced, options: CheckOptions): Outcome {
  const values = new Map<string, JsonValue>();
  const failed = new Map<string, FieldProblem>();
  for (const field of fields) {
    const coerced = coerce(field);
    if (!coerced.ok) failed.set(field.name, coerced.problem);
    else if (coerced.value !== undefined) values.set(field.name, coerced.value);
  }
  const state = new FormState(fields, values);
  const problems: FieldProblem[] = [];
  for (const field of fields) {
    const problem = failed.get(field.name) ?? checkConstraints(field, values.get(field.name), state, options);
    if (problem) problems.push(problem);
  }
  return { values, problems, state };
}

function toMap(values: RawValues): ReadonlyMap<string, RawValue> {
  return isMap(values) ? values : new Map(Object.entries(values));
}

function isMap(values: RawValues): values is ReadonlyMap<string, RawValue> {
  return values instanceof Map;
}
