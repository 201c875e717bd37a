/** The bookmarks that fit what is searched for, page by page; the first page of everything is in the catalogue. */
import { useEffect, useRef, useState } from 'react';
import type { Bookmark } from '../../contract/bookmark.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import { useServices } from '../app/services.ts';
import type { Catalogue } from './use-catalogue.ts';

export interface Wanted {
  readonly search: string;
  /** A tag, or one of the lists that are not made of tags. */
  readonly filter: { readonly tag: string } | 'all' | 'favourites' | 'own';
}

export interface Found {
  readonly bookmarks: readonly Bookmark[];
  readonly total: number;
  readonly loading: boolean;
  readonly failure: ApiFailure | undefined;
  readonly more: () => void;
}

/** What was found so far for one search in one catalogue. */
interface Page {
  readonly key: string;
  readonly catalogue: Catalogue;
  readonly bookmarks: readonly Bookmark[];
  readonly total: number;
}

const PAUSE_MS = 150;

export function useBookmarks(catalogue: Catalogue, { search, filter }: Wanted): Found {
  const { api } = useServices();
  const words = search.trim();
  const tag = typeof filter === 'object' ? filter.tag : undefined;
  const list = typeof filter === 'string' ? filter : 'all';
  const key = JSON.stringify([words, list, tag]);
  const plain = words === '' && list === 'all' && tag === undefined;
  const first = { bookmarks: catalogue.bookmarks, total: Math.max(catalogue.total, catalogue.bookmarks.length) };
  const [found, setFound] = useState<Page>();
  const [failed, setFailed] = useState<{ key: string; failure: ApiFailure }>();
  const reading = useRef('');

  // A list of everything begins anew with each catalogue; a search shows what it found until it has looked again.
  const isOf = found?.key === key && (!plain || found.catalogue === catalogue);
  const shown = isOf ? found : plain ? first : undefined;

  function read(of: Pick<Page, 'key' | 'catalogue'>, start: number, before: readonly Bookmark[]): void {
    const mark = `${of.key}${start}`;
    if (reading.current === mark) return;
    reading.current = mark;
    const query = {
      ...(words === '' ? {} : { search: words }),
      ...(tag === undefined ? {} : { tag }),
      ...(list === 'favourites' ? { favourite: 'true' as const } : {}),
      ...(list === 'own' ? { kind: 'own' as const } : {}),
      start,
    };
    api
      .call('bookmarks', query)
      .then(({ bookmarks, total }) => {
        // What was typed meanwhile has its own answer.
        if (reading.current !== mark) return;
        const known = new Set(before.map(({ id }) => id));
        setFound({ ...of, bookmarks: [...before, ...bookmarks.filter(({ id }) => !known.has(id))], total });
        setFailed(undefined);
      })
      .catch((thrown: unknown) => {
        if (reading.current === mark) setFailed({ key, failure: toFailure(thrown) });
      })
      .finally(() => {
        if (reading.current === mark) reading.current = '';
      });
  }

  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  // A change of the catalogue (a star, a new bookmark) is a change of every list.
  useEffect(() => {
    if (plain) return undefined;
    const timer = setTimeout(() => latest.current({ key, catalogue }, 0, []), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [key, plain, catalogue]);

  return {
    bookmarks: shown?.bookmarks ?? found?.bookmarks ?? [],
    total: shown?.total ?? 0,
    loading: !shown,
    failure: failed?.key === key ? failed.failure : undefined,
    more: () => {
      if (shown && shown.bookmarks.length < shown.total)
        read({ key, catalogue }, shown.bookmarks.length, shown.bookmarks);
    },
  };
}
