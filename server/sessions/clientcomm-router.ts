/**
 * ClientComm of one session: who gets a message of a script, who may answer it, and when to stop waiting.
 *
 * A query that is directed at a role goes to everybody who has it; the first answer wins and the others are told to
 * forget it. A client that leaves may come back with the same id (a reload): the question is put to it again, and only
 * when nobody who could answer has been there for some seconds the script hears `disconnected`.
 */
import {
  type ClientCommAnswer,
  type ClientCommMessage,
  CROWD_ROLES,
  MAX_DATA_BYTES,
} from '../../src/contract/clientcomm.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Role } from '../../src/contract/session.ts';
import type { ServerFrame } from '../../src/contract/socket.ts';
import { Pacer, type Pace } from './pacer.ts';

/** Queries of one session that may wait at the same time. */
const MAX_WAITING = 64;
/** Characters that may wait for one client; a client that reads nothing gets no more messages after that. */
const MAX_QUEUED = 4 * 1024 * 1024;
/** Far more than anybody can read; a viewer shows, forwards and answers this many without falling behind. */
const PACE: Pace = { perSecond: 1000, burst: 1000, waiting: 256 };
/** How long a client may be away before what it was asked fails: a reload, or a new connection of a viewer. */
const GRACE_MS = 5000;

/** What the router needs of a connected viewer. */
export interface RoutedClient {
  readonly id: string;
  readonly role: Role;
  send(frame: ServerFrame): void;
  /** Characters sent to it that it has not taken yet. */
  readonly queued: number;
}

export interface Outgoing {
  readonly type: string;
  readonly data: string;
  /** As `--clients` of the command line. */
  readonly clients: string | undefined;
  readonly timeoutMs: number | undefined;
}

export interface Outcome {
  readonly delivered: number;
  readonly answer?: ClientCommAnswer;
}

interface Waiting {
  readonly message: ClientCommMessage;
  /** The client's id or the role that was asked. */
  readonly target: string;
  readonly delivered: number;
  /** Ids that have been sent the question and are connected. */
  readonly asked: Set<string>;
  settle(answer: ClientCommAnswer): void;
  timeout: NodeJS.Timeout | undefined;
  grace: NodeJS.Timeout | undefined;
}

const matches = (client: RoutedClient, target: string) => client.id === target || client.role === target;

export class ClientCommRouter {
  readonly #clients = new Map<string, RoutedClient>();
  readonly #waiting = new Map<number, Waiting>();
  readonly #graceMs: number;
  readonly #pacer: Pacer;
  /** Begins at random, so that answers to a link that was killed are not taken for answers to the next one's questions. */
  #next = 1 + Math.floor(Math.random() * 2 ** 30);

  constructor(options: { graceMs?: number; pace?: Pace } = {}) {
    this.#graceMs = options.graceMs ?? GRACE_MS;
    this.#pacer = new Pacer(options.pace ?? PACE);
  }

  /** A client that connects is asked what waits for it. */
  add(client: RoutedClient): void {
    this.#clients.set(client.id, client);
    for (const waiting of this.#waiting.values()) {
      if (!matches(client, waiting.target)) continue;
      clearTimeout(waiting.grace);
      waiting.grace = undefined;
      waiting.asked.add(client.id);
      client.send({ t: 'clientcomm', message: waiting.message });
    }
  }

  remove(client: RoutedClient): void {
    if (this.#clients.get(client.id) !== client) return;
    this.#clients.delete(client.id);
    for (const [number, waiting] of this.#waiting) {
      if (!waiting.asked.delete(client.id) || waiting.asked.size > 0) continue;
      waiting.grace = setTimeout(() => this.#fail(number, 'disconnected'), this.#graceMs);
    }
  }

  /** An answer of a client that was not asked, or was too late, is dropped. */
  answer(client: RoutedClient, answer: ClientCommAnswer): void {
    const waiting = this.#waiting.get(answer.number);
    if (!waiting?.asked.has(client.id)) return;
    if (answer.ack) {
      clearTimeout(waiting.timeout);
      waiting.timeout = undefined;
      return;
    }
    this.#waiting.delete(answer.number);
    for (const id of waiting.asked) {
      if (id !== client.id) this.#clients.get(id)?.send({ t: 'cancel', number: answer.number });
    }
    waiting.settle(answer);
  }

  /**
   * Rejects with `bad-request`, `too-large`, `no-clients` or `busy`. Whoever sends too fast waits for their turn. What a client refused, or did not answer, is an
   * answer with an error. `cancelled` is called with the way to take a query back.
   */
  async send(outgoing: Outgoing, cancelled?: (cancel: () => void) => void): Promise<Outcome> {
    if (Buffer.byteLength(outgoing.data) > MAX_DATA_BYTES) throw new CasementError('too-large');
    const turn = this.#pacer.turn();
    if (turn) await turn;
    const { clients } = outgoing;
    if (clients === undefined || clients.includes(',')) return this.#notify(outgoing, clients);
    return this.#ask(outgoing, clients.trim(), cancelled);
  }

  /** The session is over. */
  close(): void {
    this.#pacer.close();
    for (const number of this.#waiting.keys()) this.#fail(number, 'disconnected');
  }

  #notify(outgoing: Outgoing, list: string | undefined): Outcome {
    const wanted = list?.split(',').map((word) => word.trim());
    const targets = this.#select((client) => !wanted || wanted.some((word) => word !== '' && matches(client, word)));
    const message: ClientCommMessage = { type: outgoing.type, number: 0, data: outgoing.data, from: 'session' };
    for (const client of targets) client.send({ t: 'clientcomm', message });
    return { delivered: targets.length };
  }

  #ask(outgoing: Outgoing, target: string, cancelled?: (cancel: () => void) => void): Promise<Outcome> {
    if (target === '' || CROWD_ROLES.some((role) => role === target)) {
      throw new CasementError('bad-request', {
        message: 'A question goes to one client or to a role that one person has; put a comma behind a role of many.',
        details: { field: 'clients' },
      });
    }
    if (this.#waiting.size >= MAX_WAITING) throw new CasementError('busy');
    const targets = this.#select((client) => matches(client, target));
    const number = this.#next++;
    const message: ClientCommMessage = { type: outgoing.type, number, data: outgoing.data, from: 'session' };
    return new Promise((resolve) => {
      const waiting: Waiting = {
        message,
        target,
        delivered: targets.length,
        asked: new Set(targets.map((client) => client.id)),
        settle: (answer) => {
          clearTimeout(waiting.timeout);
          clearTimeout(waiting.grace);
          resolve({ delivered: waiting.delivered, answer });
        },
        timeout: undefined,
        grace: undefined,
      };
      if (outgoing.timeoutMs !== undefined) {
        waiting.timeout = setTimeout(() => this.#fail(number, 'timeout'), outgoing.timeoutMs);
      }
      this.#waiting.set(number, waiting);
      cancelled?.(() => this.#fail(number, 'disconnected'));
      for (const client of targets) client.send({ t: 'clientcomm', message });
    });
  }

  #select(wanted: (client: RoutedClient) => boolean): RoutedClient[] {
    const found = [...this.#clients.values()].filter(wanted);
    if (found.length === 0) throw new CasementError('no-clients');
    const ready = found.filter((client) => client.queued <= MAX_QUEUED);
    if (ready.length === 0) throw new CasementError('busy');
    return ready;
  }

  #fail(number: number, name: 'timeout' | 'disconnected'): void {
    const waiting = this.#waiting.get(number);
    if (!waiting) return;
    this.#waiting.delete(number);
    for (const id of waiting.asked) this.#clients.get(id)?.send({ t: 'cancel', number });
    waiting.settle({ number, error: { name } });
  }
}
