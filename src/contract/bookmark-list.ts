/** Searching, ordering and paging of bookmarks: the same on the server and in the demo. */
import { BOOKMARK_PAGE, type Bookmark, type BookmarkList, type BookmarkQuery } from './bookmark.ts';

/** A login, or a Unix group as `@group`; a list without any names everybody. */
export function isNamedIn(names: readonly string[], person: { login: string; groups: readonly string[] }): boolean {
  return (
    names.length === 0 ||
    names.some((name) => (name.startsWith('@') ? person.groups.includes(name.slice(1)) : name === person.login))
  );
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

interface Named {
  readonly id: string;
  readonly name: string;
}

/** Their order wherever nothing else decides. Comparing costs a microsecond: keep a long list in it, and sort it once. */
export function byName(a: Named, b: Named): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** What is searched, kept for as long as the bookmark is. */
const texts = new WeakMap<Bookmark, string>();

function textOf(bookmark: Bookmark): string {
  const known = texts.get(bookmark);
  if (known !== undefined) return known;
  const { name, command, tags } = bookmark;
  const text = `${name}\n${command}\n${tags.join('\n')}`.toLowerCase();
  texts.set(bookmark, text);
  return text;
}

function compareBy(sort: BookmarkQuery['sort'], favourites: readonly string[]): (a: Bookmark, b: Bookmark) => number {
  if (sort === 'name') return byName;
  if (sort === 'changed') return (a, b) => b.changed - a.changed || byName(a, b);
  const places = new Map(favourites.map((id, place) => [id, place]));
  const place = ({ id }: Bookmark) => places.get(id) ?? Number.POSITIVE_INFINITY;
  /** What the machine has comes before what was written: it is what one tries first. */
  const later = ({ kind }: Bookmark) => Number(kind !== 'builtin');
  return (a, b) => {
    const [left, right] = [place(a), place(b)];
    if (left !== right) return left < right ? -1 : 1;
    return later(a) - later(b) || byName(a, b);
  };
}

/**
 * `all` is what the caller may see. Quick where it is nearly in order already and the same objects as before, whatever
 * its length; what the caller alone sees of a bookmark need only be written into those of the answer.
 */
export function listBookmarks(
  all: readonly Bookmark[],
  favourites: readonly string[],
  query: BookmarkQuery,
): BookmarkList {
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const stars = new Set(favourites);
  const counts = new Map<string, number>();
  for (const { tags } of all) for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const found = all.filter((one) => {
    if (query.tag !== undefined && !one.tags.includes(query.tag)) return false;
    if (query.kind !== undefined && one.kind !== query.kind) return false;
    if (query.favourite !== undefined && !stars.has(one.id)) return false;
    if (words.length === 0) return true;
    const text = textOf(one);
    return words.every((word) => text.includes(word));
  });
  found.sort(compareBy(query.sort, favourites));
  const start = query.start ?? 0;
  return {
    bookmarks: found.slice(start, start + (query.limit ?? BOOKMARK_PAGE)),
    total: found.length,
    tags: [...counts]
      .map(([tag, count]) => ({ tag, count }))
      .toSorted((a, b) => b.count - a.count || collator.compare(a.tag, b.tag)),
  };
}
