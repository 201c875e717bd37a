/** Levels that the server's own file gives: by name, or by Unix group as `@group`. Rules can add to them, not take away. */
import { LEVELS } from '../../src/contract/permissions.ts';
import type { PermissionLevel } from './port.ts';

export interface LevelLists {
  readonly admins: readonly string[];
  readonly managers: readonly string[];
}

export function higher(a: PermissionLevel, b: PermissionLevel): PermissionLevel {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}

/** `undefined`: the lists do not name them. */
export function levelOf(login: string, groups: readonly string[], lists: LevelLists): 'admin' | 'manager' | undefined {
  const listed = (entries: readonly string[]) =>
    entries.some((entry) => (entry.startsWith('@') ? groups.includes(entry.slice(1)) : entry === login));
  if (listed(lists.admins)) return 'admin';
  return listed(lists.managers) ? 'manager' : undefined;
}
