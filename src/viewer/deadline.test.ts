import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countdown, DeadlineNotice } from './deadline.ts';
import { createStrings } from './strings.ts';

let extended = 0;
let givenBack = 0;
let notice: DeadlineNotice;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  [extended, givenBack] = [0, 0];
  notice = new DeadlineNotice(createStrings('en'), {
    onExtend: () => extended++,
    giveBackFocus: () => givenBack++,
    howToLeave: () => 'press Pause',
  });
  document.body.replaceChildren(notice.element);
});
afterEach(() => {
  notice.dispose();
  vi.useRealTimers();
});

const at = (seconds: number, reason = 'run-time-over', extendable = true) => ({
  at: Date.now() + seconds * 1000,
  reason,
  extendable,
});
const time = () => document.querySelector('[role=timer]')?.textContent;
const spoken = () => document.querySelector('[role=status]')?.textContent ?? '';
const control = () => document.querySelector('button');

describe('the notice of a deadline', () => {
  it('counts down, and says so aloud at a few moments only', () => {
    notice.show(at(65));
    expect([time(), control()?.textContent]).toEqual(['1:05', 'Extend']);
    expect(spoken()).toContain('1:05 left.');
    vi.advanceTimersByTime(4000);
    expect(time()).toBe('1:01');
    expect(spoken()).toContain('1:05');
    vi.advanceTimersByTime(1000);
    expect(spoken()).toContain('1:00');
    vi.advanceTimersByTime(25_000);
    expect(spoken()).toContain('1:00');
    vi.advanceTimersByTime(5000);
    expect(spoken()).toContain('0:30');
    vi.advanceTimersByTime(60_000);
    expect(time()).toBe('0:00');
  });

  it('extends by its button, keeps the keyboard on it when it comes anew, and gives it back', () => {
    notice.show(at(60, 'idle-disconnected'));
    expect(notice.focus()).toBe(true);
    expect(document.activeElement?.textContent).toBe('Stay connected');
    control()?.click();
    expect(extended).toBe(1);
    notice.show(at(120));
    expect(document.activeElement).toBe(control());
    notice.show(null);
    expect([control(), givenBack, spoken()]).toEqual([null, 1, '']);
    expect(notice.focus()).toBe(false);
  });

  it('has no button where there is nothing to put off, and knows no reason it does not know', () => {
    notice.show(at(60, 'something-new', false));
    expect(control()).toBeNull();
    expect(document.querySelector('.notice-title')?.textContent).toMatch(/will end soon/);
  });

  it.each([
    [-5, '0:00'],
    [1, '0:01'],
    [9000, '0:09'],
    [3_601_000, '60:01'],
  ])('writes %i ms as %s', (ms, text) => {
    expect(countdown(ms)).toBe(text);
  });
});
