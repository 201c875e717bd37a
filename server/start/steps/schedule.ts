/**
 * Step 5: start now, or hand over to a job scheduler. This server has none: what is not "start now" is refused, rather
 * than started here against the site's will.
 */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, clipped, who } from '../site-function.ts';
import { skipped, withReturned, type StepResult } from '../tracker.ts';

/** @throws CasementError `start-refused` with what the function threw, `function-failed` */
export async function schedule(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'warn'>,
): Promise<StepResult<null>> {
  const { user, ...rest } = who(call.caller);
  const template = await callFunction(
    'schedule',
    call.caller,
    deps,
    () => deps.functions.schedule({ user, admin: rest.isAdmin, ...rest, start: data, data }, callerFor(call.caller)),
    'refuse',
  );
  if (template !== null && template !== undefined && template !== '') {
    deps.warn(template, 'the schedule function returned a template, but there is no scheduler on this server');
    throw new CasementError('function-failed');
  }
  return withReturned(skipped(null), clipped(template));
}
