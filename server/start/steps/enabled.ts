/** Step 9, on the session server: does it accept starts just now, and can it? */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartDeps } from '../deps.ts';
import { done, type StepResult } from '../tracker.ts';

/** @throws CasementError `start-disabled`, `xserver-missing` */
export function enabled(deps: Pick<StartDeps, 'canStart'>): StepResult<null> {
  const { accepts, xserver } = deps.canStart();
  if (!accepts) throw new CasementError('start-disabled');
  if (!xserver) throw new CasementError('xserver-missing');
  return done(null);
}
