/** The messages of RSA-AES: a length that is authenticated but not hidden, then EAX under a nonce that counts. */
import { RfbError } from '../rfb-error.ts';
import type { SecureStream } from '../events.ts';
import { Eax, TAG_BYTES } from './eax.ts';

const HEADER_BYTES = 2;
/** What TigerVNC's server takes in one message; a length has room for more. */
const MAX_MESSAGE = 8192;

/** One direction. */
export class MessageCipher {
  readonly #eax: Eax;
  /** Little endian. */
  readonly #nonce = new Uint8Array(16);

  constructor(key: Uint8Array) {
    this.#eax = new Eax(key);
  }

  seal(message: Uint8Array): Uint8Array<ArrayBuffer> {
    const out = new Uint8Array(HEADER_BYTES + message.length + TAG_BYTES);
    out.set([message.length >> 8, message.length & 255]);
    out.set(this.#eax.seal(this.#nonce, out.subarray(0, HEADER_BYTES), message), HEADER_BYTES);
    this.#next();
    return out;
  }

  /** `message`: all of it, header and tag too. */
  open(message: Uint8Array): Uint8Array<ArrayBuffer> {
    const header = message.subarray(0, HEADER_BYTES);
    const plain = this.#eax.open(this.#nonce, header, message.subarray(HEADER_BYTES));
    if (!plain) throw new RfbError('rfb-security', { details: { reason: 'a message is not authentic' } });
    this.#next();
    return plain;
  }

  #next(): void {
    for (let i = 0; i < 16; i++) {
      this.#nonce[i] = (this.#nonce[i] as number) + 1;
      if (this.#nonce[i] !== 0) return;
    }
  }
}

/** Bytes of the message that begins with `header`, header and tag too. */
export function messageLength(header: Uint8Array): number {
  return HEADER_BYTES + (((header[0] as number) << 8) | (header[1] as number)) + TAG_BYTES;
}

/** Everything after the login, both ways, for the types that go on like this. */
export class RsaAesStream implements SecureStream {
  readonly #out: MessageCipher;
  readonly #in: MessageCipher;
  /** The beginning of a message whose end is still to come. */
  #rest: Uint8Array = new Uint8Array(0);

  constructor(out: MessageCipher, into: MessageCipher) {
    this.#out = out;
    this.#in = into;
  }

  seal(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const sealed: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += MAX_MESSAGE) {
      sealed.push(this.#out.seal(bytes.subarray(at, at + MAX_MESSAGE)));
    }
    return joined(sealed);
  }

  open(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = this.#rest.length === 0 ? chunk : joined([this.#rest, chunk]);
    const opened: Uint8Array[] = [];
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const end = at + messageLength(bytes.subarray(at));
      if (end > bytes.length) break;
      opened.push(this.#in.open(bytes.subarray(at, end)));
      at = end;
    }
    this.#rest = bytes.slice(at);
    return joined(opened);
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
