/** What starting through a bookmark fixes, and who may start without one. */
import type { Bookmark } from '../../src/contract/bookmark.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { StartData } from '../../src/contract/start.ts';
import type { StartCall, StartDeps } from './deps.ts';

/**
 * The start data as it counts.
 *
 * A person who may start from bookmarks alone gets what is written there: command, profile, forms, parameters, place.
 * So does everybody where the bookmark runs as another account: whoever could change the command there would be that
 * account. Others may use a bookmark as a beginning and change what they like.
 *
 * `askedNames`: what the bookmark's own forms have asked for, and been answered; those parameters are the person's.
 *
 * @throws CasementError `bookmark-only`
 */
export function asBookmarked(
  data: StartData,
  bookmark: Bookmark | undefined,
  bookmarksOnly: boolean,
  askedNames: ReadonlySet<string>,
): StartData {
  if (!bookmark) {
    if (bookmarksOnly) throw new CasementError('bookmark-only');
    return { ...data, forms: data.forms ?? [] };
  }
  const place = bookmark.serverId === null ? {} : { serverId: bookmark.serverId };
  // One's own bookmark fixes nothing that one could not write into it: it is no more than a command of one's own.
  if (bookmarksOnly && bookmark.kind === 'own') throw new CasementError('bookmark-only');
  if (!bookmarksOnly && bookmark.runAs === null) {
    return {
      ...place,
      ...data,
      // A bookmark brings its own forms, unless the client already walks through them.
      forms: data.forms ?? bookmark.forms,
      params: data.params ?? bookmark.params,
      ...(data.profile === undefined && bookmark.profile !== null ? { profile: bookmark.profile } : {}),
    };
  }
  const { profile: _profile, serverId: _serverId, params = {}, ...rest } = data;
  const answered = new Set(data.answered?.map(({ id }) => id));
  const fixed = Object.entries(bookmark.params).filter(([name]) => !askedNames.has(name));
  return {
    ...rest,
    ...place,
    command: bookmark.command,
    ...(bookmark.profile === null ? {} : { profile: bookmark.profile }),
    params: { ...params, ...Object.fromEntries(fixed) },
    forms: bookmark.forms.filter((id) => !answered.has(id)),
  };
}

/** Whether this person may start nothing but what administrators have put into the list. */
export function isBookmarksOnly(call: Pick<StartCall, 'caller'>, deps: Pick<StartDeps, 'auth'>): boolean {
  return deps.auth.refuses(call.caller, 'start-command') !== undefined;
}
