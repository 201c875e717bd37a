/** What administrators settle for the whole site, and the servers it has. */
import * as z from 'zod/mini';
import { ServerInfo, SessionId, SessionStatus } from './session.ts';

const Count = z.int().check(z.minimum(0), z.maximum(1_000_000));

/** Sessions that may be starting or running at the same time; 0: as many as fit. */
export const SeatLimits = z.object({ perUser: Count, perServer: Count, total: Count });
export type SeatLimits = z.infer<typeof SeatLimits>;

export const Settings = z.object({
  seats: SeatLimits,
  audit: z.object({
    /** Days that entries are kept; 0: until there are too many. */
    days: z.int().check(z.minimum(0), z.maximum(3650)),
    /** Entries that are kept at most. */
    entries: z.int().check(z.minimum(1000), z.maximum(10_000_000)),
  }),
});
export type Settings = z.infer<typeof Settings>;

export const VersionedSettings = z.object({ ...Settings.shape, version: z.number() });
export type VersionedSettings = z.infer<typeof VersionedSettings>;

/** How many are taken just now. */
export const SeatsTaken = z.object({
  total: z.number(),
  servers: z.array(z.object({ serverId: z.string(), taken: z.number() })),
  /** Most first; no more than fifty. */
  users: z.array(z.object({ login: z.string(), taken: z.number() })),
});
export type SeatsTaken = z.infer<typeof SeatsTaken>;

/** With `seats-taken`: which limit it was, and one's own sessions that could be ended. */
export const SeatRefusal = z.object({
  scope: z.enum(['user', 'server', 'total']),
  limit: z.number(),
  taken: z.number(),
  /** The server that is full; only with the scope `server`. */
  hostname: z.optional(z.string()),
  sessions: z.array(z.object({ id: SessionId, name: z.string(), status: SessionStatus, started: z.number() })),
});
export type SeatRefusal = z.infer<typeof SeatRefusal>;

const Accepts = z.object({ login: z.boolean(), start: z.boolean() });

export const AdminServer = z.object({
  /** As it is; `info.accepts` is what comes of the switches and of what the server can do. */
  info: ServerInfo,
  /** The switches as they were set here. */
  accepts: Accepts,
  /** Where this web server runs as well. */
  local: z.boolean(),
  version: z.number(),
});
export type AdminServer = z.infer<typeof AdminServer>;

export const SaveServer = z.object({ accepts: Accepts, version: z.int() });

/** With `settings-conflict`: what is there now. */
export const SettingsConflict = z.object({ current: z.unknown() });
