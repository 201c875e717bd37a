/** An X client with one hidden window, for whoever owns and reads selections of a display. */
import { connect } from 'node:net';
import type { Fixes, XClient, XEvent } from 'x11';
import { ownAtoms } from './x-client.ts';
import { COOKIE_NAME } from './xauthority.ts';

const INPUT_ONLY = 2;
/** Of XFIXES: a new owner, the owner's window is gone, the owner's connection is gone. */
const ALL_CHANGES = 7;
const ANY_TYPE = 0;
const REPLACE = 0;
/** In words of 32 bits: a mebibyte. */
const PIECE_WORDS = 262_144;

const NAMES = [
  'CLIPBOARD',
  'PRIMARY',
  'TARGETS',
  'MULTIPLE',
  'TIMESTAMP',
  'INCR',
  'ATOM',
  'ATOM_PAIR',
  'INTEGER',
  'UTF8_STRING',
  'STRING',
  'TEXT',
  'text/plain',
  'text/plain;charset=utf-8',
  'text/html',
  'image/png',
  'CASEMENT_0',
  'CASEMENT_1',
  'CASEMENT_2',
  'CASEMENT_3',
  'CASEMENT_TIME',
] as const;
export type AtomName = (typeof NAMES)[number];
export type Atoms = Readonly<Record<AtomName, number>>;

/** Properties of the window in turn, so that an answer that comes late is not taken for that to the next question. */
export const TRANSFERS = ['CASEMENT_0', 'CASEMENT_1', 'CASEMENT_2', 'CASEMENT_3'] as const;

export interface XProperty {
  readonly type: number;
  readonly data: Buffer;
}

type Listener = (event: XEvent) => void;

/** Owns its connection. */
export class ClipboardDisplay {
  readonly client: XClient;
  readonly window: number;
  readonly atoms: Atoms;
  readonly #listeners = new Set<Listener>();

  private constructor(client: XClient, window: number, atoms: Atoms) {
    this.client = client;
    this.window = window;
    this.atoms = atoms;
    client.on('event', (event) => {
      for (const listener of this.#listeners) listener(event);
    });
  }

  /** Rejects where the X server cannot be reached or has no XFIXES; `onLost` is called once when it goes away later. */
  static async open(display: number, cookie: Buffer, onLost: () => void): Promise<ClipboardDisplay> {
    const { default: x11 } = await import('x11');
    const stream = connect(`/tmp/.X11-unix/X${display}`);
    return new Promise((resolve, reject) => {
      let opened = false;
      const lost = () => {
        stream.destroy();
        if (opened) onLost();
        else reject(new Error('the X server hung up'));
        opened = false;
      };
      stream.on('error', lost);
      stream.on('close', lost);
      const auth = { name: COOKIE_NAME, data: cookie.toString('latin1') };
      x11.createClient({ display: `:${display}`, stream, auth, shm: false }, (error, found) => {
        const root = found?.screen[0]?.root;
        if (error || root === undefined) {
          lost();
          return;
        }
        const { client } = found;
        ownAtoms(client);
        // Windows of others go away while they are spoken with.
        client.on('error', () => undefined);
        client.on('end', lost);
        prepare(client, root, x11.eventMask.PropertyChange).then(({ window, atoms, fixes }) => {
          const made = new ClipboardDisplay(client, window, atoms);
          for (const name of ['CLIPBOARD', 'PRIMARY'] as const) {
            fixes.SelectSelectionInput(window, atoms[name], ALL_CHANGES);
          }
          opened = true;
          resolve(made);
        }, lost);
      });
    });
  }

  /** Returns the way to stop. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  owner(selection: number): Promise<number> {
    return new Promise((resolve) =>
      this.client.GetSelectionOwner(selection, (error, owner) => resolve(error ? 0 : owner)),
    );
  }

  /** The server's clock, as it is told with a change of a property. */
  now(): Promise<number> {
    return new Promise((resolve) => {
      const stop = this.listen((event) => {
        if (event.name !== 'PropertyNotify' || event.atom !== this.atoms.CASEMENT_TIME) return;
        stop();
        resolve(event.time);
      });
      this.client.ChangeProperty(
        REPLACE,
        this.window,
        this.atoms.CASEMENT_TIME,
        this.atoms.INTEGER,
        8,
        Buffer.alloc(0),
      );
    });
  }

  /** Whole, and deletes it. Beyond `limit` bytes it is read no further, only deleted; `data` is cut short then. */
  async take(window: number, name: number, limit: number): Promise<XProperty> {
    const pieces: Buffer[] = [];
    let words = 0;
    let bytes = 0;
    for (;;) {
      const piece = await this.#property(window, name, words);
      bytes += piece.data.length;
      words += PIECE_WORDS;
      pieces.push(piece.data);
      if (piece.bytesAfter === 0) return { type: piece.type, data: Buffer.concat(pieces) };
      if (bytes > limit) {
        this.client.DeleteProperty(window, name);
        return { type: piece.type, data: Buffer.concat(pieces) };
      }
    }
  }

  close(): void {
    this.#listeners.clear();
    this.client.terminate();
  }

  #property(window: number, name: number, offset: number) {
    return new Promise<XProperty & { bytesAfter: number }>((resolve) =>
      this.client.GetProperty(1, window, name, ANY_TYPE, offset, PIECE_WORDS, (error, value) => {
        resolve(error ? { type: 0, data: Buffer.alloc(0), bytesAfter: 0 } : value);
        return true;
      }),
    );
  }
}

async function prepare(client: XClient, root: number, eventMask: number) {
  const atom = (name: string) =>
    new Promise<number>((resolve, reject) =>
      client.InternAtom(false, name, (error, value) => (error ? reject(error) : resolve(value))),
    );
  const numbers = await Promise.all(NAMES.map(atom));
  const atoms = Object.fromEntries(NAMES.map((name, index) => [name, numbers[index] ?? 0])) as Record<AtomName, number>;
  const fixes = await new Promise<Fixes>((resolve, reject) =>
    client.require('fixes', (error, found) => (error ? reject(error) : resolve(found))),
  );
  const window = client.AllocID();
  client.CreateWindow(window, root, -1, -1, 1, 1, 0, 0, INPUT_ONLY, 0, { eventMask });
  return { window, atoms, fixes };
}
