/** How long to wait before each attempt to reconnect. */

/**
 * Milliseconds. The first is short because most lost connections are a server that restarts, and back in a moment; the
 * last bounds how late a line is noticed that comes back without the browser saying so.
 */
const WAITS = [250, 500, 1000, 2000, 4000, 8000, 15_000] as const;
/** Viewers that lost the same server must not come back in the same instant. */
const JITTER = 0.2;

/** `attempt` counts from 1; `random` is from 0 to 1. */
export function waitBefore(attempt: number, random: number): number {
  const wait = WAITS[Math.min(attempt, WAITS.length) - 1] ?? WAITS[0];
  return Math.round(wait * (1 + JITTER * (2 * random - 1)));
}
