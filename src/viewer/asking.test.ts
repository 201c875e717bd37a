import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientCommMessage } from '../contract/clientcomm.ts';
import { Asking } from './asking.ts';

describe('questions of the embedding page to the session', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setup() {
    const sent: ClientCommMessage[] = [];
    return { sent, asking: new Asking((message) => sent.push(message)) };
  }

  it('are answered each by its own number, once', async () => {
    const { sent, asking } = setup();
    const one = asking.ask('a', '1');
    const two = asking.ask('b', '2');
    expect(sent.map(({ number }) => number)).toEqual([1, 2]);
    asking.answer({ number: 2, data: 'two' });
    asking.answer({ number: 2, data: 'again' });
    asking.answer({ number: 1, error: { name: 'unhandled' } });
    await expect(two).resolves.toBe('two');
    await expect(one).rejects.toMatchObject({ name: 'unhandled' });
  });

  it('run out, unless somebody works on them, and end with the connection', async () => {
    const { asking } = setup();
    const late = asking.ask('a', '1');
    const working = asking.ask('b', '2');
    for (const one of [late, working]) one.catch(() => undefined);
    asking.answer({ number: 2, ack: true });
    await vi.advanceTimersByTimeAsync(30_000);
    await expect(late).rejects.toMatchObject({ name: 'timeout' });
    asking.lost();
    await expect(working).rejects.toMatchObject({ name: 'disconnected' });
  });

  it('are refused when too many wait', async () => {
    const { asking, sent } = setup();
    const all = Array.from({ length: 65 }, () => asking.ask('a', ''));
    for (const one of all) one.catch(() => undefined);
    await expect(all[64]).rejects.toMatchObject({ name: 'busy' });
    expect(sent).toHaveLength(64);
  });
});
