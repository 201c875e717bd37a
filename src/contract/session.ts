/** Sessions and the servers they run on, as every API, push message and link speaks of them. */
import * as z from 'zod/mini';
import { Allowances } from './allowances.ts';
import { ApiError } from './errors.ts';
import { Params } from './json.ts';

/** `WIDTHxHEIGHT` in pixels, or one of the two words. Bounds: RFB carries sizes in 16 bits; below 64 no window manager works. */
export const MIN_SIDE = 64;
export const MAX_SIDE = 16384;

export function parseGeometry(text: string): { width: number; height: number } | 'rootless' | 'fullscreen' | undefined {
  if (text === 'rootless' || text === 'fullscreen') return text;
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  if (!match) return undefined;
  const [width, height] = [Number(match[1]), Number(match[2])];
  const fits = (side: number) => side >= MIN_SIDE && side <= MAX_SIDE;
  return fits(width) && fits(height) ? { width, height } : undefined;
}

export const Geometry = z.string().check(
  z.refine((text) => parseGeometry(text) !== undefined, {
    error: `must be WIDTHxHEIGHT with sides from ${MIN_SIDE} to ${MAX_SIDE}, "rootless" or "fullscreen"`,
  }),
);

/** What identifies a session everywhere: 16 to 64 characters that are safe in a path and a URL. */
export const SessionId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{3,63}$/));

export const SessionStatus = z.enum(['pending', 'starting', 'running', 'ended', 'failed']);
export type SessionStatus = z.infer<typeof SessionStatus>;

export const Role = z.enum(['master', 'controller', 'viewer', 'inactive', 'master-viewer']);
export type Role = z.infer<typeof Role>;

/** A connected viewer, as the owner and `clientcomm --list` see it. */
export const SessionClient = z.object({
  id: z.string(),
  login: z.string(),
  role: Role,
  /** Milliseconds since 1970. */
  connected: z.number(),
  ip: z.optional(z.string()),
});
export type SessionClient = z.infer<typeof SessionClient>;

/**
 * When a limit of the profile strikes, in milliseconds since 1970; `null`: none is near. `reason` is the code of the error
 * catalogue that is given then.
 */
export const Deadline = z.nullable(z.object({ at: z.number(), reason: z.string(), extendable: z.boolean() }));
export type Deadline = z.infer<typeof Deadline>;

export const JobState = z.enum(['pending', 'running', 'ended']);
export type JobState = z.infer<typeof JobState>;

/** What a job scheduler knows of the session; it runs inside this job, or will. */
export const Job = z.object({
  /** The name of its folder on the server, or the kind of scheduler that a job script was found to run under. */
  scheduler: z.string(),
  /** As the scheduler calls it; empty until it has said so. */
  id: z.string(),
  state: JobState,
  /** Why it waits, or why it ended, in the scheduler's own words. */
  reason: z.nullable(z.string()),
  /** Milliseconds since 1970; `null`: the scheduler does not say. */
  estimatedStart: z.nullable(z.number()),
});
export type Job = z.infer<typeof Job>;

/** A command that its bookmark wants started again when it ends. */
export const Restarts = z.object({
  /** How often it has been. */
  count: z.number(),
  /** How many of these follow each other closely, and how many of such there are before it is given up. */
  inARow: z.number(),
  most: z.number(),
  /** When the next one is, in milliseconds since 1970; `null`: the command runs, or is not started any more. */
  next: z.nullable(z.number()),
  /** Of the run before; `null`: it was killed before it could say so. */
  exitCode: z.nullable(z.number()),
});
export type Restarts = z.infer<typeof Restarts>;

/** Times are milliseconds since 1970; `null` means "not yet". */
export const Session = z.object({
  id: SessionId,
  name: z.string(),
  status: SessionStatus,
  geometry: z.string(),
  windowMode: z.enum(['desktop', 'rootless']),
  command: z.string(),
  profile: z.nullable(z.string()),
  params: Params,
  login: z.string(),
  user: z.string(),
  hostname: z.string(),
  serverId: z.string(),
  display: z.nullable(z.number()),
  serverPid: z.nullable(z.number()),
  appPid: z.nullable(z.number()),
  clients: z.array(SessionClient),
  started: z.number(),
  lastConnect: z.nullable(z.number()),
  lastDisconnect: z.nullable(z.number()),
  ended: z.nullable(z.number()),
  exitCode: z.nullable(z.number()),
  error: z.nullable(ApiError),
  sharing: z.boolean(),
  thumbnail: z.nullable(z.string()),
  deadline: Deadline,
  /** What its profile lets its viewers do; absent: everything. */
  allows: z.optional(Allowances),
  /** `null`: no scheduler has to do with it. */
  job: z.nullable(Job),
  /** Absent: the command has not been started again. */
  restarts: z.optional(Restarts),
});
export type Session = z.infer<typeof Session>;

export const ServerInfo = z.object({
  serverId: z.string(),
  id: z.string(),
  serverPool: z.string(),
  hostname: z.string(),
  url: z.string(),
  cpu: z.number(),
  freemem: z.number(),
  totalmem: z.number(),
  loggedInUsers: z.number(),
  sessions: z.number(),
  uptime: z.number(),
  loadavg: z.tuple([z.number(), z.number(), z.number()]),
  accepts: z.object({ login: z.boolean(), start: z.boolean() }),
  staticData: z.unknown(),
});
export type ServerInfo = z.infer<typeof ServerInfo>;
