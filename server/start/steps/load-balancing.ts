/** Step 7: which session server runs it. */
import { CasementError } from '../../../src/contract/errors.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callFunction, who } from '../site-function.ts';
import { done, type StepResult } from '../tracker.ts';

/** Gives a `serverId`. @throws CasementError `server-unknown`, `function-failed` */
export async function loadBalancing(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'servers' | 'localServerId' | 'warn'>,
): Promise<StepResult<string>> {
  const servers = deps.servers();
  const chosen = await callFunction('load balancing', deps, () =>
    deps.functions.loadBalancing({
      action: 'session/start',
      user: who(call.caller).user,
      local: deps.localServerId,
      servers,
      data,
    }),
  );
  if (typeof chosen !== 'string') {
    deps.warn(chosen, 'the load balancing function did not return the id of a server');
    throw new CasementError('function-failed');
  }
  if (!servers.some(({ serverId }) => serverId === chosen)) {
    throw new CasementError('server-unknown', { details: { field: 'serverId' } });
  }
  return done(chosen);
}
