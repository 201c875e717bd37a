/**
 * What a client sends, told apart on the server's side, so that a link can drop what a role may not send. Parses no
 * further than it must to know where a message ends.
 */
import { RfbError } from './rfb-error.ts';
import { ClientMessage, Encoding, MAX_CUT_TEXT, Security } from './constants.ts';

export type ClientMessageKind =
  /** Version, choice of security type, ClientInit. */
  | 'handshake'
  | 'set-pixel-format'
  | 'set-encodings'
  | 'update-request'
  | 'key'
  | 'pointer'
  | 'cut-text'
  | 'continuous-updates'
  | 'fence'
  | 'set-desktop-size'
  | 'xvp'
  | 'qemu-key'
  | 'qemu-audio';

/** Messages up to this long are handed on whole; only cut text may be longer, and comes in pieces. */
const MAX_WHOLE = 8 * 1024;
const MAX_SCREENS = 255;

type Stage = 'version' | 'security' | 'init' | 'messages';

/**
 * Resumable at every byte. `onMessage` gets each message once it is complete, with bytes that are good during the call
 * only. **Cut text longer than 8 KiB comes in several calls in a row**, all of kind `cut-text`: whoever drops the first
 * drops them all by the same rule. Nothing more than 8 KiB is ever kept.
 *
 * Understands servers that offer security type None. Throws `rfb-protocol` on anything it cannot tell the end of; after
 * that it must not be used, since where the next message begins is unknown.
 */
export class ClientMessageSplitter {
  readonly #onMessage: (kind: ClientMessageKind, bytes: Uint8Array) => void;
  #stage: Stage = 'version';
  #held = new Uint8Array(256);
  #heldLength = 0;
  /** Bytes of a long cut text that have not come yet. */
  #streaming = 0;
  #extendedMouse = false;

  constructor(onMessage: (kind: ClientMessageKind, bytes: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  push(chunk: Uint8Array): void {
    let at = 0;
    // What was kept is completed first, byte ranges straight from the chunk after that.
    while (this.#heldLength > 0 && at < chunk.length) {
      const need = this.#measure(this.#held, 0, this.#heldLength);
      const take = Math.min(Math.max(need.length - this.#heldLength, 1), chunk.length - at);
      this.#hold(chunk, at, at + take);
      at += take;
      const now = this.#measure(this.#held, 0, this.#heldLength);
      if (now.kind && this.#heldLength >= now.length) {
        const length = this.#heldLength;
        this.#heldLength = 0;
        this.#deliver(now.kind, this.#held.subarray(0, length), now.rest);
      }
    }
    while (at < chunk.length) {
      if (this.#streaming > 0) {
        const take = Math.min(this.#streaming, chunk.length - at);
        this.#streaming -= take;
        this.#onMessage('cut-text', chunk.subarray(at, at + take));
        at += take;
        continue;
      }
      const found = this.#measure(chunk, at, chunk.length);
      if (!found.kind || chunk.length - at < found.length) {
        this.#hold(chunk, at, chunk.length);
        return;
      }
      this.#deliver(found.kind, chunk.subarray(at, at + found.length), found.rest);
      at += found.length;
    }
  }

  #deliver(kind: ClientMessageKind, bytes: Uint8Array, rest: number): void {
    if (kind === 'handshake') this.#advance(bytes);
    if (kind === 'set-encodings') this.#noteEncodings(bytes);
    this.#streaming = rest;
    this.#onMessage(kind, bytes);
  }

  /**
   * How long the message at `from` is. Without a kind: at least `length` bytes are needed to know. `rest` is what
   * follows `length` and is streamed.
   */
  #measure(bytes: Uint8Array, from: number, end: number): { kind?: ClientMessageKind; length: number; rest: number } {
    const have = end - from;
    const whole = (kind: ClientMessageKind, length: number) => ({ kind, length, rest: 0 });
    const more = (length: number) => ({ length, rest: 0 });
    if (this.#stage === 'version') return whole('handshake', 12);
    if (this.#stage !== 'messages') return whole('handshake', 1);
    if (have < 1) return more(1);
    const u8 = (offset: number): number => bytes[from + offset] as number;
    const u16 = (offset: number): number => (u8(offset) << 8) | u8(offset + 1);
    switch (u8(0)) {
      case ClientMessage.setPixelFormat:
        return whole('set-pixel-format', 20);
      case ClientMessage.setEncodings: {
        if (have < 4) return more(4);
        const length = 4 + 4 * u16(2);
        if (length > MAX_WHOLE) throw garbage('too many encodings');
        return whole('set-encodings', length);
      }
      case ClientMessage.framebufferUpdateRequest:
        return whole('update-request', 10);
      case ClientMessage.keyEvent:
        return whole('key', 8);
      case ClientMessage.pointerEvent:
        if (!this.#extendedMouse) return whole('pointer', 6);
        if (have < 2) return more(2);
        return whole('pointer', u8(1) & 0x80 ? 7 : 6);
      case ClientMessage.clientCutText: {
        if (have < 8) return more(8);
        // A negative length marks the extended clipboard; its size is the same without the sign.
        const length = Math.abs((u16(4) << 16) | u16(6));
        if (length > MAX_CUT_TEXT) throw garbage('cut text too long');
        if (8 + length <= MAX_WHOLE) return whole('cut-text', 8 + length);
        return { kind: 'cut-text', length: 8, rest: length };
      }
      case ClientMessage.enableContinuousUpdates:
        return whole('continuous-updates', 10);
      case ClientMessage.fence: {
        if (have < 9) return more(9);
        if (u8(8) > 64) throw garbage('fence too long');
        return whole('fence', 9 + u8(8));
      }
      case ClientMessage.xvp:
        return whole('xvp', 4);
      case ClientMessage.setDesktopSize: {
        if (have < 8) return more(8);
        if (u8(6) > MAX_SCREENS) throw garbage('too many screens');
        return whole('set-desktop-size', 8 + 16 * u8(6));
      }
      case ClientMessage.qemu:
        if (have < 2) return more(2);
        if (u8(1) === 0) return whole('qemu-key', 12);
        if (u8(1) !== 1) throw garbage('unknown QEMU message');
        if (have < 4) return more(4);
        return whole('qemu-audio', u16(2) === 2 ? 10 : 4);
      default:
        throw garbage('unknown message type');
    }
  }

  #advance(bytes: Uint8Array): void {
    if (this.#stage === 'version') {
      const text = String.fromCharCode(...bytes);
      const version = /^RFB 003\.(\d{3})\n$/.exec(text);
      if (!version) throw garbage('not an RFB version');
      // Only 7 and 8 (and what claims to be newer) choose a security type; 3.3 and its relatives take what the server says.
      this.#stage = Number(version[1]) >= 7 ? 'security' : 'init';
    } else if (this.#stage === 'security') {
      if (bytes[0] !== Security.none) throw garbage('security type not offered');
      this.#stage = 'init';
    } else {
      this.#stage = 'messages';
    }
  }

  #noteEncodings(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#extendedMouse = false;
    for (let at = 4; at < bytes.length; at += 4) {
      if (view.getInt32(at) === Encoding.extendedMouse) this.#extendedMouse = true;
    }
  }

  #hold(chunk: Uint8Array, from: number, to: number): void {
    const length = this.#heldLength + to - from;
    if (length > MAX_WHOLE) throw garbage('message too long');
    if (length > this.#held.length) {
      const larger = new Uint8Array(MAX_WHOLE);
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(chunk.subarray(from, to), this.#heldLength);
    this.#heldLength = length;
  }
}

function garbage(reason: string): RfbError {
  return new RfbError('rfb-protocol', { details: { reason } });
}
