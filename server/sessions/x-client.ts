/**
 * An ordinary X client of a session's display. The `x11` package is loaded with the first of them, since most sessions
 * never need one.
 */
import { connect } from 'node:net';
import type { X11, XClient, XEvent } from 'x11';
import { COOKIE_NAME } from './xauthority.ts';

const ANY_TYPE = 0;
/** In units of four bytes: a megabyte, and what is longer is nothing that we ask for. */
const MAX_PROPERTY = 1 << 18;

export interface XConnection {
  readonly x11: X11;
  readonly client: XClient;
  readonly root: number;
  atom(name: string): Promise<number>;
  /** Empty where there is none. */
  property(window: number, name: number): Promise<Buffer>;
  close(): void;
}

/** The package has one table of atoms for all clients, but displays number them on their own. Before the first is asked for. */
export function ownAtoms(client: XClient): void {
  client.atoms = { ...client.atoms };
}

/** `onLost`: the X server hung up or refused, and nothing more will come; not after `close`. */
export async function openX(
  display: number,
  cookie: Buffer,
  heard: { onEvent(event: XEvent): void; onLost(): void },
): Promise<XConnection> {
  const { default: x11 } = await import('x11');
  const stream = connect(`/tmp/.X11-unix/X${display}`);
  const auth = { name: COOKIE_NAME, data: cookie.toString('latin1') };
  return new Promise((resolve, reject) => {
    let over = false;
    const lost = () => {
      if (over) return;
      over = true;
      stream.destroy();
      reject(new Error('the display is gone'));
      heard.onLost();
    };
    stream.on('error', lost);
    stream.on('close', lost);
    x11.createClient({ display: `:${display}`, stream, auth, shm: false }, (error, opened) => {
      const root = opened?.screen[0]?.root;
      if (error || root === undefined) {
        lost();
        return;
      }
      const { client } = opened;
      ownAtoms(client);
      // A window that has just gone away is no reason to end.
      client.on('error', () => undefined);
      client.on('end', lost);
      client.on('event', (event) => {
        if (!over) heard.onEvent(event);
      });
      const atoms = new Map<string, Promise<number>>();
      resolve({
        x11,
        client,
        root,
        atom(name) {
          const known = atoms.get(name);
          if (known) return known;
          const asked = new Promise<number>((done) =>
            client.InternAtom(false, name, (failed, value) => done(failed ? 0 : value)),
          );
          atoms.set(name, asked);
          return asked;
        },
        property: (window, name) =>
          new Promise((done) =>
            client.GetProperty(0, window, name, ANY_TYPE, 0, MAX_PROPERTY, (failed, value) =>
              done(failed ? Buffer.alloc(0) : value.data),
            ),
          ),
        close() {
          over = true;
          stream.destroy();
        },
      });
    });
  });
}
