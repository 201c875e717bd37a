/** A change by an administrator, in the audit list: with what was there before and after, also where it was refused. */
import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../../src/contract/audit.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import type { AuditTrail } from '../policy/port.ts';
import { callerOf } from './authenticate.ts';
import { toCasementError } from './errors.ts';

export interface Change<Value> {
  readonly event: AuditEvent;
  /** What is changed; of something new, what it turned out to be called. */
  readonly target: string | ((made: Value) => string);
  readonly detail?: string;
  readonly before: unknown;
  /** What stands in the list of what came of it; default: all. `null`: it is gone. */
  readonly after?: (made: Value) => unknown;
}

/** As JSON has it: what is `undefined` is left out. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what comes of JSON is JSON
const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null)) as JsonValue;

export async function changing<Value>(
  audit: Pick<AuditTrail, 'record'>,
  request: FastifyRequest,
  { event, target, detail = '', before, after = (made) => made }: Change<Value>,
  change: () => Promise<Value>,
): Promise<Value> {
  const note = { event, login: callerOf(request).login, address: request.ip, detail };
  try {
    const made = await change();
    const data = asJson({ before: before ?? null, after: after(made) ?? null });
    audit.record({ ...note, target: typeof target === 'string' ? target : target(made), data });
    return made;
  } catch (thrown) {
    const known = typeof target === 'string' ? target : '';
    audit.record({ ...note, target: known, outcome: toCasementError(thrown).code });
    throw thrown;
  }
}
