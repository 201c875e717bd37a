/** The desktop's second screen, on an element of any window of this origin: its canvas, size and input. */
import { Input, type InputOptions } from '../input/input.ts';
import type { Area } from '../screen/client.ts';
import { ElementSize } from './element-size.ts';
import { pictureSize, possibleRatio, type Size, toFramebuffer, wantedSize } from './geometry.ts';

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

  /** The screen that would fill its element. */
  wanted(sharp: boolean): Size | undefined {
    this.#sharp = sharp;
    const ratio = this.#ratio;
    return sharp && ratio === this.#size.ratio ? wantedSize(this.#size.device, 1) : wantedSize(this.#size.css, ratio);
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
