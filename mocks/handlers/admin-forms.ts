/** The calls of the form editor. Trying goes through the forms in their order, as a site without functions does. */
import type { TryForms, TryResult } from '../../src/contract/admin-forms.ts';
import type { ApiName, ApiResult, API } from '../../src/contract/api.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Form } from '../../src/contract/form.ts';
import { checkAnswers } from '../../src/forms/fields/index.ts';
import type * as z from 'zod/mini';
import { usable } from './form-shelf.ts';
import type { World } from './world.ts';

type FormCall = Extract<ApiName, `adminForm${string}`>;
type Answers = {
  [Name in FormCall]: (
    input: z.output<(typeof API)[Name]['input']>,
    call: { readonly path: Readonly<Record<string, string>> },
  ) => ApiResult<Name>;
};

export function adminFormAnswers(world: World): Answers {
  const shelf = () => {
    if (world.level !== 'admin') throw new CasementError('forbidden');
    return world.forms;
  };
  const idOf = (path: Readonly<Record<string, string>>) => path['id'] ?? '';
  return {
    adminForms: () => ({ forms: shelf().list(), defaults: shelf().defaults() }),
    adminForm: (_input, { path }) => shelf().read(idOf(path)),
    adminFormCreate: ({ name, html }) => shelf().create(name, html),
    adminFormSave: (input, { path }) => shelf().save(idOf(path), input),
    adminFormPublish: ({ revision }, { path }) => shelf().publish(idOf(path), revision),
    adminFormRollBack: ({ revision }, { path }) => shelf().rollBack(idOf(path), revision),
    adminFormText: (_input, { path }) => shelf().text(idOf(path), Number(path['revision'])),
    adminFormDelete(_input, { path }) {
      shelf().remove(idOf(path));
      return {};
    },
    adminFormDefaults: ({ before, forms }) => shelf().setDefaults(before, forms),
    adminFormTry: (input) => tryForms(input, (id) => shelf().published(id)),
  };
}

function tryForms({ forms, draft, answered = [], params = {} }: TryForms, published: (id: string) => Form | undefined) {
  const find = (id: string): Form => {
    const stored = published(id);
    if (draft?.id === id) return { ...draft, version: (stored?.version ?? 0) + 1, fields: usable(draft.html).fields };
    if (!stored) throw new CasementError('form-unknown', { details: { form: id } });
    return stored;
  };
  let checked = params;
  for (const { id } of answered) {
    const { params: coerced, problems } = checkAnswers(find(id).fields, checked);
    if (problems.length > 0) throw new CasementError('form-invalid', { details: { form: id, problems } });
    checked = { ...checked, ...coerced };
  }
  const [next, ...left] = forms;
  const result: TryResult =
    next === undefined ? { stage: 'ready', params: checked } : { stage: 'form', form: find(next), forms: left };
  return result;
}
