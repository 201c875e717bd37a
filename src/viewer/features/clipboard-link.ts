/** The viewer's end of the clipboard's frames: what was copied in the session, and what is to be pasted there. */
import {
  CLIP_PIECE_BYTES,
  type ClipFailure,
  type ClipKind,
  type ClipSelection,
  type ClipServerFrame,
  type ClipViewerFrame,
  MAX_CLIP_BYTES,
} from '../../contract/clipboard.ts';
import type { ServerFrame } from '../../contract/socket.ts';

export type ClipContent = ReadonlyMap<ClipKind, Uint8Array>;
export type ClipOffer = Extract<ClipServerFrame, { t: 'clip.offer' }>;

export function isClipFrame(frame: ServerFrame): frame is ClipServerFrame {
  return frame.t.startsWith('clip.');
}

/** Why nothing was fetched or pasted. */
export class ClipRefusal extends Error {
  readonly reason: ClipFailure;

  constructor(reason: ClipFailure) {
    super(`clipboard: ${reason}`);
    this.reason = reason;
  }
}

interface Fetched {
  readonly serial: number;
  readonly kind: ClipKind;
  readonly data: Promise<Uint8Array<ArrayBuffer>>;
}

interface Getting {
  readonly n: number;
  readonly pieces: Uint8Array[];
  readonly resolve: (data: Uint8Array<ArrayBuffer>) => void;
  readonly reject: (error: ClipRefusal) => void;
}

interface Putting {
  readonly n: number;
  readonly data: Uint8Array;
  at: number;
  readonly resolve: () => void;
  readonly reject: (error: ClipRefusal) => void;
}

/** One question at a time, one after the other. Of pastes a newer one takes the place of the one before. */
export class ClipboardLink {
  readonly #send: (frame: ClipViewerFrame) => void;
  readonly #offers = new Map<ClipSelection, ClipOffer>();
  #fetched: Fetched[] = [];
  #queue: Promise<unknown> = Promise.resolve();
  #getting: Getting | undefined;
  #putting: Putting | undefined;
  #n = 0;

  constructor(send: (frame: ClipViewerFrame) => void) {
    this.#send = send;
  }

  /** What programs in the session last put there, unless it is gone. */
  offer(selection: ClipSelection): ClipOffer | undefined {
    return this.#offers.get(selection);
  }

  receive(frame: ClipServerFrame): void {
    switch (frame.t) {
      case 'clip.mode':
        this.lost();
        return;
      case 'clip.offer':
        this.#fetched = this.#fetched.filter(({ serial }) => serial !== this.#offers.get(frame.selection)?.serial);
        if (frame.kinds.length > 0) this.#offers.set(frame.selection, frame);
        else this.#offers.delete(frame.selection);
        return;
      case 'clip.data':
        if (this.#getting?.n === frame.n) this.#got(this.#getting, frame.data, frame.left);
        return;
      case 'clip.next':
        if (this.#putting?.n === frame.n) this.#more(this.#putting);
        return;
      case 'clip.done':
        if (this.#putting?.n === frame.n) this.#endPut()?.resolve();
        return;
      case 'clip.fail': {
        const refusal = new ClipRefusal(frame.reason);
        if (this.#putting?.n === frame.n) this.#endPut()?.reject(refusal);
        if (this.#getting?.n === frame.n) this.#endGet()?.reject(refusal);
      }
    }
  }

  /** What was fetched already is not fetched again. Rejects with a `ClipRefusal`. */
  get({ serial }: ClipOffer, kind: ClipKind): Promise<Uint8Array<ArrayBuffer>> {
    const known = this.#fetched.find((one) => one.serial === serial && one.kind === kind);
    if (known) return known.data;
    const data = this.#queue.then(() => this.#get(serial, kind));
    this.#queue = data.catch(() => undefined);
    const fetched = { serial, kind, data };
    this.#fetched.push(fetched);
    data.catch(() => (this.#fetched = this.#fetched.filter((one) => one !== fetched)));
    return data;
  }

  /** Resolves once programs in the session can paste it. Rejects with a `ClipRefusal`. */
  put(content: ClipContent, selections: readonly ClipSelection[]): Promise<void> {
    this.#endPut()?.reject(new ClipRefusal('replaced'));
    const n = ++this.#n;
    const parts = [...content].map(([kind, data]) => ({ kind, bytes: data.length }));
    if (parts.some(({ bytes }) => bytes > MAX_CLIP_BYTES)) return Promise.reject(new ClipRefusal('too-large'));
    const data = joined([...content.values()]);
    return new Promise((resolve, reject) => {
      this.#putting = { n, data, at: CLIP_PIECE_BYTES, resolve, reject };
      this.#send({
        t: 'clip.put',
        n,
        selections: [...selections],
        parts,
        data: toBase64(data.subarray(0, CLIP_PIECE_BYTES)),
      });
    });
  }

  /** The connection is gone, and with it what was under way. */
  lost(): void {
    this.#offers.clear();
    this.#fetched = [];
    this.#endGet()?.reject(new ClipRefusal('unavailable'));
    this.#endPut()?.reject(new ClipRefusal('unavailable'));
  }

  #get(serial: number, kind: ClipKind): Promise<Uint8Array<ArrayBuffer>> {
    // It was newer than this by the time that it was its turn.
    if (![...this.#offers.values()].some((offer) => offer.serial === serial)) throw new ClipRefusal('gone');
    const n = ++this.#n;
    return new Promise((resolve, reject) => {
      this.#getting = { n, pieces: [], resolve, reject };
      this.#send({ t: 'clip.get', n, serial, kind });
    });
  }

  #got(getting: Getting, data: string, left: number): void {
    getting.pieces.push(fromBase64(data));
    if (left > 0) this.#send({ t: 'clip.next', n: getting.n });
    else this.#endGet()?.resolve(joined(getting.pieces));
  }

  #more(putting: Putting): void {
    const piece = putting.data.subarray(putting.at, putting.at + CLIP_PIECE_BYTES);
    putting.at += piece.length;
    this.#send({ t: 'clip.data', n: putting.n, data: toBase64(piece) });
  }

  #endGet(): Getting | undefined {
    const getting = this.#getting;
    this.#getting = undefined;
    return getting;
  }

  #endPut(): Putting | undefined {
    const putting = this.#putting;
    this.#putting = undefined;
    return putting;
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Arguments of one call. */
const SLICE = 8192;

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += SLICE) text += String.fromCharCode(...bytes.subarray(at, at + SLICE));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
