/** Local zoom: the picture larger than the session makes it, and moved about by the element's scroll position. */

const MOST = 8;
/** A picture that is let go of almost at its own size means that. */
const SNAP = 1.06;

export class Zoom {
  readonly #element: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #layout: () => void;
  #factor = 1;
  /** The scroll position, as it was meant. */
  #at = { x: 0, y: 0 };

  /** `layout` gives the picture its size by `factor`. */
  constructor(element: HTMLElement, picture: HTMLElement, layout: () => void) {
    this.#element = element;
    this.#picture = picture;
    this.#layout = layout;
  }

  get factor(): number {
    return this.#factor;
  }

  /** The picture is larger than its place, and can be moved. */
  get larger(): boolean {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#element;
    return scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
  }

  /** What lies under this point of the page stays there. */
  by(factor: number, clientX: number, clientY: number, settled: boolean): void {
    const wanted = Math.max(1, Math.min(MOST, this.#factor * factor));
    const next = settled && wanted < SNAP ? 1 : wanted;
    if (next === this.#factor) return;
    const before = this.#picture.getBoundingClientRect();
    const along = (at: number, start: number, length: number) => (length > 0 ? (at - start) / length : 0);
    const x = along(clientX, before.left, before.width);
    const y = along(clientY, before.top, before.height);
    this.#factor = next;
    this.#layout();
    const after = this.#picture.getBoundingClientRect();
    this.pan(clientX - (after.left + x * after.width), clientY - (after.top + y * after.height));
  }

  /** The picture goes with the fingers. */
  pan(dx: number, dy: number): void {
    const { scrollLeft, scrollTop } = this.#element;
    // Browsers round what they are told; small steps would add up to nothing.
    const from = (at: number, wanted: number) => (Math.abs(at - wanted) <= 1 ? wanted : at);
    this.#at = { x: from(scrollLeft, this.#at.x) - dx, y: from(scrollTop, this.#at.y) - dy };
    this.#element.scrollLeft = this.#at.x;
    this.#element.scrollTop = this.#at.y;
  }

  /** So that this point of the page is seen, with some room around it, `below` pixels of which are covered. */
  reveal(clientX: number, clientY: number, margin: number): void {
    const { left, top } = this.#element.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.#element;
    const covered = Number.parseFloat(this.#element.style.paddingBottom) || 0;
    const off = (at: number, length: number) => {
      const room = Math.min(margin, length / 3);
      return at < room ? at - room : at > length - room ? at - (length - room) : 0;
    };
    this.pan(-off(clientX - left, clientWidth), -off(clientY - top, clientHeight - covered));
  }
}
