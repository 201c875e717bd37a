/** One thing that is edited in revisions, from the page that does it: read when the page opens, with words for what is done. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import type { DraftEditor, Editing } from './draft-editor.ts';

export interface Draft<Saved, Typed> extends Editing<Saved, Typed> {
  readonly editor: DraftEditor<Saved, Typed>;
  readonly dirty: boolean;
  readonly save: () => Promise<void>;
  readonly publish: () => Promise<void>;
  readonly rollBack: (revision: number) => Promise<void>;
  /** Any other call that answers with what the server has now; `said` once it has. */
  readonly change: (call: () => Promise<Saved>, said: string) => Promise<void>;
}

export function useDraft<Saved extends { readonly published: number | null }, Typed>(
  create: () => DraftEditor<Saved, Typed>,
): Draft<Saved, Typed> {
  const { t } = useTranslation();
  const { notices } = useServices();
  const [editor] = useState(create);
  const state = useStore(editor.store);
  useEffect(() => void editor.load(), [editor]);
  const say = (text: string) => notices.show({ kind: 'success', text });
  return {
    ...state,
    editor,
    dirty: editor.isDirty(),
    async save() {
      if (await editor.save()) say(t('drafts.saved'));
    },
    async publish() {
      if (!(await editor.publish())) return;
      say(t('drafts.isPublished', { version: editor.store.getState().saved?.published ?? 1 }));
    },
    async rollBack(revision) {
      if (await editor.rollBack(revision)) say(t('drafts.rolledBack'));
    },
    async change(call, said) {
      if (await editor.change(call)) say(said);
    },
  };
}
