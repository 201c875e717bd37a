/**
 * The server's side of one RFB connection (RFC 6143): greeting, updates, what the client sends. Knows nothing of what
 * is on the screen; it is given pixels and gives away events.
 */
import { ByteWriter } from '../../src/rfb/byte-writer.ts';
import { ClientMessageSplitter, type ClientMessageKind } from '../../src/rfb/client-messages.ts';
import { Encoding, Security, ServerMessage } from '../../src/rfb/constants.ts';
import type { CursorShape } from './cursors.ts';
import { Pending, type Move } from './pending.ts';
import { convertPixels, pixelFormatBytes, readPixelFormat, RGBA, type PixelFormat } from './pixel-format.ts';
import type { Rect } from './rect.ts';

/** The picture that is served. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly name: string;
  /** RGBA of a part that lies within. */
  read(rect: Rect): Uint8ClampedArray;
}

export interface PeerEvents {
  key(down: boolean, keysym: number): void;
  pointer(x: number, y: number, buttons: number): void;
  cutText(text: string): void;
  /** Wishes for another size. Returns the status of ExtendedDesktopSize: 0 when it was done. */
  resize(width: number, height: number): number;
}

/** Why a size changed, as ExtendedDesktopSize says it. */
const REASON = { server: 0, thisClient: 1, otherClient: 2 } as const;
type Reason = keyof typeof REASON;

/** Milliseconds in which changes are gathered into one update: about a frame. */
const GATHER_MS = 12;

export class RfbPeer {
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => void;
  readonly #picture: Picture;
  readonly #events: PeerEvents;
  readonly #splitter: ClientMessageSplitter;
  readonly #pending = new Pending();
  #stage: 'version' | 'security' | 'init' | 'running' = 'version';
  #format: PixelFormat = RGBA;
  #encodings: ReadonlySet<number> = new Set();
  #requested = false;
  #announcedSize = false;
  #sizes: { reason: Reason; status: number; width: number; height: number }[] = [];
  #cursor: CursorShape | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(picture: Picture, events: PeerEvents, send: (bytes: Uint8Array<ArrayBuffer>) => void) {
    this.#picture = picture;
    this.#events = events;
    this.#send = send;
    this.#splitter = new ClientMessageSplitter((kind, bytes) => this.#receive(kind, bytes));
    this.#send(new TextEncoder().encode('RFB 003.008\n'));
  }

  /** Throws `rfb-protocol` on what cannot be understood; the connection is to be closed then. */
  push(bytes: Uint8Array): void {
    this.#splitter.push(bytes);
  }

  damage(rect: Rect): void {
    this.#pending.damage(rect);
    this.#schedule();
  }

  /** Pixels that have moved within the picture; only known to clients that know CopyRect. */
  move(move: Move): void {
    if (this.#encodings.has(Encoding.copyRect)) this.#pending.move(move);
    else this.#pending.damage({ ...move.from, x: move.from.x + move.dx, y: move.from.y + move.dy });
    this.#schedule();
  }

  /** The picture has another size and is all new. */
  resized(reason: Reason): void {
    const { width, height } = this.#picture;
    this.#sizes.push({ reason, status: 0, width, height });
    this.#pending.all(this.#bounds());
    this.#schedule();
  }

  cursor(shape: CursorShape): void {
    this.#cursor = shape;
    this.#schedule();
  }

  bell(): void {
    if (this.#stage === 'running') this.#send(new Uint8Array([ServerMessage.bell]));
  }

  /** Latin-1, as the plain message has it. */
  cutText(text: string): void {
    if (this.#stage !== 'running') return;
    const bytes = Uint8Array.from(text, (char) => (char.charCodeAt(0) < 256 ? char.charCodeAt(0) : 63));
    this.#send(
      new ByteWriter(8 + bytes.length).u8(ServerMessage.serverCutText).zeros(3).u32(bytes.length).raw(bytes).finish(),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #receive(kind: ClientMessageKind, bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    switch (kind) {
      case 'handshake':
        this.#handshake();
        break;
      case 'set-pixel-format':
        this.#format = readPixelFormat(bytes.subarray(4)) ?? RGBA;
        break;
      case 'set-encodings':
        this.#setEncodings(view);
        break;
      case 'update-request':
        this.#requested = true;
        if (view.getUint8(1) === 0) this.#pending.all(this.#bounds());
        this.#schedule();
        break;
      case 'key':
        this.#events.key(view.getUint8(1) !== 0, view.getUint32(4));
        break;
      case 'pointer':
        // With the extended message the position is the same; buttons above the seventh are of no use here.
        this.#events.pointer(view.getUint16(2), view.getUint16(4), view.getUint8(1) & 0x7f);
        break;
      case 'cut-text':
        // A negative length marks the extended clipboard, which was not announced.
        if (view.byteLength > 8 && view.getInt32(4) === view.byteLength - 8) {
          this.#events.cutText(String.fromCharCode(...bytes.subarray(8)));
        }
        break;
      case 'set-desktop-size':
        this.#setDesktopSize(view.getUint16(2), view.getUint16(4));
        break;
      case 'continuous-updates':
      case 'fence':
      case 'xvp':
      case 'qemu-key':
      case 'qemu-audio':
        // Not announced by this server, so nothing a client should send.
        break;
    }
  }

  #handshake(): void {
    if (this.#stage === 'version') {
      this.#stage = 'security';
      this.#send(new Uint8Array([1, Security.none]));
    } else if (this.#stage === 'security') {
      this.#stage = 'init';
      // SecurityResult: OK.
      this.#send(new Uint8Array(4));
    } else {
      this.#stage = 'running';
      const name = new TextEncoder().encode(this.#picture.name);
      this.#send(
        new ByteWriter(24 + name.length)
          .u16(this.#picture.width)
          .u16(this.#picture.height)
          .raw(pixelFormatBytes(RGBA))
          .u32(name.length)
          .raw(name)
          .finish(),
      );
    }
  }

  #setEncodings(view: DataView): void {
    const encodings = new Set<number>();
    for (let at = 4; at < view.byteLength; at += 4) encodings.add(view.getInt32(at));
    this.#encodings = encodings;
    if (!this.#announcedSize && encodings.has(Encoding.extendedDesktopSize)) {
      this.#announcedSize = true;
      const { width, height } = this.#picture;
      this.#sizes.push({ reason: 'server', status: 0, width, height });
    }
  }

  #setDesktopSize(width: number, height: number): void {
    const status = this.#events.resize(width, height);
    // When it was done, `resized` has been called by now; a client that asked for the present size hears of it too.
    if (status !== 0 || !this.#sizes.some((one) => one.reason === 'thisClient')) {
      this.#sizes.push({ reason: 'thisClient', status, width: this.#picture.width, height: this.#picture.height });
      this.#schedule();
    }
  }

  #bounds(): Rect {
    return { x: 0, y: 0, width: this.#picture.width, height: this.#picture.height };
  }

  #schedule(): void {
    if (this.#timer !== undefined || !this.#requested) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#update();
    }, GATHER_MS);
  }

  #update(): void {
    const writers: Uint8Array[] = [];
    const cursor = this.#encodings.has(Encoding.cursor) ? this.#cursor : undefined;
    if (!this.#requested || (this.#pending.empty && this.#sizes.length === 0 && !cursor)) return;
    for (const size of this.#sizes) writers.push(...this.#sizeRect(size));
    const { moves, damage } = this.#pending.take(this.#bounds());
    for (const { from, dx, dy } of moves) {
      const to = { ...from, x: from.x + dx, y: from.y + dy };
      writers.push(header(to, Encoding.copyRect).u16(from.x).u16(from.y).finish());
    }
    for (const rect of damage) {
      writers.push(header(rect, Encoding.raw).finish(), convertPixels(this.#picture.read(rect), this.#format));
    }
    if (cursor) writers.push(this.#cursorRect(cursor));
    const rects = this.#sizes.length + moves.length + damage.length + (cursor ? 1 : 0);
    this.#sizes = [];
    this.#cursor = undefined;
    this.#requested = false;
    const length = writers.reduce((sum, part) => sum + part.length, 4);
    const message = new ByteWriter(length).u8(ServerMessage.framebufferUpdate).zeros(1).u16(rects);
    for (const part of writers) message.raw(part);
    this.#send(message.finish());
  }

  #sizeRect(size: { reason: Reason; status: number; width: number; height: number }): Uint8Array[] {
    const { width, height, reason, status } = size;
    if (!this.#encodings.has(Encoding.extendedDesktopSize)) {
      return [header({ x: 0, y: 0, width, height }, Encoding.desktopSize).finish()];
    }
    return [
      header({ x: REASON[reason], y: status, width, height }, Encoding.extendedDesktopSize)
        .u8(1)
        .zeros(3)
        .u32(1)
        .u16(0)
        .u16(0)
        .u16(width)
        .u16(height)
        .u32(0)
        .finish(),
    ];
  }

  #cursorRect({ width, height, hotX, hotY, rgba }: CursorShape): Uint8Array {
    const rowBytes = Math.ceil(width / 8);
    const mask = new Uint8Array(rowBytes * height);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if ((rgba[(y * width + x) * 4 + 3] ?? 0) === 0) continue;
        const at = y * rowBytes + (x >> 3);
        mask[at] = (mask[at] ?? 0) | (0x80 >> (x & 7));
      }
    }
    return header({ x: hotX, y: hotY, width, height }, Encoding.cursor)
      .raw(convertPixels(rgba, this.#format))
      .raw(mask)
      .finish();
  }
}

function header(rect: Rect, encoding: number): ByteWriter {
  return new ByteWriter(32).u16(rect.x).u16(rect.y).u16(rect.width).u16(rect.height).u32(encoding);
}
