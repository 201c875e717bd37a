/** Step 11, where the link could not be reached: sudo to the person and start a link. Skipped where that is not set up. */
import type { Launch } from '../launch.ts';
import type { StepResult } from '../tracker.ts';

export function sudo(launch: Launch<unknown>): Promise<StepResult<null>> {
  return launch.through('sudo');
}
