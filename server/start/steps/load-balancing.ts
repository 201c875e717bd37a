/** Step 7: which session server runs it. */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { ServerInfo } from '../../../src/contract/session.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, clipped, unusable, who } from '../site-function.ts';
import { done, withReturned, type StepResult } from '../tracker.ts';

const NONE_OPEN = 'Every server is closed for new sessions.';

/** The server that the person chose, if they did. */
function wishIn({ serverId, params }: StartData): string | undefined {
  const wish = serverId ?? params?.['serverId'];
  return typeof wish === 'string' && wish !== '' ? wish : undefined;
}

/** Which server it is and why, since the person, or a function, may choose another. */
function checkWish(serverId: string | undefined, servers: readonly ServerInfo[]): void {
  if (serverId === undefined) return;
  checkWish(chosen, all);
  return withReturned(done(chosen), clipped(chosen));
}
