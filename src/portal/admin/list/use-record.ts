/** The editor of one record of a list. A record that is read again reaches it; another record is another editor. */
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { ApiFailure } from '../../../api/failure.ts';
import { createRecordEditor, type Editing, type RecordEditor, type Saved } from './record-editor.ts';

export interface UseRecordOptions<Draft> {
  readonly draft: Draft;
  readonly version: number | undefined;
  readonly save: (draft: Draft, version: number | undefined) => Promise<Saved<Draft>>;
  /** Reads the record again, after a save that was refused because somebody else was first. */
  readonly reread: (draft: Draft) => Promise<Saved<Draft> | undefined>;
  /** Sentences by field; none: it can be saved. */
  readonly problems: (draft: Draft) => Readonly<Record<string, string>>;
}

export interface UseRecord<Draft> {
  readonly editor: RecordEditor<Draft>;
  readonly state: Editing<Draft>;
  /** What to show at a field: once it has been touched, or saving was tried. */
  readonly problem: (field: string & keyof Draft) => string | undefined;
}

/** Every `409` whose code says so is about a version. */
export const isConflict = (failure: ApiFailure) => failure.status === 409 && /(^|-)conflict$/.test(failure.code);

/** The field that the server complained of. */
function fieldOf(failure: ApiFailure | undefined): string | undefined {
  const { details } = failure ?? {};
  if (typeof details !== 'object' || details === null || !('field' in details)) return undefined;
  return typeof details.field === 'string' ? details.field.split('.')[0] : undefined;
}

export function useRecord<Draft extends object>(
  options: UseRecordOptions<Draft>,
  refused: string,
  /** What is typed already when it opens, such as a copy of another. */
  begin?: Draft,
): UseRecord<Draft> {
  const [editor] = useState(() => {
    const made = createRecordEditor<Draft>({
      draft: options.draft,
      version: options.version,
      save: options.save,
      conflict: (failure, tried) => (isConflict(failure) ? options.reread(tried) : undefined),
      valid: (draft) => Object.keys(options.problems(draft)).length === 0,
    });
    if (begin) made.edit(begin);
    return made;
  });
  const { draft, version } = options;
  useEffect(() => {
    if (version !== undefined) editor.refetched(draft, version);
  }, [editor, draft, version]);
  const state = useStore(editor.store);
  const problems = options.problems(state.draft);
  const complained = fieldOf(state.failure);
  return {
    editor,
    state,
    problem: (field) => {
      const touched = state.tried || state.draft[field] !== state.base[field];
      return (touched ? problems[field] : undefined) ?? (complained === field ? refused : undefined);
    },
  };
}
