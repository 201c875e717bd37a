/**
 * Which quality a line and a machine can keep up with. Pure: from what was measured in the last second, and what was
 * decided before, to what is decided now.
 */

export interface Level {
  /** JPEG quality 0 to 9; `null`: lossless. */
  readonly quality: number | null;
  readonly compression: number;
}

/** From the best, each a good deal cheaper than the one before. */
export const LEVELS: readonly [Level, ...Level[]] = [
  { quality: null, compression: 2 },
  { quality: 8, compression: 2 },
  { quality: 6, compression: 4 },
  { quality: 4, compression: 6 },
  { quality: 1, compression: 9 },
];

/** What happened in a time of about a second. */
export interface Sample {
  /** Milliseconds that it covers. */
  readonly ms: number;
  readonly bytes: number;
  /** Of them spent decoding. */
  readonly decodeMs: number;
  /** There and back, behind all that was on its way; absent: not measured. */
  readonly latencyMs?: number;
}

export interface AutoQuality {
  /** Index into `LEVELS`. */
  readonly level: number;
  /** The least latency seen: the line's own. */
  readonly base: number;
  /** Samples in a row that were too slow, and easily fast enough. */
  readonly slow: number;
  readonly fast: number;
  /** Samples to wait before something better is tried; `patience` is how many after the next step down. */
  readonly wait: number;
  readonly patience: number;
  /** Busy samples since something better was tried; what is given up soon after was not worth trying. */
  readonly trial: number;
}

/** Below this nothing can be said about the line: nothing much was sent. */
const BUSY_BYTES_PER_SECOND = 48 * 1024;
/** What a full line adds to its own latency. Less is felt by nobody, and one slow second is no trend. */
const QUEUE_MS = 120;
const EASY_QUEUE_MS = 40;
const FULL_SHARE = 0.7;
const EASY_SHARE = 0.35;
const SLOW_SAMPLES = 2;
const FAST_SAMPLES = 4;
const FIRST_PATIENCE = 10;
const LONGEST_PATIENCE = 300;
/** A trial that has lasted this long has succeeded. */
const TRIAL_SAMPLES = 30;
/** By how much the line's own latency is taken to have risen with each sample, so that a change of line is noticed. */
const DRIFT_MS = 1;

export const START: AutoQuality = {
  level: 0,
  base: Number.POSITIVE_INFINITY,
  slow: 0,
  fast: 0,
  wait: 0,
  patience: FIRST_PATIENCE,
  trial: Number.POSITIVE_INFINITY,
};

export function decide(before: AutoQuality, sample: Sample): AutoQuality {
  const { latencyMs } = sample;
  const base = latencyMs === undefined ? before.base : Math.min(before.base + DRIFT_MS, latencyMs);
  const wait = Math.max(0, before.wait - 1);
  const now = { ...before, base, wait };
  const busy = (sample.bytes * 1000) / Math.max(1, sample.ms) >= BUSY_BYTES_PER_SECOND;
  if (!busy) return { ...now, slow: 0, fast: 0 };

  const share = sample.decodeMs / Math.max(1, sample.ms);
  const queue = latencyMs === undefined ? 0 : latencyMs - base;
  const slow = queue > QUEUE_MS || share > FULL_SHARE ? before.slow + 1 : 0;
  const fast =
    slow === 0 && latencyMs !== undefined && queue < EASY_QUEUE_MS && share < EASY_SHARE ? before.fast + 1 : 0;
  const trial = before.trial + 1;
  const stayed = trial === TRIAL_SAMPLES ? FIRST_PATIENCE : before.patience;
  if (slow >= SLOW_SAMPLES && before.level < LEVELS.length - 1) {
    const patience = trial < TRIAL_SAMPLES ? Math.min(LONGEST_PATIENCE, stayed * 2) : stayed;
    const level = before.level + 1;
    return { ...now, level, slow: 0, fast: 0, wait: patience, patience, trial: Number.POSITIVE_INFINITY };
  }
  if (fast >= FAST_SAMPLES && wait === 0 && before.level > 0) {
    return { ...now, level: before.level - 1, slow: 0, fast: 0, trial: 0 };
  }
  return { ...now, slow, fast, patience: stayed, trial };
}
