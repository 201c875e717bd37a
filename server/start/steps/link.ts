/**
 * Step 10: the process that owns this person's sessions is found, or started. What it is to do then goes on by itself:
 * to start the session, or to run the command that schedules it.
 */
import type { AskPerson, StartObserver } from '../../sessions/port.ts';
import { Launch } from '../launch.ts';
import type { StepResult } from '../tracker.ts';

/** Gives the launch that the following steps wait for. @throws CasementError `link-failed` where nothing else is tried */
export async function link<Value>(
  begin: (observer: StartObserver) => Promise<Value>,
  ask: AskPerson,
): Promise<StepResult<Launch<Value>>> {
  const launch = new Launch(begin, ask);
  return { ...(await launch.through('link')), value: launch };
}
