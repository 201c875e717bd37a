/** Profiles in SQLite, each as the JSON of its draft. */
import type { Kysely } from 'kysely';
import { Profile, ProfileDraft } from '../../src/contract/profile.ts';
import type { ProfileStore } from './port.ts';
import type { Tables } from './schema.ts';

const OWN_DEFAULT = 'profiles.own-default';

/** Members that came later have their defaults. */
function toProfile(row: Tables['profiles']): Profile {
  const draft = ProfileDraft.parse(JSON.parse(row.draft));
  return { ...draft, id: row.id, version: row.version, changed: row.changed, changedBy: row.changed_by };
}

export function createProfileStore(k: Kysely<Tables>, now: () => number): ProfileStore {
  async function get(id: string): Promise<Profile | undefined> {
    const row = await k.selectFrom('profiles').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toProfile(row);
  }

  /** Asked twice a start. This process is the only one that writes, so it knows when it has changed. */
  let own: Promise<string | null> | undefined;
  async function changed<Value>(change: Promise<Value>): Promise<Value> {
    try {
      return await change;
    } finally {
      own = undefined;
    }
  }
  async function readOwn(): Promise<string | null> {
    const row = await k
      .selectFrom('settings')
      .innerJoin('profiles', 'profiles.id', 'settings.value')
      .select('profiles.id')
      .where('key', '=', OWN_DEFAULT)
      .executeTakeFirst();
    return row?.id ?? null;
  }

  return {
    async list() {
      const rows = await k.selectFrom('profiles').selectAll().execute();
      return rows.map(toProfile).toSorted((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
    },
    get,
    async create(id, draft, by) {
      const { numInsertedOrUpdatedRows } = await k
        .insertInto('profiles')
        .values({ id, version: 1, draft: JSON.stringify(draft), changed: now(), changed_by: by })
        .onConflict((on) => on.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n ? get(id) : undefined;
    },
    async save(id, version, draft, by) {
      const { numUpdatedRows } = await k
        .updateTable('profiles')
        .set({ version: version + 1, draft: JSON.stringify(draft), changed: now(), changed_by: by })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      return numUpdatedRows === 1n ? get(id) : undefined;
    },
    remove: (id) =>
      changed(
        k.transaction().execute(async (trx) => {
          const { numDeletedRows } = await trx.deleteFrom('profiles').where('id', '=', id).executeTakeFirst();
          if (numDeletedRows !== 1n) return false;
          await trx.deleteFrom('settings').where('key', '=', OWN_DEFAULT).where('value', '=', id).execute();
          return true;
        }),
      ),
    ownDefault() {
      own ??= readOwn().catch((cause: unknown) => {
        own = undefined;
        throw cause;
      });
      return own;
    },
    async setOwnDefault(id) {
      if (id !== null && !(await get(id))) return false;
      const change =
        id === null
          ? k.deleteFrom('settings').where('key', '=', OWN_DEFAULT)
          : k
              .insertInto('settings')
              .values({ key: OWN_DEFAULT, value: id })
              .onConflict((on) => on.column('key').doUpdateSet({ value: id }));
      await changed<unknown>(change.execute());
      return true;
    },
  };
}
