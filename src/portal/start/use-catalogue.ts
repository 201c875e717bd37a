/** Bookmarks and forms to choose from, read when the dialog opens and kept for the next time. */
import { useCallback, useEffect, useState } from 'react';
import type { Bookmark } from '../../contract/bookmark.ts';
import type { Api } from '../../api/client.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';

export interface Catalogue {
  readonly bookmarks: readonly Bookmark[];
  readonly forms: readonly { readonly id: string; readonly name: string; readonly isDefault?: boolean | undefined }[];
}

const kept = new WeakMap<Api, Catalogue>();

async function read(api: Api): Promise<Catalogue> {
  const [{ bookmarks }, forms] = await Promise.all([
    api.call('bookmarks', {}),
    // Without the list of forms everything but choosing one by hand still works.
    api.call('forms', {}).catch(() => []),
  ]);
  const catalogue = { bookmarks, forms };
  kept.set(api, catalogue);
  return catalogue;
}

export interface CatalogueState {
  /** Of the last time, until it has been read again. */
  readonly catalogue: Catalogue | undefined;
  readonly failure: ApiFailure | undefined;
  readonly reload: () => void;
}

export function useCatalogue(): CatalogueState {
  const { api } = useServices();
  const [catalogue, setCatalogue] = useState(() => kept.get(api));
  const [failure, setFailure] = useState<ApiFailure>();

  const load = useCallback(async () => {
    try {
      setCatalogue(await read(api));
      setFailure(undefined);
    } catch (thrown) {
      setFailure(toFailure(thrown));
    }
  }, [api]);
  useEffect(() => {
    // What is set is what the network answered, later.
    // oxlint-disable-next-line react/set-state-in-effect
    void load();
  }, [load]);

  return { catalogue, failure, reload: () => void load() };
}
