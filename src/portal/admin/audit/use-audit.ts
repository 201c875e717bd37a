/** The audit list, a page at a time from the newest; followed, what is new is asked for every few seconds. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';
import type { ApiInput } from '../../../contract/api.ts';
import type { AuditEntry } from '../../../contract/audit.ts';
import { useServices } from '../../app/services.ts';

export type Filter = Omit<ApiInput<'adminAudit'>, 'limit' | 'cursor'>;

const PAGE = 200;
/** Milliseconds. */
const FOLLOW = 3_000;
/** Milliseconds that an answer may take before it is asked for anew. */
const PATIENCE = 60_000;

interface State {
  readonly entries: readonly AuditEntry[] | undefined;
  readonly next: string | null;
  readonly failure: ApiFailure | undefined;
}

export interface Audit extends State {
  readonly reload: () => Promise<void>;
  readonly older: () => Promise<void>;
}

/** `filter` has to stay the same from render to render as long as it says the same. */
export function useAudit(filter: Filter, follow: boolean): Audit {
  const { api } = useServices();
  const [state, setState] = useState<State>({ entries: undefined, next: null, failure: undefined });
  const reading = useRef(0);
  /** Milliseconds since 1970: since when the newest reading is on its way. */
  const busy = useRef<number>(undefined);

  const read = useCallback(
    async (
      more: ApiInput<'adminAudit'>,
      arrived: (before: State, entries: AuditEntry[], next: string | null) => State,
    ) => {
      const mine = ++reading.current;
      busy.current = Date.now();
      try {
        const { entries, next } = await api.call('adminAudit', { ...filter, limit: PAGE, ...more });
        if (mine === reading.current) setState((before) => arrived(before, entries, next));
      } catch (thrown) {
        if (mine === reading.current) setState((before) => ({ ...before, failure: toFailure(thrown) }));
      } finally {
        if (mine === reading.current) busy.current = undefined;
      }
    },
    [api, filter],
  );
  const reload = useCallback(
    () => read({}, (_before, entries, next) => ({ entries, next, failure: undefined })),
    [read],
  );
  const { next } = state;
  const older = () =>
    next === null
      ? Promise.resolve()
      : read({ cursor: next }, (before, entries, rest) => ({
          entries: [...(before.entries ?? []), ...entries],
          next: rest,
          failure: undefined,
        }));

  useEffect(() => {
    // What is set is what the network answered, later.
    // oxlint-disable-next-line react/set-state-in-effect
    void reload();
    if (!follow) return undefined;
    const timer = setInterval(() => {
      // Where an answer takes longer than that, the next one must not take its place.
      const isBusy = busy.current !== undefined && Date.now() - busy.current < PATIENCE;
      if (document.visibilityState !== 'visible' || isBusy) return;
      void read({}, (before, entries, rest) => {
        const known = before.entries ?? [];
        const newest = known[0]?.id ?? -1;
        const fresh = entries.filter(({ id }) => id > newest);
        // More than a page came in between: the list begins anew, without a hole in it.
        if (fresh.length === entries.length && known.length > 0 && rest !== null) {
          return { entries, next: rest, failure: undefined };
        }
        return { ...before, entries: fresh.length === 0 ? known : [...fresh, ...known], failure: undefined };
      });
    }, FOLLOW);
    return () => clearInterval(timer);
  }, [reload, read, follow]);

  return { ...state, reload, older };
}
