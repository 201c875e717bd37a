/** What nobody is to find in the trace of a start: what was typed into fields whose answers are not kept. */
import { isSecretName, MASK } from '../../src/contract/secret-names.ts';
import type { StartData } from '../../src/contract/start.ts';
import type { Form } from '../../src/contract/form.ts';
import { isRememberable } from '../../src/forms/fields/index.ts';
import type { StartDeps } from './deps.ts';

/** Characters; what is shorter stands in other words by chance, and is masked where it is a word of its own. */
const SHORT = 4;
/** Characters by which a long one is known; what follows it is left out. */
const LONG = 256;
/** Of one start. Where somebody sends more, nothing of what functions made of them is kept. */
const MOST = 200;
/** Characters of a text that are looked through; a function may return megabytes. */
const WINDOW = 64 * 1024;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string' || typeof value === 'number') return value === '' ? [] : [String(value)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Whether an answer is the person's own secret: by its name, or because its form's author says that it is not kept. */
export function secretNames(forms: readonly (Form | undefined)[]): (name: string) => boolean {
  const fields = forms.flatMap((form) => form?.fields ?? []);
  const names = new Set(fields.filter((field) => !isRememberable(field)).map(({ name }) => name));
  return (name) => names.has(name) || isSecretName(name);
}

/** As texts, the longest first, so that none is left in half because of another. */
export async function secretsIn(
  { params = {}, answered = [] }: StartData,
  { forms }: Pick<StartDeps, 'forms'>,
): Promise<readonly string[]> {
  const asked = await Promise.all(answered.map(({ id }) => forms.get(id)));
  const isSecret = secretNames(asked);
  // What is chosen stands in the form for everybody, and would be masked in all that happens to be called so.
  const chosen = new Set(
    asked.flatMap((form) => form?.fields.filter(({ options }) => options)).map((one) => one?.name),
  );
  const found = Object.entries(params).filter(([name]) => isSecret(name) && !chosen.has(name));
  const texts = new Set(found.flatMap(([, value]) => textsIn(value)));
  return [...texts].toSorted((a, b) => b.length - a.length);
}

function without(text: string, secret: string): string {
  if (secret.length < SHORT) {
    const escaped = secret.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
    return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'gu'), MASK);
  }
  if (secret.length <= LONG) return text.replaceAll(secret, MASK);
  const at = text.indexOf(secret.slice(0, LONG));
  return at < 0 ? text : `${text.slice(0, at)}${MASK}`;
}

/**
 * At most so many characters, without the secrets, whatever a function made of them: a command line, a sentence, JSON.
 * They are taken out before the text is clipped, since half a secret is one, too.
 */
export function keptText(text: string, secrets: readonly string[], most: number): string {
  if (secrets.length > MOST) return MASK;
  const isCut = text.length > WINDOW;
  let left = isCut ? text.slice(0, WINDOW) : text;
  for (const secret of secrets) {
    for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1)])) left = without(left, form);
  }
  // The end of the window may be the beginning of one.
  if (isCut) left = left.slice(0, -LONG);
  return left.length > most || isCut ? `${left.slice(0, most)}…` : left;
}
