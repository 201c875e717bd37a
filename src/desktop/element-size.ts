/** How large an element is in CSS pixels and in the device's, told at every change of either. */
import type { Size } from './geometry.ts';
import { PixelRatio } from './pixel-ratio.ts';

export class ElementSize {
  readonly #element: HTMLElement;
  readonly #ratio: PixelRatio;
  readonly #observer: ResizeObserver;
  #device: Size | undefined;

  constructor(element: HTMLElement, onChange: () => void) {
    this.#element = element;
    // Of the element's own window, which need not be the one that this code runs in.
    const view = element.ownerDocument.defaultView ?? window;
    this.#ratio = new PixelRatio(view, () => {
      this.#device = undefined;
      onChange();
    });
    this.#observer = new view.ResizeObserver((entries) => {
      const box = entries.at(-1)?.devicePixelContentBoxSize?.[0];
      this.#device = box && { width: box.inlineSize, height: box.blockSize };
      onChange();
    });
    try {
      this.#observer.observe(element, { box: 'device-pixel-content-box' });
    } catch {
      // Not in every browser.
      this.#observer.observe(element);
    }
  }

  get css(): Size {
    const { clientWidth: width, clientHeight: height } = this.#element;
    return { width, height };
  }

  /** Device pixels to a CSS pixel. */
  get ratio(): number {
    return this.#ratio.value;
  }

  /** Exactly as many as there are, where the browser says so; a product of rounded numbers may be one off. */
  get device(): Size {
    const { width, height } = this.css;
    const counted = { width: width * this.ratio, height: height * this.ratio };
    const device = this.#device;
    const near = device && Math.abs(device.width - counted.width) < 2 && Math.abs(device.height - counted.height) < 2;
    return near ? device : counted;
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#ratio.dispose();
  }
}
