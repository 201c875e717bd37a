/** What a session decodes with: wasm for everything that is bytes, the browser's own decoder for video. */
import { RfbError } from '../../rfb/rfb-error.ts';
import type { ByteReader } from '../../rfb/byte-reader.ts';
import { Encoding } from '../../rfb/constants.ts';
import type { RectangleDecoder } from '../../rfb/events.ts';
import type { WasmDecoder } from './decoder.ts';
import { VideoRectangles } from './video.ts';

/** One frame of an 8K screen is far smaller. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export class Rectangles implements RectangleDecoder {
  readonly #wasm: WasmDecoder;
  readonly #video: VideoRectangles;
  #place = { x: 0, y: 0, width: 0, height: 0 };
  #isVideo = false;

  /** `shown` hears of pixels that came later than the update they belong to. */
  constructor(wasm: WasmDecoder, shown: () => void) {
    this.#wasm = wasm;
    this.#video = new VideoRectangles((place, rgba) => {
      wasm.write32(place.x, place.y, place.width, place.height, rgba);
      shown();
    });
  }

  reset(): void {
    this.#video.reset();
    this.#wasm.reset();
  }

  resize(width: number, height: number): void {
    this.#video.reset();
    this.#wasm.resize(width, height);
  }

  settle(encoding: number, x: number, y: number, width: number, height: number): Promise<void> | undefined {
    // Where CopyRect reads from is not known yet, so it waits for everything.
    if (encoding === Encoding.copyRect) return this.#video.settle({ x: 0, y: 0, width: 65536, height: 65536 });
    // A frame follows the one before it at the same place by itself.
    if (encoding === Encoding.h264) return undefined;
    return this.#video.settle({ x, y, width, height });
  }

  begin(encoding: number, x: number, y: number, width: number, height: number, reader: ByteReader): number {
    this.#isVideo = encoding === Encoding.h264;
    if (!this.#isVideo) return this.#wasm.begin(encoding, x, y, width, height, reader);
    this.#place = { x, y, width, height };
    return this.resume(reader);
  }

  resume(reader: ByteReader): number {
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
    this.#video.decode(this.#place, flags, reader.copy(length));
    return 0;
  }
}
