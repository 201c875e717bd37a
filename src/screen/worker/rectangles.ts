/** What a session decodes with: wasm for everything that is bytes, the browser's own decoder for video. */
import { RfbError } from '../../rfb/rfb-error.ts';
import type { ByteReader } from '../../rfb/byte-reader.ts';
import { Encoding } from '../../rfb/constants.ts';
import type { RectangleDecoder } from '../../rfb/events.ts';
import type { WasmDecoder } from './decoder.ts';
import { isLossy, LossyParts } from './lossy.ts';
import type { VideoRectangles } from './video.ts';

/** One frame of an 8K screen is far smaller. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export class Rectangles implements RectangleDecoder {
  readonly #wasm: WasmDecoder;
  readonly #shown: () => void;
  /** Once a server sends video. */
  #video: VideoRectangles | undefined;
  #loading: Promise<void> | undefined;
  #place = { x: 0, y: 0, width: 0, height: 0 };
  #isVideo = false;
  /** The rectangle at hand is one of which it is not known yet. */
  #unknown: number | undefined;
  readonly lossy = new LossyParts();

  /** `shown` hears of pixels that came later than the update they belong to. */
  constructor(wasm: WasmDecoder, shown: () => void) {
    this.#wasm = wasm;
    this.#shown = shown;
  }

  reset(): void {
    this.#video?.reset();
    this.#wasm.reset();
    this.#unknown = undefined;
    this.lossy.resize(this.#wasm.width, this.#wasm.height);
  }

  resize(width: number, height: number): void {
    this.#video?.reset();
    if (width !== this.#wasm.width || height !== this.#wasm.height) this.lossy.resize(width, height);
    this.#wasm.resize(width, height);
  }

  settle(encoding: number, x: number, y: number, width: number, height: number): Promise<void> | undefined {
    // Where CopyRect reads from is not known yet, so it waits for everything.
    if (encoding === Encoding.copyRect) return this.#video?.settle({ x: 0, y: 0, width: 65536, height: 65536 });
    // A frame follows the one before it at the same place by itself; the first one waits for the code.
    if (encoding === Encoding.h264) return this.#video ? undefined : (this.#loading ??= this.#load());
    return this.#video?.settle({ x, y, width, height });
  }

  begin(encoding: number, x: number, y: number, width: number, height: number, reader: ByteReader): number {
    this.#isVideo = encoding === Encoding.h264;
    this.#place = { x, y, width, height };
    this.#mark(encoding, reader);
    if (!this.#isVideo) return this.#wasm.begin(encoding, x, y, width, height, reader);
    return this.resume(reader);
  }

  resume(reader: ByteReader): number {
    if (this.#unknown !== undefined) this.#mark(this.#unknown, reader);
    if (!this.#isVideo) return this.#wasm.resume(reader);
    if (reader.available < 8) return 8;
    const start = reader.position;
    const length = reader.u32();
    const flags = reader.u32();
    if (length > MAX_FRAME_BYTES) throw new RfbError('rfb-limit', { details: { frame: length } });
    if (reader.available < length) {
      reader.position = start;
      return 8 + length;
    }
    this.#video?.decode(this.#place, flags, reader.copy(length));
    return 0;
  }

  async #load(): Promise<void> {
    try {
      const { VideoRectangles } = await import('./video.ts');
      const wasm = this.#wasm;
      this.#video = new VideoRectangles((place, rgba) => {
        wasm.write32(place.x, place.y, place.width, place.height, rgba);
        this.#shown();
      });
    } catch (cause) {
      this.#loading = undefined;
      throw new RfbError('decode-failed', { cause, details: { video: 'not loaded' } });
    }
  }

  #mark(encoding: number, reader: ByteReader): void {
    const lossy = isLossy(encoding, reader.available > 0 ? reader.bytes[reader.position] : undefined);
    this.#unknown = lossy === undefined ? encoding : undefined;
    // What is copied may have been lossy where it comes from.
    if (lossy === true || (encoding === Encoding.copyRect && this.lossy.any)) {
      this.lossy.approximate(this.#place, performance.now());
    } else if (lossy === false) this.lossy.exact(this.#place);
  }
}
