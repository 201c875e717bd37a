/** Step 7: which session server runs it. */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, clipped, unusable, who } from '../site-function.ts';
import { done, withReturned, type StepResult } from '../tracker.ts';

/** Gives a `serverId`. @throws CasementError `server-unknown`, `function-failed` */
export async function loadBalancing(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'servers' | 'localServerId' | 'warn'>,
): Promise<StepResult<string>> {
  const servers = deps.servers();
  const chosen = await callFunction('load balancing', call.caller, deps, () =>
    deps.functions.loadBalancing(
      {
        action: 'session/start',
        user: who(call.caller).user,
        local: deps.localServerId,
        servers,
        data,
      },
      callerFor(call.caller),
    ),
  );
  if (typeof chosen !== 'string') throw unusable('load balancing', 'not-a-server', chosen, call.caller, deps);
  const server = servers.find(({ serverId }) => serverId === chosen);
  // Where none accepts starts, the step that asks the server itself says why.
  const closed = server?.accepts.start === false && servers.some(({ accepts }) => accepts.start);
  if (!server || closed) {
    const why = server ? 'server-closed' : 'server-unknown';
    throw new CasementError('server-unknown', { details: { field: 'serverId', serverId: chosen.slice(0, 64), why } });
  }
  return withReturned(done(chosen), clipped(chosen));
}
