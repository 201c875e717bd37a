/**
 * The clipboard of one session, towards its viewers: who is told what, and who may bring something. What is allowed is
 * decided here, for each frame anew; a viewer's page is not asked.
 */
import type { ClipboardMode } from '../../src/contract/allowances.ts';
import type {
  ClipFailure,
  ClipKind,
  ClipSelection,
  ClipServerFrame,
  ClipViewerFrame,
} from '../../src/contract/clipboard.ts';
import type { Role } from '../../src/contract/session.ts';
import { ClipError } from './clipboard-reader.ts';
import { Selections } from './clipboard-selections.ts';
import { Incoming, Outgoing } from './clipboard-transfers.ts';

export interface ClipboardViewer {
  readonly id: string;
  readonly role: Role;
  /** The server's word: this person may use clipboards at all. */
  readonly clipboard: boolean;
  send(frame: ClipServerFrame): void;
}

export interface SessionClipboardOptions {
  /** Of the session's profile. */
  readonly mode: ClipboardMode;
  /** Where the X server is; `undefined` where it is not known. */
  readonly display: () => { readonly display: number; readonly cookie: Buffer } | undefined;
  /** Somebody pasted. */
  readonly input: () => void;
}

interface Offer {
  serial: number;
  kinds: ClipKind[];
}

interface Attached {
  mode: ClipboardMode;
  outgoing: Outgoing | undefined;
  incoming: Incoming | undefined;
  /** Where what comes in goes. */
  selections: readonly ClipSelection[];
  /** Of the question that is being answered. */
  asked: number | undefined;
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A copy is its owner's: neither who only watches nor a guest who was handed the keyboard sees or replaces it. */
export function clipboardModeOf(profile: ClipboardMode, role: Role, permitted: boolean): ClipboardMode {
  return permitted && role === 'master' ? profile : 'off';
}

const outOf = (mode: ClipboardMode) => mode === 'both' || mode === 'to-local';
const into = (mode: ClipboardMode) => mode === 'both' || mode === 'to-remote';
const reasonOf = (error: unknown): ClipFailure => (error instanceof ClipError ? error.reason : 'unavailable');

export class SessionClipboard {
  readonly #options: SessionClipboardOptions;
  readonly #viewers = new Map<ClipboardViewer, Attached>();
  readonly #offers: Record<ClipSelection, Offer> = {
    clipboard: { serial: 0, kinds: [] },
    primary: { serial: 0, kinds: [] },
  };
  #serial = 0;
  #opening: Promise<Selections | undefined> | undefined;
  #stopped = false;

  constructor(options: SessionClipboardOptions) {
    this.#options = options;
  }

  /** At each connection, and after each change of role. */
  connected(viewer: ClipboardViewer): void {
    const mode = clipboardModeOf(this.#options.mode, viewer.role, viewer.clipboard);
    this.#viewers.set(viewer, { mode, outgoing: undefined, incoming: undefined, selections: [], asked: undefined });
    viewer.send({ t: 'clip.mode', mode });
    if (mode === 'off') return;
    // Those who come later are told what the first one was told by the changes.
    if (this.#opening) this.#tellAll(viewer);
    else void this.#open();
  }

  left(viewer: ClipboardViewer): void {
    this.#viewers.delete(viewer);
  }

  receive(viewer: ClipboardViewer, frame: ClipViewerFrame): void {
    const attached = this.#viewers.get(viewer);
    if (!attached) return;
    // The role may have changed since.
    attached.mode = clipboardModeOf(this.#options.mode, viewer.role, viewer.clipboard);
    switch (frame.t) {
      case 'clip.get':
        void this.#get(viewer, attached, frame);
        return;
      case 'clip.next':
        if (attached.outgoing?.n === frame.n && outOf(attached.mode))
          this.#sendPiece(viewer, attached, attached.outgoing);
        return;
      case 'clip.put':
      case 'clip.data':
        void this.#put(viewer, attached, frame);
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#viewers.clear();
    void this.#opening?.then((selections) => selections?.close());
  }

  #open(): Promise<Selections | undefined> {
    this.#opening ??= this.#connect().catch(() => {
      this.#opening = undefined;
      return undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<Selections | undefined> {
    const place = this.#options.display();
    if (!place || this.#stopped) throw new ClipError('unavailable');
    const selections = await Selections.open(place.display, place.cookie, {
      changed: (selection, kinds, fresh) => this.#changed(selection, kinds, fresh),
      lost: () => this.#lost(),
    });
    if (this.#stopped) selections.close();
    return selections;
  }

  #changed(selection: ClipSelection, kinds: ClipKind[], fresh: boolean): void {
    this.#offers[selection] = { serial: ++this.#serial, kinds };
    for (const viewer of this.#viewers.keys()) this.#tell(viewer, selection, fresh);
  }

  #tell(viewer: ClipboardViewer, selection: ClipSelection, fresh: boolean): void {
    const mode = clipboardModeOf(this.#options.mode, viewer.role, viewer.clipboard);
    if (outOf(mode)) viewer.send({ t: 'clip.offer', selection, ...this.#offers[selection], fresh });
  }

  #tellAll(viewer: ClipboardViewer): void {
    for (const selection of ['clipboard', 'primary'] as const) {
      if (this.#offers[selection].serial > 0) this.#tell(viewer, selection, false);
    }
  }

  /** The X server hung up: with the session's end as a rule. Whoever asks next tries again. */
  #lost(): void {
    this.#opening = undefined;
    for (const [viewer, attached] of this.#viewers) {
      const open = [attached.asked, attached.outgoing?.n, attached.incoming?.n];
      attached.asked = attached.outgoing = attached.incoming = undefined;
      for (const n of new Set(open)) if (n !== undefined) this.#fail(viewer, n, 'unavailable');
    }
  }

  async #get(viewer: ClipboardViewer, attached: Attached, frame: Extract<ClipViewerFrame, { t: 'clip.get' }>) {
    const { n, serial, kind } = frame;
    const found = (['clipboard', 'primary'] as const).find((one) => this.#offers[one].serial === serial);
    if (!outOf(attached.mode)) this.#fail(viewer, n, 'forbidden');
    else if (!found || !this.#offers[found].kinds.includes(kind)) this.#fail(viewer, n, 'gone');
    else {
      // One question at a time: what was asked before is not wanted any more.
      if (attached.asked !== undefined) this.#fail(viewer, attached.asked, 'replaced');
      attached.asked = n;
      attached.outgoing = undefined;
      const answer = await this.#fetch(found, kind).catch((error: unknown) => reasonOf(error));
      if (attached.asked !== n) return;
      attached.asked = undefined;
      if (typeof answer === 'string') this.#fail(viewer, n, answer);
      else this.#sendPiece(viewer, attached, new Outgoing(n, answer));
    }
  }

  async #fetch(selection: ClipSelection, kind: ClipKind): Promise<Buffer> {
    const selections = await this.#open();
    if (!selections) throw new ClipError('unavailable');
    return selections.fetch(selection, kind);
  }

  #sendPiece(viewer: ClipboardViewer, attached: Attached, outgoing: Outgoing): void {
    const piece = outgoing.next();
    attached.outgoing = outgoing.done ? undefined : outgoing;
    if (this.#viewers.has(viewer)) viewer.send({ t: 'clip.data', n: outgoing.n, ...piece });
  }

  async #put(
    viewer: ClipboardViewer,
    attached: Attached,
    frame: Extract<ClipViewerFrame, { t: 'clip.put' | 'clip.data' }>,
  ) {
    const { n } = frame;
    try {
      if (!into(attached.mode)) throw new ClipError('forbidden');
      if (frame.t === 'clip.put') {
        if (attached.incoming) this.#fail(viewer, attached.incoming.n, 'replaced');
        attached.incoming = undefined;
        attached.incoming = new Incoming(n, frame.parts);
        attached.selections = frame.selections;
      }
      const { incoming } = attached;
      if (incoming?.n !== n) return;
      const content = incoming.add(frame.data);
      if (!content) {
        viewer.send({ t: 'clip.next', n });
        return;
      }
      const png = content.get('png');
      if (png && !png.subarray(0, PNG.length).equals(PNG)) throw new ClipError('unavailable');
      this.#options.input();
      const selections = await this.#open();
      if (!selections) throw new ClipError('unavailable');
      await selections.own(attached.selections, content);
      if (attached.incoming !== incoming) return;
      attached.incoming = undefined;
      if (this.#viewers.has(viewer)) viewer.send({ t: 'clip.done', n });
    } catch (error) {
      if (attached.incoming?.n === n) attached.incoming = undefined;
      this.#fail(viewer, n, reasonOf(error));
    }
  }

  #fail(viewer: ClipboardViewer, n: number, reason: ClipFailure): void {
    if (this.#viewers.has(viewer)) viewer.send({ t: 'clip.fail', n, reason });
  }
}
