import { useCallback, useEffect, useState } from 'react';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';

export type LogState =
  | { readonly at: 'loading' }
  | { readonly at: 'read'; readonly log: string; readonly truncated: boolean }
  | { readonly at: 'failed'; readonly failure: ApiFailure };

/** The end of a session's log, at most `bytes` of it, and the way to read it again. */
export function useLog(id: string, bytes: number): { log: LogState; reload: () => void } {
  const { api } = useServices();
  const [log, setLog] = useState<LogState>({ at: 'loading' });

  const read = useCallback(
    async (signal: AbortSignal) => {
      try {
        const result = await api.call('log', { id, bytes }, { signal });
        if (!signal.aborted) setLog({ at: 'read', ...result });
      } catch (thrown) {
        if (!signal.aborted) setLog({ at: 'failed', failure: toFailure(thrown) });
      }
    },
    [api, id, bytes],
  );

  useEffect(() => {
    const abort = new AbortController();
    // What is set is what the network answered, later.
    // oxlint-disable-next-line react/set-state-in-effect
    void read(abort.signal);
    return () => abort.abort();
  }, [read]);

  return { log, reload: () => void read(new AbortController().signal) };
}
