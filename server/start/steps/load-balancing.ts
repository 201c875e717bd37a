/** Step 7: which session server runs it. */
import type { Bookmark } from '../../../src/contract/bookmark.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import type { ServerInfo } from '../../../src/contract/session.ts';
import type { StartData } from '../../../src/contract/start.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { allowedServers, refusesServer, type PlaceRules } from '../place-rules.ts';
import { profileOf } from '../profile-of.ts';
import { callerFor, callFunction, written, unusable, who } from '../site-function.ts';
import { done, withReturned, type StepResult } from '../tracker.ts';

const NONE_OPEN = 'Every server that this may start on is closed for new sessions.';
/** Characters of an id that is none of ours. */
const MAX_SHOWN = 64;

export interface ToPlace {
  readonly data: StartData;
  /** The profile that the person may have asked for. */
  readonly asked: string | undefined;
  readonly bookmark: Bookmark | undefined;
}

/** The server that the person chose, if they did. */
function wishIn({ serverId, params }: StartData): string | undefined {
  const wish = serverId ?? params?.['serverId'];
  return typeof wish === 'string' && wish !== '' ? wish : undefined;
}

/** Says which server it is and why, since the person, or the function, may choose another. */
function check(chosen: string, servers: readonly ServerInfo[], rules: PlaceRules): void {
  const serverId = chosen.slice(0, MAX_SHOWN);
  const server = servers.find((one) => one.serverId === chosen);
  if (!server) throw new CasementError('server-unknown', { details: { field: 'serverId', serverId } });
  const refusal = refusesServer(rules, server);
  if (refusal) throw refusal;
  if (server.accepts.start) return;
  const { hostname } = server;
  const message = `The server ${hostname} does not accept new sessions at the moment.`;
  throw new CasementError('start-disabled', { message, details: { field: 'serverId', serverId, hostname } });
}

/**
 * Gives a `serverId`.
 *
 * @throws CasementError `server-unknown`, `start-disabled`, `profile-unknown`, `profile-server`, `bookmark-server`, `function-failed`
 */
export async function loadBalancing(
  call: StartCall,
  { data, asked, bookmark }: ToPlace,
  deps: Pick<StartDeps, 'functions' | 'servers' | 'profiles' | 'localServerId' | 'warn'>,
): Promise<StepResult<string>> {
  const all = deps.servers();
  const rules = { bookmark, profile: await profileOf(asked, data, bookmark, deps.profiles) };
  const wish = wishIn(data);
  if (wish !== undefined) check(wish, all, rules);
  // Others are not even offered, so that no function has to know of switches and pools.
  const servers = allowedServers(rules, all).filter(({ accepts }) => accepts.start);
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
      callerFor(call),
    ),
  );
  if (typeof chosen !== 'string') throw unusable('load balancing', 'not-a-server', chosen, call.caller, deps);
  check(chosen, all, rules);
  return withReturned(done(chosen), written(chosen));
}
