/** The store in SQLite. Statements are short and synchronous underneath, so none of them holds the event loop up. */
import { createJobStore } from './jobs.ts';
import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import * as z from 'zod/mini';
import { Field, type Form } from '../../src/contract/form.ts';
import { PermissionLevel } from '../../src/contract/permissions.ts';
import { Role } from '../../src/contract/session.ts';
import { StartStep } from '../../src/contract/start.ts';
import { createBookmarkStore, sweepBookmarks } from './bookmarks.ts';
import { createFunctionLibrary } from './function-library.ts';
import { createLentStore } from './lent-store.ts';
import { createAuditStore } from './audit-store.ts';
import { createDocumentStore, createRuleStore } from './rule-store.ts';
import { addShipped, createFormLibrary } from './form-library.ts';
import { createProfileStore } from './profiles.ts';
import { rememberStatements } from './statements.ts';
import { RESUME_LIFETIME_MS, RESUME_OVERLAP_MS, type LiveToken, type ResumeGrant, type Store } from './port.ts';
import type { Tables } from './schema.ts';

const Fields = z.array(Field);
const Method = z.enum(['local', 'ssh', 'oidc']);
const Level = z.nullable(PermissionLevel);
const TraceSteps = z.array(
  z.object({
    step: StartStep,
    state: z.string(),
    ms: z.number(),
    reason: z.exactOptional(z.string()),
    returned: z.exactOptional(z.string()),
  }),
);
/** Rows; an administrator looks for the last mishap, not for last year's. */
const TRACES_KEPT = 1000;
/** Used login links are remembered so long to be able to say "has been used". */
const USED_LINK_MS = 30 * 24 * 3600 * 1000;

function toForm(row: Tables['forms']): Form {
  const { id, name, html, version } = row;
  return { id, name, html, version, fields: Fields.parse(JSON.parse(row.fields)) };
}

function toToken(row: Tables['tokens']): LiveToken {
  const { jti, login, issued, expires, browser, address } = row;
  const [method, level] = [Method.parse(row.method), Level.parse(row.level)];
  return { jti, login, issued, expires, method, level, browser, address, lastUsed: row.last_used };
}

/** Owns `db` from here on: `close()` closes it. `now` is a test's clock. */
export function createSqliteStore(db: Database.Database, now: () => number = Date.now): Store {
  const k = new Kysely<Tables>({ dialect: new SqliteDialect({ database: rememberStatements(db) }) });

  const resumeRow = (hash: string, grant: ResumeGrant): Tables['resume_tokens'] => ({
    hash,
    client_id: grant.clientId,
    session_id: grant.sessionId,
    login: grant.login,
    role: grant.role,
    parent_origin: grant.parentOrigin,
    good_until: now() + RESUME_LIFETIME_MS,
    jti: grant.jti,
  });

  return {
    settings: {
      async get(key) {
        return (await k.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirst())?.value;
      },
      async set(key, value) {
        await k
          .insertInto('settings')
          .values({ key, value })
          .onConflict((on) => on.column('key').doUpdateSet({ value }))
          .execute();
      },
      async getOrCreate(key, make) {
        await k
          .insertInto('settings')
          .values({ key, value: make() })
          .onConflict((on) => on.doNothing())
          .execute();
        const row = await k.selectFrom('settings').select('value').where('key', '=', key).executeTakeFirstOrThrow();
        return row.value;
      },
    },
    tokens: {
      async add({ lastUsed, ...token }) {
        await k
          .insertInto('tokens')
          .values({ ...token, last_used: lastUsed })
          .execute();
      },
      async find(jti) {
        const row = await k
          .selectFrom('tokens')
          .selectAll()
          .where('jti', '=', jti)
          .where('expires', '>', now())
          .executeTakeFirst();
        return row && toToken(row);
      },
      async revoke(jti) {
        await k.deleteFrom('tokens').where('jti', '=', jti).execute();
      },
      async list(login) {
        const rows = await k
          .selectFrom('tokens')
          .selectAll()
          .where('login', '=', login)
          .where('expires', '>', now())
          .orderBy('last_used', 'desc')
          .execute();
        return rows.map(toToken);
      },
      async all() {
        return (await k.selectFrom('tokens').selectAll().where('expires', '>', now()).execute()).map(toToken);
      },
      async touch(jti, lastUsed) {
        await k.updateTable('tokens').set({ last_used: lastUsed }).where('jti', '=', jti).execute();
      },
    },
    audit: createAuditStore(k),
    rules: createRuleStore(k),
    documents: createDocumentStore(k),
    loginLinks: {
      async add(hash) {
        await k.insertInto('login_links').values({ hash, created: now(), used: null }).execute();
      },
      async all() {
        return k.selectFrom('login_links').selectAll().execute();
      },
      async use(hash) {
        const result = await k
          .updateTable('login_links')
          .set({ used: now() })
          .where('hash', '=', hash)
          .where('used', 'is', null)
          .executeTakeFirst();
        return result.numUpdatedRows === 1n;
      },
      async dropUnused() {
        await k.deleteFrom('login_links').where('used', 'is', null).execute();
      },
    },
    resume: {
      async issue(hash, grant) {
        await k.insertInto('resume_tokens').values(resumeRow(hash, grant)).execute();
      },
      async find(hash) {
        const row = await k
          .selectFrom('resume_tokens')
          .selectAll()
          .where('hash', '=', hash)
          .where('good_until', '>', now())
          .executeTakeFirst();
        return row
          ? {
              clientId: row.client_id,
              sessionId: row.session_id,
              login: row.login,
              role: Role.parse(row.role),
              parentOrigin: row.parent_origin,
              jti: row.jti,
            }
          : undefined;
      },
      async rotate(presented, next, grant) {
        const overlapEnds = now() + RESUME_OVERLAP_MS;
        await k.transaction().execute(async (trx) => {
          // Every older token of this viewer runs out soon, also one whose answer got lost on the way. Nothing is
          // ever made to last longer: a predecessor shown again and again still ends when it was going to.
          await trx
            .updateTable('resume_tokens')
            .set({ good_until: overlapEnds })
            .where((eb) => eb.or([eb('client_id', '=', grant.clientId), eb('hash', '=', presented)]))
            .where('good_until', '>', overlapEnds)
            .execute();
          await trx.insertInto('resume_tokens').values(resumeRow(next, grant)).execute();
        });
      },
      async dropClient(clientId) {
        await k.deleteFrom('resume_tokens').where('client_id', '=', clientId).execute();
      },
      async dropSession(sessionId) {
        await k.deleteFrom('resume_tokens').where('session_id', '=', sessionId).execute();
      },
      async dropLogin(jti) {
        await k.deleteFrom('resume_tokens').where('jti', '=', jti).execute();
      },
    },
    forms: {
      async list() {
        return (await k.selectFrom('forms').selectAll().orderBy('name').execute()).map(toForm);
      },
      async get(id) {
        const row = await k.selectFrom('forms').selectAll().where('id', '=', id).executeTakeFirst();
        return row && toForm(row);
      },
      addMissing: (form) => addShipped(k, form),
    },
    library: createFormLibrary(k, now),
    jobs: createJobStore(k),
    profiles: createProfileStore(k, now),
    functions: createFunctionLibrary(k, now),
    traces: {
      async add(trace) {
        await k
          .insertInto('start_traces')
          .values({
            id: null,
            start_id: trace.startId,
            login: trace.login,
            at: trace.at,
            session_id: trace.sessionId,
            outcome: trace.outcome,
            steps: JSON.stringify(trace.steps),
          })
          .execute();
      },
      async recent(login, limit) {
        const rows = await k
          .selectFrom('start_traces')
          .selectAll()
          .where('login', '=', login)
          .orderBy('id', 'desc')
          .limit(limit)
          .execute();
        return rows.map((row) => ({
          startId: row.start_id,
          login: row.login,
          at: row.at,
          sessionId: row.session_id,
          outcome: row.outcome,
          steps: TraceSteps.parse(JSON.parse(row.steps)),
        }));
      },
    },
    bookmarks: createBookmarkStore(k, now),
    lent: createLentStore(k),
    async sweep() {
      const time = now();
      await sweepBookmarks(k, time);
      await k.deleteFrom('tokens').where('expires', '<=', time).execute();
      await k.deleteFrom('resume_tokens').where('good_until', '<=', time).execute();
      await k
        .deleteFrom('login_links')
        .where('used', '<', time - USED_LINK_MS)
        .execute();
      const oldest = k.selectFrom('start_traces').select('id').orderBy('id', 'desc').limit(1).offset(TRACES_KEPT);
      await k.deleteFrom('start_traces').where('id', '<=', oldest).execute();
    },
    async close() {
      await k.destroy();
    },
  };
}
