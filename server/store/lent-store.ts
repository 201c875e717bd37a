/** Sessions that run under another account, and whose they are. */
import type { Kysely } from 'kysely';
import type { LentStore } from './port.ts';
import type { Tables } from './schema.ts';

export function createLentStore(k: Kysely<Tables>): LentStore {
  return {
    list: () => k.selectFrom('lent_sessions').selectAll().execute(),
    async add(lent) {
      await k.insertInto('lent_sessions').values(lent).execute();
    },
    async remove(session) {
      await k.deleteFrom('lent_sessions').where('session', '=', session).execute();
    },
  };
}
