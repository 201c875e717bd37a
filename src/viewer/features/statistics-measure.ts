/** From two looks at the counters to what happens in a second. */
import type { ScreenStats } from '../../screen/client.ts';

export interface Measured {
  readonly framesPerSecond: number;
  readonly bytesInPerSecond: number;
  readonly bytesOutPerSecond: number;
  readonly decodeMsPerSecond: number;
  readonly paintMsPerSecond: number;
  /** Encodings by name and their part of all rectangles since the connection began, the most frequent first. */
  readonly encodings: readonly (readonly [name: string, share: number])[];
}

interface Look {
  /** Milliseconds. */
  readonly at: number;
  readonly stats: ScreenStats;
}

const NAMES: Readonly<Record<number, string>> = {
  0: 'Raw',
  1: 'CopyRect',
  2: 'RRE',
  4: 'CoRRE',
  5: 'Hextile',
  6: 'zlib',
  7: 'Tight',
  16: 'ZRLE',
  21: 'JPEG',
  50: 'H.264',
  [-260]: 'TightPNG',
};

/** Without a look before, or with one of another connection, nothing has happened yet. */
export function measure(before: Look | undefined, { at, stats }: Look): Measured {
  const last = before && before.stats.bytesIn <= stats.bytesIn && before.at < at ? before : undefined;
  const rate = (counter: 'paints' | 'bytesIn' | 'bytesOut' | 'decodeMs' | 'paintMs') =>
    last ? ((stats[counter] - last.stats[counter]) * 1000) / (at - last.at) : 0;
  const counts = Object.entries(stats.encodings).toSorted(([, one], [, other]) => other - one);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return {
    framesPerSecond: Math.max(0, rate('paints')),
    bytesInPerSecond: rate('bytesIn'),
    bytesOutPerSecond: rate('bytesOut'),
    decodeMsPerSecond: rate('decodeMs'),
    paintMsPerSecond: Math.max(0, rate('paintMs')),
    encodings: counts.map(([number, count]) => [NAMES[Number(number)] ?? number, count / total] as const),
  };
}
