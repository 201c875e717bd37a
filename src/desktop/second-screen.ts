/** The desktop's second screen, on an element of any window of this origin: its canvas, size and input. */
import { Input, type InputOptions } from '../input/input.ts';
import type { Area } from '../screen/client.ts';
import { ElementSize } from './element-size.ts';
import {
  MAX_PIXELS,
  MAX_SIDE,
  MIN_SIDE,
  pictureSize,
  possibleRatio,
  type Size,
  toFramebuffer,
  wantedSize,
} from './geometry.ts';
import type { Wish } from './resizer.ts';

export interface SecondScreenOptions extends Omit<InputOptions, 'toDesktop'> {
  /** Its element has another size, or pixels of another size. */
  readonly onChange: () => void;
}

export class SecondScreen {
  readonly canvas: HTMLCanvasElement;
  readonly input: Input;
  readonly #element: HTMLElement;
  readonly #size: ElementSize;
  #part: Area = { x: 0, y: 0, width: 0, height: 0 };
  #sharp = false;

  constructor(element: HTMLElement, options: SecondScreenOptions) {
    this.#element = element;
    Object.assign(element.style, {
      outline: 'none',
      touchAction: 'none',
      display: 'grid',
      placeContent: 'safe center',
      overflow: 'hidden',
    });
    element.setAttribute('role', 'application');
    if (options.label !== undefined) element.setAttribute('aria-label', options.label);
    element.tabIndex = -1;
    this.canvas = element.ownerDocument.createElement('canvas');
    this.canvas.style.display = 'block';
    element.append(this.canvas);
    this.input = new Input(element, {
      ...options,
      toDesktop: (x, y) => toFramebuffer({ x, y }, this.canvas.getBoundingClientRect(), this.#part),
    });
    this.input.enabled = false;
    this.#size = new ElementSize(element, options.onChange);
  }

  /** The framebuffer that would fill the first screen's element, by `left`, and its own to the right of it. */
  beside(left: Size, sharp: boolean): Wish {
    this.#sharp = sharp;
    const ratio = this.#ratio;
    const exact = sharp && ratio === this.#size.ratio;
    const right = exact ? wantedSize(this.#size.device, 1) : wantedSize(this.#size.css, ratio);
    return right ? sideBySide(left, right) : left;
  }

  /** Places what it shows; `undefined`: there is no second screen (yet). */
  show(part: Area | undefined): void {
    this.canvas.style.visibility = part ? '' : 'hidden';
    this.#element.dataset['screen'] = part ? 'shown' : 'none';
    if (!part) return;
    this.#part = part;
    const picture = pictureSize(part, this.#size.css, 'remote', this.#ratio);
    this.canvas.style.width = `${picture.width}px`;
    this.canvas.style.height = `${picture.height}px`;
    this.canvas.style.imageRendering = 'pixelated';
  }

  /** As CSS has it. */
  set cursor(cursor: string) {
    if (this.#element.style.cursor !== cursor) this.#element.style.cursor = cursor;
  }

  dispose(): void {
    this.input.dispose();
    this.#size.dispose();
    this.canvas.remove();
  }

  get #ratio(): number {
    return this.#sharp ? possibleRatio(this.#size.css, this.#size.ratio) : 1;
  }
}

/** Two screens side by side, top to top: the framebuffer that holds them, and where each lies. */
export function sideBySide(left: Size, right: Size): Size & { readonly layout: readonly Area[] } {
  const room = MAX_SIDE - left.width;
  const height = Math.max(left.height, right.height);
  const width = Math.max(MIN_SIDE, Math.min(right.width, room, Math.floor(MAX_PIXELS / height) - left.width));
  return {
    width: left.width + width,
    height,
    layout: [
      { x: 0, y: 0, ...plain(left) },
      { x: left.width, y: 0, width, height: right.height },
    ],
  };
}

const plain = ({ width, height }: Size) => ({ width, height });
