/** What one client has not been told yet: pixels that were moved, and pixels that are new. */
import { area, covers, intersect, shift, union, type Rect } from './rect.ts';

export interface Move {
  readonly from: Rect;
  readonly dx: number;
  readonly dy: number;
}

/** More rectangles than this cost more in headers than their union costs in pixels. */
const MAX_RECTS = 24;

export class Pending {
  #moves: Move[] = [];
  #damage: Rect[] = [];

  get empty(): boolean {
    return this.#moves.length === 0 && this.#damage.length === 0;
  }

  damage(rect: Rect): void {
    if (this.#damage.some((one) => covers(one, rect))) return;
    this.#damage = this.#damage.filter((one) => !covers(rect, one));
    this.#damage.push(rect);
    this.#shrink();
  }

  /** Pixels of `from` now stand `dx`, `dy` further. What of them was not sent yet is not sent at its new place either. */
  move({ from, dx, dy }: Move): void {
    const stale = this.#damage.flatMap((rect) => intersect(rect, from) ?? []);
    this.#moves.push({ from, dx, dy });
    for (const rect of stale) this.damage(shift(rect, dx, dy));
  }

  /** Everything is to be sent anew, so no move matters any more. */
  all(bounds: Rect): void {
    this.#moves = [];
    this.#damage = [bounds];
  }

  /** Moves in their order, to be sent before the damage. Empties this. */
  take(bounds: Rect): { moves: Move[]; damage: Rect[] } {
    const taken = { moves: this.#moves, damage: this.#damage.flatMap((rect) => intersect(rect, bounds) ?? []) };
    this.#moves = [];
    this.#damage = [];
    return taken;
  }

  /** Joins the two whose union wastes least, until there are few enough. */
  #shrink(): void {
    while (this.#damage.length > MAX_RECTS) {
      let best = { i: 0, j: 1, waste: Infinity };
      this.#damage.forEach((a, i) => {
        this.#damage.forEach((b, j) => {
          const waste = j > i ? area(union(a, b)) - area(a) - area(b) : Infinity;
          if (waste < best.waste) best = { i, j, waste };
        });
      });
      const [a, b] = [this.#damage[best.i], this.#damage[best.j]];
      if (!a || !b) return;
      this.#damage = [...this.#damage.filter((one) => one !== a && one !== b), union(a, b)];
    }
  }
}
