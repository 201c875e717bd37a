/** The rules, held in memory and changed one after the other, so that no two changes together lock everybody out. */
import { CasementError } from '../../src/contract/errors.ts';
import { PermissionDefaults, type PermissionEntry } from '../../src/contract/permissions.ts';
import type { DocumentStore, RuleStore } from '../store/port.ts';
import { decide, type Rules } from './decide.ts';
import type { Permissions, Person } from './port.ts';

const DEFAULTS_KEY = 'permission-defaults';
const FIRST: PermissionDefaults = { level: 'full', levels: [], version: 0 };

export interface PermissionsOptions {
  readonly rules: RuleStore;
  readonly documents: DocumentStore;
  readonly now: () => number;
}

export async function createPermissions({ rules, documents, now }: PermissionsOptions): Promise<Permissions> {
  const entries = new Map((await rules.list()).map((entry) => [entry.id, entry]));
  const kept = await documents.get(DEFAULTS_KEY);
  let defaults = kept ? { ...PermissionDefaults.parse({ ...JSON.parse(kept.value), version: kept.version }) } : FIRST;
  const listeners = new Set<() => void>();
  let last: Promise<unknown> = Promise.resolve();

  /** Changes happen one after the other; each is checked against what the one before has left. */
  function inTurn<Value>(change: () => Promise<Value>): Promise<Value> {
    const mine = last.then(change);
    last = mine.catch(() => undefined);
    return mine;
  }

  /**
   * Whoever changes the rules is an administrator before and after. So there is always one left, however many change
   * the rules at the same time.
   */
  function mustStayAdmin(by: Person, next: Rules): void {
    if (decide({ entries, defaults }, by).level !== 'admin') throw new CasementError('forbidden');
    if (decide(next, by).level !== 'admin') throw new CasementError('last-admin');
  }

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const conflict = (id: string) =>
    new CasementError('permission-conflict', { details: { entry: entries.get(id) ?? null } });

  return {
    decide: (person) => decide({ entries, defaults }, person),
    entries: () => [...entries.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    defaults: () => defaults,

    save: (by, id, { version, ...rule }) =>
      inTurn(async () => {
        const next: PermissionEntry = { ...rule, id, version: version + 1, at: now(), by: by.login };
        mustStayAdmin(by, { entries: new Map([...entries, [id, next]]), defaults });
        const saved = await rules.save(next, version);
        if (!saved) throw conflict(id);
        entries.set(id, saved);
        tell();
        return saved;
      }),

    remove: (by, id, version) =>
      inTurn(async () => {
        const present = entries.get(id);
        if (!present) throw new CasementError('not-found', { details: { field: 'id' } });
        mustStayAdmin(by, { entries: new Map([...entries].filter(([one]) => one !== id)), defaults });
        if (!(await rules.remove(id, version))) throw conflict(id);
        entries.delete(id);
        tell();
        return present;
      }),

    saveDefaults: (by, next) =>
      inTurn(async () => {
        mustStayAdmin(by, { entries, defaults: next });
        const { version, ...rest } = next;
        if (version !== defaults.version || !(await documents.save(DEFAULTS_KEY, JSON.stringify(rest), version))) {
          throw new CasementError('settings-conflict', { details: { current: defaults } });
        }
        defaults = { ...next, version: version + 1 };
        tell();
        return defaults;
      }),

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
