/** On which servers a start may run: those of the pools that its profile and its bookmark name. */
import type { Bookmark } from '../../src/contract/bookmark.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Profile } from '../../src/contract/profile.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import { allowsServer } from './profile-of.ts';

export interface PlaceRules {
  readonly profile: Pick<Profile, 'id' | 'pools'> | null;
  readonly bookmark: Pick<Bookmark, 'id' | 'pool'> | undefined;
}

type Place = Pick<ServerInfo, 'serverId' | 'serverPool' | 'hostname'>;

/** `server` absent: none that there is. The pools are no secret: who may start there has to know where to. */
function refusalOf({ profile, bookmark }: PlaceRules, server?: Place): CasementError {
  const at = server && { serverId: server.serverId, hostname: server.hostname };
  const where = server ? `on the server ${server.hostname}` : 'on any server there is';
  if (profile && !(server && allowsServer(profile, server))) {
    const message = `The profile “${profile.id}” may not be used ${where}.`;
    const details = { field: 'profile', profile: profile.id, pools: profile.pools, ...at };
    return new CasementError('profile-server', { message, details });
  }
  const message = `This bookmark may not be started ${where}.`;
  return new CasementError('bookmark-server', { message, details: { field: 'serverId', pool: bookmark?.pool, ...at } });
}

/** Why it may not be this server; `undefined`: it may. */
export function refusesServer(rules: PlaceRules, server: Place): CasementError | undefined {
  const { profile, bookmark } = rules;
  const byProfile = profile !== null && !allowsServer(profile, server);
  const pool = bookmark?.pool ?? null;
  return byProfile || (pool !== null && pool !== server.serverPool) ? refusalOf(rules, server) : undefined;
}

/** Those that are allowed. @throws CasementError `profile-server`, `bookmark-server` where that is none of them */
export function allowedServers<Server extends Place>(rules: PlaceRules, servers: readonly Server[]): Server[] {
  const allowed = servers.filter((server) => refusesServer(rules, server) === undefined);
  if (allowed.length > 0 || servers.length === 0) return allowed;
  const byProfile = rules.profile && !servers.some((server) => rules.profile && allowsServer(rules.profile, server));
  throw refusalOf(byProfile ? rules : { ...rules, profile: null });
}
