import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Damage } from './damage.ts';

describe('damage', () => {
  it('is everything after a new size, and nothing once taken', () => {
    const damage = new Damage();
    damage.resize(130, 70);
    expect(damage.take()).toEqual([{ x: 0, y: 0, width: 130, height: 70 }]);
    expect(damage.empty).toBe(true);
    expect(damage.take()).toEqual([]);
  });

  it('keeps two far corners apart', () => {
    const damage = new Damage();
    damage.resize(1920, 1080);
    damage.take();
    damage.add(5, 5, 1, 1);
    damage.add(1900, 1070, 20, 10);
    expect(damage.take()).toEqual([
      { x: 0, y: 0, width: 64, height: 64 },
      { x: 1856, y: 1024, width: 64, height: 56 },
    ]);
  });

  it('covers every damaged pixel once and stays on the screen', () => {
    const rectangle = fc.record({ x: fc.nat(400), y: fc.nat(300), width: fc.nat(200), height: fc.nat(200) });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 300 }),
        fc.array(rectangle),
        (w, h, all) => {
          const damage = new Damage();
          damage.resize(w, h);
          damage.take();
          for (const { x, y, width, height } of all) damage.add(x, y, width, height);
          const painted = new Uint8Array(w * h);
          for (const area of damage.take()) {
            expect(area.x + area.width).toBeLessThanOrEqual(w);
            expect(area.y + area.height).toBeLessThanOrEqual(h);
            for (let y = area.y; y < area.y + area.height; y++) {
              for (let x = area.x; x < area.x + area.width; x++) painted[y * w + x]! += 1;
            }
          }
          expect(painted.every((times) => times <= 1)).toBe(true);
          let missed = 0;
          for (const r of all) {
            for (let y = r.y; y < Math.min(r.y + r.height, h); y++) {
              for (let x = r.x; x < Math.min(r.x + r.width, w); x++) missed += painted[y * w + x] === 1 ? 0 : 1;
            }
          }
          expect(missed).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
});
