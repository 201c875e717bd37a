/** Everyone who looks at the demo desktop, as `clientcomm` sees them: they are told things and asked things. */
import type { ClientCommAnswer } from '../../src/contract/clientcomm.ts';
import type { Comm } from './comm.ts';

export class Clients {
  readonly #clients = new Set<Comm>();
  readonly #queries = new Map<number, { client: Comm; answer: (answer: ClientCommAnswer) => void }>();
  #number = 0;

  add(client: Comm): void {
    this.#clients.add(client);
  }

  /** Whoever is asked and leaves has answered `disconnected`. */
  remove(client: Comm): void {
    this.#clients.delete(client);
    for (const [number, query] of this.#queries) {
      if (query.client === client) this.answered({ number, error: { name: 'disconnected' } });
    }
  }

  list(): Comm[] {
    return [...this.#clients].filter((client) => client.welcomed);
  }

  /** Returns how many were told. */
  notify(type: string, data: string, clients: readonly Comm[] = this.list()): number {
    for (const client of clients) {
      client.send({ t: 'clientcomm', message: { type, number: 0, data, from: 'session' } });
    }
    return clients.length;
  }

  /** Waits for the one answer; `signal` takes the question back. */
  ask(client: Comm, type: string, data: string, signal: AbortSignal): Promise<ClientCommAnswer> {
    const number = ++this.#number;
    return new Promise((resolve) => {
      const withdraw = (): void => {
        client.send({ t: 'cancel', number });
        this.answered({ number, error: { name: 'timeout' } });
      };
      signal.addEventListener('abort', withdraw, { once: true });
      this.#queries.set(number, {
        client,
        answer: (answer) => {
          signal.removeEventListener('abort', withdraw);
          resolve(answer);
        },
      });
      client.send({ t: 'clientcomm', message: { type, number, data, from: 'session' } });
    });
  }

  answered(answer: ClientCommAnswer): void {
    // "Working on it" is no answer yet.
    if (answer.ack) return;
    this.#queries.get(answer.number)?.answer(answer);
    this.#queries.delete(answer.number);
  }
}
