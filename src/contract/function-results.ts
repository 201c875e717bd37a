/**
 * What a step of a start can use of a function's result (contract section 3). The steps and the dry run ask the same,
 * so that what is tried successfully is not refused later.
 */
import type { FunctionName, ResultProblem } from './functions.ts';
import type { JsonValue } from './json.ts';
import { StartData } from './start.ts';

/** Asks for a choice among the servers. */
export const SERVERLIST = 'SERVERLIST';
/** Ids that a form made by a function may have; those of stored forms are of the same shape. */
export const FORM_ID = /^[\p{L}\p{Nd}_.-]{1,64}$/u;

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

/** A form as a function may make one; its fields are derived from its text, whatever it says they are. */
export interface MadeForm {
  readonly id: string;
  readonly name: string;
  readonly html: string;
  readonly version: number;
}

export function madeForm(result: unknown): MadeForm | undefined {
  const [html, id, name, version] = ['html', 'id', 'name', 'version'].map((one) => member(result, one));
  if (typeof html !== 'string' || (id !== undefined && (typeof id !== 'string' || !FORM_ID.test(id)))) return undefined;
  return {
    html,
    id: id ?? 'function',
    name: typeof name === 'string' ? name : '',
    version: typeof version === 'number' && Number.isSafeInteger(version) ? version : 1,
  };
}

/** Ids of servers, of what may be server objects or ids. */
export function serverIds(result: unknown): string[] | undefined {
  if (!Array.isArray(result)) return undefined;
  const ids = result.map((one: unknown) => member(one, 'serverId') ?? one);
  return ids.every((id) => typeof id === 'string') ? ids : undefined;
}

/** The start data of an event's result. */
export function changedData(result: unknown): StartData | undefined {
  return StartData.safeParse(member(result, 'data')).data;
}

/** The shape of a schedule's result, not yet what its template says. */
export function isSchedule(result: unknown): boolean {
  if (result === null || result === undefined || typeof result === 'string') return true;
  if (Array.isArray(result)) return result.length > 0 && result.every((one) => typeof one === 'string');
  const run = member(result, 'run');
  return run !== undefined && run !== null && member(run, 'run') === undefined && isSchedule(run);
}

/** What would be wrong with a result; whether a named form is stored is the caller's to know. */
export function resultProblem(
  name: FunctionName,
  input: JsonValue,
  result: JsonValue,
  isStoredForm: (id: string) => boolean,
): ResultProblem | null {
  switch (name) {
    case 'form-filter':
      if (!result || result === SERVERLIST) return null;
      if (typeof result === 'string') return isStoredForm(result) ? null : 'form-unknown';
      return madeForm(result) ? null : 'not-a-form';
    case 'server-list': {
      if (!result) return null;
      const ids = serverIds(result);
      if (!ids) return 'not-a-list';
      const known = serverIds(member(input, 'servers')) ?? [];
      return ids.every((id) => known.includes(id)) ? null : 'server-unknown';
    }
    case 'schedule':
      return isSchedule(result) ? null : 'not-a-template';
    case 'start-event':
    case 'schedule-event':
      return changedData(result) ? null : 'not-start-data';
    case 'load-balancing': {
      if (typeof result !== 'string') return 'not-a-server';
      const servers = member(input, 'servers');
      const found = Array.isArray(servers) ? servers.find((one) => member(one, 'serverId') === result) : undefined;
      if (found === undefined) return 'server-unknown';
      return member(member(found, 'accepts'), 'start') === false ? 'server-closed' : null;
    }
  }
}
