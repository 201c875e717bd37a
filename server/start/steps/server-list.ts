/**
 * Step 4, only after `SERVERLIST`: a form to choose a server with. The form sets `params.serverId` and nothing else;
 * whether that is honoured is load balancing's decision.
 */
import { CasementError } from '../../../src/contract/errors.ts';
import { serverIds } from '../../../src/contract/function-results.ts';
import type { ServerChoice } from '../../../src/contract/form.ts';
import type { ServerInfo } from '../../../src/contract/session.ts';
import type { StartResult } from '../../../src/contract/start.ts';
import { SERVER_FORM_ID, serverForm } from '../../../src/forms/fields/index.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import { refusesServer } from '../place-rules.ts';
import { profileOf } from '../profile-of.ts';
import { callerFor, callFunction, written, unusable, who } from '../site-function.ts';
import { done, skipped, withReturned, type StepResult } from '../tracker.ts';
import type { Filtered } from './form-filter.ts';
import type { Received } from './receive.ts';

type FormStage = Extract<StartResult, { stage: 'form' }>;
/** The emptiest of those that accept starts, as load balancing would choose by itself. */
function suggested(servers: readonly ServerInfo[]): string | undefined {
  const open = servers.filter(({ accepts }) => accepts.start);
  return open.toSorted((a, b) => a.sessions - b.sessions || a.loadavg[0] - b.loadavg[0])[0]?.serverId;
}

/** Nothing of it that its administrators have not meant for everybody, such as its address or static data. */
function choiceOf(server: ServerInfo): ServerChoice {
  const { serverId, serverPool, hostname, cpu, freemem, totalmem, loggedInUsers, sessions, loadavg } = server;
  const accepts = { start: server.accepts.start };
  return { serverId, serverPool, hostname, cpu, freemem, totalmem, loggedInUsers, sessions, loadavg, accepts };
}

/** @throws CasementError `function-failed`, `server-unknown` for a chosen server that was not on offer */
export async function serverList(
  call: StartCall,
  filtered: Exclude<Filtered, { next: 'ask' }>,
  { bookmark }: Pick<Received, 'bookmark'>,
  deps: Pick<StartDeps, 'functions' | 'servers' | 'profiles' | 'warn'>,
): Promise<StepResult<FormStage | null>> {
  if (filtered.next !== 'server-list') return skipped(null);
  const { data } = filtered;
  // An event may still choose another profile, or find the one that is missing: only load balancing refuses.
  const profile = await profileOf(data.profile, data, bookmark, deps.profiles).catch(() => null);
  const servers = deps.servers().filter((server) => !refusesServer({ profile, bookmark }, server));
  const offered = await callFunction('server list', call.caller, deps, () =>
    deps.functions.serverList({ ...who(call.caller), servers }, callerFor(call)),
  );
  const returned = written(offered);
  if (!offered) return withReturned(done(null), returned);
  const ids = serverIds(offered);
  if (!ids) throw unusable('server list', 'not-a-list', offered, call.caller, deps);
  const choice = servers.filter((server) => ids.includes(server.serverId));
  if (ids.some((id) => !choice.some(({ serverId }) => serverId === id))) {
    throw unusable('server list', 'server-unknown', offered, call.caller, deps);
  }
  if (choice.length === 0) return withReturned(done(null), returned);
  if (filtered.data.answered?.some(({ id }) => id === SERVER_FORM_ID)) {
    if (choice.some(({ serverId }) => serverId === filtered.data.params?.['serverId']))
      return withReturned(done(null), returned);
    throw new CasementError('server-unknown', { details: { field: 'serverId' } });
  }
  return withReturned(
    done({
      stage: 'form',
      form: serverForm(choice.map(choiceOf), suggested(choice)),
      forms: filtered.data.forms ?? [],
    }),
    returned,
  );
}
