/**
 * Deleting with a way back. The rows go from the list at once. Where the server can bring a thing back, it is asked to
 * delete at once; otherwise a little later, or when the page is left, by address or by closing the tab. Either way,
 * what a person saw go is gone. Plain TypeScript beside React.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { Notices } from '../../state/notices.ts';

/** Milliseconds in which it can be undone. */
export const UNDO_MS = 8_000;
/** Milliseconds more, while somebody is on the way to the Undo button with the keyboard. */
const GRACE_MS = 3_000;

export interface DeleteWords {
  readonly deleted: (names: readonly string[]) => string;
  readonly undo: string;
  readonly undone: string;
  readonly failed: (name: string, failure: ApiFailure) => string;
  readonly notRestored: (name: string, failure: ApiFailure) => string;
}

export interface DeletesOptions {
  readonly notices: Notices;
  /** Asks the server. `leaving`: the page is going away, so the call has to outlive it. */
  readonly remove: (id: string, leaving: boolean) => Promise<unknown>;
  /** Brings back what was deleted, with all that it had. */
  readonly restore?: ((id: string) => Promise<unknown>) | undefined;
  /** The server has been asked; what the list shows may be read again. */
  readonly settled: () => void;
  readonly words: () => DeleteWords;
}

export interface Deletes {
  /** Ids that are not to be shown. */
  readonly store: StoreApi<{ readonly hidden: ReadonlySet<string> }>;
  remove(rows: readonly { readonly id: string; readonly name: string }[]): void;
  /** Takes the newest deletion back that still waits; false when there is none. */
  undo(): boolean;
  /** It was saved anew, or is another one by the same id: it is shown, and not deleted any more. */
  kept(id: string): void;
  /** Sends all that waits. */
  flush(leaving: boolean): Promise<void>;
}

interface Waiting {
  rows: readonly { readonly id: string; readonly name: string }[];
  readonly notice: number;
  /** Resolves with the ids that the server has deleted; `undefined` while it has not been asked. */
  asked: Promise<readonly string[]> | undefined;
  timer: ReturnType<typeof setTimeout>;
}

const GONE: readonly string[] = ['not-found', 'bookmark-unknown'];

/** Nothing is taken away while it has the focus. */
const atNotices = () => typeof document !== 'undefined' && Boolean(document.activeElement?.closest('.notices'));

export function createDeletes(options: DeletesOptions): Deletes {
  const { notices } = options;
  const store = createStore<{ readonly hidden: ReadonlySet<string> }>(() => ({ hidden: new Set() }));
  const waiting = new Set<Waiting>();

  const show = (ids: readonly string[]) =>
    store.setState(({ hidden }) => ({ hidden: new Set([...hidden].filter((id) => !ids.includes(id))) }));

  function forget(one: Waiting): boolean {
    clearTimeout(one.timer);
    notices.dismiss(one.notice);
    return waiting.delete(one);
  }

  async function ask(one: Pick<Waiting, 'rows'>, leaving: boolean): Promise<readonly string[]> {
    const gone = await Promise.all(
      one.rows.map(async ({ id, name }) => {
        try {
          await options.remove(id, leaving);
          return [id];
        } catch (thrown) {
          const failure = toFailure(thrown);
          // It is gone already: what was wanted.
          if (GONE.includes(failure.code)) return [];
          show([id]);
          notices.show({ kind: 'error', text: options.words().failed(name, failure) });
          return [];
        }
      }),
    );
    options.settled();
    return gone.flat();
  }

  async function send(one: Waiting, leaving: boolean): Promise<void> {
    if (!forget(one)) return;
    one.asked ??= ask(one, leaving);
    await one.asked;
  }

  async function takeBack(one: Waiting): Promise<void> {
    if (!forget(one)) return;
    const gone = await one.asked;
    const { restore } = options;
    if (gone && restore) {
      await Promise.all(
        one.rows
          .filter(({ id }) => gone.includes(id))
          .map(({ id, name }) =>
            restore(id).catch((thrown: unknown) => {
              notices.show({ kind: 'error', text: options.words().notRestored(name, toFailure(thrown)) });
            }),
          ),
      );
      options.settled();
    }
    show(one.rows.map(({ id }) => id));
    notices.show({ kind: 'info', text: options.words().undone });
  }

  function whenOver(one: Waiting): void {
    if (atNotices()) one.timer = setTimeout(() => whenOver(one), GRACE_MS);
    else void send(one, false);
  }

  return {
    store,
    remove(rows) {
      if (rows.length === 0) return;
      store.setState(({ hidden }) => ({ hidden: new Set([...hidden, ...rows.map(({ id }) => id)]) }));
      const words = options.words();
      const notice = notices.show({
        kind: 'info',
        text: words.deleted(rows.map(({ name }) => name)),
        // Its end is that of the deletion, not the notice's own.
        stays: true,
        action: { label: words.undo, run: () => void takeBack(one) },
      });
      const one: Waiting = {
        rows,
        notice,
        asked: options.restore ? ask({ rows }, false) : undefined,
        timer: setTimeout(() => whenOver(one), UNDO_MS),
      };
      waiting.add(one);
    },
    undo() {
      const newest = [...waiting].at(-1);
      if (newest) void takeBack(newest);
      return newest !== undefined;
    },
    kept(id) {
      show([id]);
      for (const one of waiting) {
        if (one.asked) continue;
        one.rows = one.rows.filter((row) => row.id !== id);
        if (one.rows.length === 0) forget(one);
      }
    },
    async flush(leaving) {
      await Promise.all([...waiting].map((one) => send(one, leaving)));
    },
  };
}
