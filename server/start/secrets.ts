/** What nobody is to find in what is kept of a start: what was typed into fields whose answers are not kept. */
import { isSecretName } from '../../src/contract/secret-names.ts';
import type { StartData } from '../../src/contract/start.ts';
import type { Form } from '../../src/contract/form.ts';
import { isRememberable } from '../../src/forms/fields/index.ts';
import type { StartDeps } from './deps.ts';

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
