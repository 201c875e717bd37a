/**
 * Open H.264 (encoding 50): one WebCodecs decoder for each place on the screen. Frames arrive when the browser has them;
 * until then only rectangles that touch the same pixels have to wait.
 */
import { RfbError } from '../../rfb/rfb-error.ts';

/** As the encoding's description has it. */
const RESET_CONTEXT = 1;
const RESET_ALL = 2;
/** Places on the screen with a decoder of their own; the one used longest ago makes room. */
const MAX_CONTEXTS = 64;
/** Some decoders give a frame only when they get the next one. Past this nobody waits for it. */
const PATIENCE_MS = 400;

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Pending extends Place {
  done: Promise<void>;
  finish: () => void;
}

interface Context {
  decoder: VideoDecoder | undefined;
  waiting: Pending[];
  /** The last frame that came, until it is shown. */
  last: Promise<void> | undefined;
  time: number;
}

/** Writes `rgba`, `width` × `height` without gaps, at its place. */
export type ShowFrame = (place: Place, rgba: Uint8Array) => void;

export class VideoRectangles {
  readonly #show: ShowFrame;
  readonly #contexts = new Map<string, Context>();
  #pending = new Set<Pending>();
  #error: RfbError | undefined;

  constructor(show: ShowFrame) {
    this.#show = show;
  }

  /** What a rectangle at this place must wait for. Throws where a frame before it was damaged. */
  settle(place: Place): Promise<void> | undefined {
    if (this.#error) throw this.#error;
    if (this.#pending.size === 0) return undefined;
    const before = [...this.#pending].filter((pending) => overlap(pending, place));
    if (before.length === 0) return undefined;
    const patience = new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS));
    return Promise.race([Promise.all(before.map((pending) => pending.done)).then(() => undefined), patience]).then(
      () => {
        // Whoever was waited for in vain is not waited for again.
        for (const pending of before) this.#pending.delete(pending);
        if (this.#error) throw this.#error;
      },
    );
  }

  /** `data`: Annex B, kept. An empty rectangle only resets. Throws where a frame before it was damaged. */
  decode(place: Place, flags: number, data: Uint8Array<ArrayBuffer>): void {
    const key = `${place.x},${place.y},${place.width},${place.height}`;
    if (flags & RESET_ALL) this.reset();
    else if (flags & RESET_CONTEXT) this.#close(key);
    if (data.length === 0) return;
    if (this.#error) throw this.#error;
    const context = this.#contextOf(key);
    const parameters = codecOf(data);
    if (!context.decoder) {
      // Nothing can be shown before the first key frame.
      if (parameters === undefined) return;
      context.decoder = this.#create(context, parameters);
    }
    let finish = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const pending = { ...place, done, finish };
    context.waiting.push(pending);
    this.#pending.add(pending);
    context.time++;
    try {
      context.decoder.decode(
        new EncodedVideoChunk({ type: parameters === undefined ? 'delta' : 'key', timestamp: context.time, data }),
      );
    } catch (cause) {
      this.#fail(context, cause);
    }
  }

  reset(): void {
    // Deleting the one at hand does not disturb a Map's iteration.
    for (const key of this.#contexts.keys()) this.#close(key);
    this.#error = undefined;
  }

  #contextOf(key: string): Context {
    let context = this.#contexts.get(key);
    if (context) {
      this.#contexts.delete(key);
    } else {
      const oldest = this.#contexts.keys().next();
      if (this.#contexts.size >= MAX_CONTEXTS && !oldest.done) this.#close(oldest.value);
      context = { decoder: undefined, waiting: [], last: undefined, time: 0 };
    }
    this.#contexts.set(key, context);
    return context;
  }

  #create(context: Context, codec: string): VideoDecoder {
    const decoder = new VideoDecoder({
      output: (frame) => void this.#frame(context, frame),
      error: (cause) => this.#fail(context, cause),
    });
    decoder.configure({ codec, optimizeForLatency: true });
    return decoder;
  }

  async #frame(context: Context, frame: VideoFrame): Promise<void> {
    const pending = context.waiting.shift();
    try {
      if (!pending) return;
      const before = context.last;
      context.last = pending.done;
      const width = Math.min(frame.displayWidth, pending.width);
      const height = Math.min(frame.displayHeight, pending.height);
      const rgba = await pixelsOf(frame);
      // Copies take as long as they like.
      await before;
      // A reset or another size may have come while the frame was being copied.
      if (!this.#pending.has(pending)) return;
      this.#show({ x: pending.x, y: pending.y, width, height }, cut(rgba, frame.displayWidth, width, height));
    } catch (cause) {
      this.#fail(context, cause);
    } finally {
      frame.close();
      if (pending) {
        this.#pending.delete(pending);
        pending.finish();
      }
    }
  }

  #fail(context: Context, cause: unknown): void {
    this.#error ??= new RfbError('decode-failed', { cause, details: { video: String(cause) } });
    this.#abandon(context);
  }

  #abandon(context: Context): void {
    for (const pending of context.waiting) {
      this.#pending.delete(pending);
      pending.finish();
    }
    context.waiting = [];
  }

  #close(key: string): void {
    const context = this.#contexts.get(key);
    if (!context) return;
    this.#contexts.delete(key);
    this.#abandon(context);
    if (context.decoder && context.decoder.state !== 'closed') context.decoder.close();
  }
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

async function pixelsOf(frame: VideoFrame): Promise<Uint8Array> {
  const { displayWidth, displayHeight } = frame;
  const rgba = new Uint8Array(displayWidth * displayHeight * 4);
  try {
    await frame.copyTo(rgba, { format: 'RGBX', layout: [{ offset: 0, stride: displayWidth * 4 }] });
    return rgba;
  } catch {
    // Browsers without the conversion draw instead.
    const context = new OffscreenCanvas(displayWidth, displayHeight).getContext('2d');
    context?.drawImage(frame, 0, 0);
    const data = context?.getImageData(0, 0, displayWidth, displayHeight).data;
    return data ? new Uint8Array(data.buffer) : rgba;
  }
}

function cut(rgba: Uint8Array, stride: number, width: number, height: number): Uint8Array {
  if (stride === width) return rgba.subarray(0, width * height * 4);
  const out = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) out.set(rgba.subarray(y * stride * 4, (y * stride + width) * 4), y * width * 4);
  return out;
}

/** The codec's name from the sequence parameter set, which every key frame brings along; `undefined` without one. */
export function codecOf(data: Uint8Array): string | undefined {
  for (let at = 0; at + 6 < data.length; at++) {
    if (data[at] !== 0 || data[at + 1] !== 0 || data[at + 2] !== 1) continue;
    // NAL unit type 7; then profile, constraints, level.
    if (((data[at + 3] ?? 0) & 31) !== 7) continue;
    const hex = Array.from(data.subarray(at + 4, at + 7), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return `avc1.${hex}`;
  }
  return undefined;
}
