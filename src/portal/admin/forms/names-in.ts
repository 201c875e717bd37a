/** What of a form others of its parts can refer to. */
import type { Field } from '../../../contract/form.ts';
import type { FormNames } from './code/completions.ts';

export function namesIn(html: string, fields: readonly Field[]): FormNames {
  return {
    fields: fields.map(({ name, type, options }) => ({
      name,
      values:
        type === 'checkbox' && options?.length === 1 ? ['true', 'false'] : (options ?? []).map(({ value }) => value),
    })),
    ids: [...html.matchAll(/\sid\s*=\s*["']?([^\s"'>]+)/gi)].flatMap((match) => match[1] ?? []),
  };
}
