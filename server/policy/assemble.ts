/** Puts permissions, settings, seats, servers and the audit list together over one store. */
import type { Session } from '../../src/contract/session.ts';
import type { Store } from '../store/port.ts';
import type { LineSink } from './audit-lines.ts';
import { createAudit } from './audit.ts';
import { createPermissions } from './permissions.ts';
import type { Policy, SessionServer } from './port.ts';
import { createSeats } from './seats.ts';
import { createServerSwitches } from './servers.ts';
import { createSettings } from './settings.ts';

export interface PolicyOptions {
  readonly store: Pick<Store, 'audit' | 'documents' | 'rules'>;
  readonly localId: string;
  readonly servers: readonly SessionServer[];
  readonly lines?: LineSink | undefined;
  readonly now?: () => number;
  /** The audit list could not be written. */
  readonly failed: (cause: unknown) => void;
}

export async function createPolicy(options: PolicyOptions): Promise<Policy> {
  const { store, localId, servers, lines, now = Date.now, failed } = options;
  const settings = await createSettings(store.documents);
  const hosts = [...new Set(servers.map(({ host }) => host))];
  const sessions = (): Session[] => hosts.flatMap((host) => host.list());
  return {
    permissions: await createPermissions({ rules: store.rules, documents: store.documents, now }),
    settings,
    seats: createSeats({ limits: () => settings.get().seats, sessions, now }),
    servers: await createServerSwitches(store.documents, localId, servers),
    audit: createAudit({ store: store.audit, lines, settings, now, failed }),
  };
}
