/**
 * Step 3: which form comes next, if any. Answers to stored forms are checked again first, from this server's own copy
 * of the form: what a browser says about its fields is not believed.
 */
import { CasementError } from '../../../src/contract/errors.ts';
import { madeForm } from '../../../src/contract/function-results.ts';
import type { Form } from '../../../src/contract/form.ts';
import type { ResultProblem } from '../../../src/contract/functions.ts';
import type { Params } from '../../../src/contract/json.ts';
import { MAX_FORMS, type StartData, type StartResult } from '../../../src/contract/start.ts';
import { deriveFields } from '../../../src/forms/fields/index.ts';
import { SERVERLIST } from '../../functions/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, written, unusable, who } from '../site-function.ts';
import { done, skipped, withReturned, type StepResult } from '../tracker.ts';

type FormStage = Extract<StartResult, { stage: 'form' }>;

export type Filtered =
  | { readonly next: 'ask'; readonly answer: FormStage }
  | { readonly next: 'server-list'; readonly data: StartData }
  | { readonly next: 'go-on'; readonly data: StartData };

/** Params with the answers of every answered stored form checked and coerced; other names pass as they are. */
async function recheck(data: StartData, deps: Pick<StartDeps, 'forms' | 'checkAnswers'>): Promise<Params> {
  const params: Params = { ...data.params };
  for (const { id } of data.answered ?? []) {
    const form = await deps.forms.get(id);
    // A form made by a function is stored nowhere; its answers are the function's own business.
    if (!form) continue;
    const names = form.fields.map((field) => field.name);
    const answers = Object.fromEntries(names.filter((name) => Object.hasOwn(params, name)).map((n) => [n, params[n]!]));
    const checked = deps.checkAnswers(form.fields, answers);
    if (checked.problems.length > 0) {
      throw new CasementError('form-invalid', { details: { form: form.id, problems: checked.problems } });
    }
    for (const name of names) delete params[name];
    Object.assign(params, checked.params);
  }
  return params;
}

/** @throws CasementError `form-unknown`, `form-invalid`, `form-loop`, `function-failed` */
export async function formFilter(
  call: StartCall,
  received: StartData,
  deps: Pick<StartDeps, 'forms' | 'functions' | 'checkAnswers' | 'warn'>,
): Promise<StepResult<Filtered>> {
  const forms: Form[] = [];
  for (const id of received.forms ?? []) {
    const form = await deps.forms.get(id);
    if (!form) throw new CasementError('form-unknown', { details: { field: 'forms', form: id } });
    forms.push(form);
  }
  const data: StartData = { ...received, params: await recheck(received, deps) };

  const { caller } = call;
  const chosen = await callFunction('form filter', caller, deps, () =>
    deps.functions.formFilter({ ...who(caller), data, forms, staticData: {} }, callerFor(call)),
  );
  const returned = written(chosen);
  if (!chosen) {
    const asked = forms.length > 0 || (data.answered?.length ?? 0) > 0;
    return withReturned(asked ? done({ next: 'go-on', data }) : skipped({ next: 'go-on', data }), returned);
  }
  if (chosen === SERVERLIST) return withReturned(done({ next: 'server-list', data }), returned);

  if ((data.answered?.length ?? 0) >= MAX_FORMS) throw new CasementError('form-loop');
  const form = await formOf(chosen, call, deps);
  const still = (data.forms ?? []).filter((id) => id !== form.id);
  return withReturned(done({ next: 'ask', answer: { stage: 'form', form, forms: still } }), returned);
}

/**
 * The form that the function chose: a stored one, from this server's own copy, or one that it made itself, whose fields
 * are derived from its text as those of a stored form are.
 */
async function formOf(chosen: unknown, { caller }: StartCall, deps: Pick<StartDeps, 'forms' | 'warn'>): Promise<Form> {
  const refuse = (problem: ResultProblem) => unusable('form filter', problem, chosen, caller, deps);
  if (typeof chosen === 'string') {
    const stored = await deps.forms.get(chosen);
    if (!stored) throw refuse('form-unknown');
    return stored;
  }
  const made = madeForm(chosen);
  if (!made) throw refuse('not-a-form');
  const stored = await deps.forms.get(made.id);
  if (stored?.html === made.html) return stored;
  // Its answers would be checked by the fields of the stored one, so another text needs an id of its own.
  if (stored) throw refuse('form-unusable');
  const { fields, findings } = deriveFields(made.html);
  if (findings.some(({ severity }) => severity === 'error')) throw refuse('form-unusable');
  return { ...made, fields };
}
