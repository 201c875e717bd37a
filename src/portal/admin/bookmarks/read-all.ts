/** All system bookmarks and those of the machine. The server gives them a page at a time; several are on their way. */
import type { Api } from '../../../api/client.ts';
import { BOOKMARK_PAGE, type Bookmark } from '../../../contract/bookmark.ts';

/** Pages that are asked for at the same time. */
const AT_ONCE = 4;

export async function readAllBookmarks(api: Api, signal?: AbortSignal): Promise<readonly Bookmark[]> {
  const options = signal ? { signal } : {};
  const page = (start: number) =>
    api.call('bookmarks', { all: 'true', sort: 'name', start, limit: BOOKMARK_PAGE }, options);
  const first = await page(0);
  const rest: Bookmark[][] = [];
  for (let start = BOOKMARK_PAGE; start < first.total; start += BOOKMARK_PAGE * AT_ONCE) {
    const starts = Array.from({ length: AT_ONCE }, (_, at) => start + at * BOOKMARK_PAGE).filter(
      (one) => one < first.total,
    );
    rest.push(...(await Promise.all(starts.map(page))).map(({ bookmarks }) => bookmarks));
  }
  // One that came or went in between moves the others: nothing is to be listed twice.
  const all = new Map([...first.bookmarks, ...rest.flat()].map((bookmark) => [bookmark.id, bookmark]));
  return [...all.values()].filter(({ kind }) => kind !== 'own');
}
