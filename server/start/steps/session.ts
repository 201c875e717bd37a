/** Step 14: the X server answers and the command runs. */
import type { Session } from '../../../src/contract/session.ts';
import type { Launch } from '../launch.ts';
import { done, type StepResult } from '../tracker.ts';

/** @throws CasementError `command-not-found`, `command-died`, `xserver-missing`, `xserver-failed`, `link-failed` */
export async function session(launch: Launch<Session>): Promise<StepResult<Session>> {
  return done(await launch.result);
}
