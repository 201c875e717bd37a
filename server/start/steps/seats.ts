/** Step 13: where a licence would be checked. There is none, so nobody is counted and nobody is turned away. */
import { skipped, type StepResult } from '../tracker.ts';

export function seats(): StepResult<null> {
  return skipped(null);
}
