/** Step 10: the process that owns this person's sessions is found, or started; it then goes on by itself. */
import type { AskPerson, SessionHost, SessionStart } from '../../sessions/port.ts';
import type { StartCall } from '../deps.ts';
import { Launch } from '../launch.ts';
import type { StepResult } from '../tracker.ts';

/** Gives the launch that the following steps wait for. @throws CasementError `link-failed` where nothing else is tried */
export async function link(
  call: StartCall,
  start: SessionStart,
  host: SessionHost,
  ask: AskPerson,
): Promise<StepResult<Launch>> {
  const launch = new Launch(host, call.caller.user, start, ask);
  return { ...(await launch.through('link')), value: launch };
}
