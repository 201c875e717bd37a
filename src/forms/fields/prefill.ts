/** What a form is filled with when it opens, and what of it may be kept for the next time. */
import type { Answers, Field } from '../../contract/form.ts';
import type { JsonValue } from '../../contract/json.ts';
import { acceptAnswer, coerceField, type RawValue } from './coerce.ts';
import { parseBoolean } from './scalars.ts';
import { rawFromAnswer } from './typed.ts';

/** From the strongest to the weakest; the form's own default comes after all of them. */
const SOURCES = ['user', 'url', 'bookmark', 'last'] as const;
export type PrefillSource = (typeof SOURCES)[number];

export interface Prefilled {
  readonly answers: Answers;
  /** Where each answer came from, so that the page can say so; a name that is missing has the form's default. */
  readonly from: ReadonlyMap<string, PrefillSource>;
}

/** Looks like something that should not lie in a store, whatever the form's author thought of it. */
const SENSITIVE = /pass(word|wd|phrase|code)|^pass$|secret|token|credential|api[._-]?key|private|^pin$|otp/iu;

/**
 * Merges what is known: user over URL over bookmark over last time. An answer that does not fit its field any more is
 * passed over, so that an old bookmark cannot break a new version of a form.
 */
export function prefill(
  fields: readonly Field[],
  sources: Partial<Record<PrefillSource, Answers | undefined>>,
): Prefilled {
  const answers: Answers = {};
  const from = new Map<string, PrefillSource>();
  for (const field of fields) {
    for (const source of SOURCES) {
      if (source === 'last' && !isRememberable(field)) continue;
      const given = sources[source];
      const answer = given && Object.hasOwn(given, field.name) ? fitting(field, given[field.name]) : undefined;
      if (answer === undefined) continue;
      answers[field.name] = answer;
      from.set(field.name, source);
      break;
    }
  }
  return { answers, from };
}

/** The answers that may be kept as last values: nothing its author or its name forbids. */
export function rememberable(fields: readonly Field[], answers: Answers): Answers {
  const kept: Answers = {};
  for (const field of fields) {
    const answer = Object.hasOwn(answers, field.name) ? answers[field.name] : undefined;
    if (answer !== undefined && isRememberable(field)) kept[field.name] = answer;
  }
  return kept;
}

/** Whether its author and its name allow that answers to it are kept. */
export function isRememberable(field: Field): boolean {
  return field.remember !== false && !SENSITIVE.test(field.name);
}

function fitting(field: Field, answer: JsonValue | undefined): JsonValue | undefined {
  const accepted = acceptAnswer(field, answer);
  if (!accepted.ok || accepted.value === undefined) return undefined;
  return isOffered(field, accepted.value) ? accepted.value : undefined;
}

/** A choice that is no longer there would leave a list showing nothing at all. */
function isOffered(field: Field, answer: JsonValue): boolean {
  const { options } = field;
  if (!options || (field.type === 'checkbox' && !field.multiple)) return true;
  const raw = rawFromAnswer(field, answer);
  const chosen = typeof raw === 'object' ? raw : [raw];
  return chosen.every((one) => options.some(({ value }) => value === one));
}

/**
 * Text by name, as an address carries it, read as if it were typed into the fields: what does not fit is left out, and so
 * is what no field asks for.
 */
export function answersFromText(fields: readonly Field[], texts: ReadonlyMap<string, readonly string[]>): Answers {
  const answers: Answers = {};
  for (const field of fields) {
    const given = texts.get(field.name);
    if (!given) continue;
    const raw = asTyped(field, given);
    const coerced = raw === undefined ? undefined : coerceField(field, raw);
    if (coerced?.ok && coerced.value !== undefined) answers[field.name] = coerced.value;
  }
  return answers;
}

function asTyped(field: Field, given: readonly string[]): RawValue {
  if (field.multiple) return given;
  const text = given.at(-1) ?? '';
  if (field.type !== 'checkbox') return text;
  const isItsValue = field.options?.some(({ value }) => value === text);
  return parseBoolean(text) ?? (isItsValue ? true : undefined);
}
