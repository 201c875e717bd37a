/**
 * The viewer's side of the conversation with the page around it (contract section 4). Sent is only to origins on the
 * server's list, received only from the parent window *and* such an origin; every message is checked by its schema.
 */
import { FORWARD_TIMEOUT_MS } from '../contract/clientcomm.ts';
import {
  Envelope,
  FROM_PARENT,
  isFromParentName,
  MESSAGE_VERSION,
  type FromParent,
  type FromParentName,
  type FromViewer,
} from '../embed/messages.ts';
import { exactOrigin } from './frame-ancestors.ts';

/** A command as it passed its schema. */
export type Command = {
  [Name in FromParentName]: { readonly name: Name; readonly body: FromParent[Name] };
}[FromParentName];

export interface ParentOptions {
  /** What it returns is the answer; a `ParentError` it throws is an error by its name. */
  readonly onCommand: (command: Command) => unknown;
  /** Origins that may embed the page, as far as they can be known before `allow` is called. */
  readonly discover: () => Promise<readonly string[]>;
}

/** An answer that is none; `name` is one of ClientComm's error names. */
export class ParentError extends Error {
  constructor(name: string, message = '') {
    super(message);
    this.name = name;
  }
}

/** What of a frame's window is used. */
export interface FrameWindow {
  readonly parent: { postMessage(message: unknown, targetOrigin: string): void };
  readonly location: { readonly origin: string; readonly ancestorOrigins?: ArrayLike<string> };
  readonly document: { readonly referrer: string };
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

interface Question {
  readonly msg: string;
  readonly resolve: (answer: Envelope) => void;
  readonly reject: (error: ParentError) => void;
  readonly onAck: (() => void) | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
}

/** Messages kept until it is known who may hear them; states follow each other quickly at the start. */
const MAX_WAITING = 32;

export class ParentLink {
  readonly embedded: boolean;
  readonly #window: FrameWindow;
  readonly #options: ParentOptions;
  readonly #allowed = new Set<string>();
  readonly #questions = new Map<number, Question>();
  readonly #receive = (event: MessageEvent<unknown>): void => this.#onMessage(event);
  #origin: string | undefined;
  #waiting: Envelope[] = [];
  #final = false;
  #nextNumber = 1;

  constructor(window: FrameWindow, options: ParentOptions) {
    this.#window = window;
    this.#options = options;
    this.embedded = !Object.is(window.parent, window);
    if (!this.embedded) return;
    this.#allowed.add(window.location.origin);
    this.#origin = parentOrigin(window);
    window.addEventListener('message', this.#receive);
    if (this.#origin !== window.location.origin) {
      void options.discover().then((origins) => this.#learn(origins));
    }
  }

  /** The embedding page's origin, where the browser told it. */
  get origin(): string | undefined {
    return this.#origin;
  }

  /** The server's list, with the first `welcome`: from now on it is known who may hear what. */
  allow(origins: readonly string[]): void {
    this.#final = true;
    this.#learn(origins);
  }

  tell<Name extends keyof FromViewer>(msg: Name, body: FromViewer[Name], code?: string): void {
    if (this.embedded) this.#send({ msg, body, ...(code === undefined ? {} : { code }) });
  }

  /** A message that wants no answer, under a name of the session's choosing. */
  forward(msg: string, body: unknown, from: string | undefined): boolean {
    if (!this.#reachable()) return false;
    this.#send({ msg, body, ...(from === undefined ? {} : { from }) });
    return true;
  }

  /** Asks; rejects `unhandled` where nobody may be asked, `timeout` when there is neither answer nor `ack` in time. */
  ask(msg: string, body: unknown, options: { from?: string | undefined; onAck?: () => void } = {}): Promise<Envelope> {
    if (!this.#reachable()) return Promise.reject(new ParentError('unhandled'));
    const number = this.#nextNumber++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#questions.delete(number);
        reject(new ParentError('timeout'));
      }, FORWARD_TIMEOUT_MS);
      this.#questions.set(number, { msg, resolve, reject, onAck: options.onAck, timer });
      this.#send({ msg, body, number, ...(options.from === undefined ? {} : { from: options.from }) });
    });
  }

  dispose(): void {
    this.#window.removeEventListener('message', this.#receive);
    for (const question of this.#questions.values()) {
      clearTimeout(question.timer);
      question.reject(new ParentError('disconnected'));
    }
    this.#questions.clear();
    this.#waiting = [];
  }

  /** Whether anybody may hear us, as far as can be known now. */
  #reachable(): boolean {
    return this.embedded && (!this.#final || this.#targets().length > 0);
  }

  #targets(): string[] {
    if (this.#origin === undefined) return [...this.#allowed];
    return this.#allowed.has(this.#origin) ? [this.#origin] : [];
  }

  #learn(origins: readonly string[]): void {
    for (const origin of origins.flatMap(exactOrigin)) this.#allowed.add(origin);
    const targets = this.#targets();
    const known = targets.length > (this.#origin === undefined ? 1 : 0);
    if (!known && !this.#final) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) this.#send(message);
    if (targets.length > 0) return;
    for (const [number, question] of this.#questions) {
      this.#questions.delete(number);
      clearTimeout(question.timer);
      question.reject(new ParentError('unhandled'));
    }
  }

  #send(message: Envelope): void {
    const targets = this.#targets();
    // With an origin that nobody told, our own alone is a guess; the list is on its way.
    const guessing = this.#origin === undefined && targets.length < 2 && !this.#final;
    if ((targets.length === 0 && !this.#final) || guessing) {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(message);
      return;
    }
    for (const target of targets) this.#window.parent.postMessage({ v: MESSAGE_VERSION, ...message }, target);
  }

  #onMessage(event: MessageEvent<unknown>): void {
    if (event.source !== this.#window.parent || !this.#allowed.has(event.origin)) return;
    const parsed = Envelope.safeParse(event.data);
    if (!parsed.success) return;
    this.#origin ??= event.origin;
    const message = parsed.data;
    if (this.#answered(message)) return;
    void this.#run(message);
  }

  #answered(message: Envelope): boolean {
    const number = message.number ?? this.#unnumbered(message.msg);
    const question = number === undefined ? undefined : this.#questions.get(number);
    if (number === undefined || !question || question.msg !== message.msg) return false;
    if (message.ack) {
      clearTimeout(question.timer);
      question.onAck?.();
      return true;
    }
    const answer = message.result !== undefined || message.error !== undefined || message.msg.startsWith('security.');
    if (!answer) return false;
    this.#questions.delete(number);
    clearTimeout(question.timer);
    if (message.error) question.reject(new ParentError(message.error.name, message.error.message ?? ''));
    else question.resolve(message);
    return true;
  }

  /** Pages written for the documented protocol answer `security.*` without a number. */
  #unnumbered(msg: string): number | undefined {
    if (!msg.startsWith('security.')) return undefined;
    for (const [number, question] of this.#questions) if (question.msg === msg) return number;
    return undefined;
  }

  async #run(message: Envelope): Promise<void> {
    const { msg, number } = message;
    const reply = (members: Partial<Envelope>) =>
      this.#send({ msg, ...(number === undefined ? {} : { number }), ...members });
    if (!isFromParentName(msg)) {
      // The answer to a forwarded message that came too late asks for nothing.
      const late = message.result !== undefined || message.error !== undefined || message.ack === true;
      if (!late) reply({ error: { name: 'unhandled', message: 'The viewer does not know this message.' } });
      return;
    }
    const body = FROM_PARENT[msg].safeParse(message.body);
    if (!body.success) {
      reply({ error: { name: 'format', message: `The body does not fit "${msg}".` } });
      return;
    }
    try {
      // Name and body come from the same row of the table, which the compiler cannot follow.
      const result = await this.#options.onCommand({ name: msg, body: body.data } as Command);
      if (number !== undefined) reply({ result: result ?? null });
    } catch (error) {
      const known = error instanceof ParentError;
      reply({
        error: { name: known ? error.name : 'internal', message: known ? error.message : 'The viewer failed.' },
      });
    }
  }
}

/** The embedding page's origin: exact where the browser has `ancestorOrigins`, else from the referrer, which it may hide. */
function parentOrigin(window: FrameWindow): string | undefined {
  const [nearest] = Array.from(window.location.ancestorOrigins ?? []);
  if (nearest !== undefined && nearest !== 'null') return nearest;
  const { referrer } = window.document;
  return URL.canParse(referrer) ? new URL(referrer).origin : undefined;
}
