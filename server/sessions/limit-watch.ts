/** Keeps an eye on the limits of one session: tells of the next deadline as it nears, and when one strikes. */
import { CasementError } from '../../src/contract/errors.ts';
import type { ProfileSettings } from '../../src/contract/profile.ts';
import type { Deadline } from '../../src/contract/session.ts';
import { type LimitReason, limitsOf, type LimitTimes, lookAt } from './limits.ts';

/** No timer runs longer: those of Node hold 31 bits of milliseconds, and the clock may be put right meanwhile. */
const LONGEST_TIMER_MS = 3600_000;

export interface Clock {
  now(): number;
  /** Returns the way to stop it. */
  after(ms: number, action: () => void): () => void;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};

export interface LimitEvents {
  /** The deadline that people are told of is another one, or there is none any more. */
  deadline(deadline: Deadline): void;
  strike(reason: LimitReason): void;
  /** What is remembered has changed; `soon`: within `SAVE_MS` is early enough. */
  remember(times: LimitTimes, soon: boolean): void;
}

export class LimitWatch {
  readonly #settings: ProfileSettings;
  readonly #events: LimitEvents;
  readonly #clock: Clock;
  #times: LimitTimes;
  #deadline: Deadline = null;
  #stopTimer: () => void = () => undefined;
  #stopped = false;

  constructor(settings: ProfileSettings, times: LimitTimes, events: LimitEvents, clock: Clock = realClock) {
    this.#settings = settings;
    this.#times = times;
    this.#events = events;
    this.#clock = clock;
  }

  get deadline(): Deadline {
    return this.#deadline;
  }

  /** Looks for the first time. */
  begin(): void {
    this.#look();
  }

  /** Somebody typed or pointed. Called for every message, so it is cheap unless a deadline is near. */
  input(): void {
    if (this.#settings.idleSeconds === null || this.#stopped) return;
    this.#times = { ...this.#times, lastInput: this.#clock.now() };
    this.#events.remember(this.#times, true);
    // The timer finds by itself that it came too early.
    if (this.#deadline !== null) this.#look();
  }

  /** Somebody looks at the session from now on. `again`: a viewer whose line broke has come back, which is no input. */
  watched(again: boolean): void {
    const lastInput = again && this.#times.lastInput !== null ? this.#times.lastInput : this.#clock.now();
    this.#remember({ lastInput, unwatchedSince: null });
  }

  /** Nobody looks any more. When the last input was stays known: a viewer whose line broke goes on from there. */
  unwatched(): void {
    this.#remember({ unwatchedSince: this.#clock.now() });
  }

  /** Puts the deadline off that people are told of. @throws CasementError `extend-refused` */
  extend(): Deadline {
    if (!this.#deadline?.extendable || this.#stopped) throw new CasementError('extend-refused');
    const now = this.#clock.now();
    switch (this.#deadline.reason) {
      case 'run-time-over':
        this.#remember({ extended: this.#times.extended + 1 });
        break;
      case 'idle-disconnected':
        this.#remember({ lastInput: now });
        break;
      default:
        this.#remember({ unwatchedSince: now });
    }
    return this.#deadline;
  }

  stop(): void {
    this.#stopped = true;
    this.#stopTimer();
    this.#deadline = null;
  }

  #remember(change: Partial<LimitTimes>): void {
    if (this.#stopped) return;
    this.#times = { ...this.#times, ...change };
    this.#events.remember(this.#times, false);
    this.#look();
  }

  #look(): void {
    if (this.#stopped) return;
    this.#stopTimer();
    const now = this.#clock.now();
    // Nobody is idle where nobody is.
    const times = this.#times.unwatchedSince === null ? this.#times : { ...this.#times, lastInput: null };
    const { struck, deadline, next } = lookAt(limitsOf(this.#settings, times), now);
    if (struck?.reason === 'idle-disconnected') {
      // Whoever comes back after that has a whole new time.
      this.#times = { ...this.#times, lastInput: null };
      this.#events.remember(this.#times, false);
    }
    if (struck) {
      this.#tell(null);
      this.#events.strike(struck.reason);
      return;
    }
    this.#tell(deadline);
    if (next !== undefined) {
      this.#stopTimer = this.#clock.after(Math.min(next - now, LONGEST_TIMER_MS), () => this.#look());
    }
  }

  #tell(deadline: Deadline): void {
    const [was, is] = [this.#deadline, deadline];
    const same = was?.at === is?.at && was?.reason === is?.reason && was?.extendable === is?.extendable;
    this.#deadline = deadline;
    if (!same) this.#events.deadline(deadline);
  }
}
