import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pacer } from './pacer.ts';

describe('a pacer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets a burst through at once, then one at a time, in order', async () => {
    const pacer = new Pacer({ perSecond: 10, burst: 3, waiting: 10 });
    const gone: number[] = [];
    const go = async (n: number) => {
      await pacer.turn();
      gone.push(n);
    };
    const all = Array.from({ length: 6 }, (_, n) => go(n));
    await vi.advanceTimersByTimeAsync(0);
    expect(gone).toEqual([0, 1, 2]);
    await vi.advanceTimersByTimeAsync(100);
    expect(gone).toEqual([0, 1, 2, 3]);
    await vi.advanceTimersByTimeAsync(300);
    await Promise.all(all);
    expect(gone).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('says how fast one may be when too many wait', () => {
    const pacer = new Pacer({ perSecond: 10, burst: 1, waiting: 1 });
    expect(pacer.turn()).toBeUndefined();
    expect(pacer.turn()).toBeInstanceOf(Promise);
    expect(() => pacer.turn()).toThrow('More than 10 messages a second');
    pacer.close();
  });

  it('grants a burst again after a pause', async () => {
    const pacer = new Pacer({ perSecond: 10, burst: 2, waiting: 1 });
    expect([pacer.turn(), pacer.turn()]).toEqual([undefined, undefined]);
    await vi.advanceTimersByTimeAsync(200);
    expect([pacer.turn(), pacer.turn()]).toEqual([undefined, undefined]);
  });
});
