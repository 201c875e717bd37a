/** Rules, settings, servers and the audit list of the mock server, in memory. */
import type { AuditEntry, AuditFilter, AuditPage, AuditQuery } from '../../src/contract/audit.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { JsonValue } from '../../src/contract/json.ts';
import {
  ACTIONS,
  SWITCHES,
  type Action,
  type PermissionCheck,
  type PermissionDefaults,
  type PermissionEntry,
  type PermissionLevel,
  type Permissions,
  type SavePermission,
} from '../../src/contract/permissions.ts';
import type { AdminServer, VersionedSettings } from '../../src/contract/settings.ts';

const GB = 1024 ** 3;
const PAGE = 100;

export class MockPolicy {
  readonly #login: string;
  readonly #entries = new Map<string, PermissionEntry>();
  readonly #audit: AuditEntry[] = [];
  #defaults: PermissionDefaults = { level: 'full', levels: [], version: 1 };
  #settings: VersionedSettings = {
    seats: { perUser: 0, perServer: 0, total: 0 },
    audit: { days: 365, entries: 100_000 },
    version: 1,
  };
  readonly #servers: AdminServer[];

  constructor(login: string, serverId: string) {
    this.#login = login;
    this.#servers = [server(serverId, 'demo.local', true), server('demo-server-2', 'demo-2.local', false)];
    this.#put('@interns', { level: 'limited', grant: [], deny: ['download'], note: 'Summer term', version: 0 });
    this.note('login', '', 'with the link');
  }

  /** What a level may do by itself. */
  actions(level: PermissionLevel): Action[] {
    const isSwitch = (action: Action) => SWITCHES.some((one) => one === action);
    if (level === 'disabled') return [];
    return ACTIONS.filter((action) => {
      if (action === 'admin') return level === 'admin';
      if (action === 'audit' || action === 'sessions-all') return level === 'admin' || level === 'manager';
      if (!isSwitch(action)) return true;
      return level !== 'limited' || (action !== 'start-command' && action !== 'bookmarks-own');
    });
  }

  permissions(): Permissions {
    const entries = [...this.#entries.values()];
    return { defaults: this.#defaults, entries, fixed: { admins: [this.#login], managers: [] } };
  }

  savePermission(id: string, save: SavePermission): PermissionEntry {
    const present = this.#entries.get(id);
    if ((present?.version ?? 0) !== save.version) {
      throw new CasementError('permission-conflict', { details: { entry: present ?? null } });
    }
    const entry = this.#put(id, save);
    this.note('permission-changed', id, present ? 'changed' : 'new', { level: save.level });
    return entry;
  }

  deletePermission(id: string, version: number): void {
    const present = this.#entries.get(id);
    if (!present) throw new CasementError('not-found', { details: { field: 'id' } });
    if (present.version !== version) throw new CasementError('permission-conflict', { details: { entry: present } });
    this.#entries.delete(id);
    this.note('permission-changed', id, 'deleted');
  }

  saveDefaults(defaults: PermissionDefaults): PermissionDefaults {
    if (defaults.version !== this.#defaults.version) {
      throw new CasementError('settings-conflict', { details: { current: this.#defaults } });
    }
    this.#defaults = { ...defaults, version: defaults.version + 1 };
    this.note('permission-changed', '', 'defaults');
    return this.#defaults;
  }

  check(login: string): PermissionCheck {
    const entry = this.#entries.get(login);
    const level = login === this.#login ? 'admin' : (entry?.level ?? this.#defaults.level);
    const { grant = [], deny = [] } = entry ?? {};
    const actions = ACTIONS.filter(
      (action) =>
        level === 'admin' ||
        ((this.actions(level).includes(action) || grant.some((one) => one === action)) &&
          !deny.some((one) => one === action)),
    );
    return { login, exists: true, groups: [login], level, actions, rules: entry ? [entry.id] : [] };
  }

  settings(): VersionedSettings {
    return this.#settings;
  }

  saveSettings(settings: VersionedSettings): VersionedSettings {
    if (settings.version !== this.#settings.version) {
      throw new CasementError('settings-conflict', { details: { current: this.#settings } });
    }
    this.#settings = { ...settings, version: settings.version + 1 };
    this.note('settings-changed', '', 'seats, audit');
    return this.#settings;
  }

  servers(): AdminServer[] {
    return this.#servers;
  }

  saveServer(id: string, accepts: AdminServer['accepts'], version: number): AdminServer {
    const at = this.#servers.findIndex(({ info }) => info.serverId === id);
    const present = this.#servers[at];
    if (!present) throw new CasementError('not-found', { details: { field: 'id' } });
    if (present.version !== version) throw new CasementError('settings-conflict', { details: { current: present } });
    const next = { ...present, accepts, info: { ...present.info, accepts }, version: version + 1 };
    this.#servers[at] = next;
    this.note('server-changed', id, `start ${String(accepts.start)}, login ${String(accepts.login)}`);
    return next;
  }

  /** Adds an entry, for what the mock does itself and for tests that want many. */
  note(event: string, target: string, detail: string, data: JsonValue = null, more: Partial<AuditEntry> = {}): void {
    const id = this.#audit.length + 1;
    const entry = { id, at: Date.now(), event, login: this.#login, address: '192.0.2.7', outcome: 'ok', owner: '' };
    this.#audit.push({ ...entry, target, detail, data, ...more });
  }

  found(filter: AuditFilter): AuditEntry[] {
    const { from = 0, to = Infinity, login, event, target, outcome, search } = filter;
    const wanted = search?.toLowerCase();
    return this.#audit
      .filter(
        (one) =>
          one.at >= from &&
          one.at <= to &&
          (login === undefined || one.login === login || one.owner === login) &&
          (event === undefined || event.split(',').includes(one.event)) &&
          (target === undefined || one.target === target) &&
          (outcome === undefined || (outcome === 'failed' ? one.outcome !== 'ok' : one.outcome === outcome)) &&
          (wanted === undefined ||
            [one.login, one.owner, one.address, one.target, one.detail].some((text) =>
              text.toLowerCase().includes(wanted),
            )),
      )
      .toReversed();
  }

  page({ limit = PAGE, cursor, ...filter }: AuditQuery): AuditPage {
    const before = cursor === undefined ? Infinity : Number(cursor);
    const rest = this.found(filter).filter(({ id }) => id < before);
    const entries = rest.slice(0, limit);
    return { entries, next: rest.length > limit ? String(entries.at(-1)?.id) : null };
  }

  #put(id: string, save: SavePermission): PermissionEntry {
    const entry = { ...save, id, version: save.version + 1, at: Date.now(), by: this.#login };
    this.#entries.set(id, entry);
    return entry;
  }
}

function server(serverId: string, hostname: string, local: boolean): AdminServer {
  const accepts = { login: true, start: true };
  return {
    info: {
      serverId,
      id: serverId,
      serverPool: '',
      hostname,
      url: `https://${hostname}`,
      cpu: 8,
      freemem: 9 * GB,
      totalmem: 16 * GB,
      loggedInUsers: 1,
      sessions: 2,
      uptime: 86_400,
      loadavg: [0.4, 0.3, 0.2],
      accepts,
      staticData: {},
    },
    accepts,
    local,
    version: 1,
  };
}
