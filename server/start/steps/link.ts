/** Step 10: the process that owns this person's sessions is found, or started; it then goes on by itself. */
import type { AskPerson, SessionStart } from '../../sessions/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { Launch } from '../launch.ts';
import type { StepResult } from '../tracker.ts';

/** Gives the launch that the following steps wait for. @throws CasementError `link-failed` where nothing else is tried */
export async function link(
  call: StartCall,
  start: SessionStart,
  deps: Pick<StartDeps, 'host'>,
  ask: AskPerson,
): Promise<StepResult<Launch>> {
  const launch = new Launch(deps.host, call.caller.user, start, ask);
  return { ...(await launch.through('link')), value: launch };
}
