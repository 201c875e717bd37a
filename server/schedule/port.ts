/** What the rest of the server knows of scheduling: a filled command goes in, and what came of it comes back. */
import type { FilledPlan } from '../../src/contract/schedule.ts';
import type { Session } from '../../src/contract/session.ts';
import type { SessionStart, StartObserver, UnixUser } from '../sessions/port.ts';

export interface Handover {
  readonly user: UnixUser;
  /** The session that may come of it, by the id that its job is given. */
  readonly start: SessionStart;
  readonly plan: FilledPlan;
}

export interface HandedOver {
  /** What the command printed, word for word. */
  readonly output: string;
  /** The pending card, where a scheduler has the job. */
  readonly session?: Session;
}

export interface Scheduling {
  /** @throws CasementError `schedule-failed`, `scheduler-unknown`, and those of reaching the user's link */
  hand(handover: Handover, observer: StartObserver): Promise<HandedOver>;
}
