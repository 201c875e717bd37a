/** One's sessions, kept present by push; read over HTTP while the push connection is away. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../../api/client.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import type { PushState } from '../../api/push.ts';
import type { Params } from '../../contract/json.ts';
import type { PushMessage } from '../../contract/push.ts';
import type { Session } from '../../contract/session.ts';

export interface SessionsState {
  readonly sessions: ReadonlyMap<string, Session>;
  /** The whole list has been seen once; before, an empty one means nothing. */
  readonly loaded: boolean;
  /** Why the list could not be read, until it can. */
  readonly failure: ApiFailure | undefined;
  readonly push: PushState;
}

export interface Sessions {
  readonly store: StoreApi<SessionsState>;
  /** A new push connection begins with all of the present state. */
  pushOpened(): void;
  pushed(message: PushMessage): void;
  pushState(state: PushState): void;
  /** Reads the list over HTTP; what came of it is in the store. */
  refresh(): Promise<void>;
  put(session: Session): void;
  remove(id: string): void;
  /** Shows the change at once, asks for it, and takes it back if it is refused; rejects with the failure. */
  changeParams(id: string, change: Params): Promise<void>;
  clear(): void;
}

const EMPTY: SessionsState = {
  sessions: new Map(),
  loaded: false,
  failure: undefined,
  push: { at: 'stopped' },
};

/** `null` deletes, as on the server. */
function applyParams(params: Params, change: Params): Params {
  return Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== null));
}

export function createSessions(api: () => Api): Sessions {
  const store = createStore<SessionsState>(() => EMPTY);
  /** Ids told since the connection opened; `undefined` once it is caught up. */
  let told: Set<string> | undefined;
  /** Counts what makes a list that is on its way the past. */
  let turn = 0;

  function put(session: Session): void {
    store.setState(({ sessions }) => ({ sessions: new Map(sessions).set(session.id, session) }));
  }

  function remove(id: string): void {
    store.setState(({ sessions }) => {
      const rest = new Map(sessions);
      rest.delete(id);
      return { sessions: rest };
    });
  }

  function caughtUp(): void {
    const known = told;
    told = undefined;
    store.setState(({ sessions }) => ({
      sessions: known ? new Map([...sessions].filter(([id]) => known.has(id))) : sessions,
      loaded: true,
      failure: undefined,
    }));
  }

  async function refresh(): Promise<void> {
    const own = ++turn;
    // A push connection that has begun to tell in the meantime knows better.
    const isPast = () => own !== turn || told !== undefined || store.getState().push.at === 'live';
    try {
      const list = await api().call('sessions', {});
      if (isPast()) return;
      store.setState({
        sessions: new Map(list.map((session) => [session.id, session])),
        loaded: true,
        failure: undefined,
      });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (!isPast() && failure.code !== 'unauthenticated') store.setState({ failure });
    }
  }

  return {
    store,
    put,
    remove,
    refresh,
    pushOpened() {
      told = new Set();
    },
    pushed(message) {
      if (message.event === 'ready') caughtUp();
      if (message.event !== 'session') return;
      told?.add(message.id);
      if (message.data) put(message.data);
      else remove(message.id);
    },
    pushState(push) {
      store.setState({ push });
      if (push.at !== 'waiting') return;
      told = undefined;
      void refresh();
    },
    async changeParams(id, change) {
      const before = store.getState().sessions.get(id);
      if (!before) return;
      put({ ...before, params: applyParams(before.params, change) });
      try {
        const params = await api().call('params', { id, params: change });
        const now = store.getState().sessions.get(id);
        if (now) put({ ...now, params });
      } catch (thrown) {
        const now = store.getState().sessions.get(id);
        // What else was changed meanwhile stays.
        const back = Object.keys(change).map((name) => [name, before.params[name] ?? null] as const);
        if (now) put({ ...now, params: applyParams(now.params, Object.fromEntries(back)) });
        throw toFailure(thrown);
      }
    },
    clear() {
      turn++;
      told = undefined;
      store.setState(EMPTY);
    },
  };
}

/** What failed is not over until somebody has read why. */
const isOver = ({ status }: Session) => status === 'ended';

/** Those that run, are about to or failed, and those that have ended; the newest leads in both groups. */
export function inOrder(sessions: Iterable<Session>): { open: Session[]; over: Session[] } {
  const all = [...sessions].toSorted((a, b) => b.started - a.started || a.id.localeCompare(b.id));
  return { open: all.filter((session) => !isOver(session)), over: all.filter(isOver) };
}
