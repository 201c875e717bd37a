import { expect, it } from 'vitest';
import type { ScreenStats } from '../../screen/client.ts';
import { measure } from './statistics-measure.ts';

const stats = (part: Partial<ScreenStats>): ScreenStats => ({
  bytesIn: 0,
  bytesOut: 0,
  updates: 0,
  rectangles: 0,
  encodings: {},
  decodeMs: 0,
  paints: 0,
  paintedPixels: 0,
  paintMs: 0,
  lastPaint: 0,
  unpainted: false,
  memory: 0,
  thread: 'worker',
  ...part,
});

it('counts by the second, whatever time has passed', () => {
  const before = { at: 1000, stats: stats({ bytesIn: 1000, bytesOut: 10, paints: 5, decodeMs: 3, paintMs: 1 }) };
  const after = { at: 3000, stats: stats({ bytesIn: 5000, bytesOut: 30, paints: 65, decodeMs: 43, paintMs: 21 }) };
  expect(measure(before, after)).toMatchObject({
    framesPerSecond: 30,
    bytesInPerSecond: 2000,
    bytesOutPerSecond: 10,
    decodeMsPerSecond: 20,
    paintMsPerSecond: 10,
  });
});

it('says nothing of two connections, or of the first look', () => {
  const before = { at: 1000, stats: stats({ bytesIn: 9000, paints: 50 }) };
  const after = { at: 2000, stats: stats({ bytesIn: 100, paints: 2 }) };
  for (const earlier of [before, undefined]) {
    expect(measure(earlier, after)).toMatchObject({ framesPerSecond: 0, bytesInPerSecond: 0 });
  }
});

it('names encodings, the most frequent first, and numbers those without a name', () => {
  const { encodings } = measure(undefined, { at: 1, stats: stats({ encodings: { 1: 1, 7: 8, 999: 1 } }) });
  expect(encodings).toEqual([
    ['Tight', 0.8],
    ['CopyRect', 0.1],
    ['999', 0.1],
  ]);
});
