/** From chunks of any size to a session that wants its bytes in one place. */
import type { SecureStream } from '../../rfb/events.ts';
import { RfbError } from '../../rfb/rfb-error.ts';
import type { RfbSession } from '../../rfb/session.ts';
import type { WasmDecoder } from './decoder.ts';

/**
 * Copies chunks into the decoder's input buffer, a slice at a time, and lets the session read. The buffer grows only to
 * what a single rectangle needs, and that has a limit, so a chunk of any size costs bounded memory.
 */
export class Intake {
  readonly #decoder: WasmDecoder;
  readonly #session: RfbSession;
  #need = 1;
  /** Chunks that came while the session waited for something other than bytes. */
  #waiting: Uint8Array[] = [];
  #blocked: Promise<void> | undefined;
  #secure: SecureStream | undefined;
  bytes = 0;

  constructor(decoder: WasmDecoder, session: RfbSession) {
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

  #take(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#blocked) {
      this.#waiting.push(chunk);
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
    if (rest.length > 0) this.#waiting.unshift(new Uint8Array(rest));
    this.#blocked = reason.then(async () => {
      this.#blocked = undefined;
      this.#need = 0;
      // An empty chunk lets the session go on with what is in the buffer already.
      const chunks = this.#waiting;
      this.#waiting = [];
      const need = this.#session.advance();
      if (typeof need !== 'number') {
        this.#waiting = chunks;
        await this.#block(need, new Uint8Array(0));
        return;
      }
      this.#need = need;
      for (const part of chunks) {
        const again = this.#take(part);
        if (again) await again;
      }
    });
    return this.#blocked;
  }
}
