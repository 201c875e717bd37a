/** The session servers, kept present by push; `null` is one that was there and went. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PushMessage } from '../../contract/push.ts';
import type { ServerInfo } from '../../contract/session.ts';

export interface Servers {
  readonly store: StoreApi<{ readonly servers: ReadonlyMap<string, ServerInfo | null> }>;
  pushed(message: PushMessage): void;
  clear(): void;
}

export function createServers(): Servers {
  const store = createStore<{ readonly servers: ReadonlyMap<string, ServerInfo | null> }>(() => ({
    servers: new Map(),
  }));
  return {
    store,
    pushed(message) {
      if (message.event !== 'server') return;
      store.setState(({ servers }) => ({ servers: new Map(servers).set(message.id, message.data) }));
    },
    clear: () => store.setState({ servers: new Map() }),
  };
}
