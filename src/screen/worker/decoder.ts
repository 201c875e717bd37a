/** The wasm decoder as an object: its framebuffer, its input buffer, and its numbers turned into errors. */

import { RfbError, type RfbErrorCode } from '../../rfb/rfb-error.ts';
import { ByteReader } from '../../rfb/byte-reader.ts';
import type { RectangleDecoder } from '../../rfb/events.ts';

/** What `decoder/assembly/index.ts` exports. */
interface Exports {
  reset(): void;
  trim(): void;
  reserveInput(bytes: number, used: number): number;
  inputCapacity(): number;
  resize(width: number, height: number): number;
  framebuffer(): number;
  position(): number;
  begin(encoding: number, x: number, y: number, width: number, height: number, at: number, end: number): number;
  resume(at: number, end: number): number;
}

/** As the module imports it: 1 MiB to begin with, 512 MiB at most. */
const INITIAL_PAGES = 16;
const MAXIMUM_PAGES = 8192;
/** Small enough to stay in a core's cache between being written and being read. */
const INPUT_BYTES = 256 * 1024;
/** The largest piece of one rectangle that is waited for. The decoder's own limit is the same. */
const MAX_INPUT_BYTES = 64 * 1024 * 1024 + 4096;

const ERRORS: Record<number, RfbErrorCode> = {
  [-1]: 'decode-failed',
  [-2]: 'rfb-encoding',
  [-3]: 'rfb-limit',
  [-4]: 'rfb-limit',
};

/** `damaged` hears of every rectangle that has changed pixels. */
export type Damaged = (x: number, y: number, width: number, height: number) => void;

/**
 * One framebuffer. `reader` is the window on the input buffer: `write` appends to it, the session reads from it.
 * Views on the memory are good until the next call that may make it grow, so `rgba` gives a fresh one each time.
 */
export class WasmDecoder implements RectangleDecoder {
  readonly #memory: WebAssembly.Memory;
  readonly #wasm: Exports;
  readonly #damaged: Damaged;
  readonly reader = new ByteReader();
  #input = 0;
  #capacity = 0;
  #rect = { x: 0, y: 0, width: 0, height: 0 };
  #view: Uint8ClampedArray<ArrayBuffer> | undefined;
  width = 0;
  height = 0;

  constructor(module: WebAssembly.Module, damaged: Damaged) {
    this.#memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES });
    const instance = new WebAssembly.Instance(module, { env: { memory: this.#memory } });
    this.#wasm = instance.exports as unknown as Exports;
    this.#damaged = damaged;
    this.reset();
  }

  /** For a new connection: nothing is buffered, streams begin anew, the picture stays. */
  reset(): void {
    this.#wasm.reset();
    this.#reserve(INPUT_BYTES, 0);
    this.reader.position = this.#input;
    this.reader.end = this.#input;
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** Appends as much of `chunk` from `offset` on as there is room for; gives how many bytes that was. */
  write(chunk: Uint8Array, offset: number): number {
    const { reader } = this;
    if (reader.position === reader.end) {
      reader.position = this.#input;
      reader.end = this.#input;
    }
    let room = this.#input + this.#capacity - reader.end;
    if (room < chunk.length - offset && reader.position > this.#input) {
      reader.bytes.copyWithin(this.#input, reader.position, reader.end);
      reader.end -= reader.position - this.#input;
      reader.position = this.#input;
      room = this.#input + this.#capacity - reader.end;
    }
    const count = Math.min(room, chunk.length - offset);
    reader.bytes.set(count === chunk.length ? chunk : chunk.subarray(offset, offset + count), reader.end);
    reader.end += count;
    return count;
  }

  /** Makes sure that `bytes` can lie in the input buffer at once. */
  ensure(bytes: number): void {
    if (bytes <= this.#capacity) return;
    if (bytes > MAX_INPUT_BYTES) throw new RfbError('rfb-limit', { details: { bytes } });
    this.#reserve(Math.max(bytes, Math.min(this.#capacity * 2, MAX_INPUT_BYTES)), this.reader.end - this.#input);
  }

  resize(width: number, height: number): void {
    if (width === this.width && height === this.height) return;
    this.#check(this.#wasm.resize(width, height));
    this.#refresh();
    this.width = width;
    this.height = height;
    this.#view = undefined;
  }

  begin(encoding: number, x: number, y: number, width: number, height: number, reader: ByteReader): number {
    this.#rect = { x, y, width, height };
    return this.#went(this.#wasm.begin(encoding, x, y, width, height, reader.position, reader.end));
  }

  resume(reader: ByteReader): number {
    return this.#went(this.#wasm.resume(reader.position, reader.end));
  }

  /** Pixels that were decoded elsewhere, four bytes each; what is outside the picture is dropped. */
  write32(x: number, y: number, width: number, height: number, pixels: Uint8Array): void {
    const rows = Math.min(height, this.height - y);
    const columns = Math.min(width, this.width - x);
    const rgba = this.rgba();
    for (let row = 0; row < rows; row++) {
      const to = ((y + row) * this.width + x) * 4;
      rgba.set(pixels.subarray(row * width * 4, (row * width + columns) * 4), to);
      for (let at = to + 3; at < to + columns * 4; at += 4) rgba[at] = 255;
    }
    if (rows > 0 && columns > 0) this.#damaged(x, y, columns, rows);
  }

  /** The whole picture, rows without gaps, alpha 255. */
  rgba(): Uint8ClampedArray<ArrayBuffer> {
    const { buffer } = this.#memory;
    if (this.#view?.buffer !== buffer || this.#view.length === 0) {
      this.#view = new Uint8ClampedArray(buffer, this.#wasm.framebuffer(), this.width * this.height * 4);
    }
    return this.#view;
  }

  #went(result: number): number {
    this.#refresh();
    this.reader.position = this.#wasm.position();
    if (result < 0) this.#check(result);
    if (result === 0) {
      const { x, y, width, height } = this.#rect;
      this.#damaged(x, y, width, height);
    }
    return result;
  }

  #reserve(bytes: number, used: number): void {
    const address = this.#wasm.reserveInput(bytes, used);
    if (address === 0) throw new RfbError('rfb-limit', { details: { what: 'memory' } });
    this.#refresh();
    this.reader.position += address - this.#input;
    this.reader.end += address - this.#input;
    this.#input = address;
    this.#capacity = this.#wasm.inputCapacity();
  }

  /** Growing the memory takes its old buffer away from every view. */
  #refresh(): void {
    if (this.reader.bytes.buffer === this.#memory.buffer) return;
    this.reader.bytes = new Uint8Array(this.#memory.buffer);
    this.#view = undefined;
  }

  #check(result: number): void {
    if (result >= 0) return;
    throw new RfbError(ERRORS[result] ?? 'internal', { details: { decoder: result } });
  }
}
