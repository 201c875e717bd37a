/**
 * Step 3: which form comes next, if any. Answers to stored forms are checked again first, from this server's own copy
 * of the form: what a browser says about its fields is not believed.
 */
import { CasementError } from '../../../src/contract/errors.ts';
import { Form } from '../../../src/contract/form.ts';
import type { Params } from '../../../src/contract/json.ts';
import { MAX_FORMS, type StartData, type StartResult } from '../../../src/contract/start.ts';
import { SERVERLIST } from '../../functions/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callFunction, who } from '../site-function.ts';
import { done, skipped, type StepResult } from '../tracker.ts';

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

  const chosen = await callFunction('form filter', deps, () =>
    deps.functions.formFilter({ ...who(call.caller), data, forms, staticData: {} }),
  );
  if (!chosen) {
    const asked = forms.length > 0 || (data.answered?.length ?? 0) > 0;
    return asked ? done({ next: 'go-on', data }) : skipped({ next: 'go-on', data });
  }
  if (chosen === SERVERLIST) return done({ next: 'server-list', data });

  if ((data.answered?.length ?? 0) >= MAX_FORMS) throw new CasementError('form-loop');
  const stored = typeof chosen === 'string' ? await deps.forms.get(chosen) : undefined;
  const form = stored ?? Form.safeParse(chosen).data;
  if (!form) {
    deps.warn(chosen, 'the form filter returned neither a form nor the id of one');
    throw new CasementError('function-failed');
  }
  const still = (data.forms ?? []).filter((id) => id !== form.id);
  return done({ next: 'ask', answer: { stage: 'form', form, forms: still } });
}
