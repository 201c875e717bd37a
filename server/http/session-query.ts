/** Sorting, filtering and paging of session lists. A name means a member of the session, else one of its params. */
import type * as z from 'zod/mini';
import type { SessionQuery } from '../../src/contract/api.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';

type Query = z.output<typeof SessionQuery>;

function valueOf(session: Session, name: string): unknown {
  if (name.startsWith('params.')) return new Map(Object.entries(session.params)).get(name.slice('params.'.length));
  if (name === 'clients') return session.clients.length;
  const members = new Map<string, unknown>(Object.entries(session));
  return members.has(name) ? members.get(name) : new Map(Object.entries(session.params)).get(name);
}

const missing = (value: unknown) => value === undefined || value === null;

/** Numbers by size, the rest as text; what is missing comes last, also in reverse. */
function compare(a: unknown, b: unknown, sign: number): number {
  if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * text(a).localeCompare(text(b), 'en', { numeric: true });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** `name==a,b`: any of the values. @throws CasementError `bad-request` */
function parseFilter(filter: string): (session: Session) => boolean {
  const at = filter.indexOf('==');
  if (at < 1) throw new CasementError('bad-request', { details: { field: 'filter' } });
  const name = filter.slice(0, at);
  const values = filter.slice(at + 2).split(',');
  return (session) => values.includes(text(valueOf(session, name)));
}

export function querySessions(sessions: readonly Session[], query: Query): Session[] {
  const filters = (typeof query.filter === 'string' ? [query.filter] : (query.filter ?? [])).map(parseFilter);
  const found = sessions.filter((session) => filters.every((fits) => fits(session)));
  const { sortBy, sortReverse } = query;
  if (sortBy !== undefined) {
    const sign = sortReverse === 'true' ? -1 : 1;
    found.sort((a, b) => compare(valueOf(a, sortBy), valueOf(b, sortBy), sign));
  } else if (sortReverse === 'true') {
    found.reverse();
  }
  const start = query.start ?? 0;
  return found.slice(start, query.limit === undefined ? undefined : start + query.limit);
}
