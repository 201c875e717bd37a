/**
 * One record being edited: what the server has, what is typed, and what came between. What has been touched is never
 * replaced by what arrives; what has not follows the server. Plain TypeScript beside React.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';

export interface Editing<Draft> {
  /** What the server has, as far as this page has seen it; a new record starts from what it begins with. */
  readonly base: Draft;
  readonly draft: Draft;
  /** `undefined`: there is none on the server yet. */
  readonly version: number | undefined;
  readonly busy: boolean;
  readonly failure: ApiFailure | undefined;
  /** Somebody else's save that what is typed does not know of. */
  readonly conflict: { readonly theirs: Draft; readonly version: number } | undefined;
  /** Saving was tried, so every field may say what is wrong with it. */
  readonly tried: boolean;
}

/** What a save resolves with. */
export interface Saved<Draft> {
  readonly draft: Draft;
  readonly version: number;
  /** Called when the editor knows of it, so that it may be left. */
  readonly done?: () => void;
}

export interface RecordEditorOptions<Draft> {
  readonly draft: Draft;
  readonly version: number | undefined;
  readonly save: (draft: Draft, version: number | undefined) => Promise<Saved<Draft>>;
  /** The newer record, when a save was refused because of one; reads it when the refusal does not bring it. */
  readonly conflict: (
    failure: ApiFailure,
    draft: Draft,
  ) => Promise<Saved<Draft> | undefined> | Saved<Draft> | undefined;
  /** True when nothing is wrong with it. */
  readonly valid: (draft: Draft) => boolean;
}

export interface RecordEditor<Draft> {
  readonly store: StoreApi<Editing<Draft>>;
  edit(change: Partial<Draft>): void;
  /** The record as it was read again. */
  refetched(theirs: Draft, version: number): void;
  /** False when it was not saved; the store says why. */
  save(): Promise<boolean>;
  /** After a conflict: `mine` goes on with what is typed, as a change of theirs; `theirs` takes theirs instead. */
  resolve(choice: 'mine' | 'theirs'): void;
}

export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export function isDirty<Draft>({ base, draft }: Editing<Draft>): boolean {
  return !same(base, draft);
}

/** The members in which two drafts differ. */
export function differing<Draft extends object>(a: Draft, b: Draft): (keyof Draft)[] {
  return (Object.keys({ ...a, ...b }) as (keyof Draft)[]).filter((key) => !same(a[key], b[key]));
}

export function createRecordEditor<Draft extends object>(options: RecordEditorOptions<Draft>): RecordEditor<Draft> {
  const store = createStore<Editing<Draft>>(() => ({
    base: options.draft,
    draft: options.draft,
    version: options.version,
    busy: false,
    failure: undefined,
    conflict: undefined,
    tried: false,
  }));

  /** Theirs with what was touched here kept. */
  const merged = (theirs: Draft): Draft => {
    const { base, draft } = store.getState();
    const touched = differing(base, draft).map((key) => [key, draft[key]]);
    return { ...theirs, ...(Object.fromEntries(touched) as Partial<Draft>) };
  };

  return {
    store,
    edit: (change) => store.setState(({ draft }) => ({ draft: { ...draft, ...change } })),
    refetched(theirs, version) {
      const now = store.getState();
      if (now.busy || now.conflict || now.version === undefined || version <= now.version) return;
      const { base, draft } = now;
      // Where the same field was touched on both sides, the save has to be refused, so that a person decides.
      const mine = differing(base, draft);
      if (differing(base, theirs).some((key) => mine.includes(key))) return;
      store.setState({ base: theirs, draft: merged(theirs), version });
    },
    async save() {
      const { draft, version, busy, conflict } = store.getState();
      if (busy || conflict) return false;
      store.setState({ tried: true, failure: undefined });
      if (!options.valid(draft)) return false;
      store.setState({ busy: true });
      try {
        const saved = await options.save(draft, version);
        // What was typed while the call was under way stays, unsaved.
        const typed = store.getState().draft;
        store.setState({
          base: saved.draft,
          draft: same(typed, draft) ? saved.draft : typed,
          version: saved.version,
          tried: false,
        });
        saved.done?.();
        return true;
      } catch (thrown) {
        const failure = toFailure(thrown);
        const newer = await Promise.resolve(options.conflict(failure, draft)).catch(() => undefined);
        store.setState(newer ? { conflict: { theirs: newer.draft, version: newer.version } } : { failure });
        return false;
      } finally {
        store.setState({ busy: false });
      }
    },
    resolve(choice) {
      const { conflict } = store.getState();
      if (!conflict) return;
      const { theirs, version } = conflict;
      store.setState({
        base: theirs,
        draft: choice === 'theirs' ? theirs : merged(theirs),
        version,
        conflict: undefined,
      });
    },
  };
}
