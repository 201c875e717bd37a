/** Step 12, where sudo did not do: log in over SSH and start a link. Skipped where that is not set up. */
import type { Launch } from '../launch.ts';
import type { StepResult } from '../tracker.ts';

export function ssh(launch: Launch<unknown>): Promise<StepResult<null>> {
  return launch.through('ssh');
}
