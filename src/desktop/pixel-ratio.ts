/** Device pixels to a CSS pixel, and hearing when that changes: browser zoom, or another monitor. */

/** What browsers really have; beyond it something is broken. */
const MIN_RATIO = 0.25;
const MAX_RATIO = 5;

export function heldRatio(ratio: number): number {
  return Number.isFinite(ratio) && ratio > 0 ? Math.max(MIN_RATIO, Math.min(MAX_RATIO, ratio)) : 1;
}

export class PixelRatio {
  readonly #window: Window;
  readonly #onChange: () => void;
  #query: MediaQueryList | undefined;
  #last: number;

  constructor(window: Window, onChange: () => void) {
    this.#window = window;
    this.#onChange = onChange;
    this.#last = window.devicePixelRatio;
    this.#watch();
    // Zoom changes the window's size as well, and some browsers tell of that first.
    window.addEventListener('resize', this.#look);
  }

  get value(): number {
    return heldRatio(this.#window.devicePixelRatio);
  }

  dispose(): void {
    this.#window.removeEventListener('resize', this.#look);
    this.#query?.removeEventListener('change', this.#look);
  }

  /** A query is true of one ratio only, so each change needs another. */
  #watch(): void {
    this.#query?.removeEventListener('change', this.#look);
    this.#query = this.#window.matchMedia?.(`(resolution: ${this.#last}dppx)`);
    this.#query?.addEventListener('change', this.#look);
  }

  readonly #look = () => {
    const ratio = this.#window.devicePixelRatio;
    if (ratio === this.#last) return;
    this.#last = ratio;
    this.#watch();
    this.#onChange();
  };
}
