/** The picture as a canvas: painted by the shell, read by the peers. */
import type { Move } from './pending.ts';
import type { Rect } from './rect.ts';
import type { Picture } from './rfb-peer.ts';

export type Context = OffscreenCanvasRenderingContext2D;

export class Frame implements Picture {
  readonly name: string;
  readonly #canvas: OffscreenCanvas;
  readonly context: Context;

  constructor(width: number, height: number, name: string) {
    this.name = name;
    this.#canvas = new OffscreenCanvas(width, height);
    this.context = contextOf(this.#canvas);
  }

  get width(): number {
    return this.#canvas.width;
  }

  get height(): number {
    return this.#canvas.height;
  }

  get bounds(): Rect {
    return { x: 0, y: 0, width: this.width, height: this.height };
  }

  read(rect: Rect): Uint8ClampedArray {
    return this.context.getImageData(rect.x, rect.y, rect.width, rect.height).data;
  }

  /** Everything painted is gone with it. */
  resize(width: number, height: number): void {
    this.#canvas.width = width;
    this.#canvas.height = height;
  }

  move({ from, dx, dy }: Move): void {
    const { x, y, width, height } = from;
    this.context.drawImage(this.#canvas, x, y, width, height, x + dx, y + dy, width, height);
  }
}

export function contextOf(canvas: OffscreenCanvas): Context {
  // Read back at every update, so it had better lie in memory than on a graphics card.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new TypeError('this browser has no canvas in workers');
  return context;
}
