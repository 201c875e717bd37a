/**
 * Step 5: start now, or hand over to a job scheduler. This server has none: what is not "start now" is refused, rather
 * than started here against the site's will.
 */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callFunction, who } from '../site-function.ts';
import { skipped, type StepResult } from '../tracker.ts';

/** @throws CasementError `function-failed` */
export async function schedule(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'warn'>,
): Promise<StepResult<null>> {
  const { user, isAdmin } = who(call.caller);
  const template = await callFunction('schedule', deps, () =>
    deps.functions.schedule({ user, admin: isAdmin, start: data, data }),
  );
  if (template !== null && template !== undefined && template !== '') {
    deps.warn(template, 'the schedule function returned a template, but there is no scheduler on this server');
    throw new CasementError('function-failed');
  }
  return skipped(null);
}
