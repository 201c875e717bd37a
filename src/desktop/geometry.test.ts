import { expect, it } from 'vitest';
import { pictureSize, possibleRatio, toFramebuffer, wantedSize } from './geometry.ts';
import { sideBySide } from './second-screen.ts';

it('asks for as many pixels as a device has, and for no more than a decoder can hold', () => {
  expect(possibleRatio({ width: 1280, height: 800 }, 2)).toBe(2);
  expect(possibleRatio({ width: 1280, height: 800 }, 1.25)).toBe(1.25);
  for (const [width, height, wished] of [
    [7680, 4320, 5],
    [20_000, 100, 2],
    [3840, 2160, 4],
  ] as const) {
    const size = wantedSize({ width, height }, possibleRatio({ width, height }, wished));
    expect(Math.max(size?.width ?? 0, size?.height ?? 0)).toBeLessThanOrEqual(16384);
    expect((size?.width ?? 0) * (size?.height ?? 0)).toBeLessThanOrEqual(1 << 25);
  }
});

it('puts two screens side by side, the second only as wide as there is room', () => {
  expect(sideBySide({ width: 800, height: 600 }, { width: 640, height: 700 })).toEqual({
    width: 1440,
    height: 700,
    layout: [
      { x: 0, y: 0, width: 800, height: 600 },
      { x: 800, y: 0, width: 640, height: 700 },
    ],
  });
  const huge = sideBySide({ width: 7680, height: 4320 }, { width: 7680, height: 4320 });
  expect(huge.width * huge.height).toBeLessThanOrEqual(1 << 25);
  expect(huge.layout[1]?.x).toBe(7680);
});

it('shows somebody else’s picture larger where one’s own pixels are smaller', () => {
  const element = { width: 800, height: 600 };
  expect(pictureSize({ width: 800, height: 600 }, element, 'remote', 2, 2)).toEqual(element);
  expect(pictureSize({ width: 800, height: 600 }, element, 'remote', 2)).toEqual({ width: 400, height: 300 });
});

it('finds the pixel of the part that a screen shows', () => {
  const picture = { left: 10, top: 0, width: 320, height: 240 };
  const part = { x: 800, y: 0, width: 640, height: 480 };
  expect(toFramebuffer({ x: 10, y: 0 }, picture, part)).toEqual({ x: 800, y: 0 });
  expect(toFramebuffer({ x: 110, y: 50 }, picture, part)).toEqual({ x: 1000, y: 100 });
  expect(toFramebuffer({ x: 9999, y: -5 }, picture, part)).toEqual({ x: 1439, y: 0 });
});
