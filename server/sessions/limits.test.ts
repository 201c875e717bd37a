import { beforeEach, describe, expect, it } from 'vitest';
import { ProfileSettings } from '../../src/contract/profile.ts';
import type { Deadline } from '../../src/contract/session.ts';
import { type Clock, LimitWatch } from './limit-watch.ts';
import { noticeMs, type LimitTimes } from './limits.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Time that goes on when told to. */
class TestClock implements Clock {
  #now = 1_000_000;
  #timers: { at: number; action: () => void }[] = [];
  longest = 0;

  now(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): () => void {
    this.longest = Math.max(this.longest, ms);
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  pass(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = until;
  }
}

let clock: TestClock;
let said: string[];
let remembered: LimitTimes;
beforeEach(() => {
  clock = new TestClock();
  said = [];
});

const left = (deadline: Deadline) =>
  deadline ? `${deadline.reason} ${(deadline.at - clock.now()) / 1000}${deadline.extendable ? ' +' : ''}` : 'none';

function watch(settings: Partial<ProfileSettings>, times: Partial<LimitTimes> = {}): LimitWatch {
  const now = clock.now();
  const all: LimitTimes = { started: now, extended: 0, lastInput: null, unwatchedSince: now, ...times };
  const made = new LimitWatch(
    ProfileSettings.parse(settings),
    all,
    {
      deadline: (deadline) => said.push(left(deadline)),
      strike: (reason) => said.push(`strike ${reason}`),
      remember: (next) => (remembered = next),
    },
    clock,
  );
  made.begin();
  return made;
}

describe('the time of notice', () => {
  it.each([
    [2_000, 1_000],
    [MINUTE, 30_000],
    [3 * MINUTE, 30_000],
    [20 * MINUTE, 2 * MINUTE],
    [HOUR, 5 * MINUTE],
    [24 * HOUR, 5 * MINUTE],
  ])('before the end of %i ms is %i ms', (limit, notice) => {
    expect(noticeMs(limit)).toBe(notice);
  });
});

describe('limits', () => {
  it('are none where the profile has none', () => {
    const limits = watch({});
    limits.watched(false);
    limits.input();
    clock.pass(1000 * HOUR);
    expect(said).toEqual([]);
    expect(() => limits.extend()).toThrow(expect.objectContaining({ code: 'extend-refused' }) as Error);
  });

  it('tell of idleness before it strikes; input and the button put it off', () => {
    const limits = watch({ idleSeconds: 1200 });
    clock.pass(10 * HOUR);
    expect(said).toEqual([]);
    limits.watched(false);
    clock.pass(18 * MINUTE - 1);
    expect(said).toEqual([]);
    clock.pass(1);
    expect(said.splice(0)).toEqual(['idle-disconnected 120 +']);
    limits.input();
    expect(said.splice(0)).toEqual(['none']);
    clock.pass(18 * MINUTE);
    expect(said.splice(0)).toEqual(['idle-disconnected 120 +']);
    expect(limits.extend()).toBeNull();
    expect(said.splice(0)).toEqual(['none']);
    clock.pass(20 * MINUTE);
    expect(said.splice(0)).toEqual(['idle-disconnected 120 +', 'none', 'strike idle-disconnected']);
    // The one who was disconnected and comes back has a whole time again.
    limits.unwatched();
    limits.watched(true);
    clock.pass(18 * MINUTE - 1);
    expect(said).toEqual([]);
  });

  it('do not take a line that broke for input, nor forget it while nobody is there', () => {
    const limits = watch({ idleSeconds: 60 });
    limits.watched(false);
    clock.pass(20_000);
    limits.unwatched();
    clock.pass(5000);
    limits.watched(true);
    clock.pass(35_000);
    expect(said).toEqual(['idle-disconnected 30 +', 'none', 'strike idle-disconnected']);
  });

  it('end what nobody looks at, counted anew each time', () => {
    const limits = watch({ endAfterDisconnectSeconds: 600 });
    clock.pass(9 * MINUTE);
    expect(said.splice(0)).toEqual(['unwatched-ended 60 +']);
    limits.watched(false);
    expect(said.splice(0)).toEqual(['none']);
    clock.pass(24 * HOUR);
    limits.unwatched();
    clock.pass(9 * MINUTE);
    expect(said.splice(0)).toEqual(['unwatched-ended 60 +']);
    limits.extend();
    clock.pass(10 * MINUTE);
    expect(said).toEqual(['none', 'unwatched-ended 60 +', 'none', 'strike unwatched-ended']);
  });

  it('put the end by run time off as often as the profile says', () => {
    const limits = watch({ maxRunSeconds: 3600, extensions: 2, extensionSeconds: 600 });
    limits.watched(false);
    clock.pass(55 * MINUTE);
    expect(said.splice(0)).toEqual(['run-time-over 300 +']);
    limits.input();
    expect(said).toEqual([]);
    expect(left(limits.extend())).toBe('none');
    clock.pass(10 * MINUTE);
    expect(said.splice(0)).toEqual(['none', 'run-time-over 300 +']);
    limits.extend();
    expect(remembered.extended).toBe(2);
    clock.pass(10 * MINUTE);
    expect(said.splice(0)).toEqual(['none', 'run-time-over 300']);
    expect(() => limits.extend()).toThrow();
    clock.pass(5 * MINUTE);
    expect(said).toEqual(['none', 'strike run-time-over']);
  });

  it('go on from what was recorded, and strike at once where the time is over', () => {
    const now = clock.now();
    watch({ maxRunSeconds: 3600, extensions: 1 }, { started: now - 90 * MINUTE, extended: 1 });
    clock.pass(30 * MINUTE);
    expect(said.splice(0)).toEqual(['run-time-over 300', 'none', 'strike run-time-over']);
    watch({ endAfterDisconnectSeconds: 60 }, { unwatchedSince: now - HOUR });
    expect(said).toEqual(['strike unwatched-ended']);
  });

  it('show the nearer of two, and the other one when that was put off', () => {
    const limits = watch({ maxRunSeconds: 600, idleSeconds: 590 });
    limits.watched(false);
    clock.pass(580_000);
    expect(said.splice(0)).toEqual(['idle-disconnected 59 +']);
    limits.extend();
    expect(said).toEqual(['run-time-over 20']);
  });

  it('need no timer that Node could not hold, however far they are', () => {
    watch({ maxRunSeconds: 360 * 24 * 3600 });
    clock.pass(24 * HOUR);
    expect(clock.longest).toBeLessThan(2 ** 31);
    expect(said).toEqual([]);
  });
});
