/** CLIPBOARD and PRIMARY of one display: what programs put there, and what is put there for them. */
import { type ClipKind, type ClipSelection, MAX_CLIP_BYTES } from '../../src/contract/clipboard.ts';
import { type AtomName, ClipboardDisplay } from './clipboard-display.ts';
import { type ClipContent, SelectionOwner } from './clipboard-owner.ts';
import { ClipError, SelectionReader } from './clipboard-reader.ts';

/** Programs that change a selection without end (a pointer that drags over text) are asked no more often than this. */
const REST_MS = 100;
/** Nobody offers as many kinds. */
const MAX_TARGETS_BYTES = 16 * 1024;

const ATOM_OF = { clipboard: 'CLIPBOARD', primary: 'PRIMARY' } as const satisfies Record<ClipSelection, AtomName>;
/** In order of preference. */
const SOURCES: Readonly<Record<ClipKind, readonly AtomName[]>> = {
  text: ['UTF8_STRING', 'text/plain;charset=utf-8', 'STRING', 'TEXT', 'text/plain'],
  html: ['text/html'],
  png: ['image/png'],
};

export interface SelectionEvents {
  /** Another program's. No kinds: there is nothing (more), or nothing that we know. Not `fresh`: it was there before. */
  changed(selection: ClipSelection, kinds: ClipKind[], fresh: boolean): void;
  /** Once, when the X server hung up. */
  lost(): void;
}

interface Watched {
  readonly selection: ClipSelection;
  owner: number;
  targets: ReadonlySet<number> | undefined;
  looking: boolean;
  again: boolean;
  fresh: boolean;
}

export class Selections {
  readonly #display: ClipboardDisplay;
  readonly #events: SelectionEvents;
  readonly #reader: SelectionReader;
  readonly #owner: SelectionOwner;
  readonly #watched: ReadonlyMap<number, Watched>;
  #closed = false;

  private constructor(display: ClipboardDisplay, events: SelectionEvents) {
    this.#display = display;
    this.#events = events;
    this.#reader = new SelectionReader(display);
    this.#owner = new SelectionOwner(display);
    const watch = (selection: ClipSelection): [number, Watched] => [
      display.atoms[ATOM_OF[selection]],
      { selection, owner: 0, targets: undefined, looking: false, again: false, fresh: false },
    ];
    this.#watched = new Map([watch('clipboard'), watch('primary')]);
    display.listen((event) => {
      if (event.name === 'SelectionNotify' && 'subtype' in event)
        this.#onOwner(event.selection, event.owner, event.selectionTimestamp, true);
    });
  }

  /** Tells what is there already as a first change of each. */
  static async open(display: number, cookie: Buffer, events: SelectionEvents): Promise<Selections> {
    let made: Selections | undefined;
    const opened = await ClipboardDisplay.open(display, cookie, () => {
      made?.close();
      events.lost();
    });
    made = new Selections(opened, events);
    for (const atom of made.#watched.keys()) made.#onOwner(atom, await opened.owner(atom), 0, false);
    return made;
  }

  /** Rejects with a `ClipError`. */
  async own(selections: readonly ClipSelection[], content: ClipContent): Promise<void> {
    if (this.#closed) throw new ClipError('unavailable');
    const atoms = selections.map((selection) => this.#display.atoms[ATOM_OF[selection]]);
    if (!(await this.#owner.own(atoms, content))) throw new ClipError('replaced');
  }

  /** UTF-8, or a PNG file. Rejects with a `ClipError`. */
  async fetch(selection: ClipSelection, kind: ClipKind): Promise<Buffer> {
    const { atoms } = this.#display;
    const atom = atoms[ATOM_OF[selection]];
    const known = this.#watched.get(atom)?.targets;
    const source = SOURCES[kind].find((name) => known?.has(atoms[name])) ?? SOURCES[kind][0] ?? 'UTF8_STRING';
    const { type, data } = await this.#reader.read(atom, atoms[source], MAX_CLIP_BYTES);
    if (kind === 'png') return data;
    const text = decode(data, type === atoms.STRING);
    const utf8 = Buffer.from(text);
    if (utf8.length > MAX_CLIP_BYTES) throw new ClipError('too-large');
    return utf8;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#reader.close();
    this.#owner.close();
    this.#display.close();
  }

  #onOwner(atom: number, owner: number, time: number, fresh: boolean): void {
    const watched = this.#watched.get(atom);
    if (!watched || this.#closed) return;
    watched.owner = owner;
    watched.fresh = fresh;
    this.#reader.ownerChanged(atom);
    if (owner !== this.#display.window) this.#owner.lost(atom, time);
    if (watched.looking) watched.again = true;
    else void this.#look(atom, watched);
  }

  async #look(atom: number, watched: Watched): Promise<void> {
    watched.looking = true;
    do {
      watched.again = false;
      watched.targets = undefined;
      const others = watched.owner !== 0 && watched.owner !== this.#display.window;
      const kinds = others ? await this.#kinds(atom, watched) : [];
      if (this.#closed) return;
      // What is outdated already is told as well: of changes without end one hears, though not of each.
      this.#events.changed(watched.selection, kinds, watched.fresh);
      if (watched.again) await new Promise((resolve) => setTimeout(resolve, REST_MS).unref());
    } while (watched.again && !this.#closed);
    watched.looking = false;
  }

  async #kinds(atom: number, watched: Watched): Promise<ClipKind[]> {
    const { atoms } = this.#display;
    try {
      const { data } = await this.#reader.read(atom, atoms.TARGETS, MAX_TARGETS_BYTES);
      const targets = new Set<number>();
      for (let at = 0; at + 4 <= data.length; at += 4) targets.add(data.readUInt32LE(at));
      watched.targets = targets;
      const kinds = ['text', 'html', 'png'] as const;
      return kinds.filter((kind) => SOURCES[kind].some((name) => targets.has(atoms[name])));
    } catch {
      // Programs of old have text and no list; one that does not answer shows when somebody asks for the text.
      return ['text'];
    }
  }
}

/** What is no UTF-8 becomes replacement characters. Some programs give HTML in UTF-16, with a mark in front. */
function decode(data: Buffer, latin1: boolean): string {
  if (latin1) return data.toString('latin1');
  const utf16 = data.length >= 2 && data[0] === 0xff && data[1] === 0xfe;
  // Programs in C count the zero at the end.
  return new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(data).replace(/\0+$/, '');
}
