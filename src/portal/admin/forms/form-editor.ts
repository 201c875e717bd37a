/** One form being edited. */
import type { Api } from '../../../api/client.ts';
import { FormConflict, type AdminForm } from '../../../contract/admin-forms.ts';
import { createDraftEditor, type DraftEditor } from '../drafts/draft-editor.ts';

interface TypedForm {
  readonly name: string;
  readonly html: string;
}

export function createFormEditor(api: Api, id: string): DraftEditor<AdminForm, TypedForm> {
  const path = { id };
  return createDraftEditor<AdminForm, TypedForm>({
    blank: { name: '', html: '' },
    typedOf: ({ name, html }) => ({ name, html }),
    same: (one, other) => one.name.trim() === other.name.trim() && one.html === other.html,
    load: async () => api.call('adminForm', {}, { path }),
    save: async ({ name, html }, revision) =>
      api.call('adminFormSave', { name: name.trim(), html, revision }, { path }),
    publish: async (revision) => api.call('adminFormPublish', { revision }, { path }),
    rollBack: async (revision) => api.call('adminFormRollBack', { revision }, { path }),
    conflictIn: (failure) =>
      failure.code === 'form-conflict' ? FormConflict.safeParse(failure.details).data?.form : undefined,
  });
}
