import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useRows } from './use-rows.ts';

it('a reading that was begun before a change does not take the change back', async () => {
  const answers: ((rows: readonly string[]) => void)[] = [];
  const read = () => new Promise<readonly string[]>((resolve) => answers.push(resolve));
  const { result } = renderHook(() => useRows(read));
  await act(async () => answers[0]?.(['a']));
  await act(async () => void result.current.reload());
  act(() => result.current.change((rows) => [...rows, 'new']));
  await act(async () => answers[1]?.(['a']));
  expect(result.current.rows).toEqual(['a', 'new']);
  await act(async () => answers[2]?.(['a', 'new', 'newer']));
  expect(result.current.rows).toEqual(['a', 'new', 'newer']);
});
