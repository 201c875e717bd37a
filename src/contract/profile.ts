/**
 * Profiles: what an administrator lets a session do and for how long. A session keeps the profile as it was at its
 * start, so a later change, or a removal, is for new sessions only.
 */
import * as z from 'zod/mini';
import { Allowances } from './allowances.ts';
import { MAX_SIDE, MIN_SIDE } from './session.ts';

/** A year: longer than any session, and far from where a timer overflows unnoticed. */
const MAX_SECONDS = 366 * 24 * 3600;
const MAX_PATH = 4096;
export const MAX_PROFILE_NAME = 80;
const MAX_POOLS = 64;

const Side = z.int().check(z.minimum(MIN_SIDE), z.maximum(MAX_SIDE));
/** `null`: no limit. */
const Seconds = z._default(z.optional(z.nullable(z.int().check(z.minimum(1), z.maximum(MAX_SECONDS)))), null);

/** When the executables of a profile are run, in the order in which a session meets them. */
export const PROFILE_EVENTS = ['start', 'connect', 'disconnect', 'params', 'terminate'] as const;
export type ProfileEvent = (typeof PROFILE_EVENTS)[number];

/** Absolute path of an executable on the session server; never a command line, since no shell sees it. */
export const ScriptPath = z
  .string()
  .check(
    z.maxLength(MAX_PATH),
    z.regex(/^\/[^\0\n\r]+$/, { error: 'must be the absolute path of an executable, without arguments' }),
  );
const Script = z.optional(ScriptPath);

export const ProfileScripts = z.object({
  start: Script,
  connect: Script,
  disconnect: Script,
  params: Script,
  terminate: Script,
});
export type ProfileScripts = z.infer<typeof ProfileScripts>;

/** What the session server enforces. Every member has the value that changes nothing as its default. */
export const ProfileSettings = z.extend(Allowances, {
  /** Seconds without input after which the viewers are disconnected; the session goes on. */
  idleSeconds: Seconds,
  /** Seconds without any viewer after which the session ends. */
  endAfterDisconnectSeconds: Seconds,
  /** Seconds after its start at which the session ends. */
  maxRunSeconds: Seconds,
  /** How often the owner may put off the end by run time. */
  extensions: z._default(z.optional(z.int().check(z.minimum(0), z.maximum(100))), 0),
  /** By how much each time; `null`: by `maxRunSeconds` again. */
  extensionSeconds: Seconds,
  maxGeometry: z._default(z.optional(z.nullable(z.object({ width: Side, height: Side }))), null),
  scripts: z._default(z.optional(ProfileScripts), {}),
});
export type ProfileSettings = z.output<typeof ProfileSettings>;

const ProfileName = z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_PROFILE_NAME));
export const ProfileId = z.string().check(z.regex(/^[\p{L}\p{Nd}_.-]{1,64}$/u));

/** A profile as it is written: all members but those that the server keeps. */
export const ProfileDraft = z.extend(ProfileSettings, {
  name: ProfileName,
  description: z._default(z.optional(z.string().check(z.maxLength(2000))), ''),
  /** Not offered for commands of one's own, and refused there; bookmarks and functions may name it. */
  hidden: z._default(z.optional(z.boolean()), false),
  /** Pools of the servers on which it may be used; empty: on all. */
  pools: z._default(
    z.optional(z.array(z.string().check(z.minLength(1), z.maxLength(256))).check(z.maxLength(MAX_POOLS))),
    () => [],
  ),
});
export type ProfileDraft = z.output<typeof ProfileDraft>;

export const Profile = z.extend(ProfileDraft, {
  id: ProfileId,
  /** Goes back with the next save, so that nobody overwrites what they have not seen. */
  version: z.int(),
  /** Milliseconds since 1970, and who. */
  changed: z.number(),
  changedBy: z.string(),
});
export type Profile = z.output<typeof Profile>;

export const SaveProfile = z.extend(ProfileDraft, { version: z.int() });

/** With `conflict`: what somebody else has saved in the meantime. */
export const ProfileConflict = z.object({ profile: Profile });
export type ProfileConflict = z.infer<typeof ProfileConflict>;

/** For whoever starts a command of their own. */
export const OfferedProfile = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  /** Used where none is chosen. */
  isDefault: z.boolean(),
});
export type OfferedProfile = z.infer<typeof OfferedProfile>;

/** Of a session that was started without a profile. */
export const NO_LIMITS: ProfileSettings = ProfileSettings.parse({});
