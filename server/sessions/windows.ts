/**
 * Watches how many windows a person has open on a display, as an ordinary X client. Only rootless sessions need it, so
 * the `x11` package is loaded with the first of them.
 */
import { connect } from 'node:net';
import type { XClient } from 'x11';
import { COOKIE_NAME } from './xauthority.ts';

/** Events come in bursts (map, reparent, property); one look answers a burst. */
const SETTLE_MS = 20;
/** A reply may get lost with a window that goes away while it is asked about; then the look is repeated. */
const LOOK_MS = 300;
const VIEWABLE_OR_HIDDEN_BELOW = 1;
const ANY_TYPE = 0;
/** Windows beyond these are not counted; nobody has as many. */
const MAX_WINDOWS = 4096;

export interface WindowWatch {
  stop(): void;
}

const unanswered = () => new Promise<undefined>((resolve) => setTimeout(resolve, LOOK_MS));

/** `onCount` is called with the first count and with every other one. `onLost`: the X server hung up or refused. */
export async function watchWindows(
  display: number,
  cookie: Buffer,
  onCount: (count: number) => void,
  onLost: () => void,
): Promise<WindowWatch> {
  const { default: x11 } = await import('x11');
  const stream = connect(`/tmp/.X11-unix/X${display}`);
  let stopped = false;
  const lost = () => {
    if (stopped) return;
    stopped = true;
    stream.destroy();
    onLost();
  };
  stream.on('error', lost);
  stream.on('close', lost);

  const auth = { name: COOKIE_NAME, data: cookie.toString('latin1') };
  x11.createClient({ display: `:${display}`, stream, auth, shm: false }, (error, opened) => {
    const root = opened?.screen[0]?.root;
    if (error || root === undefined) {
      lost();
      return;
    }
    const { client } = opened;
    client.on('error', () => undefined);
    client.on('end', lost);
    const look = createLook(client, root);
    let timer: NodeJS.Timeout | undefined;
    let looking = false;
    let last = -1;
    const schedule = () => {
      if (stopped || timer) return;
      timer = setTimeout(() => {
        timer = undefined;
        if (looking) {
          schedule();
          return;
        }
        looking = true;
        void Promise.race([look().catch(() => undefined), unanswered()]).then((count) => {
          looking = false;
          if (count === undefined) schedule();
          if (stopped || count === undefined || count === last) return;
          last = count;
          onCount(count);
        });
      }, SETTLE_MS);
    };
    client.on('event', schedule);
    client.ChangeWindowAttributes(root, {
      eventMask: x11.eventMask.SubstructureNotify | x11.eventMask.PropertyChange,
    });
    schedule();
  });
  return {
    stop: () => {
      stopped = true;
      stream.destroy();
    },
  };
}

/**
 * With a window manager: what it manages (`_NET_CLIENT_LIST`, EWMH), minimised windows included. Without: the children
 * of the root that are mapped and did not ask to be left alone (menus, tooltips).
 */
function createLook(client: XClient, root: number): () => Promise<number> {
  const atom = (name: string) =>
    new Promise<number>((resolve) => client.InternAtom(false, name, (error, value) => resolve(error ? 0 : value)));
  const property = (window: number, name: number) =>
    new Promise<Buffer>((resolve) =>
      client.GetProperty(0, window, name, ANY_TYPE, 0, MAX_WINDOWS, (error, value) =>
        resolve(error ? Buffer.alloc(0) : value.data),
      ),
    );
  const counts = (window: number) =>
    new Promise<boolean>((resolve) =>
      client.GetWindowAttributes(window, (error, attributes) =>
        resolve(!error && attributes.overrideRedirect === 0 && attributes.mapState >= VIEWABLE_OR_HIDDEN_BELOW),
      ),
    );
  const atoms = Promise.all([atom('_NET_SUPPORTING_WM_CHECK'), atom('_NET_CLIENT_LIST')]);

  return async () => {
    const [managerName, listName] = await atoms;
    const manager = await property(root, managerName);
    if (manager.length >= 4) return Math.floor((await property(root, listName)).length / 4);
    const children = await new Promise<number[]>((resolve) =>
      client.QueryTree(root, (error, tree) => resolve(error ? [] : tree.children)),
    );
    const counted = await Promise.all(children.slice(0, MAX_WINDOWS).map(counts));
    return counted.filter(Boolean).length;
  };
}
