/** Moving about in a picture that is larger than its element: by its scrollbars, by the pointer at an edge, by calls. */

/** CSS pixels from an edge at which the picture begins to move, and how far it goes with each frame. */
const EDGE = 28;
const FASTEST = 18;

export class Panning {
  readonly #element: HTMLElement;
  readonly #onMoved: () => void;
  readonly #listening = new AbortController();
  #speed = { x: 0, y: 0 };
  #frame: number | undefined;
  #dragging = false;
  enabled = false;

  /** Listens first: the element's input is made after it. `onMoved`: another part lies under a pointer that rests. */
  constructor(element: HTMLElement, onMoved: () => void) {
    this.#element = element;
    this.#onMoved = onMoved;
    const { signal } = this.#listening;
    // What is done with a scrollbar is nobody's input to the session.
    for (const type of ['pointerdown', 'pointermove', 'pointerup', 'mousedown', 'mouseup'] as const) {
      element.addEventListener(type, (event) => this.#keepScrollbars(event), { signal, capture: true });
    }
    element.addEventListener('pointermove', (event) => this.#atEdge(event), { signal, passive: true });
    element.addEventListener('pointerleave', () => this.#steer(0, 0), { signal });
  }

  /** There is something to move to. */
  get possible(): boolean {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#element;
    return this.enabled && (scrollWidth > clientWidth || scrollHeight > clientHeight);
  }

  /** In parts of what is seen: 0.5 is half a view to the right or down. */
  by(x: number, y: number): void {
    const { clientWidth, clientHeight } = this.#element;
    this.#element.scrollBy(x * clientWidth, y * clientHeight);
    this.#onMoved();
  }

  dispose(): void {
    this.#listening.abort();
    this.#steer(0, 0);
  }

  #keepScrollbars(event: MouseEvent): void {
    if (!this.enabled) return;
    const { left, top } = this.#element.getBoundingClientRect();
    const { clientWidth, clientHeight } = this.#element;
    const on = event.clientX - left >= clientWidth || event.clientY - top >= clientHeight;
    if (event.type === 'pointerdown') this.#dragging = on;
    if (on || this.#dragging) {
      this.#steer(0, 0);
      event.stopImmediatePropagation();
    }
    if (event.type === 'mouseup' || event.type === 'pointerup') this.#dragging = false;
  }

  #atEdge(event: PointerEvent): void {
    if (!this.possible || event.pointerType === 'touch') {
      this.#steer(0, 0);
      return;
    }
    const { left, top } = this.#element.getBoundingClientRect();
    const along = (at: number, length: number) => {
      const near = at < EDGE ? at - EDGE : at > length - EDGE ? at - (length - EDGE) : 0;
      return Math.round((Math.max(-EDGE, Math.min(EDGE, near)) / EDGE) * FASTEST);
    };
    this.#steer(
      along(event.clientX - left, this.#element.clientWidth),
      along(event.clientY - top, this.#element.clientHeight),
    );
  }

  #steer(x: number, y: number): void {
    this.#speed = { x, y };
    if (x === 0 && y === 0) {
      if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
    } else {
      this.#frame ??= requestAnimationFrame(() => this.#move());
    }
  }

  #move(): void {
    this.#frame = undefined;
    const { scrollLeft, scrollTop } = this.#element;
    this.#element.scrollBy({ left: this.#speed.x, top: this.#speed.y, behavior: 'instant' });
    if (this.#element.scrollLeft === scrollLeft && this.#element.scrollTop === scrollTop) return;
    this.#onMoved();
    this.#frame = requestAnimationFrame(() => this.#move());
  }
}
