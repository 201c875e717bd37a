/** From rules to what one person may do. Pure, so that what an administrator is shown is what is enforced. */
import {
  ACTIONS,
  LEVELS,
  SWITCHES,
  type Action,
  type PermissionDefaults,
  type PermissionEntry,
  type PermissionLevel,
  type Switch,
} from '../../src/contract/permissions.ts';
import type { Decision, Person } from './port.ts';

export interface Rules {
  readonly entries: ReadonlyMap<string, PermissionEntry>;
  readonly defaults: PermissionDefaults;
}

const isSwitch = (action: Action): action is Switch => SWITCHES.some((one) => one === action);

export function higherLevel(a: PermissionLevel, b: PermissionLevel): PermissionLevel {
  return LEVELS.indexOf(a) >= LEVELS.indexOf(b) ? a : b;
}

/** What a level has by itself. Limited users start what is prepared for them, and nothing else. */
function hasByItself(level: PermissionLevel, action: Action): boolean {
  if (level === 'admin') return true;
  if (level === 'disabled' || action === 'admin') return false;
  if (action === 'sessions-all' || action === 'audit') return level === 'manager';
  return level !== 'limited' || (action !== 'start-command' && action !== 'bookmarks-own');
}

/**
 * The level: one's own rule counts over those of one's groups. Of several groups the highest level counts, but a
 * group that is disabled disables. What is fixed raises the result; a fixed administrator cannot be disabled.
 */
function levelOf(person: Person, own: PermissionEntry | undefined, groups: readonly PermissionEntry[], rules: Rules) {
  const ofGroups = groups.flatMap(({ level }) => (level === null ? [] : [level]));
  const byRule =
    own?.level ??
    (ofGroups.includes('disabled')
      ? 'disabled'
      : ofGroups.length > 0
        ? ofGroups.reduce(higherLevel)
        : rules.defaults.level);
  const { fixed } = person;
  if (fixed === undefined || (byRule === 'disabled' && fixed !== 'admin')) return byRule;
  return higherLevel(fixed, byRule);
}

export function decide(rules: Rules, person: Person): Decision {
  const own = rules.entries.get(person.login);
  const groups = person.groups.flatMap((group) => rules.entries.get(`@${group}`) ?? []);
  const level = levelOf(person, own, groups, rules);
  const ofLevel = rules.defaults.levels.find((one) => one.level === level);

  /** One's own rule, then those of groups, where "no" counts over "yes", then the level's. */
  const allowed = (action: Switch): boolean => {
    if (own?.deny.includes(action)) return false;
    if (own?.grant.includes(action)) return true;
    if (groups.some(({ deny }) => deny.includes(action))) return false;
    if (groups.some(({ grant }) => grant.includes(action))) return true;
    if (ofLevel?.deny.includes(action)) return false;
    return ofLevel?.grant.includes(action) === true || hasByItself(level, action);
  };
  const may = (action: Action) =>
    level === 'admin' || (level !== 'disabled' && isSwitch(action) ? allowed(action) : hasByItself(level, action));
  return {
    level,
    actions: new Set(ACTIONS.filter(may)),
    rules: [...(own ? [own] : []), ...groups].map(({ id }) => id),
  };
}
