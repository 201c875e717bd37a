/** What functions were asked and what came of it, and how the one in the shadow did beside the live one. */
import { sql, type Kysely, type Transaction } from 'kysely';
import * as z from 'zod/mini';
import { DIFFERENCES_KEPT, type FunctionName, FunctionOutcome, INPUTS_KEPT } from '../../src/contract/functions.ts';
import { JsonValue } from '../../src/contract/json.ts';
import type { FunctionLibrary } from './port.ts';
import type { Tables } from './schema.ts';

type FunctionRuns = Pick<FunctionLibrary, 'record' | 'inputs' | 'input' | 'shadow' | 'addShadowRun'>;

const toOutcome = (text: string): FunctionOutcome => z.parse(FunctionOutcome, JSON.parse(text));
const toJson = (text: string): JsonValue => z.parse(JsonValue, JSON.parse(text));

/** `now` is a test's clock. */
export function createFunctionRuns(k: Kysely<Tables>, now: () => number): FunctionRuns {
  return {
    record: (name, inputs) =>
      k.transaction().execute(async (trx) => {
        const rows = inputs.map(({ login, input, outcome, ms }) => ({
          id: null,
          name,
          at: now(),
          login,
          input: JSON.stringify(input),
          outcome: JSON.stringify(outcome),
          ms,
        }));
        const added = await trx.insertInto('function_inputs').values(rows).returning('id').execute();
        await keepNewest(trx, 'function_inputs', name, INPUTS_KEPT);
        return added.map(({ id }) => id ?? 0).toSorted((a, b) => a - b);
      }),

    async inputs(name) {
      const rows = await k
        .selectFrom('function_inputs')
        .select(['id', 'at', 'login', 'ms', sql<string>`json_extract(outcome, '$.state')`.as('state')])
        .where('name', '=', name)
        .orderBy('id', 'desc')
        .execute();
      return rows.map(({ id, state, ...row }) => ({
        ...row,
        id: id ?? 0,
        state: state === 'returned' ? 'returned' : 'failed',
      }));
    },

    async input(name, id) {
      const row = await k
        .selectFrom('function_inputs')
        .selectAll()
        .where('name', '=', name)
        .where('id', '=', id)
        .executeTakeFirst();
      if (!row) return undefined;
      const outcome = toOutcome(row.outcome);
      const { at, login, ms } = row;
      return { id, at, login, ms, state: outcome.state, input: toJson(row.input), outcome };
    },

    async shadow(name) {
      const head = await k.selectFrom('function_heads').selectAll().where('name', '=', name).executeTakeFirst();
      const rows = await k
        .selectFrom('function_differences')
        .leftJoin('function_inputs', 'function_inputs.id', 'function_differences.input')
        .select([
          'function_differences.id as id',
          'function_differences.at as at',
          'function_inputs.id as input',
          'function_differences.live as live',
          'function_differences.shadow as shadow',
        ])
        .where('function_differences.name', '=', name)
        .orderBy('function_differences.id', 'desc')
        .execute();
      return {
        revision: head?.shadow ?? null,
        since: head?.shadow_since ?? null,
        runs: head?.shadow_runs ?? 0,
        different: head?.shadow_different ?? 0,
        failed: head?.shadow_failed ?? 0,
        skipped: head?.shadow_skipped ?? 0,
        differences: rows.map(({ id, at, input, live, shadow }) => ({
          id: id ?? 0,
          at,
          input,
          live: toOutcome(live),
          shadow: toOutcome(shadow),
        })),
      };
    },

    addShadowRun: (name, revision, run) =>
      k.transaction().execute(async (trx) => {
        const ran = run.state === 'ran' ? 1 : 0;
        const differs = run.state === 'ran' && !run.same;
        const failed = run.state === 'ran' && run.shadow.state === 'failed' ? 1 : 0;
        const { numUpdatedRows } = await trx
          .updateTable('function_heads')
          .set((eb) => ({
            shadow_runs: eb('shadow_runs', '+', ran),
            shadow_different: eb('shadow_different', '+', differs ? 1 : 0),
            shadow_failed: eb('shadow_failed', '+', failed),
            shadow_skipped: eb('shadow_skipped', '+', 1 - ran),
          }))
          .where('name', '=', name)
          .where('shadow', '=', revision)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n || !differs) return;
        const { input, live, shadow } = run;
        await trx
          .insertInto('function_differences')
          .values({ id: null, name, at: now(), input, live: JSON.stringify(live), shadow: JSON.stringify(shadow) })
          .execute();
        await keepNewest(trx, 'function_differences', name, DIFFERENCES_KEPT);
      }),
  };
}

async function keepNewest(
  trx: Transaction<Tables>,
  table: 'function_inputs' | 'function_differences',
  name: FunctionName,
  count: number,
): Promise<void> {
  const oldest = trx
    .selectFrom(table)
    .select('id')
    .where('name', '=', name)
    .orderBy('id', 'desc')
    .limit(1)
    .offset(count);
  await trx.deleteFrom(table).where('name', '=', name).where('id', '<=', oldest).execute();
}
