/** A rule about who may do what, as the editor holds it. */
import {
  Subject,
  SWITCHES,
  type PermissionEntry,
  type PermissionLevel,
  type Switch,
} from '../../../contract/permissions.ts';

export type Say = 'level' | 'grant' | 'deny';

export interface RuleDraft {
  readonly id: string;
  readonly level: PermissionLevel | null;
  readonly grant: readonly Switch[];
  readonly deny: readonly Switch[];
  readonly note: string;
}

export const NEW_RULE: RuleDraft = { id: '', level: 'limited', grant: [], deny: [], note: '' };

export const fromEntry = ({ id, level, grant, deny, note, version }: PermissionEntry) => ({
  draft: { id, level, grant, deny, note },
  version,
});

export function sayOf(rule: Pick<RuleDraft, 'grant' | 'deny'>, action: Switch): Say {
  if (rule.deny.includes(action)) return 'deny';
  return rule.grant.includes(action) ? 'grant' : 'level';
}

/** The same with one action's say changed; both lists stay in the order of the actions. */
export function withSay<Rule extends Pick<RuleDraft, 'grant' | 'deny'>>(rule: Rule, action: Switch, say: Say): Rule {
  const list = (which: Say, before: readonly Switch[]) =>
    SWITCHES.filter((one) => (one === action ? say === which : before.includes(one)));
  return { ...rule, grant: list('grant', rule.grant), deny: list('deny', rule.deny) };
}

export const isSubject = (id: string) => Subject.safeParse(id).success;
