/** Permission levels: by name, or by Unix group as `@group`. */
import { LEVELS } from '../../src/contract/permissions.ts';
import type { PermissionLevel } from './port.ts';

export interface LevelLists {
  readonly admins: readonly string[];
  readonly managers: readonly string[];
}

const ORDER: readonly PermissionLevel[] = LEVELS;

export function higher(a: PermissionLevel, b: PermissionLevel): PermissionLevel {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}

export function levelOf(login: string, groups: readonly string[], lists: LevelLists): PermissionLevel {
  const listed = (entries: readonly string[]) =>
    entries.some((entry) => (entry.startsWith('@') ? groups.includes(entry.slice(1)) : entry === login));
  if (listed(lists.admins)) return 'admin';
  return listed(lists.managers) ? 'manager' : 'full';
}
