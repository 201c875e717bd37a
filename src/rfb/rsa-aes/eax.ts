/** EAX (Bellare, Rogaway, Wagner): AES in counter mode with CMACs over nonce, header and ciphertext. */
import { Aes } from './aes.ts';

export const TAG_BYTES = 16;

type Block = Uint32Array<ArrayBuffer>;

const load = (block: Block, bytes: Uint8Array, at: number): void => {
  for (let i = 0; i < 4; i++, at += 4) {
    block[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
  }
};

export class Eax {
  readonly #aes: Aes;
  /** What is added to a last block that is whole, and to one that had to be padded. */
  readonly #whole: Block;
  readonly #padded: Block;

  constructor(key: Uint8Array) {
    this.#aes = new Aes(key);
    const zero = new Uint32Array(4);
    this.#aes.encrypt(zero);
    this.#whole = doubled(zero);
    this.#padded = doubled(this.#whole);
  }

  /** Ciphertext, then the tag. */
  seal(nonce: Uint8Array, header: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
    const start = this.#mac(0, nonce);
    const sealed = new Uint8Array(message.length + TAG_BYTES);
    const cipher = sealed.subarray(0, message.length);
    this.#count(start, message, cipher);
    sealed.set(this.#tag(start, header, cipher), message.length);
    return sealed;
  }

  /** The message, or `undefined` where the tag is not its. */
  open(nonce: Uint8Array, header: Uint8Array, sealed: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
    const length = sealed.length - TAG_BYTES;
    const start = this.#mac(0, nonce);
    const cipher = sealed.subarray(0, length);
    const tag = this.#tag(start, header, cipher);
    let difference = 0;
    for (let i = 0; i < TAG_BYTES; i++) difference |= (tag[i] as number) ^ (sealed[length + i] as number);
    if (difference !== 0) return undefined;
    const message = new Uint8Array(length);
    this.#count(start, cipher, message);
    return message;
  }

  #tag(start: Block, header: Uint8Array, cipher: Uint8Array): Uint8Array {
    const head = this.#mac(1, header);
    const body = this.#mac(2, cipher);
    const tag = new Uint8Array(TAG_BYTES);
    for (let i = 0; i < TAG_BYTES; i++) {
      const word = (start[i >> 2] as number) ^ (head[i >> 2] as number) ^ (body[i >> 2] as number);
      tag[i] = word >>> (24 - 8 * (i & 3));
    }
    return tag;
  }

  /** CMAC (NIST SP 800-38B) of a block that holds `kind`, then `bytes`. */
  #mac(kind: number, bytes: Uint8Array): Block {
    const state = Uint32Array.of(0, 0, 0, kind);
    const add = (block: Block): void => {
      for (let i = 0; i < 4; i++) state[i] = (state[i] as number) ^ (block[i] as number);
    };
    if (bytes.length === 0) add(this.#whole);
    this.#aes.encrypt(state);
    if (bytes.length === 0) return state;
    const block = new Uint32Array(4);
    let at = 0;
    for (; at + 16 < bytes.length; at += 16) {
      load(block, bytes, at);
      add(block);
      this.#aes.encrypt(state);
    }
    const rest = new Uint8Array(16);
    rest.set(bytes.subarray(at));
    const isWhole = bytes.length - at === 16;
    if (!isWhole) rest[bytes.length - at] = 0x80;
    load(block, rest, 0);
    add(block);
    add(isWhole ? this.#whole : this.#padded);
    this.#aes.encrypt(state);
    return state;
  }

  /** Counter mode from `start` on; both ways are the same. */
  #count(start: Block, from: Uint8Array, to: Uint8Array): void {
    const counter = start.slice();
    const stream = new Uint32Array(4);
    for (let at = 0; at < from.length; at += 16) {
      stream.set(counter);
      this.#aes.encrypt(stream);
      const end = Math.min(16, from.length - at);
      for (let i = 0; i < end; i++) {
        to[at + i] = (from[at + i] as number) ^ ((stream[i >> 2] as number) >>> (24 - 8 * (i & 3)));
      }
      for (let i = 3; i >= 0; i--) {
        counter[i] = (counter[i] as number) + 1;
        if (counter[i] !== 0) break;
      }
    }
  }
}

/** Times x in GF(2^128). */
function doubled(block: Block): Block {
  const out = new Uint32Array(4);
  for (let i = 0; i < 4; i++) out[i] = ((block[i] as number) << 1) | ((block[i + 1] ?? 0) >>> 31);
  if ((block[0] as number) >>> 31) out[3] = (out[3] as number) ^ 0x87;
  return out;
}
