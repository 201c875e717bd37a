import { expect, it } from 'vitest';
import { type AutoQuality, decide, LEVELS, type Sample, START } from './auto-quality.ts';

const idle: Sample = { ms: 1000, bytes: 500, decodeMs: 1, latencyMs: 20 };
const easy: Sample = { ms: 1000, bytes: 400_000, decodeMs: 60, latencyMs: 25 };
const full: Sample = { ms: 1000, bytes: 400_000, decodeMs: 60, latencyMs: 600 };

function run(sample: Sample, times: number, from: AutoQuality): AutoQuality {
  let state = from;
  for (let i = 0; i < times; i++) state = decide(state, sample);
  return state;
}

it('is lossless on a line and a machine that keep up', () => {
  expect(run(easy, 600, START).level).toBe(0);
  expect(run(idle, 600, START).level).toBe(0);
});

it('steps down one at a time while answers wait behind pictures, to the least and no further', () => {
  const known = run(idle, 3, START);
  expect(run(full, 1, known).level).toBe(0);
  expect(run(full, 2, known).level).toBe(1);
  expect(run(full, 4, known).level).toBe(2);
  expect(run(full, 30, known).level).toBe(LEVELS.length - 1);
});

it('steps down for a machine that decodes most of the time, on whatever line', () => {
  expect(run({ ms: 1000, bytes: 400_000, decodeMs: 900 }, 2, START).level).toBe(1);
});

it('is not moved by a slow line at rest, or by one slow second', () => {
  const far = { ...idle, latencyMs: 900 };
  expect(run(far, 100, run(idle, 3, START)).level).toBe(0);
  let state = run(idle, 3, START);
  for (let i = 0; i < 50; i++) state = run(easy, 1, run(full, 1, state));
  expect(state.level).toBe(0);
});

it('takes a long way for what it is, not for a full line', () => {
  expect(run({ ...easy, latencyMs: 400 }, 100, START).level).toBe(0);
});

/** Samples until it is better by one. */
function until(state: AutoQuality): [number, AutoQuality] {
  const { level } = state;
  let count = 0;
  let now = state;
  while (now.level === level && count < 1000) {
    now = decide(now, easy);
    count++;
  }
  return [count, now];
}

it('comes back when there is room, later each time that it did not last, and soon after one that did', () => {
  let state = run(full, 2, run(idle, 3, START));
  const needed: number[] = [];
  for (let i = 0; i < 3; i++) {
    const [count, better] = until(state);
    needed.push(count);
    state = run(full, 2, better);
  }
  expect(needed).toEqual([10, 20, 40]);
  const [, lasting] = until(state);
  expect(until(run(full, 2, run(easy, 60, lasting)))[0]).toBe(10);
});

it('a line that was full once, however much, is believed again as soon as one that was full a little', () => {
  const deep = run(full, 8, run(idle, 3, START));
  expect(deep.level).toBe(4);
  expect(until(deep)[0]).toBe(10);
});
