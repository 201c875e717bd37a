/** Between what controls hold and what is kept of it: for going back, for bookmarks, for last values. */
import type { Answers, Field } from '../../contract/form.ts';
import { isParamName, type JsonValue } from '../../contract/json.ts';
import { coerceField, type RawValue } from './coerce.ts';

/**
 * What was typed as exactly as JSON can say it. An answer object that came from `typedAnswers` leads back to it: the
 * text `1.50` is then shown again as `1.50`, not as the number it became.
 */
const typedText = new WeakMap<Answers, ReadonlyMap<string, RawValue>>();

/** Everything typed so far, hidden fields too, coerced where that is possible and as its text where it is not. */
export function typedAnswers(fields: readonly Field[], raw: ReadonlyMap<string, RawValue>): Answers {
  const answers: Answers = {};
  for (const field of fields) {
    if (!isParamName(field.name)) continue;
    const coerced = coerceField(field, raw.get(field.name));
    const text = raw.get(field.name);
    if (coerced.ok && coerced.value !== undefined) answers[field.name] = coerced.value;
    else if (!coerced.ok && text !== undefined) answers[field.name] = typeof text === 'object' ? [...text] : text;
  }
  return rememberText(answers, raw);
}

/** Ties answers to the text they were made of, for `rawAnswers`. */
export function rememberText<A extends Answers>(answers: A, raw: ReadonlyMap<string, RawValue>): A {
  typedText.set(answers, new Map(raw));
  return answers;
}

/** What the controls should hold to show these answers; names that are missing keep the form's own default. */
export function rawAnswers(fields: readonly Field[], answers: Answers): Map<string, RawValue> {
  const typed = typedText.get(answers);
  if (typed) return new Map(typed);
  const raw = new Map<string, RawValue>();
  for (const field of fields) {
    if (!Object.hasOwn(answers, field.name)) continue;
    const answer = answers[field.name];
    if (answer !== undefined) raw.set(field.name, rawFromAnswer(field, answer));
  }
  return raw;
}

/** One answer as its control would hold it. */
export function rawFromAnswer(field: Field, answer: JsonValue): RawValue {
  if (field.multiple) {
    const items = Array.isArray(answer) ? answer : [answer];
    return items.map((item) => optionFor(field, item) ?? toText(field, item));
  }
  if (field.type === 'checkbox') {
    return answer === true || (answer !== false && optionFor(field, answer) !== undefined);
  }
  return optionFor(field, answer) ?? toText(field, answer);
}

/** The value of the option that means this answer: `1.0` where the answer is the number 1. */
function optionFor(field: Field, answer: JsonValue): string | undefined {
  const wanted = JSON.stringify(answer);
  return field.options?.find(({ value }) => {
    const coerced = coerceField({ ...field, type: 'select', multiple: false }, value);
    return value === answer || (coerced.ok && JSON.stringify(coerced.value) === wanted);
  })?.value;
}

function toText(field: Field, answer: JsonValue): string {
  if (field.dataType === 'json') return JSON.stringify(answer);
  return typeof answer === 'string' ? answer : answer === null ? '' : JSON.stringify(answer);
}
