/** Who may do what: levels, single actions, and the rules that administrators write. */
import * as z from 'zod/mini';

/** From nothing to everything. Logged out is none of them: it is nobody. */
export const LEVELS = ['disabled', 'limited', 'full', 'manager', 'admin'] as const;
export const PermissionLevel = z.enum(LEVELS);
export type PermissionLevel = z.infer<typeof PermissionLevel>;

/** What a permission check knows by name. Every call that needs a login names one; `me` has those that are allowed. */
export const ACTIONS = [
  'me',
  'list',
  'start',
  'start-command',
  'bookmarks-own',
  'connect',
  'disconnect',
  'terminate',
  'purge',
  'params',
  'log',
  'clientcomm',
  'share',
  'upload',
  'download',
  'clipboard',
  /** Everybody's sessions: seeing, disconnecting, ending them. */
  'sessions-all',
  'audit',
  'admin',
] as const;
export const Action = z.enum(ACTIONS);
export type Action = z.infer<typeof Action>;

/** Those that rules can take away or grant. The others go with the level. */
export const SWITCHES = [
  'start',
  'start-command',
  'bookmarks-own',
  'connect',
  'disconnect',
  'terminate',
  'purge',
  'params',
  'log',
  'clientcomm',
  'share',
  'upload',
  'download',
  'clipboard',
] as const satisfies readonly Action[];
export const Switch = z.enum(SWITCHES);
export type Switch = z.infer<typeof Switch>;

/** A level to which rules about actions can be written; administrators are denied nothing. */
export const RULED_LEVELS = ['limited', 'full', 'manager'] as const satisfies readonly PermissionLevel[];
export const RuledLevel = z.enum(RULED_LEVELS);
export type RuledLevel = z.infer<typeof RuledLevel>;

const Switches = z.array(Switch).check(z.maxLength(SWITCHES.length));

/** The name of an account, or of a Unix group as `@group`. */
export const Subject = z.string().check(z.regex(/^@?(?!-)[^\s:/@][^\n:/\0]{0,127}$/u));

export const PermissionEntry = z.object({
  id: Subject,
  /** `null`: this rule is about actions alone. */
  level: z.nullable(PermissionLevel),
  grant: Switches,
  deny: Switches,
  /** Why, for other administrators. */
  note: z.string(),
  version: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
  by: z.string(),
});
export type PermissionEntry = z.infer<typeof PermissionEntry>;

/** `version`: the one that was seen; 0 for a rule that is new. */
export const SavePermission = z.object({
  level: z.nullable(PermissionLevel),
  grant: Switches,
  deny: Switches,
  note: z._default(z.optional(z.string().check(z.maxLength(500))), ''),
  version: z.int().check(z.minimum(0)),
});
export type SavePermission = z.output<typeof SavePermission>;

/** What is true for everybody for whom no rule says anything else. */
export const PermissionDefaults = z.object({
  /** The level of whoever has none by a rule. */
  level: z.enum(['disabled', 'limited', 'full']),
  /** For each level the actions that it is granted or denied over what it has by itself. */
  levels: z.array(z.object({ level: RuledLevel, grant: Switches, deny: Switches })).check(z.maxLength(3)),
  version: z.number(),
});
export type PermissionDefaults = z.infer<typeof PermissionDefaults>;

export const Permissions = z.object({
  defaults: PermissionDefaults,
  entries: z.array(PermissionEntry),
  /** Those of the server's own file. They stay administrators and managers whatever the rules say. */
  fixed: z.object({ admins: z.array(z.string()), managers: z.array(z.string()) }),
});
export type Permissions = z.infer<typeof Permissions>;

/** What the rules come to for one account. */
export const PermissionCheck = z.object({
  login: z.string(),
  /** `false`: there is no such account here, so its groups are not known. */
  exists: z.boolean(),
  groups: z.array(z.string()),
  level: PermissionLevel,
  actions: z.array(Action),
  /** Ids of the rules that had a say. */
  rules: z.array(z.string()),
});
export type PermissionCheck = z.infer<typeof PermissionCheck>;

/** With `permission-conflict`: what is there now; `null`: it was deleted. */
export const PermissionConflict = z.object({ entry: z.nullable(PermissionEntry) });
export type PermissionConflict = z.infer<typeof PermissionConflict>;
