/** Which profile a start gets, looked up at the last moment: what the session is given is what was saved then. */
import { CasementError } from '../../src/contract/errors.ts';
import type { Profile } from '../../src/contract/profile.ts';
import type { Bookmark } from '../../src/contract/bookmark.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { StartData } from '../../src/contract/start.ts';
import type { Profiles } from './deps.ts';

/**
 * A function's choice comes first, then the bookmark's, so that nobody leaves its limits by naming another; then the
 * person's, and the default for commands of one's own. `null`: none. A bookmark with another command than its own is
 * an own command, but does not lose its profile for that.
 *
 * `askedFor`: what the person may have asked for, before any function of the site saw the start.
 *
 * @throws CasementError `profile-unknown`
 */
export async function profileOf(
  askedFor: string | undefined,
  data: StartData,
  bookmark: Pick<Bookmark, 'profile' | 'command' | 'kind'> | undefined,
  profiles: Profiles,
): Promise<Profile | null> {
  const asked = askedFor || undefined;
  const given = data.profile || undefined;
  const byFunction = given === asked ? undefined : given;
  const isOwn = bookmark === undefined || bookmark.command !== data.command;
  const ownDefault = isOwn ? await profiles.ownDefault() : null;
  const id = byFunction ?? bookmark?.profile ?? asked ?? ownDefault;
  if (id === null) return null;
  const profile = await profiles.get(id);
  // What people write into bookmarks of their own is their choice as well.
  const bySite = byFunction !== undefined || id === ownDefault || (bookmark?.profile === id && bookmark.kind !== 'own');
  if (!profile || (!bySite && profile.hidden)) {
    throw new CasementError('profile-unknown', {
      message: `There is no profile “${id}” for this start.`,
      details: { field: 'profile', profile: id },
    });
  }
  return profile;
}

/** Whether sessions of the profile may run there; also for choosing among servers. */
export function allowsServer(profile: Pick<Profile, 'pools'>, server: Pick<ServerInfo, 'serverPool'>): boolean {
  return profile.pools.length === 0 || profile.pools.includes(server.serverPool);
}
