/** The few statistics the benchmarks quote. Kept apart from what they measure, so that they can be tested. */

/** The middle value, or the mean of the two middle ones. Throws on an empty list: a missing figure is not a zero. */
export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Linear between the two nearest ranks; `p` from 0 to 100. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('no values');
  const sorted = [...values].toSorted((a, b) => a - b);
  const rank = (p / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(rank)] ?? 0;
  const above = sorted[Math.ceil(rank)] ?? below;
  return below + (above - below) * (rank - Math.floor(rank));
}

/** For ratios: twice as fast and half as fast cancel out. All values must be above zero. */
export function geometricMean(values: readonly number[]): number {
  if (values.length === 0 || values.some((value) => value <= 0)) throw new RangeError('needs values above zero');
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** To one decimal, for tables and JSON. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
