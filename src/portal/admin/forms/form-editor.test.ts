import { describe, expect, it } from 'vitest';
import { ApiFailure } from '../../../api/failure.ts';
import type { Api } from '../../../api/client.ts';
import type { AdminForm } from '../../../contract/admin-forms.ts';
import { createFormEditor } from './form-editor.ts';

const form = (change: Partial<AdminForm> = {}): AdminForm => ({
  id: 'f',
  name: 'F',
  html: 'one',
  revision: 1,
  published: null,
  draft: true,
  at: 1,
  by: 'ada',
  findings: [],
  revisions: [],
  ...change,
});

/** Answers in turn; what was asked is kept. */
function server(...answers: (AdminForm | ApiFailure)[]) {
  const asked: [string, unknown][] = [];
  const api = {
    async call(name: string, input: unknown) {
      asked.push([name, input]);
      await Promise.resolve();
      const answer = answers.shift();
      if (answer instanceof ApiFailure) throw answer;
      return answer;
    },
    // The calls of one route are enough here; the table's types are the client's own business.
  } as unknown as Api;
  return { api, asked };
}

const conflict = (theirs: AdminForm) => new ApiFailure('form-conflict', { status: 409, details: { form: theirs } });

describe('a form in the editor', () => {
  it('keeps what is typed while it is rolled back', async () => {
    const { api } = server(form(), form({ html: 'zero', revision: 2 }));
    const editor = createFormEditor(api, 'f');
    await editor.load();
    const back = editor.rollBack(0);
    editor.edit({ html: 'typed meanwhile' });
    expect(await back).toBe(true);
    expect(editor.store.getState()).toMatchObject({ typed: { html: 'typed meanwhile' }, saved: { html: 'zero' } });
    expect(editor.isDirty()).toBe(true);
  });

  it('is saved over the revision that was read, and published after that', async () => {
    const { api, asked } = server(
      form(),
      form({ html: 'two', revision: 2 }),
      form({ html: 'two', revision: 2, draft: false, published: 1 }),
    );
    const editor = createFormEditor(api, 'f');
    await editor.load();
    editor.edit({ html: 'two' });
    expect(editor.isDirty()).toBe(true);
    expect(await editor.publish()).toBe(true);
    expect(asked.slice(1)).toEqual([
      ['adminFormSave', { name: 'F', html: 'two', revision: 1 }],
      ['adminFormPublish', { revision: 2 }],
    ]);
    expect(editor.store.getState().saved?.published).toBe(1);
  });

  it('keeps what is typed while a save is under way', async () => {
    const { api } = server(form(), form({ html: 'two', revision: 2 }));
    const editor = createFormEditor(api, 'f');
    await editor.load();
    editor.edit({ html: 'two' });
    const saving = editor.save();
    editor.edit({ html: 'three' });
    await saving;
    const state = editor.store.getState();
    expect([state.typed.html, editor.isDirty(), state.saved?.revision]).toEqual(['three', true, 2]);
  });

  it.each(['mine', 'theirs'] as const)('after a conflict goes on with %s, over theirs', async (choice) => {
    const theirs = form({ html: 'theirs', revision: 7, by: 'bob' });
    const { api, asked } = server(form(), conflict(theirs), form({ html: 'mine', revision: 8 }));
    const editor = createFormEditor(api, 'f');
    await editor.load();
    editor.edit({ html: 'mine' });
    expect(await editor.save()).toBe(false);
    expect(editor.store.getState()).toMatchObject({
      typed: { html: 'mine' },
      conflict: { by: 'bob' },
      failure: undefined,
    });
    // Nothing goes over theirs until the person has decided.
    expect(await editor.save()).toBe(false);
    expect(asked).toHaveLength(2);
    editor.resolve(choice);
    const state = editor.store.getState();
    expect([state.typed.html, editor.isDirty(), state.conflict]).toEqual([choice, choice === 'mine', undefined]);
    await editor.save();
    expect(asked[2]).toEqual(
      choice === 'mine' ? ['adminFormSave', { name: 'F', html: 'mine', revision: 7 }] : undefined,
    );
  });

  it('that is refused says why and stays as it was typed', async () => {
    const finding = { code: 'too-big', severity: 'error', line: 1, column: 1, subject: '9' };
    const { api } = server(form(), new ApiFailure('form-unusable', { details: { findings: [finding] } }));
    const editor = createFormEditor(api, 'f');
    await editor.load();
    editor.edit({ html: 'huge' });
    expect(await editor.save()).toBe(false);
    const {
      failure,
      typed: { html },
    } = editor.store.getState();
    expect([failure?.code, failure?.details, html]).toEqual(['form-unusable', { findings: [finding] }, 'huge']);
  });

  it('rolled back shows the older text, unless something is typed that is not saved', async () => {
    const back = form({ html: 'old', revision: 3, published: 2, draft: false });
    const { api } = server(form(), back, back);
    const editor = createFormEditor(api, 'f');
    await editor.load();
    await editor.rollBack(1);
    expect(editor.store.getState().typed.html).toBe('old');
    editor.edit({ html: 'typed' });
    await editor.rollBack(1);
    expect(editor.store.getState().typed.html).toBe('typed');
  });
});
