/** Step 5: start now, or have a command of the site's own start it, later and elsewhere. */
import { CasementError } from '../../../src/contract/errors.ts';
import { checkPlan, describeProblem, parsePlan, type SchedulePlan } from '../../../src/contract/schedule.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { UnixUser } from '../../sessions/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, written, who } from '../site-function.ts';
import { done, skipped, withReturned, type StepResult } from '../tracker.ts';

/**
 * Gives the plan, not filled in yet: the schedule event comes first. `null`: start now.
 *
 * @throws CasementError `start-refused` with what the function threw, `function-failed`, `schedule-template`, `run-as-failed`
 */
export async function schedule(
  call: StartCall,
  data: StartData,
  account: Pick<UnixUser, 'login'>,
  deps: Pick<StartDeps, 'functions' | 'warn'>,
): Promise<StepResult<SchedulePlan | null>> {
  const { user, ...rest } = who(call.caller);
  const template = await callFunction(
    'schedule',
    call.caller,
    deps,
    () => deps.functions.schedule({ user, admin: rest.isAdmin, ...rest, start: data, data }, callerFor(call)),
    'refuse',
  );
  const plan = parsePlan(template);
  if (plan === undefined) {
    deps.warn(template, 'the schedule function returned neither null nor a template, arguments or a plan');
    throw new CasementError('function-failed');
  }
  if (plan === null) return withReturned(skipped(null), written(template));
  // The job would be the account's, and so would everything that is known of it.
  if (account.login !== call.caller.login) {
    const cause = new Error('the schedule function wants a job, and sessions of other accounts are no jobs');
    throw new CasementError('run-as-failed', { cause });
  }
  const [problem] = checkPlan(plan);
  if (problem) {
    const message = describeProblem(problem);
    deps.warn(message, 'the schedule function returned a template that cannot be filled in');
    throw new CasementError('schedule-template', { details: { message } });
  }
  return withReturned(done(plan), written(template));
}
