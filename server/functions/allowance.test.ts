import { expect, it } from 'vitest';
import { Allowance } from './allowance.ts';

it('lets so many through at once, and so many a second after that, however long nobody came', () => {
  let now = 0;
  const allowance = new Allowance(3, 2, () => now);
  const taken = (tries: number) => Array.from({ length: tries }, () => allowance.take()).filter(Boolean).length;
  expect(taken(10)).toBe(3);
  now += 499;
  expect(taken(10)).toBe(0);
  now += 1;
  expect(taken(10)).toBe(1);
  now += 1000;
  expect(taken(10)).toBe(2);
  now += 3_600_000;
  expect(taken(10)).toBe(3);
});
