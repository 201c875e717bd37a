/**
 * What the page was opened with, read once and taken out of the address bar and the history at once: the address holds
 * a ticket. What survives a reload (which session, which slot of the store) is kept in the history entry's state, which
 * belongs to this frame alone; the resume token itself is in `sessionStorage`.
 */
import * as z from 'zod/mini';
import { SessionId } from '../contract/session.ts';
import { decodeViewerData, ViewerUi, type ViewerData } from '../contract/xrdp.ts';

export type Opened =
  | { readonly kind: 'data'; readonly data: ViewerData; readonly slot: string }
  /** Opened before, in this frame: a reload. */
  | { readonly kind: 'again'; readonly id: string; readonly slot: string; readonly ui: ViewerUi }
  /** No data: an error, or a frame that a portal opened ahead of its session. */
  | { readonly kind: 'empty'; readonly slot: string }
  | { readonly kind: 'unreadable'; readonly problem: 'base64' | 'utf8' | 'json' | 'member'; readonly member?: string };

const Kept = z.object({
  casement: z.object({ id: SessionId, slot: z.string().check(z.maxLength(64)), ui: ViewerUi }),
});

interface PageWindow {
  readonly location: Pick<Location, 'hash' | 'search' | 'pathname'>;
  readonly history: Pick<History, 'state' | 'replaceState'>;
}

/** Both places an address may hold data in: `#BASE64`, and for old integrations `?data=BASE64` or `?BASE64`. */
function dataIn(location: PageWindow['location']): string {
  const raw = location.hash.slice(1) || location.search.slice(1).replace(/^data=/, '');
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

export function readAddress(window: PageWindow): Opened {
  const text = dataIn(window.location);
  const before = Kept.safeParse(window.history.state);
  if (text === '') {
    if (before.success) return { kind: 'again', ...before.data.casement };
    return { kind: 'empty', slot: newSlot() };
  }
  const slot = newSlot();
  const decoded = decodeViewerData(text);
  if (!decoded.ok) {
    window.history.replaceState(null, '', window.location.pathname);
    return { kind: 'unreadable', problem: decoded.problem, ...(decoded.member ? { member: decoded.member } : {}) };
  }
  const { data } = decoded;
  if (!SessionId.safeParse(data.id).success) {
    window.history.replaceState(null, '', window.location.pathname);
    return { kind: 'unreadable', problem: 'member', member: 'id' };
  }
  keepForReload(window, data.id, slot, data.ui ?? {});
  return { kind: 'data', data, slot };
}

/** So that a reload finds its session again. Leaves an address without data. */
export function keepForReload(window: PageWindow, id: string, slot: string, ui: ViewerUi): void {
  window.history.replaceState({ casement: { id, slot, ui } }, '', window.location.pathname);
}

function newSlot(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join('-');
}
