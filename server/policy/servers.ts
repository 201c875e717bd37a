/** The session servers with the switches that administrators set. A switch only closes: it opens nothing that cannot. */
import * as z from 'zod/mini';
import { CasementError } from '../../src/contract/errors.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { AdminServer } from '../../src/contract/settings.ts';
import type { DocumentStore } from '../store/port.ts';
import type { ServerSwitches, SessionServer } from './port.ts';

const Accepts = z.object({ login: z.boolean(), start: z.boolean() });
const OPEN = { login: true, start: true };

/** Ids may be anything, so they are told from other documents by what stands before them. */
const keyOf = (serverId: string) => `server:${serverId}`;

export async function createServerSwitches(
  documents: DocumentStore,
  localId: string,
  servers: readonly SessionServer[],
): Promise<ServerSwitches> {
  const byId = new Map(servers.map((server) => [server.info().serverId, server]));
  const switches = new Map<string, { accepts: AdminServer['accepts']; version: number }>();
  for (const id of byId.keys()) {
    const kept = await documents.get(keyOf(id));
    if (kept) switches.set(id, { accepts: Accepts.parse(JSON.parse(kept.value)), version: kept.version });
  }
  const switchOf = (id: string) => switches.get(id) ?? { accepts: OPEN, version: 0 };

  function infoOf(server: SessionServer): ServerInfo {
    const info = server.info();
    const { accepts } = switchOf(info.serverId);
    return {
      ...info,
      accepts: { login: info.accepts.login && accepts.login, start: info.accepts.start && accepts.start },
    };
  }
  const forAdmin = (server: SessionServer): AdminServer => {
    const info = infoOf(server);
    return { info, ...switchOf(info.serverId), local: info.serverId === localId };
  };

  return {
    localId,
    list: () => [...byId.values()].map(infoOf),
    get(serverId) {
      const server = byId.get(serverId);
      return (
        server && {
          host: server.host,
          info: () => infoOf(server),
          async canStart() {
            const { accepts, xserver } = await server.canStart();
            return { accepts: accepts && switchOf(serverId).accepts.start, xserver };
          },
        }
      );
    },
    all: () => [...byId.values()].map(forAdmin),
    async save(serverId, accepts, version) {
      const server = byId.get(serverId);
      if (!server) throw new CasementError('not-found', { details: { field: 'id' } });
      if (!(await documents.save(keyOf(serverId), JSON.stringify(accepts), version))) {
        throw new CasementError('settings-conflict', { details: { current: forAdmin(server) } });
      }
      switches.set(serverId, { accepts, version: version + 1 });
      return forAdmin(server);
    },
  };
}
