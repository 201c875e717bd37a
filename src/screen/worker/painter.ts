/**
 * From the framebuffer to the canvas. Straight from wasm memory with `putImageData`, which on 2 cores without a GPU is
 * faster than WebGL2 or bitmaps; as soon as nothing more waits to be decoded, and at the latest on the next animation
 * frame.
 */
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

export class Painter {
  readonly damage = new Damage();
  readonly #canvas: AnyCanvas;
  readonly #context: Context;
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
  #first = false;
  #held = true;
  paints = 0;
  paintedPixels = 0;
  paintMs = 0;
  lastPaint = 0;

  constructor(canvas: AnyCanvas, onFirst: () => void) {
    this.#canvas = canvas;
    this.#onFirst = onFirst;
    // No alpha: the page's background never shines through. Readback is what the page's own screenshots may do.
    const context = canvas.getContext('2d', { alpha: false }) as Context | null;
    if (!context) throw new Error('no 2D context');
    this.#context = context;
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
    this.#first = true;
    this.damage.all();
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
    if (!decoder || this.#held || this.damage.empty || (!this.#visible && !this.#first)) return;
    const start = performance.now();
    const { width, height } = decoder;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
      this.damage.all();
    }
    const pixels = decoder.rgba();
    if (this.#image?.data !== pixels) this.#image = new ImageData(pixels, width, height);
    for (const area of this.damage.take()) {
      this.#context.putImageData(this.#image, 0, 0, area.x, area.y, area.width, area.height);
      this.paintedPixels += area.width * area.height;
    }
    this.paints++;
    const end = performance.now();
    this.paintMs += end - start;
    this.lastPaint = performance.timeOrigin + end;
    if (this.#first) {
      this.#first = false;
      this.#onFirst();
    }
  }

  #ask(): void {
    this.#asking = true;
    this.#askedBefore = this.#asked;
    this.#idle.port2.postMessage(0);
  }
}
