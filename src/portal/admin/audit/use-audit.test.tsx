import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ServicesContext, type Services } from '../../app/services.ts';
import { useAudit, type Filter } from './use-audit.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A server that answers when the test says so. */
function setUp() {
  const answers: ((ids: number[], next?: string) => Promise<void>)[] = [];
  const api = {
    call: () =>
      new Promise((resolve) => {
        answers.push((ids, next) =>
          act(async () => resolve({ entries: ids.map((id) => ({ id })), next: next ?? null })),
        );
      }),
  };
  const services = { api } as unknown as Services;
  const wrapper = ({ children }: { children: ReactNode }) => (
    <ServicesContext value={services}>{children}</ServicesContext>
  );
  const { result, rerender } = renderHook(({ filter }: { filter: Filter }) => useAudit(filter, true), {
    wrapper,
    initialProps: { filter: {} },
  });
  const shown = () => result.current.entries?.map(({ id }) => id);
  const wait = () => act(() => vi.advanceTimersByTimeAsync(10_000));
  return { answers, result, rerender, shown, wait };
}

it('shows the list of a server that takes longer than the time between two looks', async () => {
  const { answers, shown, wait } = setUp();
  await wait();
  await answers[0]?.([2, 1]);
  expect(shown()).toEqual([2, 1]);
});

it('looks for older ones to the end while it is followed', async () => {
  const { answers, result, shown, wait } = setUp();
  await answers[0]?.([4, 3], '3');
  void result.current.older();
  const older = answers.at(-1);
  await wait();
  await older?.([2, 1]);
  expect(shown()).toEqual([4, 3, 2, 1]);
});

it('mixes nothing of another filter into what is followed', async () => {
  const { answers, rerender, shown, wait } = setUp();
  await answers[0]?.([4, 3]);
  rerender({ filter: { event: 'login' } });
  const first = answers.length - 1;
  await wait();
  await answers[first]?.([2]);
  await answers.at(-1)?.([2]);
  expect(shown()).toEqual([2]);
  await wait();
  await answers.at(-1)?.([5, 2]);
  expect(shown()).toEqual([5, 2]);
});
