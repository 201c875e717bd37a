/**
 * From the framebuffer to the canvas. Straight from wasm memory with `putImageData`, which on 2 cores without a GPU is
 * faster than WebGL2 or bitmaps; as soon as nothing more waits to be decoded, and at the latest on the next animation
 * frame.
 */
import type { Area } from '../../rfb/events.ts';
import { areasShown } from '../areas.ts';
import { Damage } from './damage.ts';
import type { WasmDecoder } from './decoder.ts';

/** What is needed of a 2D context and of a canvas, be it a worker's or the page's. */
interface Context {
  putImageData(image: ImageData, x: number, y: number, left: number, top: number, width: number, height: number): void;
}
export interface AnyCanvas {
  width: number;
  height: number;
  getContext(kind: '2d', options: { alpha: false }): unknown;
}

/** Where animation frames do not come (some workers, hidden pages), this many milliseconds. */
const FRAME_MS = 16;

/** Where a part of the picture is put. */
interface Target {
  readonly canvas: AnyCanvas;
  readonly context: Context;
}

export class Painter {
  readonly damage = new Damage();
  readonly #first: Target;
  #second: Target | undefined;
  #screens: readonly Area[] = [];
  readonly #onFirst: () => void;
  #decoder: WasmDecoder | undefined;
  #image: ImageData | undefined;
  readonly #idle = new MessageChannel();
  #scheduled = false;
  /** How often `whenIdle` was called, now and when the message on its way was sent. */
  #asked = 0;
  #askedBefore = 0;
  #asking = false;
  #visible = true;
  #releasing = false;
  #held = true;
  paints = 0;
  paintedPixels = 0;
  paintMs = 0;
  lastPaint = 0;

  constructor(canvas: AnyCanvas, onFirst: () => void) {
    this.#first = target(canvas);
    this.#onFirst = onFirst;
    this.#idle.port1.addEventListener('message', () => {
      if (this.#asked === this.#askedBefore) {
        this.#asking = false;
        this.paint();
      } else {
        // More was decoded meanwhile: once more behind what has come since.
        this.#ask();
      }
    });
    this.#idle.port1.start();
  }

  dispose(): void {
    this.#decoder = undefined;
    this.#idle.port1.close();
  }

  resizedIfChanged(decoder: WasmDecoder): void {
    if (decoder.width !== this.damage.width || decoder.height !== this.damage.height) this.resized(decoder);
  }

  /** The picture has this size from now on. The canvas keeps its old one until the next paint, so nothing flashes. */
  resized(decoder: WasmDecoder): void {
    this.#decoder = decoder;
    this.damage.resize(decoder.width, decoder.height);
  }

  /** A new connection has nothing to show yet: what is on the canvas stays until `release`. */
  hold(): void {
    this.#held = true;
  }

  /** There is a picture now; `onFirst` is called once it is painted. */
  release(): void {
    this.#held = false;
    this.#releasing = true;
    this.damage.all();
  }

  /** The server's own, as it laid them out. */
  set screens(screens: readonly Area[]) {
    if (this.#second) this.damage.all();
    this.#screens = screens;
  }

  /** The second of them is painted here from now on; `null`: everything goes to the first canvas again. */
  setSecond(canvas: AnyCanvas | null): void {
    this.#second = canvas ? target(canvas) : undefined;
    this.damage.all();
    this.schedule();
  }

  /** Nothing is painted while hidden; all of it is when shown again. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible && !this.damage.empty) this.schedule();
  }

  /**
   * When the messages that have already come are done with: a turn round the event queue. So a key press is seen
   * without waiting for a frame, while of a stream of updates only what comes to rest is painted between frames.
   */
  whenIdle(): void {
    this.#asked++;
    if (!this.#asking) this.#ask();
  }

  /** On the next animation frame, once. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = (): void => {
      this.#scheduled = false;
      this.paint();
    };
    if (typeof requestAnimationFrame === 'function') requestAnimationFrame(run);
    else setTimeout(run, FRAME_MS);
  }

  paint(): void {
    const decoder = this.#decoder;
    if (!decoder || this.#held || this.damage.empty || (!this.#visible && !this.#releasing)) return;
    const start = performance.now();
    const { width, height } = decoder;
    const [first, second] = areasShown(decoder, this.#screens, this.#second !== undefined);
    this.#fitCanvas(this.#first, first);
    if (this.#second && second) this.#fitCanvas(this.#second, second);
    const pixels = decoder.rgba();
    if (this.#image?.data !== pixels) this.#image = new ImageData(pixels, width, height);
    for (const damaged of this.damage.take()) {
      this.#put(this.#image, this.#first, first, damaged);
      if (this.#second && second) this.#put(this.#image, this.#second, second, damaged);
    }
    this.paints++;
    const end = performance.now();
    this.paintMs += end - start;
    this.lastPaint = performance.timeOrigin + end;
    if (this.#releasing) {
      this.#releasing = false;
      this.#onFirst();
    }
  }

  #fitCanvas({ canvas }: Target, { width, height }: Area): void {
    if (canvas.width === width && canvas.height === height) return;
    canvas.width = width;
    canvas.height = height;
    this.damage.all();
  }

  /** What is damaged of the part that this canvas shows. */
  #put(image: ImageData, { context }: Target, part: Area, damaged: Area): void {
    const x = Math.max(damaged.x, part.x);
    const y = Math.max(damaged.y, part.y);
    const width = Math.min(damaged.x + damaged.width, part.x + part.width) - x;
    const height = Math.min(damaged.y + damaged.height, part.y + part.height) - y;
    if (width <= 0 || height <= 0) return;
    context.putImageData(image, -part.x, -part.y, x, y, width, height);
    this.paintedPixels += width * height;
  }

  #ask(): void {
    this.#asking = true;
    this.#askedBefore = this.#asked;
    this.#idle.port2.postMessage(0);
  }
}

function target(canvas: AnyCanvas): Target {
  // No alpha: the page's background never shines through. Readback is what the page's own screenshots may do.
  const context = canvas.getContext('2d', { alpha: false }) as Context | null;
  if (!context) throw new Error('no 2D context');
  return { canvas, context };
}
