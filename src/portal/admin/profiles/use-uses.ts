/** Which bookmarks name a profile. */
import { useCallback, useEffect, useState } from 'react';
import { useServices } from '../../app/services.ts';
import { readAllBookmarks } from '../bookmarks/read-all.ts';

const NONE: readonly string[] = [];

export function useUses(): (profile: string) => readonly string[] {
  const { api } = useServices();
  const [uses, setUses] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  useEffect(() => {
    const abort = new AbortController();
    readAllBookmarks(api, abort.signal).then(
      (all) => {
        const found = new Map<string, string[]>();
        for (const { profile, name } of all) {
          if (profile !== null) found.set(profile, [...(found.get(profile) ?? []), name]);
        }
        setUses(found);
      },
      // Without it the page says of no profile that it is used, and works.
      () => undefined,
    );
    return () => abort.abort();
  }, [api]);
  return useCallback((profile) => uses.get(profile) ?? NONE, [uses]);
}
