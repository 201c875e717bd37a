/** Step 7: which session server runs it. */
import { CasementError } from '../../../src/contract/errors.ts';
import type { ServerInfo } from '../../../src/contract/session.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { callerFor, callFunction, clipped, unusable, who } from '../site-function.ts';
import { done, withReturned, type StepResult } from '../tracker.ts';

const NONE_OPEN = 'Every server is closed for new sessions.';
/** Characters of an id that is none of ours. */
const MAX_SHOWN = 64;

/** The server that the person chose, if they did. */
function wishIn({ serverId, params }: StartData): string | undefined {
  const wish = serverId ?? params?.['serverId'];
  return typeof wish === 'string' && wish !== '' ? wish : undefined;
}

/** Says which server it is and why, since the person, or the function, may choose another. */
function check(chosen: string, servers: readonly ServerInfo[]): void {
  const serverId = chosen.slice(0, MAX_SHOWN);
  const server = servers.find((one) => one.serverId === chosen);
  if (!server) throw new CasementError('server-unknown', { details: { field: 'serverId', serverId } });
  if (server.accepts.start) return;
  const { hostname } = server;
  const message = `The server ${hostname} does not accept new sessions at the moment.`;
  throw new CasementError('start-disabled', { message, details: { field: 'serverId', serverId, hostname } });
}

/** Gives a `serverId`. @throws CasementError `server-unknown`, `start-disabled`, `function-failed` */
export async function loadBalancing(
  call: StartCall,
  data: StartData,
  deps: Pick<StartDeps, 'functions' | 'servers' | 'localServerId' | 'warn'>,
): Promise<StepResult<string>> {
  const all = deps.servers();
  const wish = wishIn(data);
  if (wish !== undefined) check(wish, all);
  // Closed ones are not even offered, so that no function has to know of the switches.
  const servers = all.filter(({ accepts }) => accepts.start);
  if (servers.length === 0) throw new CasementError('start-disabled', { details: { reason: NONE_OPEN } });
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
  check(chosen, all);
  return withReturned(done(chosen), clipped(chosen));
}
