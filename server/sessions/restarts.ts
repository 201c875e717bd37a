/**
 * Whether a session's command is started again when it has ended, and when: arithmetic on what is recorded of it. Nothing
 * here knows a clock, so a link that takes a session over goes on where the one before it stopped.
 */
import * as z from 'zod/mini';
import { RestartPolicy } from '../../src/contract/bookmark.ts';
import type { Restarts } from '../../src/contract/session.ts';

/** Restarts within this time are "in a row". */
const ROW_MS = 10 * 60_000;
export const MOST_IN_A_ROW = 5;
/** Of one session. Whatever still ends then has had its chances. */
export const MOST_IN_ALL = 100;
const FIRST_WAIT_MS = 1000;

export const RestartRecord = z.object({
  policy: RestartPolicy,
  /** When the last ones were, as many as are still in a row. */
  row: z.array(z.number()),
  count: z.number(),
  /** When the next one is; `null` while the command runs. */
  next: z.nullable(z.number()),
  /** Of the run before; `null`: it was killed before it could say so. */
  exitCode: z.nullable(z.number()),
});
export type RestartRecord = z.infer<typeof RestartRecord>;

export function newRestarts(policy: RestartPolicy): RestartRecord {
  return { policy, row: [], count: 0, next: null, exitCode: null };
}

/** `over`: it is not to be started again. `enough`: it would be, had it not been so often. */
export type AfterEnd = 'over' | 'enough' | RestartRecord;

/** The command has ended by itself. Each wait in a row is twice as long as the one before: 1, 2, 4, 8 and 16 s. */
export function afterEnd(restarts: RestartRecord | undefined, exitCode: number | null, now: number): AfterEnd {
  if (!restarts || restarts.policy === 'never') return 'over';
  if (restarts.policy === 'on-failure' && exitCode === 0) return 'over';
  const row = restarts.row.filter((at) => at > now - ROW_MS);
  if (row.length >= MOST_IN_A_ROW || restarts.count >= MOST_IN_ALL) return 'enough';
  return { ...restarts, row, exitCode, next: now + FIRST_WAIT_MS * 2 ** row.length };
}

/** It is being started again. */
export function begun(restarts: RestartRecord, now: number): RestartRecord {
  return { ...restarts, row: [...restarts.row, now], count: restarts.count + 1, next: null };
}

/** What people see of it; `undefined`: nothing has happened. */
export function shown({ row, count, next, exitCode }: RestartRecord): Restarts | undefined {
  if (count === 0 && next === null) return undefined;
  return { count, inARow: row.length, most: MOST_IN_A_ROW, next, exitCode };
}
