/** The one place where bytes from outside become numbers. */
import { RfbError } from './rfb-error.ts';

/**
 * A window on bytes that somebody else owns: `position` up to `end` has arrived and is not read yet. Every read is
 * checked; one that goes past `end` is a bug of the caller, who asks `available` first, and throws `rfb-protocol`.
 */
export class ByteReader {
  bytes: Uint8Array;
  position: number;
  end: number;

  constructor(bytes: Uint8Array = new Uint8Array(0), position = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get available(): number {
    return this.end - this.position;
  }

  u8(): number {
    return this.bytes[this.#take(1)] as number;
  }

  u16(): number {
    const at = this.#take(2);
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  u32(): number {
    return this.s32() >>> 0;
  }

  s32(): number {
    const at = this.#take(4);
    const bytes = this.bytes;
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }

  skip(count: number): void {
    this.#take(count);
  }

  /** A view, good until the owner's next write. */
  view(count: number): Uint8Array {
    const at = this.#take(count);
    return this.bytes.subarray(at, at + count);
  }

  /** A copy that may be kept. */
  copy(count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.view(count));
  }

  #take(count: number): number {
    const at = this.position;
    if (!(count >= 0) || at + count > this.end) {
      throw new RfbError('rfb-protocol', { details: { reason: 'a read past the end' } });
    }
    this.position = at + count;
    return at;
  }
}
