/** Owns selections with what a viewer brought, and hands it to the programs that ask. */
import type { SelectionRequest } from 'x11';
import type { ClipKind } from '../../src/contract/clipboard.ts';
import type { AtomName, ClipboardDisplay } from './clipboard-display.ts';

/** What is longer goes by INCR: a request of the X protocol holds 256 KiB. */
const PIECE_BYTES = 240 * 1024;
/** A program that asked for something long and takes no piece of it for this time is let go of. */
const PATIENCE_MS = 20_000;
/** Long answers under way at the same time; a program that asks in a loop must not fill the memory. */
const MAX_LONG = 32;
const REPLACE = 0;
const PROPERTY_CHANGE = 0x400000;

/** UTF-8 and PNG files. */
export type ClipContent = ReadonlyMap<ClipKind, Buffer>;

interface Long {
  readonly requestor: number;
  readonly property: number;
  readonly type: number;
  readonly data: Buffer;
  at: number;
  timer: NodeJS.Timeout;
}

/** In the order in which they are offered: the first is what most programs take. */
const TARGETS: readonly (readonly [AtomName, ClipKind])[] = [
  ['UTF8_STRING', 'text'],
  ['text/plain;charset=utf-8', 'text'],
  ['text/plain', 'text'],
  ['STRING', 'text'],
  ['TEXT', 'text'],
  ['text/html', 'html'],
  ['image/png', 'png'],
];

export class SelectionOwner {
  readonly #display: ClipboardDisplay;
  readonly #owned = new Map<number, { content: ClipContent; time: number }>();
  readonly #long = new Map<string, Long>();

  constructor(display: ClipboardDisplay) {
    this.#display = display;
    display.listen((event) => {
      if (event.name === 'SelectionRequest') void this.#answer(event);
      else if (event.name === 'PropertyNotify' && event.state === 1) {
        const long = this.#long.get(`${event.wid} ${event.atom}`);
        if (long) this.#more(long);
      }
    });
  }

  /** False: somebody else has been faster. Once it resolves, programs that ask get this. */
  async own(selections: readonly number[], content: ClipContent): Promise<boolean> {
    const { client, window } = this.#display;
    const time = await this.#display.now();
    for (const selection of selections) {
      this.#owned.set(selection, { content, time });
      client.SetSelectionOwner(window, selection, time);
    }
    const owners = await Promise.all(selections.map((selection) => this.#display.owner(selection)));
    return owners.every((owner) => owner === window);
  }

  /** Somebody else has had it since `time`, by the server's clock. News of before our own turn may come after it. */
  lost(selection: number, time: number): void {
    const owned = this.#owned.get(selection);
    if (owned && ((time - owned.time) | 0) > 0) this.#owned.delete(selection);
  }

  close(): void {
    for (const { timer } of this.#long.values()) clearTimeout(timer);
    this.#long.clear();
  }

  async #answer(request: SelectionRequest): Promise<void> {
    const { client, atoms } = this.#display;
    // Programs of old leave the choice of the property to us.
    const property = request.property === 0 ? request.target : request.property;
    const done =
      request.target === atoms.MULTIPLE
        ? request.property !== 0 && (await this.#multiple(request))
        : this.#put(request, request.target, property);
    const { requestor, selection, target, time } = request;
    client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      time,
      requestor,
      selection,
      target,
      property: done ? property : 0,
    });
  }

  /** Several targets in one question; those that are not there are marked as such in the list. */
  async #multiple(request: SelectionRequest): Promise<boolean> {
    const { client, atoms } = this.#display;
    const { data } = await this.#display.take(request.requestor, request.property, 4096);
    if (data.length === 0 || data.length % 8 !== 0) return false;
    const list = Buffer.from(data);
    for (let at = 0; at < list.length; at += 8) {
      const [target, property] = [list.readUInt32LE(at), list.readUInt32LE(at + 4)];
      if (target === atoms.MULTIPLE || !this.#put(request, target, property)) list.writeUInt32LE(0, at + 4);
    }
    client.ChangeProperty(REPLACE, request.requestor, request.property, atoms.ATOM_PAIR, 32, list);
    return true;
  }

  #put({ requestor, selection }: SelectionRequest, target: number, property: number): boolean {
    const owned = this.#owned.get(selection);
    if (!owned) return false;
    const { client, atoms } = this.#display;
    if (target === atoms.TARGETS) {
      const offered = TARGETS.filter(([, kind]) => owned.content.has(kind)).map(([name]) => atoms[name]);
      const list = words([atoms.TARGETS, atoms.TIMESTAMP, atoms.MULTIPLE, ...offered]);
      client.ChangeProperty(REPLACE, requestor, property, atoms.ATOM, 32, list);
      return true;
    }
    if (target === atoms.TIMESTAMP) {
      client.ChangeProperty(REPLACE, requestor, property, atoms.INTEGER, 32, words([owned.time]));
      return true;
    }
    const [name, kind] = TARGETS.find(([one]) => atoms[one] === target) ?? [];
    const content = kind && owned.content.get(kind);
    if (!content) return false;
    const data = name === 'STRING' ? toLatin1(content) : content;
    const type = name === 'TEXT' ? atoms.UTF8_STRING : target;
    if (data.length <= PIECE_BYTES) {
      client.ChangeProperty(REPLACE, requestor, property, type, 8, data);
      return true;
    }
    return this.#begin(requestor, property, type, data);
  }

  #begin(requestor: number, property: number, type: number, data: Buffer): boolean {
    const { client, atoms } = this.#display;
    const key = `${requestor} ${property}`;
    const former = this.#long.get(key);
    if (former) clearTimeout(former.timer);
    else if (this.#long.size >= MAX_LONG) return false;
    client.ChangeWindowAttributes(requestor, { eventMask: PROPERTY_CHANGE });
    const long: Long = { requestor, property, type, data, at: 0, timer: this.#patience(key) };
    this.#long.set(key, long);
    client.ChangeProperty(REPLACE, requestor, property, atoms.INCR, 32, words([data.length]));
    return true;
  }

  /** The program has taken the piece before. The last one is empty. */
  #more(long: Long): void {
    const { client } = this.#display;
    const { requestor, property, type, data } = long;
    const key = `${requestor} ${property}`;
    clearTimeout(long.timer);
    const piece = data.subarray(long.at, long.at + PIECE_BYTES);
    long.at += piece.length;
    client.ChangeProperty(REPLACE, requestor, property, type, 8, piece);
    if (piece.length > 0) long.timer = this.#patience(key);
    else this.#end(key);
  }

  #patience(key: string): NodeJS.Timeout {
    const timer = setTimeout(() => this.#end(key), PATIENCE_MS);
    timer.unref();
    return timer;
  }

  #end(key: string): void {
    const long = this.#long.get(key);
    if (!long) return;
    this.#long.delete(key);
    clearTimeout(long.timer);
    if ([...this.#long.values()].every(({ requestor }) => requestor !== long.requestor)) {
      this.#display.client.ChangeWindowAttributes(long.requestor, { eventMask: 0 });
    }
  }
}

function words(values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value >>> 0, 4 * index);
  return bytes;
}

/** For programs that know nothing else. What Latin-1 lacks becomes a question mark. */
function toLatin1(utf8: Buffer): Buffer {
  // The pattern of control characters is meant.
  // oxlint-disable-next-line no-control-regex
  return Buffer.from(utf8.toString('utf8').replaceAll(/[^\u0000-\u00ff]/gu, '?'), 'latin1');
}
