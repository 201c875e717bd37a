/** Jobs that schedulers have, so that they are followed again after a restart. */
import type { Kysely } from 'kysely';
import { StoredJob, type JobStore } from './port.ts';
import type { Tables } from './schema.ts';

export function createJobStore(k: Kysely<Tables>): JobStore {
  return {
    async put(job) {
      const data = JSON.stringify(job);
      await k
        .insertInto('jobs')
        .values({ session_id: job.start.id, login: job.user.login, data })
        .onConflict((conflict) => conflict.column('session_id').doUpdateSet({ data }))
        .execute();
    },
    async all() {
      const rows = await k.selectFrom('jobs').select('data').execute();
      return rows.map(({ data }) => StoredJob.parse(JSON.parse(data)));
    },
    async remove(sessionId) {
      await k.deleteFrom('jobs').where('session_id', '=', sessionId).execute();
    },
  };
}
