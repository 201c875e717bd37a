/** Who may do what, how many sessions there may be, on which servers, and the list of who did what. */
import type { AuditEntry, AuditEvent, AuditFilter, AuditPage, AuditQuery } from '../../src/contract/audit.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import type {
  Action,
  PermissionDefaults,
  PermissionEntry,
  PermissionLevel,
  SavePermission,
} from '../../src/contract/permissions.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { AdminServer, SeatsTaken, VersionedSettings } from '../../src/contract/settings.ts';
import type { SessionHost } from '../sessions/port.ts';

/** Somebody about whom is decided. */
export interface Person {
  readonly login: string;
  readonly groups: readonly string[];
  /** What the server's own file, the identity provider or the login link gives them; rules never take it away. */
  readonly fixed?: PermissionLevel | undefined;
}

export interface Decision {
  readonly level: PermissionLevel;
  readonly actions: ReadonlySet<Action>;
  /** Ids of the rules that had a say. */
  readonly rules: readonly string[];
}

export interface Permissions {
  /** As the rules are at this moment. */
  decide(person: Person): Decision;
  entries(): PermissionEntry[];
  defaults(): PermissionDefaults;
  /** @throws CasementError `permission-conflict`, `last-admin`, `forbidden` */
  save(by: Person, id: string, rule: SavePermission): Promise<PermissionEntry>;
  /** @throws CasementError as `save`, and `not-found` */
  remove(by: Person, id: string, version: number): Promise<PermissionEntry>;
  /** @throws CasementError `settings-conflict`, `last-admin`, `forbidden` */
  saveDefaults(by: Person, defaults: PermissionDefaults): Promise<PermissionDefaults>;
  /** Called after every change of a rule; returns the way to stop. */
  onChange(listener: () => void): () => void;
}

export interface SiteSettings {
  get(): VersionedSettings;
  /** @throws CasementError `settings-conflict` */
  save(settings: VersionedSettings): Promise<VersionedSettings>;
}

/** A session that is about to be started. */
export interface SeatWish {
  readonly sessionId: string;
  readonly login: string;
  readonly serverId: string;
  readonly hostname: string;
}

export interface Seat {
  /** The start has ended: with a session, which holds the seat from now on, or without. */
  settle(started: boolean): void;
}

export interface Seats {
  /** Whether there is any limit. */
  limited(): boolean;
  /** Nothing is awaited in here, so of those who come at once none gets a seat that another has. @throws CasementError `seats-taken` */
  take(wish: SeatWish): Seat;
  taken(): SeatsTaken;
}

/** A server on which sessions run. */
export interface SessionServer {
  /** As it is now; `accepts` is what comes of the switches and of what it can do. */
  info(): ServerInfo;
  readonly host: SessionHost;
  /** Asked on the server itself at the moment of a start. */
  canStart():
    | { readonly accepts: boolean; readonly xserver: boolean }
    | Promise<{ accepts: boolean; xserver: boolean }>;
}

/** All session servers of this site. */
export interface SessionServers {
  /** The one that this web server runs on. */
  readonly localId: string;
  list(): readonly ServerInfo[];
  get(serverId: string): SessionServer | undefined;
}

export interface ServerSwitches extends SessionServers {
  /** With the switches as they were set. */
  all(): AdminServer[];
  /** @throws CasementError `not-found`, `settings-conflict` */
  save(serverId: string, accepts: AdminServer['accepts'], version: number): Promise<AdminServer>;
}

/** What an entry says beyond who and what; the rest has its empty value. */
export interface AuditNote {
  readonly event: AuditEvent;
  readonly login: string;
  readonly address: string;
  readonly outcome?: string;
  readonly target?: string;
  readonly owner?: string;
  readonly detail?: string;
  readonly data?: JsonValue;
}

export interface AuditTrail {
  /** Never throws and is never waited for: what happened has happened, whether it can be written down or not. */
  record(note: AuditNote): void;
  /** @throws CasementError `bad-request` for a cursor that was not given out */
  page(query: AuditQuery): Promise<AuditPage>;
  /** All that fit, newest first, without holding them at once. */
  all(filter: AuditFilter): AsyncIterable<AuditEntry>;
  /** Forgets what is older than the settings say. */
  sweep(): Promise<void>;
  /** Waits until what was recorded is written. */
  flush(): Promise<void>;
}

export interface Policy {
  readonly permissions: Permissions;
  readonly settings: SiteSettings;
  readonly seats: Seats;
  readonly servers: ServerSwitches;
  readonly audit: AuditTrail;
}
