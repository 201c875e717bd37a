/** Which parts of the picture are not exact, and since when, in tiles of the same size as the damage's. */
import { Encoding } from '../../rfb/constants.ts';
import type { Area } from '../../rfb/events.ts';

const TILE = 64;
const JPEG_IN_TIGHT = 9;
const EXACT = -1;

/** Whether this rectangle is an approximation; `undefined`: its first byte will say. */
export function isLossy(encoding: number, firstByte: number | undefined): boolean | undefined {
  if (encoding === Encoding.jpeg || encoding === Encoding.h264) return true;
  if (encoding !== Encoding.tight && encoding !== Encoding.tightPng) return false;
  return firstByte === undefined ? undefined : firstByte >> 4 === JPEG_IN_TIGHT;
}

/** Times are of any clock that goes forward, in milliseconds, not negative. */
export class LossyParts {
  #columns = 0;
  #rows = 0;
  #width = 0;
  #height = 0;
  #since = new Float64Array(0);
  #count = 0;

  get any(): boolean {
    return this.#count > 0;
  }

  /** Nothing is known to be lossy after it. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
    this.#columns = Math.ceil(width / TILE);
    this.#rows = Math.ceil(height / TILE);
    this.#since = new Float64Array(this.#columns * this.#rows).fill(EXACT);
    this.#count = 0;
  }

  approximate(area: Area, now: number): void {
    this.#each(area, false, (tile) => this.#set(tile, now));
  }

  /** What covers only a part of a tile says nothing about the rest of it. */
  exact(area: Area): void {
    if (this.#count > 0) this.#each(area, true, (tile) => this.#set(tile, EXACT));
  }

  /** What was asked for exactly at `asked` has come. Gives whether anything is exact now that was not. */
  settled(area: Area, asked: number): boolean {
    const before = this.#count;
    this.#each(area, false, (tile) => {
      if ((this.#since[tile] ?? EXACT) <= asked) this.#set(tile, EXACT);
    });
    return this.#count < before;
  }

  /** Around everything that has not been exact since `before`, or earlier. */
  resting(before: number): Area | undefined {
    if (this.#count === 0) return undefined;
    let [left, top, right, bottom] = [this.#columns, this.#rows, -1, -1];
    for (const [tile, since] of this.#since.entries()) {
      if (since === EXACT || since > before) continue;
      const column = tile % this.#columns;
      const row = Math.floor(tile / this.#columns);
      left = Math.min(left, column);
      right = Math.max(right, column);
      top = Math.min(top, row);
      bottom = Math.max(bottom, row);
    }
    if (right < 0) return undefined;
    const [x, y] = [left * TILE, top * TILE];
    return {
      x,
      y,
      width: Math.min((right + 1) * TILE, this.#width) - x,
      height: Math.min((bottom + 1) * TILE, this.#height) - y,
    };
  }

  #set(tile: number, since: number): void {
    this.#count += Number(since !== EXACT) - Number(this.#since[tile] !== EXACT);
    this.#since[tile] = since;
  }

  /** Tiles that it touches, or that it covers `wholly`; the last ones of a row or column may be smaller. */
  #each({ x, y, width, height }: Area, wholly: boolean, run: (tile: number) => void): void {
    if (width <= 0 || height <= 0) return;
    const first = (at: number) => (wholly ? Math.ceil(at / TILE) : Math.floor(at / TILE));
    const last = (end: number, whole: number, count: number) =>
      end >= whole ? count - 1 : wholly ? Math.floor(end / TILE) - 1 : Math.floor((end - 1) / TILE);
    const right = last(x + width, this.#width, this.#columns);
    const bottom = last(y + height, this.#height, this.#rows);
    for (let row = first(y); row <= bottom; row++) {
      for (let column = first(x); column <= right; column++) run(row * this.#columns + column);
    }
  }
}
