import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Liveness } from './liveness.ts';

function setup() {
  let bytes = 0;
  const said = { pings: 0, dead: 0 };
  const liveness = new Liveness({
    ping: () => said.pings++,
    received: () => Promise.resolve(bytes),
    dead: () => said.dead++,
  });
  return { liveness, said, come: (more: number) => (bytes += more) };
}

describe('a line', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([0, 400, 600, 1500, 2600, 2999])(
    'that falls silent %i ms after a question is noticed within nine seconds',
    async (ms) => {
      const { liveness, said } = setup();
      liveness.start();
      await vi.advanceTimersByTimeAsync(ms);
      liveness.pong();
      await vi.advanceTimersByTimeAsync(5000);
      expect(said.dead).toBe(0);
      await vi.advanceTimersByTimeAsync(4000);
      expect(said.dead).toBe(1);
      const { pings } = said;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(said).toEqual({ dead: 1, pings });
    },
  );

  it('is alive while it answers, and while pictures come in front of the answers', async () => {
    const { liveness, said, come } = setup();
    liveness.start();
    for (let n = 0; n < 20; n++) {
      await vi.advanceTimersByTimeAsync(2000);
      liveness.pong();
    }
    for (let n = 0; n < 60; n++) {
      await vi.advanceTimersByTimeAsync(1000);
      come(10_000);
    }
    expect(said.dead).toBe(0);
  });

  it('of a server that never answers is left alone', async () => {
    const { liveness, said } = setup();
    liveness.start();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(said.dead).toBe(0);
    expect(said.pings).toBeGreaterThan(5);
  });

  it('is not judged by a timer that slept with its tab', async () => {
    const { liveness, said } = setup();
    liveness.start();
    liveness.pong();
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(3000);
    expect(said.dead).toBe(0);
    liveness.pong();
    await vi.advanceTimersByTimeAsync(3000);
    expect(said.dead).toBe(0);
  });

  it('is asked at once when the tab or the network comes back', async () => {
    const { liveness, said } = setup();
    liveness.start();
    liveness.pong();
    await vi.advanceTimersByTimeAsync(1000);
    const { pings } = said;
    liveness.probe();
    expect(said.pings).toBe(pings + 1);
    await vi.advanceTimersByTimeAsync(1500);
    liveness.pong();
    await vi.advanceTimersByTimeAsync(3000);
    expect(said.dead).toBe(0);
    liveness.probe();
    await vi.advanceTimersByTimeAsync(3000);
    expect(said.dead).toBe(1);
  });
});
