/** The bookmarks of the mock server, favourites and past starts, in memory; the rules are those of a real one. */
import type { Shortcut } from '../../src/contract/api-bookmarks.ts';
import { isNamedIn, listBookmarks } from '../../src/contract/bookmark-list.ts';
import type {
  Bookmark,
  BookmarkList,
  BookmarkQuery,
  NewBookmark,
  PastStart,
  SaveBookmark,
} from '../../src/contract/bookmark.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { StartData } from '../../src/contract/start.ts';

/** Who asks, as far as bookmarks go. */
export interface Person {
  readonly login: string;
  readonly groups: readonly string[];
  readonly isAdmin: boolean;
}

const PAST_KEPT = 50;

export class BookmarkShelf {
  readonly #bookmarks = new Map<string, Bookmark>();
  readonly #owners = new Map<string, string>();
  readonly #deleted = new Map<string, Bookmark>();
  #favourites: string[] = [];
  #past: PastStart[] = [];
  #count = 0;

  constructor(shipped: readonly Bookmark[]) {
    for (const bookmark of shipped) this.#bookmarks.set(bookmark.id, bookmark);
  }

  byId(id: string | undefined): Bookmark | undefined {
    return this.#bookmarks.get(id ?? '');
  }

  list(person: Person, query: BookmarkQuery): BookmarkList {
    if (query.all !== undefined && !person.isAdmin) throw new CasementError('forbidden');
    const mine = [...this.#bookmarks.values()].filter((one) =>
      query.all === undefined ? this.#isFor(person, one) : one.kind !== 'own',
    );
    return listBookmarks(
      mine.map((one) => this.#shown(person, one)),
      this.#favourites,
      query,
    );
  }

  /** @throws CasementError `bookmark-unknown`, also for one that is there and not for this person */
  get(person: Person, id: string): Bookmark {
    return this.#shown(person, this.#find(person, id));
  }

  create(person: Person, { system, ...text }: NewBookmark): Bookmark {
    this.#check(person, system, text);
    this.#count += 1;
    const id = `bookmark-${this.#count}`;
    this.#owners.set(id, system ? '' : person.login);
    return this.#put(person, {
      ...text,
      id,
      kind: system ? 'system' : 'own',
      builtin: false,
      hidden: false,
      favourite: false,
      version: 1,
      changed: Date.now(),
      by: person.login,
    });
  }

  save(person: Person, id: string, { version, ...text }: SaveBookmark): Bookmark {
    const known = this.#changeable(person, id);
    this.#check(person, known.kind === 'system', text);
    if (known.version !== version) {
      throw new CasementError('bookmark-conflict', { details: { bookmark: this.#shown(person, known) } });
    }
    return this.#put(person, { ...known, ...text, version: version + 1, changed: Date.now(), by: person.login });
  }

  remove(person: Person, id: string): void {
    this.#deleted.set(id, this.#changeable(person, id));
    this.#bookmarks.delete(id);
  }

  restore(person: Person, id: string): Bookmark {
    const bookmark = this.#deleted.get(id);
    if (!bookmark || !(this.#owners.get(id) === person.login || (bookmark.kind === 'system' && person.isAdmin)))
      throw new CasementError('bookmark-unknown');
    this.#deleted.delete(id);
    return this.#put(person, bookmark);
  }

  hide(person: Person, id: string, hidden: boolean): Bookmark {
    if (!person.isAdmin) throw new CasementError('forbidden');
    const bookmark = this.#find(person, id);
    if (bookmark.kind === 'own') throw new CasementError('forbidden');
    return this.#put(person, { ...bookmark, hidden });
  }

  favourite(person: Person, id: string, favourite: boolean, before: string | undefined): string[] {
    if (favourite) this.#find(person, id);
    const others = this.#favourites.filter((one) => one !== id);
    const place = before === undefined ? -1 : others.indexOf(before);
    if (favourite) others.splice(place < 0 ? others.length : place, 0, id);
    this.#favourites = others;
    return [...others];
  }

  past(): PastStart[] {
    return [...this.#past];
  }

  forget(id?: string): void {
    if (id !== undefined && !this.#past.some((one) => one.id === id)) throw new CasementError('not-found');
    this.#past = id === undefined ? [] : this.#past.filter((one) => one.id !== id);
  }

  /** `passwords`: names of the fields whose answers are nobody's business later. */
  remember(data: StartData, passwords: ReadonlySet<string>): void {
    const bookmark = this.#bookmarks.get(data.bookmarkId ?? '');
    const params = Object.fromEntries(Object.entries(data.params ?? {}).filter(([name]) => !passwords.has(name)));
    this.#count += 1;
    const past: PastStart = {
      id: `past-${this.#count}`,
      at: Date.now(),
      name: data.name ?? bookmark?.name ?? data.command,
      icon: bookmark?.icon ?? '',
      bookmarkId: bookmark?.id ?? null,
      command: data.command,
      geometry: data.geometry,
      profile: data.profile ?? null,
      serverId: data.serverId ?? null,
      params,
      answered: [...(data.answered ?? [])],
      ask: passwords.size > 0,
    };
    const what = (one: PastStart) => JSON.stringify([one.bookmarkId, one.command, one.params, one.name]);
    this.#past = [past, ...this.#past.filter((one) => what(one) !== what(past))].slice(0, PAST_KEPT);
  }

  /** The start data that a shortcut stands for. */
  startOf(person: Person, { id, params, forms, answered, geometry }: Shortcut): StartData {
    const bookmark = this.#find(person, id);
    return {
      command: bookmark.command,
      geometry: geometry ?? bookmark.geometry,
      params: { ...bookmark.params, ...params },
      forms: forms ?? bookmark.forms,
      bookmarkId: id,
      keyboardLayout: 'us',
      ...(answered === undefined ? {} : { answered }),
      ...(bookmark.profile === null ? {} : { profile: bookmark.profile }),
    };
  }

  #put(person: Person, bookmark: Bookmark): Bookmark {
    this.#bookmarks.set(bookmark.id, bookmark);
    return this.#shown(person, bookmark);
  }

  #isFor(person: Person, { id, kind, hidden, groups }: Bookmark): boolean {
    if (kind === 'own') return this.#owners.get(id) === person.login;
    return !hidden && isNamedIn(groups, person);
  }

  #find(person: Person, id: string): Bookmark {
    const bookmark = this.#bookmarks.get(id);
    const seen = bookmark && (this.#isFor(person, bookmark) || (person.isAdmin && bookmark.kind !== 'own'));
    if (!bookmark || !seen) throw new CasementError('bookmark-unknown');
    return bookmark;
  }

  #changeable(person: Person, id: string): Bookmark {
    const bookmark = this.#find(person, id);
    if (bookmark.kind === 'builtin' || (bookmark.kind === 'system' && !person.isAdmin))
      throw new CasementError('forbidden');
    return bookmark;
  }

  #check(person: Person, system: boolean, text: Pick<NewBookmark, 'runAs' | 'groups'>): void {
    if (system && !person.isAdmin) throw new CasementError('forbidden');
    if (!system && text.runAs !== null) throw new CasementError('forbidden', { details: { field: 'runAs' } });
    if (!system && text.groups.length > 0) throw new CasementError('forbidden', { details: { field: 'groups' } });
  }

  #shown(person: Person, bookmark: Bookmark): Bookmark {
    const favourite = this.#favourites.includes(bookmark.id);
    return { ...bookmark, favourite, groups: person.isAdmin ? bookmark.groups : [] };
  }
}
