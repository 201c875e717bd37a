/** Bookmarks, past starts and forms to choose from, read when the dialog opens and kept for the next time. */
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import type { Bookmark, BookmarkList, PastStart } from '../../contract/bookmark.ts';
import type { Api } from '../../api/client.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';

export interface Catalogue {
  /** The first page, with what was asked for by its id in front where it is not on it. */
  readonly bookmarks: readonly Bookmark[];
  readonly total: number;
  readonly tags: BookmarkList['tags'];
  readonly past: readonly PastStart[];
  readonly forms: readonly { readonly id: string; readonly name: string; readonly isDefault?: boolean | undefined }[];
}

/** With whose it is: the next person at this page has another. */
const kept = new WeakMap<Api, { readonly login: string | undefined; readonly catalogue: Catalogue }>();

async function read(api: Api, login: string | undefined, wanted: readonly string[]): Promise<Catalogue> {
  const [page, past, forms] = await Promise.all([
    api.call('bookmarks', {}),
    // Without these everything but choosing from them still works.
    api.call('pastStarts', {}).catch(() => []),
    api.call('forms', {}).catch(() => []),
  ]);
  const missing = wanted.filter((id) => id !== '' && !page.bookmarks.some((one) => one.id === id));
  const named = await Promise.all(
    missing.map((id) => api.call('bookmark', {}, { path: { id } }).catch(() => undefined)),
  );
  const more = named.filter((one) => one !== undefined);
  const catalogue = { ...page, bookmarks: [...more, ...page.bookmarks], past, forms };
  kept.set(api, { login, catalogue });
  return catalogue;
}

export interface CatalogueState {
  /** Of the last time, until it has been read again. */
  readonly catalogue: Catalogue | undefined;
  readonly failure: ApiFailure | undefined;
  readonly reload: () => void;
}

/** `wanted`: the id of a bookmark that has to be there even if it is on none of the first pages. */
export function useCatalogue(wanted = ''): CatalogueState {
  const { api, account } = useServices();
  const login = useStore(account.store, ({ account: now }) => (now.at === 'in' ? now.me.login : undefined));
  const [catalogue, setCatalogue] = useState(() => {
    const before = kept.get(api);
    return before?.login === login ? before?.catalogue : undefined;
  });
  const [failure, setFailure] = useState<ApiFailure>();

  const load = useCallback(async () => {
    try {
      setCatalogue(await read(api, login, [wanted]));
      setFailure(undefined);
    } catch (thrown) {
      setFailure(toFailure(thrown));
    }
  }, [api, login, wanted]);
  useEffect(() => {
    // What is set is what the network answered, later.
    // oxlint-disable-next-line react/set-state-in-effect
    void load();
  }, [load]);

  return { catalogue, failure, reload: () => void load() };
}
