/** One viewer's transfers, one in each direction: long contents in pieces that the receiver asks for. */
import { CLIP_PIECE_BYTES, type ClipKind, type ClipPart, MAX_CLIP_BYTES } from '../../src/contract/clipboard.ts';
import { ClipError } from './clipboard-reader.ts';

/** What goes out to the viewer. */
export class Outgoing {
  readonly n: number;
  readonly #data: Buffer;
  #at = 0;

  constructor(n: number, data: Buffer) {
    this.n = n;
    this.#data = data;
  }

  get done(): boolean {
    return this.#at >= this.#data.length;
  }

  next(): { data: string; left: number } {
    const piece = this.#data.subarray(this.#at, this.#at + CLIP_PIECE_BYTES);
    this.#at += piece.length;
    return { data: piece.toString('base64'), left: this.#data.length - this.#at };
  }
}

/** What comes from the viewer. The sizes are the viewer's word and are held to. */
export class Incoming {
  readonly n: number;
  readonly #parts: readonly ClipPart[];
  readonly #pieces: Buffer[] = [];
  readonly #total: number;
  #bytes = 0;

  /** @throws ClipError `too-large` */
  constructor(n: number, parts: readonly ClipPart[]) {
    this.n = n;
    this.#parts = parts;
    this.#total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    if (parts.some(({ bytes }) => bytes > MAX_CLIP_BYTES) || this.#total > 2 * MAX_CLIP_BYTES) {
      throw new ClipError('too-large');
    }
  }

  /** The content with its last piece. @throws ClipError `unavailable` for what is not what was announced */
  add(data: string): Map<ClipKind, Buffer> | undefined {
    const piece = Buffer.from(data, 'base64');
    this.#bytes += piece.length;
    this.#pieces.push(piece);
    if (this.#bytes > this.#total || (piece.length === 0 && this.#bytes < this.#total))
      throw new ClipError('unavailable');
    if (this.#bytes < this.#total) return undefined;
    const whole = Buffer.concat(this.#pieces);
    const content = new Map<ClipKind, Buffer>();
    let at = 0;
    for (const { kind, bytes } of this.#parts) {
      content.set(kind, whole.subarray(at, at + bytes));
      at += bytes;
    }
    return content;
  }
}
