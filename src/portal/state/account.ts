/** Who is logged in, and what a logged-out page may know of the server. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Me, PublicConfig } from '../../contract/api.ts';
import type { Api } from '../../api/client.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';

export type AccountState =
  | { readonly at: 'loading' }
  | { readonly at: 'in'; readonly me: Me }
  /** `ended`: there was a login a moment ago. */
  | { readonly at: 'out'; readonly ended: boolean }
  | { readonly at: 'failed'; readonly failure: ApiFailure };

export interface Account {
  readonly store: StoreApi<{ readonly account: AccountState; readonly config: PublicConfig | undefined }>;
  /** Asks the server who we are. Never rejects: what came of it is in the store. */
  load(): Promise<void>;
  /** Exchanges a one-time secret; rejects with an `ApiFailure`. */
  logInLocally(secret: string): Promise<void>;
  logOut(): Promise<void>;
  /** The server said that the login is over. */
  ended(): void;
  csrf(): string | undefined;
}

export function createAccount(api: () => Api): Account {
  const store = createStore<{ readonly account: AccountState; readonly config: PublicConfig | undefined }>(() => ({
    account: { at: 'loading' },
    config: undefined,
  }));

  async function loadMe(): Promise<void> {
    try {
      store.setState({ account: { at: 'in', me: await api().call('me', {}) } });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== 'unauthenticated') store.setState({ account: { at: 'failed', failure } });
      else if (store.getState().account.at !== 'out') store.setState({ account: { at: 'out', ended: false } });
    }
  }

  async function loadConfig(): Promise<void> {
    try {
      store.setState({ config: await api().call('config', {}) });
    } catch {
      // The page works without it; what matters of a failure shows in the answer about the login.
    }
  }

  return {
    store,
    async load() {
      await Promise.all([loadMe(), loadConfig()]);
    },
    async logInLocally(secret) {
      await api().call('loginLocal', { secret });
      await Promise.all([loadMe(), loadConfig()]);
    },
    async logOut() {
      const { redirect } = await api().call('logout', {});
      store.setState({ account: { at: 'out', ended: false } });
      // The identity provider has a login of its own, which would let the next person in without a word.
      if (redirect !== undefined) window.location.assign(redirect);
    },
    ended() {
      if (store.getState().account.at === 'in') store.setState({ account: { at: 'out', ended: true } });
    },
    csrf() {
      const { account } = store.getState();
      return account.at === 'in' ? account.me.csrf : undefined;
    },
  };
}
