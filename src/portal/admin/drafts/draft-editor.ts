/**
 * Something kept in revisions while it is edited: what is typed, what the server has, and what came between. Plain
 * TypeScript beside React, so that typing survives whatever is drawn.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';

export interface Editing<Saved, Typed> {
  /** What the server has, as far as this page has seen it. */
  readonly saved: Saved | undefined;
  readonly typed: Typed;
  readonly busy: boolean;
  readonly failure: ApiFailure | undefined;
  /** Somebody else's save that the typed text does not know of. */
  readonly conflict: Saved | undefined;
}

/** How one kind of thing is read and written. */
export interface DraftKind<Saved, Typed> {
  /** Before anything was read. */
  readonly blank: Typed;
  typedOf(saved: Saved): Typed;
  same(one: Typed, other: Typed): boolean;
  load(): Promise<Saved>;
  save(typed: Typed, revision: number): Promise<Saved>;
  publish(revision: number): Promise<Saved>;
  rollBack(revision: number): Promise<Saved>;
  /** What somebody else saved, if that is why a call failed. */
  conflictIn(failure: ApiFailure): Saved | undefined;
}

export interface DraftEditor<Saved, Typed> {
  readonly store: StoreApi<Editing<Saved, Typed>>;
  isDirty(): boolean;
  load(): Promise<void>;
  edit(change: Partial<Typed>): void;
  /** False when it was not saved; the store says why. */
  save(): Promise<boolean>;
  publish(): Promise<boolean>;
  rollBack(revision: number): Promise<boolean>;
  /** Any other call that answers with what the server has now; a text that is typed and not saved stays. */
  change(call: () => Promise<Saved>): Promise<boolean>;
  /** After a conflict: `mine` goes on with the typed text, as a change of theirs; `theirs` takes theirs instead. */
  resolve(choice: 'mine' | 'theirs'): void;
}

export function createDraftEditor<Saved extends { readonly revision: number }, Typed>(
  kind: DraftKind<Saved, Typed>,
): DraftEditor<Saved, Typed> {
  const store = createStore<Editing<Saved, Typed>>(() => ({
    saved: undefined,
    typed: kind.blank,
    busy: false,
    failure: undefined,
    conflict: undefined,
  }));

  /** One call at a time; what fails is shown and changes nothing that was typed. */
  async function run(call: () => Promise<Saved>, arrived: (saved: Saved) => void): Promise<boolean> {
    if (store.getState().busy) return false;
    store.setState({ busy: true, failure: undefined });
    try {
      arrived(await call());
      return true;
    } catch (thrown) {
      const failure = toFailure(thrown);
      const conflict = kind.conflictIn(failure);
      store.setState(conflict ? { conflict } : { failure });
      return false;
    } finally {
      store.setState({ busy: false });
    }
  }

  const show = (saved: Saved) => store.setState({ saved, typed: kind.typedOf(saved) });

  function isDirty(): boolean {
    const { saved, typed } = store.getState();
    return saved !== undefined && !kind.same(typed, kind.typedOf(saved));
  }

  async function save(): Promise<boolean> {
    const { saved, typed, conflict } = store.getState();
    if (!saved || conflict) return false;
    if (!isDirty()) return true;
    return run(
      () => kind.save(typed, saved.revision),
      // What was typed while the call was under way stays as it is, and unsaved.
      (now) => store.setState({ saved: now }),
    );
  }

  async function change(call: () => Promise<Saved>): Promise<boolean> {
    const wasDirty = isDirty();
    const { typed } = store.getState();
    return run(
      call,
      // What is typed and not saved, maybe just now, is a change of whatever is the newest now.
      (saved) => (wasDirty || !kind.same(typed, store.getState().typed) ? store.setState({ saved }) : show(saved)),
    );
  }

  return {
    store,
    isDirty,
    load: async () => void (await run(() => kind.load(), show)),
    edit: (typed) => store.setState((state) => ({ typed: { ...state.typed, ...typed } })),
    save,
    async publish() {
      if (!(await save())) return false;
      const { saved } = store.getState();
      if (!saved) return false;
      return run(
        () => kind.publish(saved.revision),
        (published) => store.setState({ saved: published }),
      );
    },
    rollBack: async (revision) => change(() => kind.rollBack(revision)),
    change,
    resolve(choice) {
      const { conflict } = store.getState();
      if (!conflict) return;
      if (choice === 'theirs') show(conflict);
      store.setState({ saved: conflict, conflict: undefined });
    },
  };
}
