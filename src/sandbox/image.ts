/** What the engine's memory held at one moment, to be put back for each call. */

/** Stretches of zeros shorter than this are kept as they are. */
const LONG = 1024 * 1024;
/** Left on both sides of a stretch that is not kept: what begins or ends with zeros there may still mean something. */
const MARGIN = 64 * 1024;

/** A `WebAssembly.Memory`, which may grow. */
export interface Memory {
  readonly buffer: ArrayBuffer;
}

interface Part {
  readonly at: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Only a long stretch of zeros is left out, and the rest put back byte by byte: the engine's stack, of which nothing is in
 * use between two calls, and what was never given to anybody. That makes some 350 KiB of 16 MiB.
 */
export class MemoryImage {
  readonly #memory: Memory;
  readonly #parts: readonly Part[];
  #bytes: Uint8Array;

  constructor(memory: Memory) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#parts = partsOf(memory.buffer);
  }

  /** Of what is put back. */
  get byteLength(): number {
    return this.#parts.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }

  restore(): void {
    // Memory that grew has another buffer; what it grew by is nobody's, for the engine has forgotten that it grew.
    if (this.#bytes.buffer !== this.#memory.buffer) this.#bytes = new Uint8Array(this.#memory.buffer);
    for (const { at, bytes } of this.#parts) this.#bytes.set(bytes, at);
  }
}

function partsOf(buffer: ArrayBuffer): Part[] {
  const words = new BigUint64Array(buffer);
  const step = words.BYTES_PER_ELEMENT;
  const parts: Part[] = [];
  const keep = (from: number, to: number) => {
    const at = Math.max(0, from - MARGIN);
    parts.push({ at, bytes: new Uint8Array(buffer.slice(at, Math.min(buffer.byteLength, to + MARGIN))) });
  };
  let from: number | undefined;
  let to = 0;
  for (const [index, word] of words.entries()) {
    if (word === 0n) continue;
    const at = index * step;
    if (from !== undefined && at - to > LONG) {
      keep(from, to);
      from = undefined;
    }
    from ??= at;
    to = at + step;
  }
  if (from !== undefined) keep(from, to);
  return parts;
}
