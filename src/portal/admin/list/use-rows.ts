/** Rows of the server: read when the page opens and when somebody comes back to it, and kept while they are read again. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { toFailure, type ApiFailure } from '../../../api/failure.ts';

export interface Rows<Row> {
  /** `undefined` until they have been read once. */
  readonly rows: readonly Row[] | undefined;
  readonly failure: ApiFailure | undefined;
  readonly busy: boolean;
  readonly reload: () => Promise<void>;
  /** Changes what is shown at once; the next reading has the last word. */
  readonly change: (how: (rows: readonly Row[]) => readonly Row[]) => void;
}

interface State<Row> {
  readonly rows: readonly Row[] | undefined;
  readonly failure: ApiFailure | undefined;
  readonly busy: boolean;
}

/** `read` has to stay the same from render to render, or the rows are read again. */
export function useRows<Row>(read: (signal: AbortSignal) => Promise<readonly Row[]>): Rows<Row> {
  const [state, setState] = useState<State<Row>>({ rows: undefined, failure: undefined, busy: true });
  const running = useRef<AbortController | undefined>(undefined);

  const reload = useCallback(async () => {
    // Of two readings only the later may answer.
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setState((before) => ({ ...before, busy: true }));
    try {
      const rows = await read(abort.signal);
      if (!abort.signal.aborted) setState({ rows, failure: undefined, busy: false });
    } catch (thrown) {
      if (!abort.signal.aborted) setState((before) => ({ ...before, failure: toFailure(thrown), busy: false }));
    } finally {
      if (running.current === abort) running.current = undefined;
    }
  }, [read]);

  useEffect(() => {
    // What is set is what the network answered, later.
    // oxlint-disable-next-line react/set-state-in-effect
    void reload();
    const back = () => {
      if (document.visibilityState === 'visible') void reload();
    };
    document.addEventListener('visibilitychange', back);
    return () => {
      document.removeEventListener('visibilitychange', back);
      running.current?.abort();
    };
  }, [reload]);

  const change = useCallback(
    (how: (rows: readonly Row[]) => readonly Row[]) => {
      setState((before) => (before.rows ? { ...before, rows: how(before.rows) } : before));
      // What is being read just now may not know of it.
      if (running.current) void reload();
    },
    [reload],
  );
  return { ...state, reload, change };
}
