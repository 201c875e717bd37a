/** What a question opens with in the dialog, and where that came from. */
import type { Answers, Field } from '../../contract/form.ts';
import {
  answersFromText,
  coerceField,
  prefill,
  type LastValues,
  type PrefillSource,
} from '../../forms/fields/index.ts';
import type { Asked, Start } from '../state/starts.ts';

export interface OpensWith {
  readonly initial: Answers;
  /** By field name; the form's own defaults and what was typed are not in it. */
  readonly from: ReadonlyMap<string, Exclude<PrefillSource, 'user'>>;
}

/** User over link over bookmark over last time; below them the form's own defaults. */
export function opensWith(start: Pick<Start, 'request' | 'link'>, asked: Asked, last: LastValues): OpensWith {
  const { form, answers } = asked;
  const { answers: known, from } = prefill(form.fields, {
    url: start.link && answersFromText(form.fields, start.link.texts),
    bookmark: start.request.params,
    last: last.load(form),
  });
  const isDefault = new Set(form.fields.filter((field) => equalsDefault(field, known)).map(({ name }) => name));
  const isUnchanged = (name: string) => !answers || JSON.stringify(answers[name]) === JSON.stringify(known[name]);
  const untouched = new Map<string, Exclude<PrefillSource, 'user'>>();
  for (const [name, source] of from) {
    // What the form would have said by itself needs no explanation, unless a stranger said it too.
    if (source === 'user' || !isUnchanged(name) || (source !== 'url' && isDefault.has(name))) continue;
    untouched.set(name, source);
  }
  // What was typed is everything that was in the form, the values from elsewhere included.
  return { initial: answers ?? known, from: untouched };
}

function equalsDefault(field: Field, answers: Answers): boolean {
  const coerced = coerceField(field, field.defaultValue);
  return coerced.ok && JSON.stringify(coerced.value) === JSON.stringify(answers[field.name]);
}
