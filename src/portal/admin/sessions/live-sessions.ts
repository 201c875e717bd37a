/**
 * Everybody's sessions: the list over HTTP, changes over a socket of their own. While the socket is away, the list is
 * read again and again instead.
 */
import * as z from 'zod/mini';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../../../api/client.ts';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import { Session } from '../../../contract/session.ts';

export interface LiveState {
  /** `undefined` until they have been read once. */
  readonly sessions: readonly Session[] | undefined;
  readonly failure: ApiFailure | undefined;
  readonly live: boolean;
}

export interface LiveSessions {
  readonly store: StoreApi<LiveState>;
  reload(): Promise<void>;
  /** Begins; returns the way to stop. */
  run(): () => void;
}

/** Milliseconds between two readings, or two tries to connect. */
const AGAIN = 5_000;
/** Milliseconds that a reading may take before it is given up for another. */
const PATIENCE = 60_000;
/** As many as one answer may have. */
const PAGE = 1000;

const Message = z.object({ id: z.string(), data: z.nullable(Session) });

export function createLiveSessions(api: Api, connect: () => WebSocket): LiveSessions {
  const store = createStore<LiveState>(() => ({ sessions: undefined, failure: undefined, live: false }));
  /** What the socket told while the list was being read, and so knows better. */
  let told: Map<string, Session | null> | undefined;
  /** Milliseconds since 1970: since when it is being read. */
  let since = 0;

  function apply(changes: ReadonlyMap<string, Session | null>): void {
    store.setState(({ sessions = [] }) => {
      const next = new Map(sessions.map((session) => [session.id, session]));
      for (const [id, session] of changes) {
        if (session) next.set(id, session);
        else next.delete(id);
      }
      return { sessions: [...next.values()] };
    });
  }

  async function reload(): Promise<void> {
    const meanwhile = new Map<string, Session | null>();
    told = meanwhile;
    since = Date.now();
    try {
      const sessions: Session[] = [];
      for (let start = 0; ; start += PAGE) {
        const page = await api.call('adminSessions', { start, limit: PAGE });
        sessions.push(...page);
        if (page.length < PAGE) break;
      }
      if (told !== meanwhile) return;
      store.setState({ sessions, failure: undefined });
      apply(meanwhile);
    } catch (thrown) {
      if (told === meanwhile) store.setState({ failure: toFailure(thrown) });
    } finally {
      if (told === meanwhile) told = undefined;
    }
  }

  /** Changes come in bursts; one drawing shows them all. */
  let waiting = new Map<string, Session | null>();
  function receive(text: unknown): void {
    const message = Message.safeParse(JSON.parse(String(text)));
    if (!message.success) return;
    const { id, data } = message.data;
    told?.set(id, data);
    if (store.getState().sessions === undefined) return;
    if (waiting.size === 0) {
      queueMicrotask(() => {
        const all = waiting;
        waiting = new Map();
        apply(all);
      });
    }
    waiting.set(id, data);
  }

  return {
    store,
    reload,
    run() {
      let stopped = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let socket: WebSocket | undefined;
      const open = () => {
        const made = connect();
        socket = made;
        made.addEventListener('open', () => {
          store.setState({ live: true });
          void reload();
        });
        made.addEventListener('message', (event) => receive(event.data));
        made.addEventListener('close', () => {
          if (stopped) return;
          store.setState({ live: false });
          timer = setTimeout(() => {
            // A long list may take longer than this to be read; begun anew each time, it would never be shown.
            if (!told || Date.now() - since > PATIENCE) void reload();
            open();
          }, AGAIN);
        });
      };
      void reload();
      open();
      return () => {
        stopped = true;
        clearTimeout(timer);
        socket?.close();
        told = undefined;
      };
    },
  };
}
