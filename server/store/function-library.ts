/** The functions of the site, with their history and which of it is in force. Nothing here runs one. */
import type { Kysely, Transaction } from 'kysely';
import * as z from 'zod/mini';
import {
  FUNCTION_NAMES,
  FunctionBody,
  type AdminFunctionSummary,
  type FunctionName,
} from '../../src/contract/functions.ts';
import { createFunctionRuns } from './function-runs.ts';
import type { FunctionLibrary, LiveFunction } from './port.ts';
import type { Tables } from './schema.ts';

/** Saves of a function that were never published; a working day of pressing Ctrl+S. */
const DRAFTS_KEPT = 200;

type Db = Kysely<Tables> | Transaction<Tables>;
type Row = Tables['function_revisions'];

const toBody = (text: string): FunctionBody => z.parse(FunctionBody, JSON.parse(text));

/** `now` is a test's clock. */
export function createFunctionLibrary(k: Kysely<Tables>, now: () => number): FunctionLibrary {
  /** Asked five times a start. This process is the only one that writes, so it knows when one has changed. */
  const decided = new Map<FunctionName, LiveFunction>();
  /** Counted at each change, so that what was read before one is not kept after it. */
  let changes = 0;
  const changed = async <Value>(name: FunctionName, change: Promise<Value>): Promise<Value> => {
    try {
      return await change;
    } finally {
      changes += 1;
      decided.delete(name);
    }
  };

  return {
    list: () => Promise.all(FUNCTION_NAMES.map((name) => summary(k, name))),
    get: (name) => summary(k, name),

    async body(name, revision) {
      const row = revision === undefined ? await newest(k, name) : await rowOf(k, name, revision);
      return row && toBody(row.body);
    },

    async revisions(name) {
      const rows = await k
        .selectFrom('function_revisions')
        .selectAll()
        .where('name', '=', name)
        .orderBy('revision', 'desc')
        .execute();
      return rows.map(({ revision, version, at, by, body, published_at, published_by }) => ({
        revision,
        version,
        kind: toBody(body).kind,
        at,
        by,
        publishedAt: published_at,
        publishedBy: published_by,
      }));
    },

    save: (name, revision, body, by) =>
      k.transaction().execute(async (trx) => {
        const head = await newest(trx, name);
        if ((head?.revision ?? 0) !== revision) return false;
        const text = JSON.stringify(body);
        if (head?.body === text) return true;
        await addRevision(trx, name, revision, { body: text, by }, now());
        await dropOldDrafts(trx, name);
        return true;
      }),

    publish: (name, revision, by) =>
      changed(
        name,
        k.transaction().execute(async (trx) => {
          const head = await newest(trx, name);
          if (!head || head.revision !== revision) return false;
          await publishRow(trx, head, now(), by);
          return true;
        }),
      ),

    rollBack: (name, revision, by) =>
      changed(
        name,
        k.transaction().execute(async (trx) => {
          const [head, old] = [await newest(trx, name), await rowOf(trx, name, revision)];
          if (!head || !old) return false;
          const again = await addRevision(trx, name, head.revision, { body: old.body, by }, now());
          await publishRow(trx, again, now(), by);
          // Work that nobody has published yet goes on from where it was.
          if (head.version === null) await addRevision(trx, name, again.revision, head, head.at);
          return true;
        }),
      ),

    async remove(name) {
      changes += 1;
      decided.delete(name);
      const gone = await k
        .updateTable('function_heads')
        .set({ live: null })
        .where('name', '=', name)
        .where('live', 'is not', null)
        .executeTakeFirst();
      changes += 1;
      decided.delete(name);
      return gone.numUpdatedRows === 1n;
    },

    async live(name) {
      const known = decided.get(name);
      if (known) return known;
      const before = changes;
      const rows = await k
        .selectFrom('function_heads')
        .innerJoin('function_revisions', 'function_revisions.name', 'function_heads.name')
        .where('function_heads.name', '=', name)
        .where((eb) =>
          eb.or([
            eb('function_revisions.revision', '=', eb.ref('function_heads.live')),
            eb('function_revisions.revision', '=', eb.ref('function_heads.shadow')),
          ]),
        )
        .select([
          'function_revisions.revision as revision',
          'function_revisions.version as version',
          'function_revisions.body as body',
          'function_heads.live as live',
          'function_heads.shadow as shadow',
        ])
        .execute();
      const live = rows.find((row) => row.revision === row.live);
      const shadow = rows.find((row) => row.revision === row.shadow);
      const found: LiveFunction = {
        live: live && { body: toBody(live.body), version: live.version ?? 0 },
        shadow: shadow && { body: toBody(shadow.body), revision: shadow.revision },
      };
      if (changes === before) decided.set(name, found);
      return found;
    },

    ...createFunctionRuns(k, now),

    setShadow: (name, revision) =>
      changed(
        name,
        k.transaction().execute(async (trx) => {
          if (revision !== null && !(await rowOf(trx, name, revision))) return false;
          await trx
            .updateTable('function_heads')
            .set({
              shadow: revision,
              shadow_since: revision === null ? null : now(),
              shadow_runs: 0,
              shadow_different: 0,
              shadow_failed: 0,
              shadow_skipped: 0,
            })
            .where('name', '=', name)
            .execute();
          await trx.deleteFrom('function_differences').where('name', '=', name).execute();
          return true;
        }),
      ),
  };
}

async function summary(k: Db, name: FunctionName): Promise<AdminFunctionSummary> {
  const head = await k.selectFrom('function_heads').selectAll().where('name', '=', name).executeTakeFirst();
  if (!head) {
    return { name, revision: 0, published: null, live: 'built-in', draft: false, at: 0, by: '', shadow: null };
  }
  const row = await rowOf(k, name, head.revision);
  const live = head.live === null ? undefined : await rowOf(k, name, head.live);
  return {
    name,
    revision: head.revision,
    published: live?.version ?? null,
    live: live ? toBody(live.body).kind : 'built-in',
    draft: row?.version === null,
    at: row?.at ?? 0,
    by: row?.by ?? '',
    shadow: head.shadow,
  };
}

function rowOf(k: Db, name: FunctionName, revision: number): Promise<Row | undefined> {
  return k
    .selectFrom('function_revisions')
    .selectAll()
    .where('name', '=', name)
    .where('revision', '=', revision)
    .executeTakeFirst();
}

async function newest(k: Db, name: FunctionName): Promise<Row | undefined> {
  const head = await k.selectFrom('function_heads').select('revision').where('name', '=', name).executeTakeFirst();
  return head && rowOf(k, name, head.revision);
}

/** The revision after `last`, and the function's newest from now on. */
async function addRevision(
  trx: Transaction<Tables>,
  name: FunctionName,
  last: number,
  { body, by }: { body: string; by: string },
  at: number,
): Promise<Row> {
  const revision = last + 1;
  const row: Row = { name, revision, version: null, body, at, by, published_at: null, published_by: null };
  await trx.insertInto('function_revisions').values(row).execute();
  await trx
    .insertInto('function_heads')
    .values({
      name,
      revision,
      live: null,
      shadow: null,
      shadow_since: null,
      shadow_runs: 0,
      shadow_different: 0,
      shadow_failed: 0,
      shadow_skipped: 0,
    })
    .onConflict((on) => on.column('name').doUpdateSet({ revision }))
    .execute();
  return row;
}

/** Puts a revision into force, as the next version unless it has one already. */
async function publishRow(trx: Transaction<Tables>, row: Row, at: number, by: string): Promise<void> {
  const { name, revision } = row;
  if (row.version === null) {
    const { last } = await trx
      .selectFrom('function_revisions')
      .where('name', '=', name)
      .select((eb) => eb.fn.max('version').as('last'))
      .executeTakeFirstOrThrow();
    await trx
      .updateTable('function_revisions')
      .set({ version: (last ?? 0) + 1, published_at: at, published_by: by })
      .where('name', '=', name)
      .where('revision', '=', revision)
      .execute();
  }
  await trx.updateTable('function_heads').set({ live: revision }).where('name', '=', name).execute();
}

async function dropOldDrafts(trx: Transaction<Tables>, name: FunctionName): Promise<void> {
  const drafts = trx
    .selectFrom('function_revisions')
    .select('revision')
    .where('name', '=', name)
    .where('version', 'is', null)
    .orderBy('revision', 'desc')
    .limit(1)
    .offset(DRAFTS_KEPT);
  const shadowed = trx
    .selectFrom('function_heads')
    .select('shadow')
    .where('name', '=', name)
    .where('shadow', 'is not', null);
  await trx
    .deleteFrom('function_revisions')
    .where('name', '=', name)
    .where('version', 'is', null)
    .where('revision', '<=', drafts)
    .where('revision', 'not in', shadowed)
    .execute();
}
