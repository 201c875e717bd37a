/** What has to be painted: a grid of tiles, so that any number of rectangles costs the same. */

/** Pixels. A tile is the least that is painted: 16 KiB, less than what a call costs anyway. */
const TILE = 64;

export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Damage {
  #columns = 0;
  #rows = 0;
  #width = 0;
  #height = 0;
  #tiles = new Uint8Array(0);
  #any = false;

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  get empty(): boolean {
    return !this.#any;
  }

  /** Everything is damaged after it. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#columns = Math.ceil(width / TILE);
    this.#rows = Math.ceil(height / TILE);
    this.#tiles = new Uint8Array(this.#columns * this.#rows).fill(1);
    this.#any = width * height > 0;
  }

  all(): void {
    this.#tiles.fill(1);
    this.#any = this.#tiles.length > 0;
  }

  /** Clipped to the screen. */
  add(x: number, y: number, width: number, height: number): void {
    if (width <= 0 || height <= 0) return;
    const left = Math.max(x, 0) >> 6;
    const right = Math.min((x + width - 1) >> 6, this.#columns - 1);
    const top = Math.max(y, 0) >> 6;
    const bottom = Math.min((y + height - 1) >> 6, this.#rows - 1);
    for (let row = top; row <= bottom; row++) {
      const at = row * this.#columns;
      if (left === right) this.#tiles[at + left] = 1;
      else this.#tiles.fill(1, at + left, at + right + 1);
    }
    this.#any = true;
  }

  /** Gives few rectangles that cover all that is damaged, and forgets it. Runs of a row are joined with equal ones above. */
  take(): Area[] {
    const areas: Area[] = [];
    let open: { left: number; right: number; area: Area }[] = [];
    for (let row = 0; row < this.#rows; row++) {
      const next: typeof open = [];
      const y = row * TILE;
      const height = Math.min(TILE, this.#height - y);
      for (let column = 0; column < this.#columns; column++) {
        if (this.#tiles[row * this.#columns + column] === 0) continue;
        const left = column;
        while (column + 1 < this.#columns && this.#tiles[row * this.#columns + column + 1] === 1) column++;
        const above = open.find((run) => run.left === left && run.right === column);
        if (above) {
          above.area.height += height;
          next.push(above);
        } else {
          const x = left * TILE;
          const area = { x, y, width: Math.min((column + 1) * TILE, this.#width) - x, height };
          areas.push(area);
          next.push({ left, right: column, area });
        }
      }
      open = next;
    }
    this.#tiles.fill(0);
    this.#any = false;
    return areas;
  }
}
