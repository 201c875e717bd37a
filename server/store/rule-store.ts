/** Permission rules and versioned documents: whoever saves says over which version, and of two one is first. */
import type { Kysely } from 'kysely';
import * as z from 'zod/mini';
import { PermissionLevel, Switch, type PermissionEntry } from '../../src/contract/permissions.ts';
import type { DocumentStore, RuleStore } from './port.ts';
import type { Tables } from './schema.ts';

const Level = z.nullable(PermissionLevel);
const Switches = z.array(Switch);

function toRule({ level, granted, denied, ...row }: Tables['permission_rules']): PermissionEntry {
  return {
    ...row,
    level: Level.parse(level),
    grant: Switches.parse(JSON.parse(granted)),
    deny: Switches.parse(JSON.parse(denied)),
  };
}

export function createRuleStore(k: Kysely<Tables>): RuleStore {
  return {
    async list() {
      return (await k.selectFrom('permission_rules').selectAll().orderBy('id').execute()).map(toRule);
    },

    async save({ id, grant, deny, ...rest }, version) {
      const row = { ...rest, granted: JSON.stringify(grant), denied: JSON.stringify(deny), version: version + 1 };
      const changed =
        version === 0
          ? await k
              .insertInto('permission_rules')
              .values({ id, ...row })
              .onConflict((on) => on.doNothing())
              .executeTakeFirst()
          : await k
              .updateTable('permission_rules')
              .set(row)
              .where('id', '=', id)
              .where('version', '=', version)
              .executeTakeFirst();
      const count = 'numUpdatedRows' in changed ? changed.numUpdatedRows : changed.numInsertedOrUpdatedRows;
      return count === 1n ? toRule({ id, ...row }) : undefined;
    },

    async remove(id, version) {
      const gone = await k
        .deleteFrom('permission_rules')
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst();
      return gone.numDeletedRows === 1n;
    },
  };
}

export function createDocumentStore(k: Kysely<Tables>): DocumentStore {
  return {
    get: (key) => k.selectFrom('documents').select(['value', 'version']).where('key', '=', key).executeTakeFirst(),

    async save(key, value, version) {
      if (version === 0) {
        const added = await k
          .insertInto('documents')
          .values({ key, value, version: 1 })
          .onConflict((on) => on.doNothing())
          .executeTakeFirst();
        return added.numInsertedOrUpdatedRows === 1n;
      }
      const changed = await k
        .updateTable('documents')
        .set({ value, version: version + 1 })
        .where('key', '=', key)
        .where('version', '=', version)
        .executeTakeFirst();
      return changed.numUpdatedRows === 1n;
    },
  };
}
