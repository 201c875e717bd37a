/** From chunks of any size to a session that wants its bytes in one place. */
import type { SecureStream } from '../../rfb/events.ts';
import { RfbError } from '../../rfb/rfb-error.ts';
import type { RfbSession } from '../../rfb/session.ts';
import type { WasmDecoder } from './decoder.ts';

/** Bytes that are kept while the session waits: four whole pictures of a large screen. Who sends more, asked for nothing. */
export const MAX_WAITING = 128 * 1024 * 1024;

/** What of the decoder takes bytes in. */
export interface DecoderInput extends Pick<WasmDecoder, 'write' | 'ensure'> {
  readonly reader: Pick<WasmDecoder['reader'], 'available'>;
}

/**
 * Copies chunks into the decoder's input buffer, a slice at a time, and lets the session read. The buffer grows only to
 * what a single rectangle needs, and that has a limit, so a chunk of any size costs bounded memory.
 */
export class Intake {
  readonly #decoder: DecoderInput;
  readonly #session: Pick<RfbSession, 'advance'>;
  #need = 1;
  /** Chunks that came while the session waited for something other than bytes. */
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #blocked: Promise<void> | undefined;
  #secure: SecureStream | undefined;
  #closed = false;
  bytes = 0;

  constructor(decoder: DecoderInput, session: Pick<RfbSession, 'advance'>) {
    this.#decoder = decoder;
    this.#session = session;
  }

  /** What is pushed from now on comes through `stream`. */
  secure(stream: SecureStream): void {
    // Taken from the line before there was a key, it would be read as if it had been protected by it.
    if (this.#waiting.length > 0) throw new RfbError('rfb-protocol', { details: { reason: 'bytes before the key' } });
    this.#secure = stream;
  }

  /**
   * Gives a promise when the session has to wait for something else; what comes meanwhile is kept, and decoded when
   * the promise is fulfilled. Throws a `RfbError` when the stream makes no sense.
   */
  push(received: Uint8Array): Promise<void> | undefined {
    this.bytes += received.length;
    return this.#take(this.#secure ? this.#secure.open(received) : received);
  }

  /** A wait that ends later reads nothing more: what is in the decoder then is the next connection's. */
  close(): void {
    this.#closed = true;
    this.#waiting = [];
  }

  #take(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#blocked) {
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > MAX_WAITING) {
        throw new RfbError('rfb-limit', { details: { what: 'bytes that wait', value: this.#waitingBytes } });
      }
      return this.#blocked;
    }
    return this.#consume(chunk);
  }

  #consume(chunk: Uint8Array): Promise<void> | undefined {
    const { reader } = this.#decoder;
    for (let offset = 0; offset < chunk.length;) {
      const written = this.#decoder.write(chunk, offset);
      offset += written;
      if (reader.available >= this.#need) {
        const before = this.#secure;
        const need = this.#session.advance();
        if (this.#secure !== before && offset < chunk.length) {
          throw new RfbError('rfb-protocol', { details: { reason: 'bytes before the key' } });
        }
        if (typeof need !== 'number') return this.#block(need, chunk.subarray(offset));
        this.#need = need;
      } else if (written === 0) {
        this.#decoder.ensure(this.#need);
      }
    }
    return undefined;
  }

  #block(reason: Promise<void>, rest: Uint8Array): Promise<void> {
    if (rest.length > 0) {
      this.#waiting.unshift(new Uint8Array(rest));
      this.#waitingBytes += rest.length;
    }
    this.#blocked = reason.then(() => this.#goOn());
    return this.#blocked;
  }

  /** What waits is taken in the order in which it came, until the session has to wait once more. */
  #goOn(): Promise<void> | undefined {
    if (this.#closed) return undefined;
    this.#blocked = undefined;
    // With what is in the buffer already.
    const need = this.#session.advance();
    if (typeof need !== 'number') return this.#block(need, new Uint8Array(0));
    this.#need = need;
    for (let chunk = this.#waiting.shift(); chunk; chunk = this.#waiting.shift()) {
      this.#waitingBytes -= chunk.length;
      const again = this.#consume(chunk);
      if (again) return again;
    }
    return undefined;
  }
}
