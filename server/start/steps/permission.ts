/** Step 2: may this person start sessions at all? */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { done, type StepResult } from '../tracker.ts';

/** @throws CasementError `forbidden` */
export function permission(call: StartCall, deps: Pick<StartDeps, 'auth'>): StepResult<null> {
  const refusal = deps.auth.refuses(call.caller, 'start');
  if (refusal) throw new CasementError(refusal);
  return done(null);
}
