/** Step 6: the site's own code sees the start data, may change it, or stops the start with a message. */
import { changedData } from '../../../src/contract/function-results.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, written, unusable } from '../site-function.ts';
import { done, skipped, withReturned, type StepResult } from '../tracker.ts';

const FUNCTIONS = {
  start: { method: 'startEvent', name: 'start event' },
  schedule: { method: 'scheduleEvent', name: 'schedule event' },
} as const;

/**
 * Gives the start data as it goes on from here. `action`: which of the two events; exactly one runs at a start.
 *
 * @throws CasementError `start-refused` with what the function threw, `function-failed`
 */
export async function event(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'warn'>,
  action: 'start' | 'schedule' = 'start',
): Promise<StepResult<StartData>> {
  const { caller } = call;
  const { method, name } = FUNCTIONS[action];
  const input = { action, login: caller.login, data };
  const returned = await callFunction(
    name,
    caller,
    deps,
    () => deps.functions[method](input, callerFor(call)),
    'refuse',
  );
  if (returned === input) return skipped(data);
  const changed = changedData(returned);
  if (!changed) throw unusable(name, 'not-start-data', returned, caller, deps);
  return withReturned(done(changed), written(returned));
}
