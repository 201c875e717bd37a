/** Deletions of one list, with its words; what still waits is sent when the list or the tab is left. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useServices } from '../../app/services.ts';
import { useFailureText } from '../../parts/Failure.tsx';
import { createDeletes, type Deletes, type DeletesOptions, type DeleteWords } from './deletes.ts';

export interface UseDeletes<Row> {
  readonly deletes: Deletes;
  /** The rows without those that are deleted. */
  readonly rows: readonly Row[] | undefined;
}

export function useDeletes<Row>(
  all: readonly Row[] | undefined,
  rowId: (row: Row) => string,
  calls: Pick<DeletesOptions, 'remove' | 'restore' | 'settled'>,
): UseDeletes<Row> {
  const { t } = useTranslation();
  const { notices } = useServices();
  const failureText = useFailureText();
  const words: DeleteWords = {
    deleted: (names) => t('list.deleted', { count: names.length, name: names[0] ?? '' }),
    undo: t('undo'),
    undone: t('list.undone'),
    failed: (name, failure) => t('list.deleteFailed', { name, reason: failureText(failure) }),
    notRestored: (name, failure) => t('list.restoreFailed', { name, reason: failureText(failure) }),
  };
  const latest = useRef({ words, calls });
  useEffect(() => {
    latest.current = { words, calls };
  });
  const restores = calls.restore !== undefined;
  // What is latest is read when something is deleted, never while rendering.
  // oxlint-disable-next-line react/refs
  const [deletes] = useState(() =>
    createDeletes({
      notices,
      words: () => latest.current.words,
      remove: (id, leaving) => latest.current.calls.remove(id, leaving),
      settled: () => latest.current.calls.settled(),
      ...(restores ? { restore: async (id: string) => latest.current.calls.restore?.(id) } : {}),
    }),
  );
  useEffect(() => {
    const leave = () => void deletes.flush(true);
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      void deletes.flush(false);
    };
  }, [deletes]);
  const hidden = useStore(deletes.store, (state) => state.hidden);
  const rows = useMemo(
    () => (hidden.size === 0 ? all : all?.filter((row) => !hidden.has(rowId(row)))),
    [all, hidden, rowId],
  );
  return { deletes, rows };
}
