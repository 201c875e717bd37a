/** Questions of the embedding page to the session: each waits for the answer of its number, and ends with the connection. */
import { FORWARD_TIMEOUT_MS, type ClientCommAnswer, type ClientCommMessage } from '../contract/clientcomm.ts';
import { ParentError } from './parent-link.ts';

/** A page that asks without end must not fill this one. */
const MAX_OPEN = 64;

interface Open {
  readonly resolve: (data: string) => void;
  readonly reject: (error: ParentError) => void;
  readonly timer: ReturnType<typeof setTimeout>;
}

export class Asking {
  readonly #send: (message: ClientCommMessage) => void;
  readonly #open = new Map<number, Open>();
  #next = 1;

  constructor(send: (message: ClientCommMessage) => void) {
    this.#send = send;
  }

  /** Resolves with the answer's data; rejects with a `ParentError` by ClientComm's error names. */
  ask(type: string, data: string): Promise<string> {
    if (this.#open.size >= MAX_OPEN) return Promise.reject(new ParentError('busy'));
    const number = this.#next++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#end(number)?.reject(new ParentError('timeout')), FORWARD_TIMEOUT_MS);
      this.#open.set(number, { resolve, reject, timer });
      this.#send({ type, number, data });
    });
  }

  answer({ number, data, error, ack }: ClientCommAnswer): void {
    if (ack) {
      clearTimeout(this.#open.get(number)?.timer);
      return;
    }
    const open = this.#end(number);
    if (error) open?.reject(new ParentError(error.name, error.message ?? ''));
    else open?.resolve(data ?? '');
  }

  lost(): void {
    for (const number of this.#open.keys()) this.#end(number)?.reject(new ParentError('disconnected'));
  }

  #end(number: number): Open | undefined {
    const open = this.#open.get(number);
    clearTimeout(open?.timer);
    this.#open.delete(number);
    return open;
  }
}
