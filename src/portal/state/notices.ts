/** Short messages at the edge of the page, and the one way to show them. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export interface NoticeAction {
  readonly label: string;
  run(): void;
}

export interface Notice {
  readonly id: number;
  readonly kind: 'info' | 'success' | 'error';
  readonly text: string;
  readonly action?: NoticeAction;
  /** Goes only when it is closed, or when who showed it takes it away. */
  readonly stays?: boolean;
}

export interface Notices {
  readonly store: StoreApi<{ readonly notices: readonly Notice[] }>;
  /** Shows one; an error stays until it is closed, anything else goes by itself. Returns its id. */
  show(notice: Omit<Notice, 'id'>): number;
  dismiss(id: number): void;
}

/** Milliseconds; long enough to read two lines and to reach the button of one that has one. */
const STAYS = 5_000;
const STAYS_WITH_ACTION = 9_000;
/** More would cover the page; the oldest goes. */
const MOST = 4;

export function createNotices(): Notices {
  const store = createStore<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }));
  let nextId = 1;

  function dismiss(id: number): void {
    store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
  }

  return {
    store,
    dismiss,
    show(notice) {
      const id = nextId++;
      store.setState(({ notices }) => ({ notices: [...notices, { ...notice, id }].slice(-MOST) }));
      if (notice.kind !== 'error' && !notice.stays)
        setTimeout(() => dismiss(id), notice.action ? STAYS_WITH_ACTION : STAYS);
      return id;
    },
  };
}
