import { expect, it } from 'vitest';
import { isLossy, LossyParts } from './lossy.ts';

const area = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

function parts(): LossyParts {
  const lossy = new LossyParts();
  lossy.resize(200, 130);
  return lossy;
}

it('finds what has been approximate for long enough, and only that', () => {
  const lossy = parts();
  lossy.approximate(area(10, 10, 4, 4), 100);
  lossy.approximate(area(150, 100, 50, 30), 900);
  expect(lossy.resting(99)).toBeUndefined();
  expect(lossy.resting(100)).toEqual(area(0, 0, 64, 64));
  expect(lossy.resting(900)).toEqual(area(0, 0, 200, 130));
  lossy.approximate(area(10, 10, 4, 4), 1500);
  expect(lossy.resting(900)).toEqual(area(128, 64, 72, 66));
});

it('believes an exact rectangle only of the tiles that it covers, to the picture’s edge', () => {
  const lossy = parts();
  lossy.approximate(area(0, 0, 200, 130), 1);
  lossy.exact(area(1, 0, 199, 130));
  expect(lossy.resting(1)).toEqual(area(0, 0, 64, 130));
  lossy.exact(area(0, 0, 64, 127));
  expect(lossy.resting(1)).toEqual(area(0, 64, 64, 66));
  lossy.exact(area(0, 64, 64, 66));
  expect(lossy.any).toBe(false);
});

it('takes what was asked for as exact, but for what was approximated anew meanwhile', () => {
  const lossy = parts();
  lossy.approximate(area(0, 0, 200, 130), 10);
  lossy.approximate(area(130, 0, 10, 10), 30);
  expect(lossy.settled(area(0, 0, 200, 130), 20)).toBe(true);
  expect(lossy.resting(100)).toEqual(area(128, 0, 64, 64));
  expect(lossy.settled(area(0, 0, 200, 130), 20)).toBe(false);
});

it('knows nothing of a picture of another size', () => {
  const lossy = parts();
  lossy.approximate(area(0, 0, 200, 130), 10);
  lossy.resize(300, 300);
  expect(lossy.any).toBe(false);
});

it('tells JPEG inside Tight by its first byte', () => {
  expect([7, -260, 21, 50, 16, 0, 1].map((encoding) => isLossy(encoding, 0x90))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect([0x00, 0x80, 0x40].map((byte) => isLossy(7, byte))).toEqual([false, false, false]);
  expect(isLossy(7, undefined)).toBeUndefined();
});
