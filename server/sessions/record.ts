/** What of a session is on disk, so that a link that starts later can take it over. */
import * as z from 'zod/mini';
import { ApiError } from '../../src/contract/errors.ts';
import { Params } from '../../src/contract/json.ts';
import { ProfileSettings } from '../../src/contract/profile.ts';
import { SessionId, SessionStatus } from '../../src/contract/session.ts';
import { readJson, writeAtomically } from './files.ts';
import type { SessionPaths } from './paths.ts';
import { ProcessIdentity } from './processes.ts';
import { newRestarts, RestartRecord } from './restarts.ts';
import type { StartCall } from './wire.ts';

export const SessionRecord = z.object({
  v: z.literal(1),
  id: SessionId,
  name: z.string(),
  status: SessionStatus,
  geometry: z.string(),
  command: z.string(),
  profile: z.nullable(z.string()),
  keyboardLayout: z.string(),
  login: z.string(),
  display: z.nullable(z.number()),
  server: z.nullable(ProcessIdentity),
  app: z.nullable(ProcessIdentity),
  started: z.number(),
  /** When the command was started; dying at once is told from here. */
  running: z.nullable(z.number()),
  lastConnect: z.nullable(z.number()),
  lastDisconnect: z.nullable(z.number()),
  ended: z.nullable(z.number()),
  exitCode: z.nullable(z.number()),
  error: z.nullable(ApiError),
  /** The job it was started in, by the environment of whoever started it. Records of earlier versions have none. */
  job: z._default(z.optional(z.nullable(z.object({ scheduler: z.string(), id: z.string() }))), null),
  /** The profile as it was at the start. Absent in all these: there was none, or the link was older. */
  limits: z.optional(ProfileSettings),
  /** What the limits are counted from (`LimitTimes`). */
  extended: z.optional(z.number()),
  lastInput: z.optional(z.nullable(z.number())),
  unwatchedSince: z.optional(z.nullable(z.number())),
  /** The limit that the session is being ended by. */
  ending: z.optional(z.string()),
  lastViewer: z.optional(z.string()),
  /** Absent: the command is started once. */
  restarts: z.optional(RestartRecord),
  /** `false`: the profile's `terminate` script is still to be run when the session ends. */
  terminated: z.optional(z.boolean()),
});
export type SessionRecord = z.infer<typeof SessionRecord>;

export function isOver({ status }: SessionRecord): boolean {
  return status === 'ended' || status === 'failed';
}

/** It has windows and no desktop. */
export function isRootless({ geometry }: SessionRecord): boolean {
  return geometry === 'rootless';
}

/** Of a session that is about to start. */
export function newRecord(start: Omit<StartCall, 'params' | 'variables' | 'separate'>): SessionRecord {
  const { id, name, geometry, command, profile, limits, keyboardLayout, login, job = null, restart = 'never' } = start;
  return {
    v: 1,
    id,
    name,
    geometry,
    command,
    profile,
    keyboardLayout,
    login,
    ...(limits ? { limits } : {}),
    ...(restart === 'never' ? {} : { restarts: newRestarts(restart) }),
    status: 'starting',
    display: null,
    server: null,
    app: null,
    started: Date.now(),
    running: null,
    lastConnect: null,
    lastDisconnect: null,
    ended: null,
    exitCode: null,
    error: null,
    job,
  };
}

export function saveRecord(paths: SessionPaths, record: SessionRecord): void {
  writeAtomically(paths.state, JSON.stringify(record, null, 1));
}

export function saveParams(paths: SessionPaths, params: Params): void {
  writeAtomically(paths.params, `${JSON.stringify(params, null, 1)}\n`);
}

/** `undefined` when the directory does not describe a session. */
export function loadRecord(paths: SessionPaths): { record: SessionRecord; params: Params } | undefined {
  const record = SessionRecord.safeParse(readJson(paths.state));
  if (!record.success) return undefined;
  const params = Params.safeParse(readJson(paths.params));
  return { record: record.data, params: params.success ? params.data : {} };
}
