/**
 * Watches which windows a person has open on a display, raises and closes them, and keeps new ones in view. Only
 * rootless sessions need it.
 */
import type { SessionWindow } from '../../src/contract/socket.ts';
import type { Size } from './max-geometry.ts';
import { openX, type XConnection } from './x-client.ts';

/** Events come in bursts (map, reparent, property); one look answers a burst. */
const SETTLE_MS = 20;
/** A reply may get lost with a window that goes away while it is asked about; then the look is repeated. */
const LOOK_MS = 300;
const VIEWABLE_OR_HIDDEN_BELOW = 1;
/** Windows beyond these are not counted; nobody has as many. */
const MAX_WINDOWS = 4096;
const MAX_TITLE_BYTES = 1024;
/** As much of a new window as can be taken hold of. */
const IN_VIEW = 64;
const ABOVE = 0;
const POINTER_ROOT = 1;
/** To EWMH: a person asked, by something like a pager. */
const FROM_PAGER = 2;

export interface WindowWatch {
  act(id: number, action: 'raise' | 'close'): void;
  stop(): void;
}

const unanswered = () => new Promise<undefined>((resolve) => setTimeout(resolve, LOOK_MS));

/** `onWindows` is called with the first list and with every other one. `onLost`: the X server hung up or refused. */
export async function watchWindows(
  display: number,
  cookie: Buffer,
  onWindows: (windows: readonly SessionWindow[]) => void,
  onLost: () => void,
): Promise<WindowWatch> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let last: readonly SessionWindow[] | undefined;
  let look: (() => Promise<Look>) | undefined;
  const schedule = () => {
    if (stopped || timer || !look) return;
    timer = setTimeout(() => {
      timer = undefined;
      if (looking || !look) {
        schedule();
        return;
      }
      looking = true;
      void Promise.race([look().catch(() => undefined), unanswered()]).then((seen) => {
        looking = false;
        if (!seen) schedule();
        if (stopped || !seen) return;
        const known = new Set(last?.map(({ id }) => id));
        const smaller = seen.screen.width < screen.width || seen.screen.height < screen.height;
        screen = seen.screen;
        for (const { id } of seen.windows) {
          if (!known.has(id)) x.client.ChangeWindowAttributes(id, { eventMask: x.x11.eventMask.PropertyChange });
          if (!known.has(id) || smaller) bringIntoView(x, id, screen);
        }
        managed = seen.managed;
        if (JSON.stringify(seen.windows) === JSON.stringify(last)) return;
        last = seen.windows;
        onWindows(seen.windows);
      });
    }, SETTLE_MS);
  };
  let managed = false;
  let screen: Size = { width: 0, height: 0 };
  const x = await openX(display, cookie, { onEvent: schedule, onLost: () => !stopped && onLost() });
  look = createLook(x);
  x.client.ChangeWindowAttributes(x.root, {
    eventMask: x.x11.eventMask.SubstructureNotify | x.x11.eventMask.StructureNotify | x.x11.eventMask.PropertyChange,
  });
  schedule();
  return {
    act(id, action) {
      // Nobody names a window that is not one of these: the root, or another program's insides.
      if (!last?.some((one) => one.id === id)) return;
      void (action === 'raise' ? raise(x, id, managed) : close(x, id, managed));
    },
    stop: () => {
      stopped = true;
      x.close();
    },
  };
}

interface Look {
  readonly windows: readonly SessionWindow[];
  /** There is a window manager. */
  readonly managed: boolean;
  readonly screen: Size;
}

/**
 * With a window manager: what it manages (`_NET_CLIENT_LIST`, EWMH), minimised windows included. Without: the children
 * of the root that are mapped and did not ask to be left alone (menus, tooltips).
 */
function createLook(x: XConnection): () => Promise<Look> {
  const { client, root } = x;
  const counts = (window: number) =>
    new Promise<boolean>((resolve) =>
      client.GetWindowAttributes(window, (error, attributes) =>
        resolve(!error && attributes.overrideRedirect === 0 && attributes.mapState >= VIEWABLE_OR_HIDDEN_BELOW),
      ),
    );
  const ids = async () => {
    const manager = await x.property(root, await x.atom('_NET_SUPPORTING_WM_CHECK'));
    if (manager.length >= 4)
      return { managed: true, ids: words(await x.property(root, await x.atom('_NET_CLIENT_LIST'))) };
    const children = await new Promise<number[]>((resolve) =>
      client.QueryTree(root, (error, tree) => resolve(error ? [] : tree.children)),
    );
    const counted = await Promise.all(children.slice(0, MAX_WINDOWS).map(counts));
    return { managed: false, ids: children.filter((_, at) => counted[at] === true) };
  };
  const title = async (window: number) => {
    const modern = await x.property(window, await x.atom('_NET_WM_NAME'));
    const bytes = modern.length > 0 ? modern : await x.property(window, await x.atom('WM_NAME'));
    return bytes.subarray(0, MAX_TITLE_BYTES).toString(modern.length > 0 ? 'utf8' : 'latin1');
  };
  const screen = () =>
    new Promise<Size>((resolve, reject) =>
      client.GetGeometry(root, (error, size) => (error ? reject(error) : resolve(pick(size)))),
    );
  return async () => {
    const found = await ids();
    const [active] = words(await x.property(root, await x.atom('_NET_ACTIVE_WINDOW')));
    const windows = found.ids
      .slice(0, MAX_WINDOWS)
      .map(async (id) => ({ id, title: await title(id), active: id === active }));
    return { managed: found.managed, screen: await screen(), windows: await Promise.all(windows) };
  };
}

function words(bytes: Buffer): number[] {
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, at) => bytes.readUInt32LE(at * 4));
}

/** A program may open its window where the screen no longer is, or the screen may go from under it. */
function bringIntoView({ client, root }: XConnection, window: number, screen: Size): void {
  client.GetGeometry(window, (gone, size) => {
    if (gone) return;
    client.TranslateCoordinates(window, root, 0, 0, (lost, place) => {
      if (lost) return;
      const to = inView({ x: place.destX, y: place.destY, ...pick(size) }, screen);
      if (to) client.ConfigureWindow(window, to);
    });
  });
}

const pick = ({ width, height }: Size): Size => ({ width, height });

/** Where a window has to go, so that at least a corner of its title can be seen; `undefined`: it may stay. */
export function inView(
  window: { x: number; y: number; width: number; height: number },
  screen: Size,
): { x: number; y: number } | undefined {
  const within = (at: number, length: number, room: number, start: number) => {
    const out = at + length < IN_VIEW || at > room - IN_VIEW || at < start;
    return out ? Math.max(0, Math.min(at, room - length)) : at;
  };
  const x = within(window.x, window.width, screen.width, -window.width + IN_VIEW);
  const y = within(window.y, window.height, screen.height, 0);
  return x === window.x && y === window.y ? undefined : { x, y };
}

async function raise(x: XConnection, window: number, managed: boolean): Promise<void> {
  if (managed) {
    tell(x, x.root, window, await x.atom('_NET_ACTIVE_WINDOW'), [FROM_PAGER, 0, 0]);
    return;
  }
  x.client.MapWindow(window);
  x.client.ConfigureWindow(window, { stackMode: ABOVE });
  x.client.SetInputFocus(window, POINTER_ROOT);
}

/** Programs that know how are asked, so that they can ask about what is not saved; others lose their display. */
async function close(x: XConnection, window: number, managed: boolean): Promise<void> {
  if (managed) {
    tell(x, x.root, window, await x.atom('_NET_CLOSE_WINDOW'), [0, FROM_PAGER]);
    return;
  }
  const [protocols, remove] = await Promise.all([x.atom('WM_PROTOCOLS'), x.atom('WM_DELETE_WINDOW')]);
  if (words(await x.property(window, protocols)).includes(remove)) {
    x.client.SendClientMessage(window, window, protocols, 32, [remove, 0], 0);
  } else {
    x.client.KillClient(window);
  }
}

function tell(x: XConnection, to: number, about: number, type: number, data: readonly number[]): void {
  const { SubstructureNotify, SubstructureRedirect } = x.x11.eventMask;
  x.client.SendClientMessage(to, about, type, 32, data, SubstructureNotify | SubstructureRedirect);
}
