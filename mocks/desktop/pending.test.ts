import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pending, type Move } from './pending.ts';
import type { Rect } from './rect.ts';

const SIZE = 12;
const bounds: Rect = { x: 0, y: 0, width: SIZE, height: SIZE };

/** A picture of numbers, to see which pixels a client ends up with. */
class Grid {
  readonly cells = new Int32Array(SIZE * SIZE);

  fill({ x, y, width, height }: Rect, value: number): void {
    for (let row = y; row < y + height; row++) this.cells.fill(value, row * SIZE + x, row * SIZE + x + width);
  }

  copyFrom(other: Grid, { x, y, width, height }: Rect, dx = 0, dy = 0): void {
    const before = other.cells.slice();
    for (let row = y; row < y + height; row++) {
      for (let column = x; column < x + width; column++) {
        this.cells[(row + dy) * SIZE + column + dx] = before[row * SIZE + column] ?? -1;
      }
    }
  }
}

const rects = fc
  .tuple(fc.nat(SIZE - 1), fc.nat(SIZE - 1), fc.integer({ min: 1, max: SIZE }), fc.integer({ min: 1, max: SIZE }))
  .map(([x, y, width, height]): Rect => ({
    x,
    y,
    width: Math.min(width, SIZE - x),
    height: Math.min(height, SIZE - y),
  }));
const moves = fc
  .tuple(rects, fc.integer({ min: -SIZE, max: SIZE }), fc.integer({ min: -SIZE, max: SIZE }))
  .map(([from, dx, dy]): Move => ({
    from,
    dx: Math.max(-from.x, Math.min(dx, SIZE - from.x - from.width)),
    dy: Math.max(-from.y, Math.min(dy, SIZE - from.y - from.height)),
  }));
const steps = fc.oneof(
  rects.map((rect) => ({ kind: 'paint' as const, rect })),
  moves.map((move) => ({ kind: 'move' as const, move })),
  fc.constant({ kind: 'send' as const }),
);

describe('what a client has not been told yet', () => {
  it('brings its picture to the server’s, however pixels were painted and moved in between', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 60 }), (script) => {
        const server = new Grid();
        const client = new Grid();
        const pending = new Pending();
        const send = (): void => {
          const { moves, damage } = pending.take(bounds);
          for (const { from, dx, dy } of moves) client.copyFrom(client, from, dx, dy);
          for (const rect of damage) client.copyFrom(server, rect);
        };
        script.forEach((step, i) => {
          if (step.kind === 'paint') {
            server.fill(step.rect, i + 1);
            pending.damage(step.rect);
          } else if (step.kind === 'move') {
            const { from, dx, dy } = step.move;
            server.copyFrom(server, from, dx, dy);
            pending.move(step.move);
          } else {
            send();
          }
        });
        send();
        expect([...client.cells]).toEqual([...server.cells]);
        expect(pending.empty).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
