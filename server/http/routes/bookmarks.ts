/** Bookmarks, favourites and past starts. */
import type { AuditEvent } from '../../../src/contract/audit.ts';
import { listBookmarks } from '../../../src/contract/bookmark-list.ts';
import type { Bookmark } from '../../../src/contract/bookmark.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import type { FastifyRequest } from 'fastify';
import { callerOf, requireAction } from '../authenticate.ts';
import { changing } from '../changing.ts';
import { checkChange, checkText, visibleBookmark, visibleBookmarks } from '../bookmarks.ts';
import { pathId, type HttpContext } from '../context.ts';
import { pastStart } from '../past-starts.ts';
import type { Handlers } from './handler.ts';

/** Of one person; past some hundreds a list of one's own is a heap. */
const MOST_OWN = 500;
/** Of the site: what every list is read from, in memory. */
const MOST_SYSTEM = 20_000;
const MOST_FAVOURITES = 200;
/** Characters of a command in the audit list. */
const MAX_NOTED = 500;

/** As the audit list has it: of parameters their names, since the values may be anything. */
function asNoted({ favourite: _favourite, params, command, ...rest }: Bookmark): object {
  return { ...rest, command: command.slice(0, MAX_NOTED), params: Object.keys(params) };
}

type Names =
  | 'bookmarks'
  | 'bookmark'
  | 'bookmarkCreate'
  | 'bookmarkSave'
  | 'bookmarkDelete'
  | 'bookmarkRestore'
  | 'bookmarkHide'
  | 'bookmarkFavourite'
  | 'pastStarts'
  | 'pastStartDelete'
  | 'pastStartsClear';

export function bookmarkRoutes(context: HttpContext): Handlers<Names> {
  const { auth, store } = context;

  /** What gives others a program, or another account, is something to look up later. One's own are one's own. */
  function changed(
    request: FastifyRequest,
    event: AuditEvent,
    before: Bookmark | undefined,
    change: () => Promise<Bookmark>,
  ): Promise<Bookmark> {
    if (before?.kind === 'own') return change();
    const what = { event, target: before?.id ?? (({ id }: Bookmark) => id), detail: before?.name ?? '' };
    const after = event === 'bookmark-deleted' ? () => null : asNoted;
    const noted = { ...what, before: before && asNoted(before), after };
    return changing(context.policy.audit, request, noted, change);
  }

  return {
    async bookmarks({ input, request }) {
      const { bookmarks, favourites, mark } = await visibleBookmarks(
        context,
        callerOf(request),
        input.all !== undefined,
      );
      const list = listBookmarks(bookmarks, favourites, input);
      return { ...list, bookmarks: mark(list.bookmarks) };
    },

    bookmark: ({ request }) => visibleBookmark(context, callerOf(request), pathId(request)),

    async bookmarkCreate({ input: { system, ...text }, request }) {
      const caller = callerOf(request);
      if (!system) requireAction(context, caller, 'bookmarks-own', request);
      await checkText(context, caller, system, text);
      const create = async () => {
        const owner = system ? '' : caller.login;
        const made = await store.bookmarks.create(owner, text, caller.login, system ? MOST_SYSTEM : MOST_OWN);
        if (!made) throw new CasementError('bookmarks-full');
        return visibleBookmark(context, caller, made.id);
      };
      return system ? changed(request, 'bookmark-created', undefined, create) : create();
    },

    async bookmarkSave({ input: { version, ...text }, request }) {
      const caller = callerOf(request);
      const id = pathId(request);
      const known = await checkChange(context, caller, id);
      if (known.kind === 'own') requireAction(context, caller, 'bookmarks-own', request);
      await checkText(context, caller, known.kind === 'system', text);
      return changed(request, 'bookmark-changed', known, async () => {
        const saved = await store.bookmarks.save(id, version, text, caller.login);
        const bookmark = await visibleBookmark(context, caller, id);
        if (!saved) throw new CasementError('bookmark-conflict', { details: { bookmark } });
        return bookmark;
      });
    },

    async bookmarkDelete({ request }) {
      const known = await checkChange(context, callerOf(request), pathId(request));
      await changed(request, 'bookmark-deleted', known, async () => {
        if (!(await store.bookmarks.remove(known.id))) throw new CasementError('bookmark-unknown');
        return known;
      });
      return {};
    },

    async bookmarkRestore({ request }) {
      const caller = callerOf(request);
      const gone = await store.bookmarks.deleted(pathId(request));
      const may = gone?.owner === '' ? auth.refuses(caller, 'admin') === undefined : gone?.owner === caller.login;
      if (!gone || !may) throw new CasementError('bookmark-unknown', { details: { field: 'id' } });
      if (gone.owner !== '') requireAction(context, caller, 'bookmarks-own', request);
      const restore = async () => {
        await store.bookmarks.restore(gone.id);
        return visibleBookmark(context, caller, gone.id);
      };
      return gone.owner === '' ? changed(request, 'bookmark-restored', undefined, restore) : restore();
    },

    async bookmarkHide({ input: { hidden }, request }) {
      const caller = callerOf(request);
      const known = await visibleBookmark(context, caller, pathId(request));
      if (known.kind === 'own') throw new CasementError('forbidden', { details: { field: 'id' } });
      return changed(request, hidden ? 'bookmark-hidden' : 'bookmark-shown', known, async () => {
        await store.bookmarks.setHidden(known.id, hidden);
        return visibleBookmark(context, caller, known.id);
      });
    },

    async bookmarkFavourite({ input: { favourite, before }, request }) {
      const caller = callerOf(request);
      const id = pathId(request);
      // A star can be taken away from what is not there any more.
      if (favourite) await visibleBookmark(context, caller, id);
      const { login } = caller;
      return { favourites: await store.bookmarks.setFavourite(login, id, favourite, before, MOST_FAVOURITES) };
    },

    async pastStarts({ request }) {
      return Promise.all(
        (await store.bookmarks.past(callerOf(request).login)).map((start) => pastStart(context, start)),
      );
    },

    async pastStartDelete({ request }) {
      const forgotten = await store.bookmarks.forget(callerOf(request).login, pathId(request));
      if (!forgotten) throw new CasementError('not-found', { details: { field: 'id' } });
      return {};
    },

    async pastStartsClear({ request }) {
      await store.bookmarks.forget(callerOf(request).login, undefined);
      return {};
    },
  };
}
