/** Questions from the session that still wait for their answer. Each is answered once, whoever is first. */
import type { ClientCommAnswer, ClientCommError } from '../contract/clientcomm.ts';

/** A script that asks without end must not fill the page: beyond this many, questions are answered `busy`. */
const MAX_OPEN = 64;

export class Queries {
  readonly #send: (answer: ClientCommAnswer) => void;
  /** What to take down when the answer comes from elsewhere, by number. */
  readonly #open = new Map<number, () => void>();

  constructor(send: (answer: ClientCommAnswer) => void) {
    this.#send = send;
  }

  get size(): number {
    return this.#open.size;
  }

  /** `close` is called once, when the question is over, however it ended. False: not accepted, and already answered. */
  open(number: number, close: () => void): boolean {
    if (number === 0) return true;
    if (this.#open.has(number) || this.#open.size >= MAX_OPEN) {
      if (!this.#open.has(number)) this.#send({ number, error: { name: 'busy' } });
      return false;
    }
    this.#open.set(number, close);
    return true;
  }

  isOpen(number: number): boolean {
    return this.#open.has(number);
  }

  answer(number: number, data: string): void {
    if (this.#settle(number)) this.#send({ number, data });
  }

  refuse(number: number, error: ClientCommError): void {
    if (this.#settle(number)) this.#send({ number, error });
  }

  /** "Working on it". */
  acknowledge(number: number): void {
    if (this.#open.has(number)) this.#send({ number, ack: true });
  }

  /** Somebody else has answered, or the connection it came by is gone: nothing is sent. */
  cancel(number: number): void {
    this.#settle(number);
  }

  cancelAll(): void {
    for (const number of this.#open.keys()) this.#settle(number);
  }

  #settle(number: number): boolean {
    const close = this.#open.get(number);
    if (!close) return false;
    this.#open.delete(number);
    close();
    return true;
  }
}
