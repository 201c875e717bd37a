/**
 * The one viewer frame of the page. It lives outside React: an iframe that is moved or rendered anew loads again.
 *
 * The frame can be there before its session: warmed up, the viewer has loaded its code, its worker and its decoder and
 * waits for a ticket, so that what is left between "started" and the first picture is one ticket and one socket.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Api } from '../../api/client.ts';
import { toFailure, type ApiFailure } from '../../api/failure.ts';
import type { PasswordAnswer, ViewerState } from '../../embed/messages.ts';
import { createViewer, ViewerError, type ViewerHandle } from '../../embed/viewer-frame.ts';

export interface StageState {
  /** The session that is shown; `undefined` while the frame only warms up, or is not there. */
  readonly id: string | undefined;
  readonly viewer: ViewerState;
  /** Why there was no ticket. */
  readonly failure: ApiFailure | undefined;
  /** The desktop's own title, where it has one. */
  readonly title: string | undefined;
}

export interface ViewerStage {
  readonly store: StoreApi<StageState>;
  /** Loads the viewer's code ahead of need. */
  warm(): void;
  /** Shows this session; a frame that shows it already is left alone. */
  open(id: string): void;
  /** Asks for a new ticket and loads the viewer again. */
  again(): void;
  /** Takes the frame away; the session goes on. */
  close(): void;
  focus(): void;
  /** Pixels that a viewer of this page has, for a session that is to fit. */
  size(): { width: number; height: number };
}

export interface StageOptions {
  readonly api: () => Api;
  readonly document: Document;
  /** Path of the viewer's page, `/xrdp` on a server. */
  readonly viewerPath: string;
  readonly create?: typeof createViewer;
}

const NONE: StageState = { id: undefined, viewer: { state: 'loading' }, failure: undefined, title: undefined };

interface Wait {
  readonly resolve: (id: string) => void;
  readonly reject: (error: Error) => void;
}

export function createViewerStage(options: StageOptions): ViewerStage {
  const store = createStore<StageState>(() => NONE);
  const create = options.create ?? createViewer;
  const { document } = options;
  let place: HTMLElement | undefined;
  let viewer: ViewerHandle | undefined;
  /** A warm viewer that has asked for its ticket before there is a session. */
  let waiting: Wait[] = [];
  /** A ticket asked for ahead, together with the session it is for. */
  let ahead: { id: string; ticket: Promise<PasswordAnswer> } | undefined;

  async function ticket(id: string): Promise<PasswordAnswer> {
    const { password, username, geometry, serverId } = await options
      .api()
      .call('connect', { id, parentOrigin: document.defaultView?.location.origin });
    return { id, password, username, geometry, serverId };
  }

  async function getTicket(): Promise<PasswordAnswer> {
    const id =
      store.getState().id ?? (await new Promise<string>((resolve, reject) => waiting.push({ resolve, reject })));
    const early = ahead?.id === id ? ahead.ticket : undefined;
    ahead = undefined;
    try {
      return await (early ?? ticket(id));
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (store.getState().id === id) store.setState({ failure });
      throw new ViewerError(failure.code, failure.message);
    }
  }

  function build(): void {
    place = document.createElement('div');
    place.className = 'viewer-stage';
    place.inert = true;
    document.body.append(place);
    viewer = create(place, { url: options.viewerPath, title: 'Remote desktop', getTicket });
    viewer.on('state', (state) => {
      store.setState({ viewer: state });
      // The keyboard belongs to the desktop as soon as there is one.
      if (state.state === 'connected' && store.getState().id !== undefined) viewer?.focus();
    });
    viewer.on('title', ({ title }) => store.setState({ title }));
  }

  function clear(): void {
    for (const { reject } of waiting) reject(new ViewerError('disconnected', 'The page closed the viewer.'));
    waiting = [];
    ahead = undefined;
    viewer?.dispose();
    place?.remove();
    viewer = undefined;
    place = undefined;
    store.setState(NONE);
  }

  function open(id: string): void {
    if (store.getState().id === id && viewer) return;
    if (store.getState().id !== undefined) clear();
    if (!viewer) build();
    store.setState({ id, failure: undefined });
    ahead = { id, ticket: ticket(id) };
    // Looked at by whoever asks for it; a frame that never asks must not leave an unhandled rejection.
    ahead.ticket.catch(() => undefined);
    for (const { resolve } of waiting) resolve(id);
    waiting = [];
    if (place) {
      place.inert = false;
      place.classList.add('shown');
    }
  }

  return {
    store,
    open,
    close: clear,
    warm() {
      if (!viewer) build();
    },
    again() {
      const { id } = store.getState();
      clear();
      if (id !== undefined) open(id);
    },
    focus() {
      viewer?.focus();
    },
    size() {
      const { clientWidth, clientHeight } = document.documentElement;
      return { width: clientWidth, height: clientHeight };
    },
  };
}
