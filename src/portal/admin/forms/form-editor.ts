/**
 * One form being edited: what is typed, what the server has, and what came between. Plain TypeScript beside React, so
 * that typing survives whatever is drawn.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../../../api/client.ts';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import { FormConflict, type AdminForm } from '../../../contract/admin-forms.ts';

export interface Editing {
  /** What the server has, as far as this page has seen it. */
  readonly form: AdminForm | undefined;
  readonly name: string;
  readonly html: string;
  readonly busy: boolean;
  readonly failure: ApiFailure | undefined;
  /** Somebody else's save that the typed text does not know of. */
  readonly conflict: AdminForm | undefined;
}

export interface FormEditor {
  readonly store: StoreApi<Editing>;
  load(): Promise<void>;
  edit(change: { readonly name?: string; readonly html?: string }): void;
  /** False when it was not saved; the store says why. */
  save(): Promise<boolean>;
  publish(): Promise<boolean>;
  rollBack(revision: number): Promise<boolean>;
  /** After a conflict: `mine` goes on with the typed text, as a change of theirs; `theirs` takes theirs instead. */
  resolve(choice: 'mine' | 'theirs'): void;
}

export function isDirty({ form, name, html }: Editing): boolean {
  return form !== undefined && (form.name !== name.trim() || form.html !== html);
}

export function createFormEditor(api: Api, id: string): FormEditor {
  const store = createStore<Editing>(() => ({
    form: undefined,
    name: '',
    html: '',
    busy: false,
    failure: undefined,
    conflict: undefined,
  }));
  const path = { id };

  /** One call at a time; what fails is shown and changes nothing that was typed. */
  async function run(call: () => Promise<AdminForm>, arrived: (form: AdminForm) => void): Promise<boolean> {
    if (store.getState().busy) return false;
    store.setState({ busy: true, failure: undefined });
    try {
      arrived(await call());
      return true;
    } catch (thrown) {
      const failure = toFailure(thrown);
      const conflict = failure.code === 'form-conflict' ? FormConflict.safeParse(failure.details).data : undefined;
      store.setState(conflict ? { conflict: conflict.form } : { failure });
      return false;
    } finally {
      store.setState({ busy: false });
    }
  }

  const show = (form: AdminForm) => store.setState({ form, name: form.name, html: form.html });

  async function save(): Promise<boolean> {
    const { form, name, html } = store.getState();
    if (!form || store.getState().conflict) return false;
    if (!isDirty(store.getState())) return true;
    return run(
      () => api.call('adminFormSave', { name: name.trim(), html, revision: form.revision }, { path }),
      // What was typed while the call was under way stays as it is, and unsaved.
      (saved) => store.setState({ form: saved }),
    );
  }

  return {
    store,
    load: async () => void (await run(() => api.call('adminForm', {}, { path }), show)),
    edit: (change) => store.setState(change),
    save,
    async publish() {
      if (!(await save())) return false;
      const { form } = store.getState();
      if (!form) return false;
      return run(
        () => api.call('adminFormPublish', { revision: form.revision }, { path }),
        (published) => store.setState({ form: published }),
      );
    },
    async rollBack(revision) {
      const wasDirty = isDirty(store.getState());
      return run(
        () => api.call('adminFormRollBack', { revision }, { path }),
        // What is typed and not saved is a change of whatever is the newest now.
        (form) => (wasDirty ? store.setState({ form }) : show(form)),
      );
    },
    resolve(choice) {
      const { conflict } = store.getState();
      if (!conflict) return;
      if (choice === 'theirs') show(conflict);
      store.setState({ form: conflict, conflict: undefined });
    },
  };
}
