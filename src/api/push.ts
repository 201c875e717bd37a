/**
 * The push socket as one subscription that outlives its connections: every message is checked, a lost connection is
 * taken up again after a growing, jittered pause, and each new connection begins with the whole present state.
 */
import { PushMessage } from '../contract/push.ts';
import { CLOSE_REFUSED } from '../contract/socket.ts';

export type PushState =
  | { readonly at: 'connecting' }
  /** All of the present state has arrived; from now on there are only changes. */
  | { readonly at: 'live' }
  /** `attempt` counts from 1 since the last time the connection was good; `nextAt` is in milliseconds since 1970. */
  | { readonly at: 'waiting'; readonly attempt: number; readonly nextAt: number }
  | { readonly at: 'stopped' };

/** First pause and longest one, in milliseconds. A restart of the server takes about a second. */
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 15_000;
/** A connection that never opens is given up, so that a proxy that swallows upgrades does not hang the page. */
const OPEN_TIMEOUT = 10_000;
/** Some figure of some server changes every few seconds; nothing for so long is looked into when there is a reason to. */
const SILENT = 20_000;

export interface PushOptions {
  readonly url: string;
  onMessage(message: PushMessage): void;
  onState(state: PushState): void;
  /** A new connection is open: what follows, up to `ready`, is the whole present state. */
  onOpen?(): void;
  /** The login has ended, here or from another browser. */
  onUnauthenticated?(): void;
  readonly WebSocket?: typeof globalThis.WebSocket;
  /** 0 to 1, for the jitter. */
  readonly random?: () => number;
}

export interface PushClient {
  start(): void;
  /**
   * The browser is online again, or the page is looked at: tries at once instead of waiting, and anew where nothing has
   * been heard for a while. A connection that broke while a computer slept is told of by nobody.
   */
  wake(): void;
  stop(): void;
}

/** Half fixed, half random: pages that lost the same server do not all come back in the same instant. */
export function pauseBefore(attempt: number, random: number): number {
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
  return Math.round(longest / 2 + (longest / 2) * random);
}

function readMessage(data: unknown): PushMessage | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const parsed = PushMessage.safeParse(JSON.parse(data));
    // Messages of a newer server that we do not know are left out.
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export function createPush(options: PushOptions): PushClient {
  const Socket = options.WebSocket ?? globalThis.WebSocket;
  const random = options.random ?? Math.random;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let attempt = 0;
  /** When the present connection last said something; `undefined` before it is open. */
  let heard: number | undefined;

  function connect(): void {
    clearTimeout(timer);
    const own = new Socket(options.url);
    socket = own;
    heard = undefined;
    if (attempt === 0) options.onState({ at: 'connecting' });
    timer = setTimeout(() => own.close(), OPEN_TIMEOUT);
    own.addEventListener('open', () => {
      if (socket !== own) return;
      clearTimeout(timer);
      heard = Date.now();
      options.onOpen?.();
    });
    own.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (socket !== own) return;
      heard = Date.now();
      const message = readMessage(event.data);
      if (!message) return;
      options.onMessage(message);
      if (message.event === 'ready') {
        attempt = 0;
        options.onState({ at: 'live' });
      }
    });
    own.addEventListener('close', (event: CloseEvent) => {
      if (socket !== own) return;
      // Coming back would only be answered the same; whoever logs in next starts it again.
      if (event.code === CLOSE_REFUSED && event.reason === 'unauthenticated') options.onUnauthenticated?.();
      // Perhaps stopped by that.
      if (socket === own) again();
    });
  }

  function again(): void {
    clearTimeout(timer);
    socket = undefined;
    if (!running) return;
    attempt += 1;
    const pause = pauseBefore(attempt, random());
    options.onState({ at: 'waiting', attempt, nextAt: Date.now() + pause });
    timer = setTimeout(connect, pause);
  }

  return {
    start() {
      if (running) return;
      running = true;
      attempt = 0;
      connect();
    },
    wake() {
      if (!running) return;
      const dead = heard !== undefined && Date.now() - heard > SILENT ? socket : undefined;
      if (dead) {
        socket = undefined;
        dead.close();
      }
      if (socket === undefined) connect();
    },
    stop() {
      if (!running) return;
      running = false;
      clearTimeout(timer);
      const last = socket;
      socket = undefined;
      last?.close();
      options.onState({ at: 'stopped' });
    },
  };
}
