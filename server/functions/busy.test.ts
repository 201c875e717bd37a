// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { Busy } from './busy.ts';

const pair = () => {
  const shared = Busy.share(2);
  return { thread: new Busy(shared), main: new Busy(shared) };
};

describe('a job of a thread', () => {
  it('that is finished cannot be taken away any more', () => {
    const { thread, main } = pair();
    thread.begin(1, 7);
    expect(thread.finish(1, 7)).toBe(true);
    expect(main.takeAway(1, 7, 0)).toBe(false);
  });

  it('that was taken away cannot be finished any more, until the lane is cleared', () => {
    const { thread, main } = pair();
    thread.begin(1, 7);
    expect(main.takeAway(1, 7, 0)).toBe(true);
    expect(thread.finish(1, 7)).toBe(false);
    expect(main.takeAway(1, 7, 0)).toBe(false);
    main.clear(1);
    thread.begin(1, 8);
    expect(thread.finish(1, 8)).toBe(true);
  });

  it('stays while its time is not up, and so does that of another lane or number', () => {
    const { thread, main } = pair();
    thread.begin(0, 5);
    thread.begin(1, 7);
    expect(main.takeAway(1, 7, 60_000)).toBe(false);
    expect(main.takeAway(1, 5, 0)).toBe(false);
    expect(main.takeAway(0, 7, 0)).toBe(false);
    expect([thread.finish(0, 5), thread.finish(1, 7)]).toEqual([true, true]);
  });
});
