/** Bookmarks, favourites and past starts, in the same database. */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import * as z from 'zod/mini';
import { byName } from '../../src/contract/bookmark-list.ts';
import { BookmarkText, PastStart } from '../../src/contract/bookmark.ts';
import { BOOKMARK_GRACE_MS, type BookmarkStore, type KeptStart, type StoredBookmark } from './port.ts';
import type { Tables } from './schema.ts';

const StartToKeep = z.extend(z.omit(PastStart, { id: true, at: true, ask: true }), { hadSecrets: z.boolean() });

type Row = Omit<Tables['bookmarks'], 'deleted'>;
const COLUMNS = ['id', 'owner', 'text', 'version', 'changed', 'by'] as const;

const toBookmark = ({ text, ...row }: Row): StoredBookmark => ({ ...row, text: BookmarkText.parse(JSON.parse(text)) });

/** `now` is a test's clock. */
export function createBookmarkStore(k: Kysely<Tables>, now: () => number): BookmarkStore {
  /**
   * Everybody's list has those of the system in it, which hardly ever change: they are read once. Nobody else writes to
   * the database (the data directory is held by one server). A change while they are being read makes the reading void.
   */
  let system: Promise<readonly StoredBookmark[]> | undefined;
  const changed = (owner: string) => {
    if (owner === '') system = undefined;
  };

  const living = () => k.selectFrom('bookmarks').select(COLUMNS).where('deleted', 'is', null);
  const read = async (owner: string) =>
    (await living().where('owner', '=', owner).orderBy('id').execute()).map((row) => toBookmark(row));

  async function favourites(login: string): Promise<string[]> {
    const rows = await k
      .selectFrom('favourites')
      .select('bookmark')
      .where('login', '=', login)
      .orderBy('position')
      .execute();
    return rows.map(({ bookmark }) => bookmark);
  }

  return {
    list(owner) {
      if (owner !== '') return read(owner);
      if (!system) {
        const reading = read('').then((all) =>
          all.toSorted((a, b) => byName({ id: a.id, name: a.text.name }, { id: b.id, name: b.text.name })),
        );
        system = reading;
        reading.catch(() => {
          if (system === reading) system = undefined;
        });
      }
      return system;
    },

    async get(id) {
      const row = await living().where('id', '=', id).executeTakeFirst();
      return row && toBookmark(row);
    },

    async create(owner, text, by, most) {
      const row = {
        id: randomBytes(9).toString('base64url'),
        owner,
        text: JSON.stringify(text),
        version: 1,
        changed: now(),
        by,
      };
      const isRoom = await k.transaction().execute(async (trx) => {
        const { count } = await trx
          .selectFrom('bookmarks')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('owner', '=', owner)
          .where('deleted', 'is', null)
          .executeTakeFirstOrThrow();
        if (count >= most) return false;
        await trx
          .insertInto('bookmarks')
          .values({ ...row, deleted: null })
          .execute();
        return true;
      });
      changed(owner);
      return isRoom ? toBookmark(row) : undefined;
    },

    async save(id, version, text, by) {
      const row = await k
        .updateTable('bookmarks')
        .set({ text: JSON.stringify(text), version: version + 1, changed: now(), by })
        .where('id', '=', id)
        .where('version', '=', version)
        .where('deleted', 'is', null)
        .returning(COLUMNS)
        .executeTakeFirst();
      changed(row?.owner ?? '');
      return row && toBookmark(row);
    },

    async remove(id) {
      const row = await k
        .updateTable('bookmarks')
        .set({ deleted: now() })
        .where('id', '=', id)
        .where('deleted', 'is', null)
        .returning('owner')
        .executeTakeFirst();
      changed(row?.owner ?? '');
      return row !== undefined;
    },

    async deleted(id) {
      const row = await k
        .selectFrom('bookmarks')
        .select(COLUMNS)
        .where('id', '=', id)
        .where('deleted', '>', now() - BOOKMARK_GRACE_MS)
        .executeTakeFirst();
      return row && toBookmark(row);
    },

    async restore(id) {
      await k.updateTable('bookmarks').set({ deleted: null }).where('id', '=', id).execute();
      changed('');
    },

    async hidden() {
      const rows = await k.selectFrom('hidden_bookmarks').select('bookmark').execute();
      return new Set(rows.map(({ bookmark }) => bookmark));
    },

    async setHidden(id, hidden) {
      if (hidden) {
        await k
          .insertInto('hidden_bookmarks')
          .values({ bookmark: id })
          .onConflict((on) => on.doNothing())
          .execute();
      } else await k.deleteFrom('hidden_bookmarks').where('bookmark', '=', id).execute();
    },

    favourites,

    async setFavourite(login, id, favourite, before, most) {
      await k.transaction().execute(async (trx) => {
        const rows = await trx
          .selectFrom('favourites')
          .select('bookmark')
          .where('login', '=', login)
          .orderBy('position')
          .execute();
        const next = rows.map(({ bookmark }) => bookmark).filter((one) => one !== id);
        const place = before === undefined ? -1 : next.indexOf(before);
        if (favourite && next.length < most) next.splice(place < 0 ? next.length : place, 0, id);
        await trx.deleteFrom('favourites').where('login', '=', login).execute();
        if (next.length > 0) {
          await trx
            .insertInto('favourites')
            .values(next.map((bookmark, position) => ({ login, bookmark, position })))
            .execute();
        }
      });
      return favourites(login);
    },

    async past(login) {
      const rows = await k
        .selectFrom('past_starts')
        .selectAll()
        .where('login', '=', login)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(({ id, at, start }): KeptStart => ({
        ...StartToKeep.parse(JSON.parse(start)),
        id: String(id),
        at,
      }));
    },

    async remember(login, start, most) {
      const text = JSON.stringify(start);
      await k.transaction().execute(async (trx) => {
        await trx.deleteFrom('past_starts').where('login', '=', login).where('start', '=', text).execute();
        await trx.insertInto('past_starts').values({ id: null, login, at: now(), start: text }).execute();
        const oldest = trx
          .selectFrom('past_starts')
          .select('id')
          .where('login', '=', login)
          .orderBy('id', 'desc')
          .limit(1)
          .offset(most);
        await trx.deleteFrom('past_starts').where('login', '=', login).where('id', '<=', oldest).execute();
      });
    },

    async forget(login, id) {
      const all = k.deleteFrom('past_starts').where('login', '=', login);
      const { numDeletedRows } = await (id === undefined ? all : all.where('id', '=', Number(id))).executeTakeFirst();
      return numDeletedRows > 0n;
    },
  };
}

/** Forgets what was deleted for good, and the stars and hiding of what is not there any more. */
export async function sweepBookmarks(k: Kysely<Tables>, time: number): Promise<void> {
  const gone = await k
    .deleteFrom('bookmarks')
    .where('deleted', '<=', time - BOOKMARK_GRACE_MS)
    .returning('id')
    .execute();
  for (const { id } of gone) {
    await k.deleteFrom('favourites').where('bookmark', '=', id).execute();
    await k.deleteFrom('hidden_bookmarks').where('bookmark', '=', id).execute();
  }
}
