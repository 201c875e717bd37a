/** Who sees which bookmark and who may change it. What one does not see looks the same as what there is not. */
import type { Bookmark, BookmarkText } from '../../src/contract/bookmark.ts';
import { isNamedIn } from '../../src/contract/bookmark-list.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Caller } from '../auth/port.ts';
import type { StoredBookmark } from '../store/port.ts';
import type { HttpContext } from './context.ts';

type Context = Pick<HttpContext, 'auth' | 'bookmarks' | 'store'>;

const isAdmin = ({ auth }: Pick<Context, 'auth'>, caller: Caller) => auth.refuses(caller, 'admin') === undefined;

interface Marks {
  readonly favourites: readonly string[];
  readonly hidden: ReadonlySet<string>;
}

async function marksOf({ store }: Pick<Context, 'store'>, { login }: Caller): Promise<Marks> {
  const [favourites, hidden] = await Promise.all([store.bookmarks.favourites(login), store.bookmarks.hidden()]);
  return { favourites, hidden };
}

/** Those of the system stay the same objects for as long as nothing changes, and there may be very many. */
const made = new WeakMap<StoredBookmark, Bookmark>();

function shown(stored: StoredBookmark): Bookmark {
  const known = made.get(stored);
  if (known) return known;
  const bookmark = bookmarkOf(stored);
  made.set(stored, bookmark);
  return bookmark;
}

function bookmarkOf({ id, owner, text, version, changed, by }: StoredBookmark): Bookmark {
  const kind = owner === '' ? 'system' : 'own';
  return { ...text, id, kind, version, changed, by, builtin: false, hidden: false, favourite: false };
}

const ofMachine = (bookmark: Bookmark): Bookmark => ({ ...bookmark, kind: 'builtin', builtin: true });

/** With the caller's stars; whom it is for, and who wrote it, is the business of those who can change it. */
function marked(bookmarks: readonly Bookmark[], { favourites, hidden }: Marks, all: boolean): Bookmark[] {
  const stars = new Set(favourites);
  return bookmarks.map((one) => ({
    ...one,
    favourite: stars.has(one.id),
    hidden: one.kind !== 'own' && hidden.has(one.id),
    ...(all || one.kind === 'own' ? {} : { groups: [], by: '' }),
  }));
}

/**
 * What the caller can start; `all`, for administrators: what they look after. `mark` gives those of an answer what is
 * the caller's own about them, and takes from them what is not the caller's business. @throws CasementError `forbidden`
 */
export async function visibleBookmarks(
  context: Context,
  caller: Caller,
  all: boolean,
): Promise<{
  bookmarks: Bookmark[];
  favourites: readonly string[];
  mark: (answer: readonly Bookmark[]) => Bookmark[];
}> {
  if (all && !isAdmin(context, caller)) throw new CasementError('forbidden', { details: { field: 'all' } });
  const { store } = context;
  const [system, own, marks] = await Promise.all([
    store.bookmarks.list(''),
    all ? [] : store.bookmarks.list(caller.login),
    marksOf(context, caller),
  ]);
  const seen = all ? system : system.filter(({ id, text }) => !marks.hidden.has(id) && isNamedIn(text.groups, caller));
  const builtin = context.bookmarks.filter(({ id }) => all || !marks.hidden.has(id));
  const bookmarks = [...builtin.map(ofMachine), ...[...seen, ...own].map(shown)];
  const mark = (answer: readonly Bookmark[]) => marked(answer, marks, isAdmin(context, caller));
  return { bookmarks, favourites: marks.favourites, mark };
}

/** One that the caller can start, or, as an administrator, look after. @throws CasementError `bookmark-unknown` */
export async function visibleBookmark(context: Context, caller: Caller, id: string): Promise<Bookmark> {
  const marks = await marksOf(context, caller);
  const admin = isAdmin(context, caller);
  const [bookmark] = marked(await found(context, caller, id, admin, marks.hidden), marks, admin);
  if (!bookmark) throw new CasementError('bookmark-unknown', { details: { field: 'id' } });
  return bookmark;
}

/** One that the caller can start; with everything that it fixes. */
export async function startableBookmark(context: Context, caller: Caller, id: string): Promise<Bookmark | undefined> {
  const [bookmark] = await found(context, caller, id, false, await context.store.bookmarks.hidden());
  return bookmark;
}

async function found(
  context: Context,
  caller: Caller,
  id: string,
  admin: boolean,
  hidden: ReadonlySet<string>,
): Promise<Bookmark[]> {
  const builtin = context.bookmarks.find((one) => one.id === id);
  if (builtin) return admin || !hidden.has(id) ? [ofMachine(builtin)] : [];
  const stored = await context.store.bookmarks.get(id);
  if (!stored) return [];
  const sees =
    stored.owner === ''
      ? admin || (!hidden.has(id) && isNamedIn(stored.text.groups, caller))
      : stored.owner === caller.login;
  return sees ? [shown(stored)] : [];
}

/** Whether the caller may write, change or delete it. @throws CasementError `bookmark-unknown`, `forbidden` */
export async function checkChange(context: Context, caller: Caller, id: string): Promise<Bookmark> {
  const bookmark = await visibleBookmark(context, caller, id);
  if (bookmark.kind === 'builtin' || (bookmark.kind === 'system' && !isAdmin(context, caller))) {
    throw new CasementError('forbidden', { details: { field: 'id' } });
  }
  return bookmark;
}

/**
 * What is written fits who writes it. Whom it is for and as whom it runs is decided by administrators alone, in
 * bookmarks of the system, which nobody else can change.
 *
 * @throws CasementError `forbidden`, `form-unknown`, `bad-request`
 */
export async function checkText(context: Context, caller: Caller, system: boolean, text: BookmarkText): Promise<void> {
  if (system && !isAdmin(context, caller)) throw new CasementError('forbidden', { details: { field: 'system' } });
  if (!system) {
    const refusal = context.auth.refuses(caller, 'bookmarks-own');
    if (refusal) throw new CasementError(refusal);
    if (text.runAs !== null) throw new CasementError('forbidden', { details: { field: 'runAs' } });
    if (text.groups.length > 0) throw new CasementError('forbidden', { details: { field: 'groups' } });
  }
  // Root's sessions are nobody's convenience: what runs as root can read and end everything of everybody.
  if (text.runAs === 'root') throw new CasementError('bad-request', { details: { field: 'runAs' } });
  const known = new Set((await context.store.forms.list()).map(({ id }) => id));
  const form = text.forms.find((id) => !known.has(id));
  if (form !== undefined) throw new CasementError('form-unknown', { details: { field: 'forms', form } });
}
