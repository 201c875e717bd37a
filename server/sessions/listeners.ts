/**
 * What the pages around a session's viewers say to it, and the programs in the session that listen
 * (`clientcomm --listen`). Every listener of the type hears a message; of a question the first answer counts, and
 * `unhandled` is one only when nobody else is left to ask.
 */
import {
  type ClientCommAnswer,
  type ClientCommErrorName,
  type ClientCommMessage,
  MAX_DATA_BYTES,
} from '../../src/contract/clientcomm.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Role } from '../../src/contract/session.ts';
import type { RoutedClient } from './clientcomm-router.ts';
import { Pacer, type Pace } from './pacer.ts';

/** Questions of one session that may wait at the same time. */
const MAX_WAITING = 64;
const MAX_LISTENERS = 64;
/** Bytes that may wait for one listener; one that reads nothing gets no more messages after that. */
const MAX_QUEUED = 4 * 1024 * 1024;
/** The same as in the other direction. */
const PACE: Pace = { perSecond: 1000, burst: 1000, waiting: 256 };
/** Who may only look gives programs nothing to do either. */
const MAY_SPEAK: readonly Role[] = ['master', 'controller', 'master-viewer'];

/** Link to listener. */
export type ListenerFrame =
  | { readonly t: 'heard'; readonly message: ClientCommMessage }
  /** Somebody else has answered, or nobody waits any more. */
  | { readonly t: 'cancel'; readonly number: number }
  /** The session is over; nothing comes after it. */
  | { readonly t: 'over' };

export interface Listener {
  /** Absent: all types. */
  readonly type: string | undefined;
  send(frame: ListenerFrame): void;
  /** Bytes sent to it that it has not taken yet. */
  readonly queued: number;
}

interface Waiting {
  readonly viewer: RoutedClient;
  /** As the viewer counts. */
  readonly number: number;
  readonly asked: Set<Listener>;
}

export class SessionListeners {
  readonly #listeners = new Set<Listener>();
  /** By a number of ours: viewers count each for themselves. */
  readonly #waiting = new Map<number, Waiting>();
  readonly #pacer: Pacer;
  /** Begins at random, so that answers to what a link that was killed had asked are not taken for the next one's. */
  #next = 1 + Math.floor(Math.random() * 2 ** 30);

  constructor(pace: Pace = PACE) {
    this.#pacer = new Pacer(pace);
  }

  /** Returns the way to stop. @throws CasementError `busy` */
  add(listener: Listener): () => void {
    if (this.#listeners.size >= MAX_LISTENERS) throw new CasementError('busy');
    this.#listeners.add(listener);
    return () => this.#remove(listener);
  }

  /** From a viewer; in the order in which they came. */
  async receive(viewer: RoutedClient, message: ClientCommMessage): Promise<void> {
    if (!MAY_SPEAK.includes(viewer.role)) return this.#refuse(viewer, message.number, 'denied');
    if (Buffer.byteLength(message.data) > MAX_DATA_BYTES) return this.#refuse(viewer, message.number, 'too-large');
    try {
      const turn = this.#pacer.turn();
      if (turn) await turn;
    } catch (error) {
      const { message: why } = error instanceof CasementError ? error : { message: '' };
      return this.#refuse(viewer, message.number, 'busy', why);
    }
    this.#tell(viewer, message);
  }

  /** Of a listener. One that was not asked, or is too late, is not heard. */
  reply(listener: Listener, answer: ClientCommAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    if (!waiting?.asked.has(listener)) return;
    const { viewer, number } = waiting;
    if (answer.ack) {
      viewer.send({ t: 'answer', answer: { number, ack: true } });
      return;
    }
    if (answer.error?.name === 'unhandled') {
      waiting.asked.delete(listener);
      if (waiting.asked.size > 0) return;
    }
    this.#waiting.delete(answer.number);
    for (const other of waiting.asked) {
      if (other !== listener) other.send({ t: 'cancel', number: answer.number });
    }
    const tooLarge = answer.data !== undefined && Buffer.byteLength(answer.data) > MAX_DATA_BYTES;
    viewer.send({
      t: 'answer',
      answer: tooLarge ? { number, error: { name: 'too-large' } } : { ...answer, number },
    });
  }

  /** A viewer is gone, and with it what it asked. */
  left(viewer: RoutedClient): void {
    for (const [ours, waiting] of this.#waiting) {
      if (waiting.viewer !== viewer) continue;
      this.#waiting.delete(ours);
      for (const listener of waiting.asked) listener.send({ t: 'cancel', number: ours });
    }
  }

  /** The session is over. */
  close(): void {
    this.#pacer.close();
    for (const listener of this.#listeners) {
      listener.send({ t: 'over' });
      this.#remove(listener);
    }
  }

  #tell(viewer: RoutedClient, { type, number, data }: ClientCommMessage): void {
    const knowing = [...this.#listeners].filter((listener) => listener.type === undefined || listener.type === type);
    const targets = knowing.filter(({ queued }) => queued <= MAX_QUEUED);
    if (knowing.length === 0) return this.#refuse(viewer, number, 'unhandled');
    if (targets.length === 0) return this.#refuse(viewer, number, 'busy');
    let ours = 0;
    if (number !== 0) {
      if (this.#waiting.size >= MAX_WAITING) return this.#refuse(viewer, number, 'busy');
      ours = this.#next++;
      this.#waiting.set(ours, { viewer, number, asked: new Set(targets) });
    }
    for (const target of targets) target.send({ t: 'heard', message: { type, number: ours, data, from: viewer.id } });
  }

  #remove(listener: Listener): void {
    this.#listeners.delete(listener);
    for (const [ours, waiting] of this.#waiting) {
      if (!waiting.asked.delete(listener) || waiting.asked.size > 0) continue;
      this.#waiting.delete(ours);
      this.#refuse(waiting.viewer, waiting.number, 'disconnected');
    }
  }

  #refuse(viewer: RoutedClient, number: number, name: ClientCommErrorName, message?: string): void {
    if (number === 0) return;
    viewer.send({ t: 'answer', answer: { number, error: { name, ...(message ? { message } : {}) } } });
  }
}
