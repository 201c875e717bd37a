/**
 * The life of a viewer's connection as one state machine: credentials, the first text frames, what each way of ending
 * means, and when to try again. Knows neither DOM nor parent; all it does goes through its ports.
 */
import type { ErrorCode } from '../contract/errors.ts';
import {
  CLOSE_ENDED,
  CLOSE_KICKED,
  CLOSE_REFUSED,
  ServerFrame,
  SOCKET_VERSION,
  type Hello,
  type Welcome,
} from '../contract/socket.ts';
import type { ViewerState } from '../embed/messages.ts';
import type { ScreenEvent } from '../screen/client.ts';
import { waitBefore } from './backoff.ts';
import { isKnownError } from './error-words.ts';
import { Liveness } from './liveness.ts';

export interface ConnectionPorts {
  /** Connects with this first text frame. */
  open(hello: string): void;
  close(): void;
  sendText(json: string): void;
  onState(state: ViewerState): void;
  onWelcome(welcome: Welcome): void;
  /** Frames that are not about the connection itself. */
  onFrame(frame: ServerFrame): void;
  readonly resume: { load(): string | undefined; save(token: string): void; clear(): void };
  /** Asks whoever embeds the viewer for a ticket; `undefined` when there is nobody to ask. */
  askTicket(): Promise<string | undefined>;
  /** Bytes that came over the present connection, for the check whether it is alive. */
  received(): Promise<number>;
  readonly clientVersion?: string;
  parentOrigin(): string | undefined;
  random(): number;
}

/** A server that takes the connection and then says nothing. */
const WELCOME_TIMEOUT_MS = 20_000;
/** After this long without a server the viewer stops trying by itself. */
const GIVE_UP_MS = 30 * 60_000;

/** Refusals that another moment may cure. */
const TRANSIENT: ReadonlySet<string> = new Set([
  'unavailable',
  'rate-limited',
  'internal',
  'link-failed',
  'disconnected',
]);
/** Refusals of what was presented, where a new ticket helps. */
const CREDENTIAL: ReadonlySet<string> = new Set([
  'ticket-missing',
  'ticket-unknown',
  'ticket-used',
  'ticket-expired',
  'resume-unknown',
]);

export class Connection {
  readonly #ports: ConnectionPorts;
  #state: ViewerState = { state: 'loading' };
  /** Given by the address or the parent, not yet presented with success. */
  #ticket: string | undefined;
  /** A refused ticket or token was already replaced by a new one from the parent. */
  #askedAgain = false;
  #presented: 'ticket' | 'resume' = 'ticket';
  #welcomed = false;
  #attempt = 0;
  #lostAt = 0;
  #refusal: { code: string; message: string } | undefined;
  #wanted = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #liveness: Liveness;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
    this.#liveness = new Liveness({
      ping: (at) => ports.sendText(JSON.stringify({ t: 'ping', at })),
      received: () => ports.received(),
      dead: () => ports.close(),
    });
  }

  get state(): ViewerState {
    return this.#state;
  }

  /** With a ticket, or with the resume token where there is none. */
  start(ticket?: string): void {
    this.#ticket = ticket;
    this.#wanted = true;
    this.#askedAgain = false;
    this.#attempt = 0;
    this.#lostAt = 0;
    this.#connect();
  }

  /** Tries now: a person, the parent, or a network that came back asks for it. */
  reconnect(): void {
    if (this.#state.state === 'ended' || this.#state.state === 'connected') return;
    if (this.#wanted && (this.#state.state === 'connecting' || this.#state.state === 'authenticating')) return;
    if (this.#state.state !== 'reconnecting') this.#attempt = 0;
    this.#wanted = true;
    this.#askedAgain = false;
    this.#connect();
  }

  /** The network or the tab came back: waits are over, and what was connected is asked whether it still is. */
  wake(): void {
    if (this.#state.state === 'reconnecting') this.reconnect();
    else this.#liveness.probe();
  }

  /** A person or the parent ends the connection; the session goes on. */
  disconnect(): void {
    this.#stop();
    this.#ports.close();
    this.#set({ state: 'disconnected', code: 'disconnected', reason: '', recoverable: true });
  }

  /** Something that was found before a connection was tried. */
  fail(code: ErrorCode, reason: string): void {
    this.#stop();
    this.#set({ state: 'disconnected', code, reason, recoverable: false });
  }

  authenticating(): void {
    this.#set({ state: 'authenticating' });
  }

  dispose(): void {
    this.#stop();
  }

  event(event: ScreenEvent): void {
    this.#liveness.heard();
    if (event.type === 'text') this.#text(event.text);
    // Not before there is something to see: what lies over the desktop goes, and the page around us is told.
    else if (event.type === 'painted-first') this.#connected();
    else if (event.type === 'closed') this.#closed(event);
  }

  #connect(): void {
    clearTimeout(this.#timer);
    const resume = this.#ticket === undefined ? this.#ports.resume.load() : undefined;
    if (this.#ticket === undefined && resume === undefined) {
      void this.#authenticate('ticket-missing', '');
      return;
    }
    this.#presented = resume === undefined ? 'ticket' : 'resume';
    this.#welcomed = false;
    this.#refusal = undefined;
    if (this.#attempt > 0) this.#set({ state: 'reconnecting', attempt: this.#attempt, nextAt: 0 });
    else this.#set({ state: 'connecting' });
    const parentOrigin = this.#ports.parentOrigin();
    const { clientVersion } = this.#ports;
    const hello: Hello = {
      t: 'hello',
      v: SOCKET_VERSION,
      ...(resume === undefined ? { ticket: this.#ticket } : { resume }),
      ...(clientVersion === undefined ? {} : { clientVersion }),
      ...(parentOrigin === undefined ? {} : { parentOrigin }),
    };
    this.#hangUp();
    this.#timer = setTimeout(() => this.#ports.close(), WELCOME_TIMEOUT_MS);
    this.#ports.open(JSON.stringify(hello));
  }

  /** What is open still makes room for the next one: nothing is lost by that, and nothing is to be tried again. */
  #hangUp(): void {
    this.#wanted = false;
    this.#ports.close();
    this.#wanted = true;
  }

  /** Asks for a new ticket; without one `code` is what the person is told. */
  async #authenticate(code: string, reason: string): Promise<void> {
    this.#askedAgain = true;
    this.#set({ state: 'authenticating' });
    let ticket: string | undefined;
    try {
      ticket = await this.#ports.askTicket();
    } catch {
      // Said no, or said nothing: the reason there was to ask is what is shown.
    }
    if (!this.#wanted || this.#state.state !== 'authenticating') return;
    if (ticket === undefined) {
      this.#stop();
      this.#set({ state: 'disconnected', code, reason, recoverable: false });
      return;
    }
    this.#ticket = ticket;
    this.#connect();
  }

  #text(text: string): void {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return;
    }
    // Frames of a kind that is not known are ignored, so that the server may be newer than the page.
    const parsed = ServerFrame.safeParse(json);
    if (!parsed.success) return;
    const frame = parsed.data;
    switch (frame.t) {
      case 'welcome':
        this.#welcome(frame);
        break;
      case 'error':
        this.#refusal = { code: frame.error.name, message: frame.error.message };
        break;
      case 'ended':
        this.#ended(frame.exitCode, frame.reason);
        break;
      case 'pong':
        this.#liveness.pong();
        this.#ports.onFrame(frame);
        break;
      case 'clientcomm':
      case 'answer':
      case 'cancel':
      case 'role':
      case 'participants':
      case 'deadline':
      case 'clip.mode':
      case 'clip.offer':
      case 'clip.data':
      case 'clip.next':
      case 'clip.done':
      case 'clip.fail':
      case 'keyboard':
      case 'part':
      case 'part.ack':
      case 'windows':
        this.#ports.onFrame(frame);
        break;
    }
  }

  #welcome(frame: Welcome): void {
    if (frame.v !== SOCKET_VERSION) {
      this.#refusal = { code: 'version-mismatch', message: '' };
      this.#ports.close();
      return;
    }
    clearTimeout(this.#timer);
    this.#welcomed = true;
    this.#ticket = undefined;
    this.#ports.resume.save(frame.resume);
    this.#ports.onWelcome(frame);
    this.#liveness.start();
    // There will be no picture until somebody lets this guest in.
    if (frame.role === 'inactive') this.#connected();
  }

  #connected(): void {
    this.#attempt = 0;
    this.#lostAt = 0;
    this.#askedAgain = false;
    this.#set({ state: 'connected' });
  }

  #ended(exitCode: number | null, reason: string): void {
    this.#stop();
    this.#ports.resume.clear();
    this.#set({ state: 'ended', exitCode, reason });
    this.#ports.close();
  }

  #closed(event: Extract<ScreenEvent, { type: 'closed' }>): void {
    clearTimeout(this.#timer);
    this.#liveness.stop();
    if (!this.#wanted) return;
    const said = this.#refusal?.code ?? (event.code >= CLOSE_REFUSED ? event.reason : '');
    const message = this.#refusal?.message ?? '';
    if (event.code === CLOSE_ENDED || said === 'session-not-running') {
      this.#ended(null, said);
    } else if (event.error) {
      // A stream that is not what it should be would be so again; a person decides.
      this.#give(event.error.code, event.error.detail, true);
    } else if (event.code === CLOSE_KICKED || said === 'kicked') {
      this.#give(
        isKnownError(said) ? said : 'kicked',
        message,
        said === 'disconnected' || said === 'idle-disconnected',
      );
    } else if (said !== '' && !TRANSIENT.has(said) && !this.#welcomed) {
      this.#refused(said, message);
    } else {
      this.#lost(said, message);
    }
  }

  #refused(code: string, message: string): void {
    if (this.#presented === 'resume' && CREDENTIAL.has(code)) this.#ports.resume.clear();
    const spent = this.#ticket !== undefined && CREDENTIAL.has(code);
    if (spent) this.#ticket = undefined;
    if (spent && this.#ports.resume.load() !== undefined) {
      // Opened by its old address once more: what this frame was given then is still good.
      this.#connect();
    } else if (CREDENTIAL.has(code) && !this.#askedAgain) {
      void this.#authenticate(code, message);
    } else {
      this.#give(code, message, false);
    }
  }

  #lost(code: string, message: string): void {
    const now = Date.now();
    this.#lostAt ||= now;
    if (now - this.#lostAt > GIVE_UP_MS) {
      this.#give(code || 'disconnected', message, true);
      return;
    }
    this.#attempt++;
    const wait = waitBefore(this.#attempt, this.#ports.random());
    this.#timer = setTimeout(() => this.#connect(), wait);
    this.#set({ state: 'reconnecting', attempt: this.#attempt, nextAt: now + wait });
  }

  #give(code: string, reason: string, recoverable: boolean): void {
    this.#stop();
    this.#set({ state: 'disconnected', code, reason, recoverable });
  }

  #stop(): void {
    this.#wanted = false;
    clearTimeout(this.#timer);
    this.#liveness.stop();
  }

  #set(state: ViewerState): void {
    this.#state = state;
    this.#ports.onState(state);
  }
}
