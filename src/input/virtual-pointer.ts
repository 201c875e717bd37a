/** A pointer that is moved by steps instead of being put somewhere: a trackpad's, and that of a locked mouse. Pure. */

export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A finger's travel for one pixel of a fast one: small steps are exact, long ones go further. */
const SLOW = 2;
const GAIN = 0.12;
const MOST = 3;

export class VirtualPointer {
  #x = 0;
  #y = 0;

  /** Whole pixels of the framebuffer. */
  get at(): { x: number; y: number } {
    return { x: Math.floor(this.#x), y: Math.floor(this.#y) };
  }

  /** The server, or another pointer, put it there. */
  put(x: number, y: number): void {
    const { at } = this;
    // Our own position told back has lost its fraction.
    if (at.x !== x || at.y !== y) [this.#x, this.#y] = [x, y];
  }

  /** Fractions are kept; `bounds` absent: a server that takes steps has no edges. */
  move(dx: number, dy: number, bounds?: Bounds): void {
    this.#x += dx;
    this.#y += dy;
    if (!bounds) return;
    this.#x = Math.max(bounds.x, Math.min(bounds.x + bounds.width - 1, this.#x));
    this.#y = Math.max(bounds.y, Math.min(bounds.y + bounds.height - 1, this.#y));
  }
}

/** What one step of a finger is worth, in steps. */
export function acceleration(dx: number, dy: number): number {
  return Math.min(MOST, 1 + Math.max(0, Math.hypot(dx, dy) - SLOW) * GAIN);
}
