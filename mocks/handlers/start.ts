/** The mock server's start: the form loop, then the steps, told to everyone who listens. */
import { CasementError, type ApiError } from '../../src/contract/errors.ts';
import { START_STEPS, type StartData, type StartResult, type StartStep } from '../../src/contract/start.ts';
import { checkAnswers } from '../../src/forms/fields/index.ts';
import { isServerList, serverList } from './server-list.ts';
import { CHOOSES_SERVER, type World } from './world.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** A machine by itself has no scheduler, and finds its link at once. */
const SKIPPED: readonly StartStep[] = ['schedule', 'sudo', 'ssh'];

/** Coerces the answers of the forms that were answered; throws `form-invalid` with the first problem. */
function coerced(world: World, data: StartData): StartData {
  let params = { ...data.params };
  for (const { id } of data.answered ?? []) {
    if (isServerList(id)) continue;
    const form = world.forms.published(id);
    if (!form) throw new CasementError('form-unknown', { details: { field: id } });
    const checked = checkAnswers(form.fields, params);
    if (checked.problems.length > 0)
      throw new CasementError('form-invalid', { details: { form: id, problems: checked.problems } });
    params = { ...params, ...checked.params };
  }
  return { ...data, params };
}

export async function start(world: World, data: StartData, startId: string): Promise<StartResult> {
  const begun: { sessionId?: string } = {};
  const tell = (step: StartStep, state: 'running' | 'done' | 'skipped' | 'failed', error?: ApiError) =>
    world.publish({
      event: 'start',
      id: startId,
      data: {
        startId,
        step,
        state,
        ...begun,
        ...(state === 'done' ? { ms: world.options.stepMs } : {}),
        ...(error ? { error } : {}),
      },
    });

  const checked = coerced(world, data);
  for (const step of START_STEPS) {
    const asksForServer = checked.bookmarkId === CHOOSES_SERVER;
    if (SKIPPED.includes(step) || (step === 'server-list' && !asksForServer)) {
      tell(step, 'skipped');
      continue;
    }
    tell(step, 'running');
    await pause(world.options.stepMs);
    if (step === 'form-filter') {
      const asked = world.forms.published(data.forms?.[0] ?? '');
      if (data.forms?.length && !asked) throw new CasementError('form-unknown', { details: { field: data.forms[0] } });
      if (asked) {
        tell(step, 'done');
        return { stage: 'form', form: asked, forms: [...(data.forms ?? [])] };
      }
    }
    if (step === 'seats') world.takeSeat();
    if (step === 'server-list') {
      const form = serverList(checked);
      if (form) {
        tell(step, 'done');
        return { stage: 'form', form, forms: [] };
      }
    }
    if (step === 'session') {
      const session = world.add(checked);
      begun.sessionId = session.id;
      tell(step, 'running');
      await pause(world.options.stepMs);
      try {
        world.run(session);
      } catch (error) {
        if (error instanceof CasementError) tell(step, 'failed', error.toJSON());
        throw error;
      }
    }
    tell(step, 'done');
  }
  const sessionId = begun.sessionId ?? '';
  const fields = (checked.answered ?? []).flatMap(({ id }) => world.forms.published(id)?.fields ?? []);
  const passwords = fields.filter(({ type }) => type === 'password').map(({ name }) => name);
  world.bookmarks.remember(checked, new Set(passwords));
  return { stage: 'started', session: world.get(sessionId) };
}
