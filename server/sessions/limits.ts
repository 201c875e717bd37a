/**
 * The limits of a profile as arithmetic: from what is recorded of a session to when which limit strikes. Nothing here
 * knows a clock, so a link that takes a session over goes on where the one before it stopped.
 */
import type { ProfileSettings } from '../../src/contract/profile.ts';
import type { Deadline } from '../../src/contract/session.ts';

export type LimitReason = 'idle-disconnected' | 'unwatched-ended' | 'run-time-over';

/** What a session remembers for its limits. Milliseconds since 1970. */
export interface LimitTimes {
  readonly started: number;
  /** How often the end by run time was put off. */
  readonly extended: number;
  /** The last input, or when the first viewer came; `null` while there is no viewer. */
  readonly lastInput: number | null;
  /** Since when nobody has looked; `null` while somebody does. */
  readonly unwatchedSince: number | null;
}

export interface Limit {
  readonly reason: LimitReason;
  readonly at: number;
  /** From when on people are told. */
  readonly noticeAt: number;
  readonly extendable: boolean;
}

const LONGEST_NOTICE_MS = 5 * 60_000;
const SHORTEST_NOTICE_MS = 30_000;

/** A tenth of the time, from half a minute to five; of short times never more than the second half. */
export function noticeMs(limitMs: number): number {
  return Math.min(limitMs / 2, LONGEST_NOTICE_MS, Math.max(limitMs / 10, SHORTEST_NOTICE_MS));
}

function limit(reason: LimitReason, from: number, seconds: number, extendable: boolean, more = 0): Limit {
  const at = from + seconds * 1000 + more;
  return { reason, at, noticeAt: at - noticeMs(seconds * 1000), extendable };
}

/** All that will strike if nothing happens, the next one first. */
export function limitsOf(settings: ProfileSettings, times: LimitTimes): Limit[] {
  const { idleSeconds, endAfterDisconnectSeconds, maxRunSeconds, extensionSeconds, extensions } = settings;
  const found: Limit[] = [];
  if (maxRunSeconds !== null) {
    const more = times.extended * (extensionSeconds ?? maxRunSeconds) * 1000;
    found.push(limit('run-time-over', times.started, maxRunSeconds, times.extended < extensions, more));
  }
  if (idleSeconds !== null && times.lastInput !== null) {
    found.push(limit('idle-disconnected', times.lastInput, idleSeconds, true));
  }
  if (endAfterDisconnectSeconds !== null && times.unwatchedSince !== null) {
    found.push(limit('unwatched-ended', times.unwatchedSince, endAfterDisconnectSeconds, true));
  }
  return found.toSorted((a, b) => a.at - b.at);
}

export interface LimitView {
  /** The one that strikes now. */
  readonly struck: Limit | undefined;
  /** What people are told. */
  readonly deadline: Deadline;
  /** When to look again; `undefined`: not until something happens. */
  readonly next: number | undefined;
}

export function lookAt(limits: readonly Limit[], now: number): LimitView {
  const struck = limits.find(({ at }) => at <= now);
  const near = limits.find(({ noticeAt }) => noticeAt <= now);
  const moments = limits.flatMap(({ at, noticeAt }) => [at, noticeAt]).filter((moment) => moment > now);
  return {
    struck,
    deadline: near ? { at: near.at, reason: near.reason, extendable: near.extendable } : null,
    next: moments.length === 0 ? undefined : Math.min(...moments),
  };
}
