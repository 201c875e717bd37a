/** The session's cursor drawn by us, where the browser's own pointer is not: a trackpad's, and that of a locked mouse. */
import type { CursorShape } from './cursor.ts';

/** An arrow for servers that tell no shape. */
const ARROW = [1, 1, 1, 16, 5, 12.5, 7.5, 18.5, 10, 17.5, 7.5, 11.5, 12.5, 11.5];
const ARROW_SIDE = 24;

export class PointerImage {
  readonly element: HTMLElement;
  readonly #image: HTMLCanvasElement;
  #shape: CursorShape | undefined;
  #at: { x: number; y: number } | undefined;
  #part = { x: 0, y: 0, width: 1, height: 1 };

  /** Lies over the picture, as large as it, in the same cell of a grid. */
  constructor(document: Document) {
    this.element = document.createElement('div');
    this.#image = document.createElement('canvas');
    Object.assign(this.element.style, {
      gridArea: '1 / 1',
      position: 'relative',
      overflow: 'hidden',
      pointerEvents: 'none',
      zIndex: '1',
    } satisfies Partial<CSSStyleDeclaration>);
    this.#image.style.position = 'absolute';
    this.element.append(this.#image);
    this.#draw();
  }

  set shape(shape: CursorShape | undefined) {
    if (shape === this.#shape) return;
    this.#shape = shape;
    this.#draw();
  }

  /** In framebuffer coordinates; `part`: what of the framebuffer is shown. */
  move(at: { x: number; y: number } | undefined, part = this.#part): void {
    this.#at = at;
    this.#part = part;
    this.#place();
  }

  #draw(): void {
    const { width, height } = this.#shape ?? { width: ARROW_SIDE, height: ARROW_SIDE };
    this.#image.width = Math.max(1, width);
    this.#image.height = Math.max(1, height);
    const context = this.#image.getContext('2d');
    if (this.#shape && width > 0 && height > 0) {
      context?.putImageData(new ImageData(this.#shape.rgba, width, height), 0, 0);
    } else if (!this.#shape && context) {
      context.fillStyle = '#000';
      context.strokeStyle = '#fff';
      context.beginPath();
      for (let n = 0; n < ARROW.length; n += 2) context.lineTo(ARROW[n] ?? 0, ARROW[n + 1] ?? 0);
      context.closePath();
      context.fill();
      context.stroke();
    }
    this.#place();
  }

  /** In parts of the picture: right however large it is shown. */
  #place(): void {
    const { style } = this.#image;
    const { hotX, hotY } = this.#shape ?? { hotX: 1, hotY: 1 };
    this.element.hidden = this.#at === undefined || this.#part.width < 1;
    this.element.dataset['pointer'] = this.#at ? `${this.#at.x},${this.#at.y}` : '';
    if (!this.#at) return;
    const { x, y, width, height } = this.#part;
    style.left = `${((this.#at.x - x - hotX) / width) * 100}%`;
    style.top = `${((this.#at.y - y - hotY) / height) * 100}%`;
    style.width = `${(this.#image.width / width) * 100}%`;
    style.height = `${(this.#image.height / height) * 100}%`;
  }
}
