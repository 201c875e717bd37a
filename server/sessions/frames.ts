/**
 * What travels on a link's unix socket: frames of a 5-byte header (kind u8, length u32 big-endian) and a payload.
 *
 * Text is put together and bounded. Binary is a byte stream that only happens to be cut into frames, so its payload is
 * handed on in whatever pieces it arrives, without a copy.
 */

export const FrameKind = {
  /** JSON between a viewer or a program and the link. */
  text: 0,
  /** RFB bytes. */
  binary: 1,
  /** JSON between host and link about the connection itself; never reaches a viewer. */
  link: 2,
} as const;
export type TextKind = typeof FrameKind.text | typeof FrameKind.link;

export const HEADER_BYTES = 5;
/** The data's 1 MiB, JSON-escaped at worst sixfold, and room around it; lists of sessions are shorter. */
export const MAX_TEXT_BYTES = 7 * 1024 * 1024;
/** Nobody sends this much at once; a longer length is a sign of garbage. */
export const MAX_BINARY_BYTES = 64 * 1024 * 1024;

export class FrameError extends Error {}

function header(kind: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

export function encodeText(text: string, kind: TextKind = FrameKind.text): Buffer {
  const length = Buffer.byteLength(text);
  if (length > MAX_TEXT_BYTES) throw new FrameError('a text frame of this length is never accepted');
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(length, 1);
  bytes.write(text, HEADER_BYTES);
  return bytes;
}

/** The part of `net.Socket` that is needed to write header and payload in one system call. */
export interface FrameWriter {
  cork(): void;
  uncork(): void;
  write(bytes: Uint8Array, done?: () => void): boolean;
}

/** Writes `payload` as it is, behind its header. `done`: it is not needed any more. */
export function writeBinary(out: FrameWriter, payload: Uint8Array, done?: () => void): void {
  out.cork();
  out.write(header(FrameKind.binary, payload.length));
  out.write(payload, done);
  out.uncork();
}

export interface FrameHandler {
  text(kind: TextKind, text: string): void;
  /** A view into the chunk that was pushed; good during the call, unless the handler owns that chunk. */
  binary(piece: Buffer): void;
}

/** Resumable at every byte. Throws `FrameError` on what no peer of ours sends; must not be used after that. */
export class FrameDecoder {
  readonly #handler: FrameHandler;
  readonly #maxText: number;
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerLength = 0;
  #kind = 0;
  /** Payload bytes still to come, once the header is complete. */
  #rest = 0;
  #pieces: Buffer[] = [];

  constructor(handler: FrameHandler, maxText: number = MAX_TEXT_BYTES) {
    this.#handler = handler;
    this.#maxText = maxText;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerLength < HEADER_BYTES) {
        const take = Math.min(HEADER_BYTES - this.#headerLength, chunk.length - at);
        chunk.copy(this.#header, this.#headerLength, at, at + take);
        this.#headerLength += take;
        at += take;
        if (this.#headerLength < HEADER_BYTES) return;
        this.#begin();
        if (this.#rest > 0) continue;
      }
      const take = Math.min(this.#rest, chunk.length - at);
      const piece = chunk.subarray(at, at + take);
      at += take;
      this.#rest -= take;
      this.#payload(piece);
    }
  }

  #begin(): void {
    this.#kind = this.#header.readUInt8(0);
    this.#rest = this.#header.readUInt32BE(1);
    if (this.#kind > FrameKind.link) throw new FrameError('unknown kind of frame');
    const limit = this.#kind === FrameKind.binary ? MAX_BINARY_BYTES : this.#maxText;
    if (this.#rest > limit) throw new FrameError('frame too long');
  }

  #payload(piece: Buffer): void {
    const complete = this.#rest === 0;
    if (complete) this.#headerLength = 0;
    if (this.#kind === FrameKind.binary) {
      if (piece.length > 0) this.#handler.binary(piece);
      return;
    }
    if (!complete) {
      // A copy: the chunk's memory belongs to the socket's reader.
      this.#pieces.push(Buffer.from(piece));
      return;
    }
    const whole = this.#pieces.length === 0 ? piece : Buffer.concat([...this.#pieces, piece]);
    this.#pieces = [];
    this.#handler.text(this.#kind as TextKind, whole.toString('utf8'));
  }
}
