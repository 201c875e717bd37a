/** What one call answers with, as it was last: asked for when the page is opened, and again when it wants. */
import { useCallback, useEffect, useState } from 'react';
import { toFailure, type ApiFailure } from '../../api/failure.ts';

export interface Loaded<Value> {
  readonly value: Value | undefined;
  /** Why there is none, or none newer. */
  readonly failure: ApiFailure | undefined;
  readonly reload: () => void;
}

/** `call` has to be the same function as long as it asks the same. */
export function useLoaded<Value>(call: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<Omit<Loaded<Value>, 'reload'>>({ value: undefined, failure: undefined });
  const reload = useCallback(() => {
    call().then(
      (value) => setState({ value, failure: undefined }),
      (thrown: unknown) => setState(({ value }) => ({ value, failure: toFailure(thrown) })),
    );
  }, [call]);
  useEffect(reload, [reload]);
  return { ...state, reload };
}
