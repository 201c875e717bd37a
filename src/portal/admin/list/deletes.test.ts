import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ApiFailure } from '../../../api/failure.ts';
import { createNotices } from '../../state/notices.ts';
import { createDeletes, UNDO_MS, type DeletesOptions } from './deletes.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function make(options: Partial<Pick<DeletesOptions, 'remove' | 'restore'>> = {}) {
  const notices = createNotices();
  const remove = vi.fn(options.remove ?? (async () => undefined));
  const settled = vi.fn();
  const deletes = createDeletes({
    notices,
    remove,
    settled,
    restore: options.restore,
    words: () => ({
      deleted: (names) => `gone: ${names.join()}`,
      undo: 'Undo',
      undone: 'back',
      failed: (name, failure) => `${name}: ${failure.code}`,
      notRestored: (name, failure) => `${name} stays gone: ${failure.code}`,
    }),
  });
  const texts = () => notices.store.getState().notices.map(({ text }) => text);
  return { notices, remove, settled, deletes, texts, hidden: () => [...deletes.store.getState().hidden] };
}
const A = { id: 'a', name: 'A' };
const B = { id: 'b', name: 'B' };

it('hides at once, and asks the server when it cannot be taken back any more', async () => {
  const { deletes, remove, hidden, texts } = make();
  deletes.remove([A, B]);
  expect(hidden()).toEqual(['a', 'b']);
  expect(texts()).toEqual(['gone: A,B']);
  await vi.advanceTimersByTimeAsync(UNDO_MS - 1);
  expect(remove).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(remove.mock.calls).toEqual([
    ['a', false],
    ['b', false],
  ]);
  expect(texts()).toEqual([]);
  expect(hidden()).toEqual(['a', 'b']);
});

it('takes back the newest, by the notice or without it, and asks nothing of the server', async () => {
  const { deletes, remove, hidden, notices } = make();
  deletes.remove([A]);
  deletes.remove([B]);
  expect(deletes.undo()).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(hidden()).toEqual(['a']);
  notices.store.getState().notices[0]?.action?.run();
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(hidden()).toEqual([]);
  expect(deletes.undo()).toBe(false);
  expect(remove).not.toHaveBeenCalled();
});

it('sends what waits when the page is left, once', async () => {
  const { deletes, remove } = make();
  deletes.remove([A]);
  await deletes.flush(true);
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(remove.mock.calls).toEqual([['a', true]]);
});

it('shows again what the server refuses to delete, with the reason; what is gone already is gone', async () => {
  const { deletes, hidden, texts } = make({
    remove: (id) => Promise.reject(new ApiFailure(id === 'a' ? 'forbidden' : 'not-found')),
  });
  deletes.remove([A, B]);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(hidden()).toEqual(['b']);
  expect(texts()).toEqual(['A: forbidden']);
});

it('deletes at once where the server can bring it back, and asks for that', async () => {
  const restore = vi.fn(async () => undefined);
  const { deletes, remove, hidden } = make({ restore });
  deletes.remove([A]);
  await vi.advanceTimersByTimeAsync(0);
  expect(remove).toHaveBeenCalledWith('a', false);
  deletes.undo();
  await vi.advanceTimersByTimeAsync(0);
  expect(restore).toHaveBeenCalledWith('a');
  expect(hidden()).toEqual([]);
});

it('waits while somebody is at the Undo button', async () => {
  const { deletes, remove } = make();
  document.body.innerHTML = '<section class="notices"><button>Undo</button></section>';
  document.querySelector('button')?.focus();
  deletes.remove([A]);
  await vi.advanceTimersByTimeAsync(UNDO_MS * 2);
  expect(remove).not.toHaveBeenCalled();
  document.querySelector('button')?.blur();
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(remove).toHaveBeenCalled();
});

it('shows one that is there again under the same name, once it is gone', async () => {
  const { deletes, hidden } = make();
  deletes.remove([A]);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(hidden()).toEqual(['a']);
  deletes.kept('a');
  expect(hidden()).toEqual([]);
});

it('deletes nothing that was saved anew meanwhile, and still what was to go with it', async () => {
  const { deletes, remove, hidden, texts } = make();
  deletes.remove([A, B]);
  deletes.kept('a');
  expect(hidden()).toEqual(['b']);
  deletes.remove([A]);
  deletes.kept('a');
  expect(texts()).toEqual(['gone: A,B']);
  await vi.advanceTimersByTimeAsync(UNDO_MS);
  expect(remove.mock.calls).toEqual([['b', false]]);
});

it.each(['not-found', 'bookmark-unknown'] as const)('says nothing of what is gone already: %s', async (code) => {
  const { deletes, hidden, texts } = make({ remove: () => Promise.reject(new ApiFailure(code)) });
  deletes.remove([A]);
  await deletes.flush(false);
  expect([hidden(), texts()]).toEqual([['a'], []]);
});
