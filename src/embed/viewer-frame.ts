/** The viewer in a page of one's own: an iframe, and a typed conversation with it. Uses no package. */
import { withUi } from './address.ts';
import { isBody, isEnvelope, isFromViewerName } from './checks.ts';
import { Emitter } from './emitter.ts';
import { MessageHandlers, type CustomMessage, type MessageHandler } from './handlers.ts';
import type {
  Envelope,
  FromParent,
  FromParentName,
  FromViewer,
  FromViewerName,
  JsonValue,
  KeyCombo,
  Role,
  Scaling,
  Settings,
  Ticket,
  ViewerState,
  ViewerUi,
} from './types.ts';
import { ViewerError } from './viewer-error.ts';

export { ViewerError } from './viewer-error.ts';
export type { CustomMessage, MessageHandler } from './handlers.ts';

/** What the browser lets the frame do beyond showing pixels. */
const PERMISSIONS = 'fullscreen; clipboard-read; clipboard-write; keyboard-map';
const MESSAGE_VERSION = 1;
/** How long a command may take unless its caller says otherwise; the viewer gives a page as long to answer. */
export const ANSWER_TIMEOUT_MS = 30_000;

export type ViewerEvents = FromViewer & { message: CustomMessage };

/** A ticket together with the address of the viewer that takes it, as `POST /api/connect` answers. */
export type AddressedTicket = Ticket & { url?: string | undefined };

export interface CreateViewerOptions {
  /** Address of `/xrdp`, with its data in the fragment; without data the frame warms up and asks `getTicket`. */
  readonly url?: string;
  /** The answer of `POST /api/connect`, instead of `url`. */
  readonly ticket?: AddressedTicket;
  /**
   * Asked when the viewer needs a ticket: opened without one, or away for too long. Where neither `url` nor `ticket` is
   * given it is asked at once, and its answer must have a `url`.
   */
  readonly getTicket?: () => Promise<AddressedTicket> | AddressedTicket;
  /** Name of the frame for screen readers. */
  readonly title?: string;
  readonly ui?: ViewerUi;
  /** Short for the same members of `ui`. */
  readonly scaling?: Scaling;
  readonly locale?: string;
  readonly theme?: 'light' | 'dark' | 'auto';
  /** `view-only`: no input is sent. */
  readonly view?: 'full' | 'view-only';
  /** Milliseconds that a command may take; default 30,000. */
  readonly timeout?: number;
  /**
   * Handles ClientComm messages of all types that the viewer does not know and no `onMessage(type, …)` takes. What it
   * returns is the answer to the script; what it throws is answered as an error.
   */
  readonly onMessage?: MessageHandler;
}

/** Commands reject with a `ViewerError`: `timeout`, `disconnected`, or what the viewer refused them with. */
export interface ViewerHandle {
  readonly element: HTMLIFrameElement;
  readonly state: ViewerState;
  /** Listens; returns the way to stop. `code` comes with `error` and `disconnect`. */
  on<Name extends keyof ViewerEvents>(
    event: Name,
    listener: (body: ViewerEvents[Name], code?: string) => void,
  ): () => void;
  /**
   * Handles ClientComm messages of one type. What it returns (or resolves with) is the answer to the script that asked;
   * what it throws is answered as an error. Of several handlers the first that returns something answers.
   */
  onMessage(type: string, handler: MessageHandler): () => void;
  /** Resolves with the first picture; rejects when there will be none. */
  connected(): Promise<void>;
  /** Asks the viewer for anything in `FromParent`. */
  post<Name extends FromParentName>(msg: Name, body?: FromParent[Name], timeoutMs?: number): Promise<unknown>;
  disconnect(): Promise<unknown>;
  reconnect(): Promise<unknown>;
  /** Gives the frame, and with it the desktop, the keyboard. */
  focus(): void;
  /** Takes the keyboard from the desktop; what is pressed is released. */
  blur(): Promise<unknown>;
  /** Browsers allow it only on a click or a key inside the frame, so it is often refused with `denied`. */
  fullscreen(active?: boolean): Promise<unknown>;
  /** Puts text onto the session's clipboard. */
  clipboard(text: string): Promise<unknown>;
  /** A named combination, or X keysyms pressed in this order and released in the opposite one. */
  keys(keys: KeyCombo | readonly number[]): Promise<unknown>;
  scaling(mode: Scaling): Promise<unknown>;
  settings(settings: Settings): Promise<{ applied: string[]; ignored: string[] }>;
  requestRole(role: Role): Promise<{ role: Role }>;
  /** The picture as a PNG in a `data:` URL. */
  screenshot(): Promise<{ width: number; height: number; png: string }>;
  /** Connects with this ticket, to another session where it names one. */
  ticket(ticket: Ticket): Promise<unknown>;
  /** Asks the session; resolves with the answer's data. */
  send(type: string, data: JsonValue): Promise<unknown>;
  /** Removes the frame; what is still unanswered is rejected with `disconnected`. */
  dispose(): void;
}

interface Pending {
  readonly msg: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ViewerError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

function uiOf(options: CreateViewerOptions): ViewerUi {
  const { scaling, locale, theme, view } = options;
  return {
    ...options.ui,
    ...(scaling === undefined ? {} : { scaling }),
    ...(locale === undefined ? {} : { locale }),
    ...(theme === undefined ? {} : { theme }),
    ...(view === undefined ? {} : { viewOnly: view === 'view-only' }),
  };
}

/** Puts a viewer into `target` and listens to it alone: messages of other windows and other origins are not heard. */
export function createViewer(target: HTMLElement, options: CreateViewerOptions): ViewerHandle {
  const document = target.ownerDocument;
  const window = document.defaultView;
  if (!window) throw new ViewerError('bad-request', 'The element belongs to no window.');
  const ui = uiOf(options);
  const timeout = options.timeout ?? ANSWER_TIMEOUT_MS;
  let origin: string | undefined;

  const frame = document.createElement('iframe');
  frame.title = options.title ?? 'Remote desktop';
  frame.allow = PERMISSIONS;
  frame.allowFullscreen = true;
  // The viewer learns from it who embeds it; only the origin is told.
  frame.referrerPolicy = 'strict-origin';
  frame.style.cssText = 'display:block;width:100%;height:100%;border:0';

  const events = new Emitter<ViewerEvents>();
  const handlers = new MessageHandlers(options.onMessage);
  const pending = new Map<number, Pending>();
  /** Whoever waits for the first picture. */
  const waiting = new Set<(error: ViewerError) => void>();
  let nextNumber = 1;
  let state: ViewerState = { state: 'loading' };
  let disposed = false;

  function load(address: string): void {
    const url = new URL(address, document.baseURI);
    ({ origin } = url);
    frame.src = withUi(url, ui).href;
  }

  function setState(next: ViewerState): void {
    state = next;
    events.emit('state', next);
  }

  async function loadByTicket(getTicket: NonNullable<CreateViewerOptions['getTicket']>): Promise<void> {
    try {
      const { url } = await getTicket();
      if (url === undefined) throw new ViewerError('ticket-missing', 'getTicket gave no address of a viewer.');
      if (!disposed) load(url);
    } catch (error) {
      const { name, message } = toError(error);
      if (!disposed) setState({ state: 'disconnected', code: name, reason: message, recoverable: false });
    }
  }

  function send(message: Envelope): void {
    if (origin !== undefined) frame.contentWindow?.postMessage({ v: MESSAGE_VERSION, ...message }, origin);
  }

  /** Runs what answers a question of the viewer's and sends what comes of it, once. */
  async function answer(msg: string, number: number | undefined, work: () => unknown): Promise<void> {
    const reply = (members: Partial<Envelope>) => {
      if (!disposed) send({ msg, ...(number === undefined ? {} : { number }), ...members });
    };
    try {
      const outcome = work();
      if (outcome instanceof Promise && number !== undefined) reply({ ack: true });
      const result: unknown = await outcome;
      reply(msg.startsWith('security.') ? { body: result, result } : { result: result ?? null });
    } catch (error) {
      reply({ error: toError(error) });
    }
  }

  function onQuestion(name: FromViewerName, number: number | undefined): void {
    if (name === 'security.none') void answer(name, number, () => ({}));
    if (name !== 'security.password') return;
    void answer(name, number, async () => {
      if (!options.getTicket) throw new ViewerError('ticket-missing', 'The page gave the viewer no ticket.');
      const { url: _, ...ticket } = await options.getTicket();
      return Object.keys(ui).length === 0 ? ticket : { ...ticket, ui: { ...ui, ...ticket.ui } };
    });
  }

  function onAnswer(message: Envelope, number: number): boolean {
    const question = pending.get(number);
    if (!question || question.msg !== message.msg) return false;
    if (message.result === undefined && message.error === undefined) return false;
    pending.delete(number);
    clearTimeout(question.timer);
    if (message.error) question.reject(new ViewerError(message.error.name, message.error.message ?? ''));
    else question.resolve(message.result);
    return true;
  }

  function onCustom(message: Envelope): void {
    const { msg, number, body, from } = message;
    const custom = { type: msg, data: body, from, query: number !== undefined };
    events.emit('message', custom);
    const work = handlers.find(custom);
    if (number !== undefined) {
      if (work) void answer(msg, number, work);
      else send({ msg, number, error: { name: 'unhandled', message: 'The page has no handler for this type.' } });
    } else if (work) {
      // Nobody waits for what comes of it, so what goes wrong is for the page's own error handling.
      void work();
    }
  }

  function receive(event: MessageEvent<unknown>): void {
    if (event.source !== frame.contentWindow || event.origin !== origin || !event.source) return;
    const message = event.data;
    if (!isEnvelope(message)) return;
    const { msg, number } = message;
    if (number !== undefined && onAnswer(message, number)) return;
    if (!isFromViewerName(msg)) {
      onCustom(message);
      return;
    }
    if (isBody(msg, message.body)) {
      if (msg === 'state' && isBody('state', message.body)) state = message.body;
      events.emit(msg, message.body, message.code);
    }
    onQuestion(msg, number);
  }

  const removed = () => new ViewerError('disconnected', 'The viewer has been removed.');

  function post(msg: FromParentName, body?: unknown, timeoutMs = timeout): Promise<unknown> {
    if (disposed) return Promise.reject(removed());
    const number = nextNumber++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        pending.delete(number);
        reject(new ViewerError('timeout', `The viewer did not answer "${msg}" in time.`));
      }, timeoutMs);
      pending.set(number, { msg, resolve, reject, timer });
      send({ msg, number, body: body ?? {} });
    });
  }
  /** For commands whose answer has a shape; the viewer is trusted to keep it, being of the origin that was chosen. */
  const ask = <Result>(msg: FromParentName, body?: unknown) => post(msg, body) as Promise<Result>;

  window.addEventListener('message', receive);
  const address = options.url ?? options.ticket?.url;
  if (address !== undefined) load(address);
  else if (options.getTicket) void loadByTicket(options.getTicket);
  else throw new ViewerError('bad-request', 'A viewer needs url, ticket or getTicket.');
  target.append(frame);

  return {
    element: frame,
    get state() {
      return state;
    },
    on: (event, listener) => events.on(event, listener),
    onMessage: (type, handler) => handlers.add(type, handler),
    connected: () =>
      new Promise((resolve, reject) => {
        if (disposed) throw removed();
        const look = (now: ViewerState) => {
          if (now.state === 'connected') resolve();
          else if (now.state === 'disconnected') reject(new ViewerError(now.code, now.reason));
          else if (now.state === 'ended') reject(new ViewerError('session-not-running', now.reason ?? ''));
          else return;
          stop();
        };
        const unlisten = events.on('state', look);
        const stop = () => {
          unlisten();
          waiting.delete(reject);
        };
        waiting.add(reject);
        look(state);
      }),
    post: (msg, body, timeoutMs) => post(msg, body, timeoutMs),
    disconnect: () => post('disconnect'),
    reconnect: () => post('reconnect'),
    focus: () => frame.focus(),
    blur: () => post('blur'),
    fullscreen: (active) => post('fullscreen', active === undefined ? {} : { active }),
    clipboard: (text) => post('clipboard', { text }),
    keys: (keys) => post('keys', typeof keys === 'string' ? { combo: keys } : { keysyms: [...keys] }),
    scaling: (mode) => post('scaling', { mode }),
    settings: (settings) => ask('settings.update', settings),
    requestRole: (role) => ask('role.request', { role }),
    screenshot: () => ask('screenshot'),
    ticket: ({ ...ticket }) => post('ticket', ticket),
    send: (type, data) => post('clientcomm', { type, data }),
    dispose() {
      if (disposed) return;
      disposed = true;
      window.removeEventListener('message', receive);
      for (const question of pending.values()) {
        clearTimeout(question.timer);
        question.reject(removed());
      }
      pending.clear();
      for (const reject of waiting) reject(removed());
      waiting.clear();
      events.clear();
      frame.remove();
    },
  };
}

function toError(error: unknown): { name: string; message: string } {
  return {
    name: error instanceof ViewerError ? error.name : 'internal',
    message: error instanceof Error ? error.message : String(error),
  };
}
