import { expect, it, vi } from 'vitest';
import { ApiFailure } from '../../../api/failure.ts';
import { createRecordEditor, isDirty, type RecordEditorOptions } from './record-editor.ts';

interface Draft {
  readonly name: string;
  readonly tags: readonly string[];
  readonly size: number;
}
const BASE: Draft = { name: 'a', tags: ['x'], size: 1 };

function make(options: Partial<RecordEditorOptions<Draft>> = {}) {
  const save = vi.fn(
    options.save ?? (async (draft: Draft, version: number | undefined) => ({ draft, version: (version ?? 0) + 1 })),
  );
  const editor = createRecordEditor<Draft>({
    draft: BASE,
    version: 1,
    conflict: () => undefined,
    valid: ({ name }) => name !== '',
    ...options,
    save,
  });
  return { editor, save, state: () => editor.store.getState() };
}

it('saves over the version that was seen, and is clean after it', async () => {
  const { editor, save, state } = make();
  editor.edit({ name: 'b' });
  expect(isDirty(state())).toBe(true);
  await expect(editor.save()).resolves.toBe(true);
  expect(save).toHaveBeenCalledWith({ ...BASE, name: 'b' }, 1);
  expect([isDirty(state()), state().version]).toEqual([false, 2]);
});

it('a newer record never replaces what was touched, and does replace the rest', () => {
  const { editor, state } = make();
  editor.edit({ name: 'mine' });
  editor.refetched({ ...BASE, size: 2 }, 2);
  expect(state().draft).toEqual({ ...BASE, name: 'mine', size: 2 });
  expect(state().version).toBe(2);
  // The same field on both sides is for a person to decide, when it is saved.
  editor.refetched({ ...BASE, size: 2, name: 'theirs' }, 3);
  expect(state().draft.name).toBe('mine');
  expect(state().version).toBe(2);
});

it('shows what somebody else saved, and goes on with either', async () => {
  const theirs = { draft: { name: 'theirs', tags: ['y'], size: 9 }, version: 5 };
  const refused = () => Promise.reject(new ApiFailure('form-conflict', { status: 409 }));
  const { editor, state, save } = make({ save: refused, conflict: () => theirs });
  editor.edit({ name: 'mine' });
  await expect(editor.save()).resolves.toBe(false);
  expect(state().conflict?.theirs).toEqual(theirs.draft);
  // Until that is decided, nothing is sent.
  await editor.save();
  expect(save).toHaveBeenCalledOnce();
  editor.resolve('mine');
  expect(state().draft).toEqual({ name: 'mine', tags: ['y'], size: 9 });
  await editor.save();
  expect(save).toHaveBeenLastCalledWith(state().draft, 5);
  editor.resolve('theirs');
  expect([state().draft, isDirty(state())]).toEqual([theirs.draft, false]);
});

it('sends nothing that is not valid, and keeps what was typed while a save was under way', async () => {
  let finish = (_saved: { draft: Draft; version: number }) => {};
  const { editor, save, state } = make({ save: () => new Promise((resolve) => (finish = resolve)) });
  editor.edit({ name: '' });
  await expect(editor.save()).resolves.toBe(false);
  expect([save.mock.calls.length, state().tried]).toEqual([0, true]);
  editor.edit({ name: 'b' });
  const saving = editor.save();
  editor.edit({ name: 'bc' });
  finish({ draft: { ...BASE, name: 'b' }, version: 2 });
  await saving;
  expect([state().draft.name, state().base.name, isDirty(state())]).toEqual(['bc', 'b', true]);
});
