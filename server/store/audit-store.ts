/** The audit list in the same database. Texts of a filter are bound, never part of the statement. */
import { sql, type ExpressionBuilder, type Kysely } from 'kysely';
import type { AuditEntry, AuditFilter } from '../../src/contract/audit.ts';
import { JsonValue } from '../../src/contract/json.ts';
import type { AuditStore } from './port.ts';
import type { Tables } from './schema.ts';

const SEARCHED = ['login', 'owner', 'address', 'target', 'detail'] as const;

function toEntry({ data, id, ...row }: Tables['audit']): AuditEntry {
  return { ...row, id: id ?? 0, data: JsonValue.parse(JSON.parse(data)) };
}

/** For LIKE, with `\` as its escape. */
const partOf = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export function createAuditStore(k: Kysely<Tables>): AuditStore {
  return {
    async add(entries) {
      const rows = entries.map(({ data, ...entry }) => ({ id: null, ...entry, data: JSON.stringify(data) }));
      await k.insertInto('audit').values(rows).execute();
    },

    async query(filter, before, limit) {
      const base = k.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit);
      const where = (eb: ExpressionBuilder<Tables, 'audit'>) => eb.and(conditions(eb, filter, before));
      return (await base.where(where).execute()).map(toEntry);
    },

    async trim(before, entries) {
      await k.deleteFrom('audit').where('at', '<', before).execute();
      const oldest = k.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1).offset(entries);
      await k.deleteFrom('audit').where('id', '<=', oldest).execute();
    },
  };
}

function conditions(eb: ExpressionBuilder<Tables, 'audit'>, filter: AuditFilter, before: number | undefined) {
  const { from, to, login, event, target, outcome, search } = filter;
  return [
    ...(before === undefined ? [] : [eb('id', '<', before)]),
    ...(from === undefined ? [] : [eb('at', '>=', from)]),
    ...(to === undefined ? [] : [eb('at', '<=', to)]),
    ...(login === undefined ? [] : [eb.or([eb('login', '=', login), eb('owner', '=', login)])]),
    ...(event === undefined ? [] : [eb('event', 'in', event.split(','))]),
    ...(target === undefined ? [] : [eb('target', '=', target)]),
    ...(outcome === undefined ? [] : [outcome === 'failed' ? eb('outcome', '<>', 'ok') : eb('outcome', '=', outcome)]),
    ...(search === undefined
      ? []
      : [eb.or(SEARCHED.map((name) => sql<boolean>`${eb.ref(name)} LIKE ${partOf(search)} ESCAPE '\\'`))]),
  ];
}
