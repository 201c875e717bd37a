/**
 * One viewer's connection into a session, seen from the link: its bytes between the host's socket and the X server's,
 * its text frames to and from ClientComm.
 *
 * Back-pressure: neither direction keeps more than `HIGH_WATER` in this process. A reader that stops therefore stops
 * the writer at the other end, through the kernel's buffers.
 */
import { connect, type Socket } from 'node:net';
import type { KeyboardLayout } from '../../src/contract/keyboard.ts';
import { PartReceiver, PartSender } from '../../src/contract/parts.ts';
import type { ClipViewerFrame } from '../../src/contract/clipboard.ts';
import type { SessionClient } from '../../src/contract/session.ts';
import { type ServerFrame, ViewerFrame } from '../../src/contract/socket.ts';
import type { RoutedClient } from './clientcomm-router.ts';
import { encodeText, FrameKind, writeBinary } from './frames.ts';
import type { Size } from './max-geometry.ts';
import { createRoleFilter, rightsOf } from './role-filter.ts';
import type { LinkFrame, StreamClient } from './wire.ts';

/** Bytes waiting to be written in one direction before its source is paused. */
export const HIGH_WATER = 256 * 1024;
/** Bytes of messages that may wait for a viewer. Far more than any is sent that reads, however slow its line. */
const MAX_UNREAD = 64 * 1024 * 1024;

export interface ViewerEvents {
  /** A whole, checked frame of the viewer's, other than the ones about parts and pings. */
  frame(frame: Extract<ViewerFrame, { t: 'clientcomm' | 'answer' }>): void;
  /** About the clipboard. */
  clipboard(frame: ClipViewerFrame): void;
  /** This viewer asked the X server for another size, in pixels. */
  resized(size: Size): void;
  /** Somebody in control typed or pointed. */
  input(): void;
  /** The layout of this viewer's keys; resolves when keys mean what they do there. Neither this nor `type` rejects. */
  keyboard(layout: KeyboardLayout): Promise<void>;
  /** Types by RFB messages; resolves when what comes after may be sent. */
  type(text: string, write: (messages: Uint8Array) => void): Promise<void>;
  /** The limit that the viewer was told of is to be put off. */
  extend(): void;
  /** Only from somebody in control. */
  screen(frame: Extract<ViewerFrame, { t: 'screen' }>): void;
  window(frame: Extract<ViewerFrame, { t: 'window' }>): void;
  /** Once, when the connection is over, whoever ended it. */
  closed(): void;
}

/** Owns both sockets. */
export class Viewer implements RoutedClient {
  readonly info: SessionClient;
  /** The server's word: this person may use clipboards. */
  readonly clipboard: boolean;
  readonly #host: Socket;
  readonly #rfb: Socket | undefined;
  readonly #filter: (chunk: Uint8Array) => void;
  readonly #parts: PartSender;
  readonly #received = new PartReceiver();
  readonly #events: ViewerEvents;
  #closed = false;
  /** What came while text is typed or the layout changes, in order; `undefined` while nothing is. */
  #held: { readonly work: (() => void)[]; bytes: number } | undefined;

  constructor(host: Socket, client: StreamClient, rfbSocket: string, events: ViewerEvents, maxSize: Size | null) {
    this.#host = host;
    this.#events = events;
    this.clipboard = client.clipboard ?? false;
    this.info = {
      id: client.clientId,
      login: client.login,
      role: client.role,
      connected: Date.now(),
      ...(client.ip === '' ? {} : { ip: client.ip }),
    };
    this.#parts = new PartSender((text) => host.write(encodeText(text)));
    // A guest who may see nothing is not even connected to the picture.
    this.#rfb = rightsOf(client.role) === 'none' ? undefined : this.#connect(rfbSocket);
    this.#filter = createRoleFilter(
      client.role,
      (bytes) => {
        if (this.#rfb && !this.#rfb.write(bytes) && this.#rfb.writableLength > HIGH_WATER) host.pause();
      },
      { size: (size) => events.resized(size), input: () => events.input() },
      maxSize,
    );
    host.on('drain', () => this.#rfb?.resume());
    host.on('close', () => this.close('closed'));
  }

  get id(): string {
    return this.info.id;
  }

  get role(): SessionClient['role'] {
    return this.info.role;
  }

  get queued(): number {
    return this.#parts.queued + this.#host.writableLength;
  }

  send(frame: ServerFrame): void {
    if (this.#reads()) this.#parts.send(JSON.stringify(frame));
  }

  /** Whoever asks and asks, and takes no answer, has the answers pile up here. */
  #reads(): boolean {
    if (!this.#closed && this.queued > MAX_UNREAD) this.close('closed');
    return !this.#closed;
  }

  /** RFB from the viewer. The chunk is handed to the X server's socket as it is where the role allows everything. */
  binary(piece: Buffer): void {
    if (this.#closed || this.#hold(() => this.binary(piece), piece.length)) return;
    try {
      this.#filter(piece);
    } catch {
      // No RFB: where the next message begins is unknown, so nothing more can be let through.
      this.close('closed');
    }
  }

  text(text: string): void {
    if (!this.#reads()) return;
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return;
    }
    const parsed = ViewerFrame.safeParse(json);
    // Unknown frames are ignored: the viewer may be newer than the link.
    if (!parsed.success) return;
    const frame = parsed.data;
    switch (frame.t) {
      case 'ping':
        this.send({ t: 'pong', at: frame.at });
        return;
      case 'part': {
        this.#host.write(encodeText(JSON.stringify({ t: 'part.ack', id: frame.id, i: frame.i })));
        let whole: string | undefined;
        try {
          whole = this.#received.receive(frame);
        } catch {
          this.close('closed');
          return;
        }
        // A part may not hold parts.
        if (whole !== undefined && !/^\s*\{\s*"t"\s*:\s*"part/.test(whole)) this.text(whole);
        return;
      }
      case 'part.ack':
        this.#parts.acknowledged();
        return;
      case 'clientcomm':
      case 'answer':
        this.#events.frame(frame);
        return;
      case 'extend':
        if (rightsOf(this.role) === 'all') this.#events.extend();
        return;
      case 'clip.get':
      case 'clip.next':
      case 'clip.put':
      case 'clip.data':
        this.#events.clipboard(frame);
        return;
      case 'keyboard':
        void this.#alone(text.length, () => this.#events.keyboard(frame.layout));
        return;
      case 'type':
        void this.#alone(frame.text.length, () => this.#type(frame.text));
        return;
      case 'screen':
        if (rightsOf(this.role) === 'all') this.#events.screen(frame);
        return;
      case 'window':
        if (rightsOf(this.role) === 'all') this.#events.window(frame);
        return;
      case 'hello':
        return;
    }
  }

  /**
   * Keys that were pressed before are to mean what they meant, and those after it are to arrive after it: what comes over
   * the connection waits meanwhile.
   */
  async #alone(bytes: number, work: () => Promise<void>): Promise<void> {
    if (this.#hold(() => void this.#alone(bytes, work), bytes)) return;
    if (this.#closed || rightsOf(this.role) !== 'all') return;
    this.#held = { work: [], bytes: 0 };
    await work();
    const { work: waiting } = this.#held;
    this.#held = undefined;
    if (!this.#closed) this.#host.resume();
    // One of them may be for which the rest waits again.
    for (const next of waiting) next();
  }

  async #type(text: string): Promise<void> {
    this.#events.input();
    await this.#events.type(text, (messages) => {
      if (!this.#closed) this.#rfb?.write(messages);
    });
  }

  /** True: kept for later. */
  #hold(work: () => void, bytes: number): boolean {
    if (!this.#held) return false;
    this.#held.work.push(work);
    this.#held.bytes += bytes;
    if (this.#held.bytes > HIGH_WATER) this.#host.pause();
    return true;
  }

  close(reason: Extract<LinkFrame, { t: 'bye' }>['reason']): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#rfb?.destroy();
    if (!this.#host.destroyed) {
      this.#host.resume();
      this.#host.end(encodeText(JSON.stringify({ t: 'bye', reason } satisfies LinkFrame), FrameKind.link));
      // A host that reads nothing any more does not keep the link's memory.
      setTimeout(() => this.#host.destroy(), 2000).unref();
    }
    this.#events.closed();
  }

  #connect(path: string): Socket {
    const rfb = connect(path);
    rfb.on('data', (chunk: Buffer) => {
      writeBinary(this.#host, chunk);
      if (this.#host.writableLength > HIGH_WATER) rfb.pause();
    });
    rfb.on('drain', () => this.#host.resume());
    rfb.on('error', () => this.close('closed'));
    // When the session has ended its own end follows at once and says so better; this is the X server hanging up on one.
    rfb.on('close', () => setTimeout(() => this.close('closed'), 200).unref());
    return rfb;
  }
}
