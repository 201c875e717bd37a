import { describe, expect, it } from 'vitest';
import { geometricMean, median, percentile, rounded } from './statistics.ts';

describe('statistics', () => {
  it('takes the middle of an odd and the mean of the middles of an even number of values', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('interpolates percentiles between ranks', () => {
    expect(percentile([10, 20, 30, 40, 50], 95)).toBeCloseTo(48);
    expect(percentile([7], 95)).toBe(7);
  });

  it('lets a doubling and a halving cancel out', () => {
    expect(geometricMean([2, 0.5, 4])).toBeCloseTo(4 ** (1 / 3));
  });

  it('refuses to make a figure out of nothing', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => geometricMean([1, 0])).toThrow(RangeError);
  });

  it('rounds to one decimal', () => {
    expect(rounded(1.25)).toBe(1.3);
  });
});
