/** Step 6: the site's own code sees the start data, may change it, or stops the start with a message. */
import { CasementError } from '../../../src/contract/errors.ts';
import { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callFunction } from '../site-function.ts';
import { done, skipped, type StepResult } from '../tracker.ts';

/** Gives the start data as it goes on from here. @throws CasementError `function-failed` */
export async function event(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'warn'>,
): Promise<StepResult<StartData>> {
  const input = { action: 'start', login: call.caller.login, data } as const;
  const returned = await callFunction('start event', deps, () => deps.functions.startEvent(input));
  if (returned === input) return skipped(data);
  const changed =
    typeof returned === 'object' && returned !== null && 'data' in returned
      ? StartData.safeParse(returned.data).data
      : undefined;
  if (!changed) {
    deps.warn(returned, 'the start event function did not return start data');
    throw new CasementError('function-failed');
  }
  return done(changed);
}
