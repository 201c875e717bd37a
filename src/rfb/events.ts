/** What a session tells its owner, and what it needs from it. */
import type { ByteReader } from './byte-reader.ts';
import type { ScreenLayout } from './encode.ts';

/** A part of the framebuffer, in its pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type RfbEvent =
  | { type: 'connected'; width: number; height: number; name: string }
  | {
      type: 'resize';
      width: number;
      height: number;
      screens: ScreenLayout[];
      reason: 'server' | 'client' | 'other-client';
      status: number;
    }
  | { type: 'name'; name: string }
  | { type: 'bell' }
  | { type: 'clipboard'; text: string }
  /** Something copied was too much for one of the two ends; the session goes on. */
  | { type: 'clipboard-refused'; code: 'rfb-limit' }
  | { type: 'cursor'; rgba: Uint8ClampedArray<ArrayBuffer>; width: number; height: number; hotX: number; hotY: number }
  | { type: 'cursor-position'; x: number; y: number }
  | { type: 'leds'; caps: boolean; num: boolean; scroll: boolean }
  | {
      type: 'capabilities';
      setDesktopSize: boolean;
      qemuKeys: boolean;
      extendedMouse: boolean;
      continuousUpdates: boolean;
      fence: boolean;
    };

/**
 * Turns rectangles into pixels of one framebuffer. Both methods read from `reader.position` on, move it past what they
 * have used, and give 0 when the rectangle is complete, else how many bytes must be there before `resume` can go on.
 *
 * Throws `decode-failed` on damaged data, `rfb-encoding` on an encoding it does not have, `rfb-limit` on sizes beyond
 * its memory. The rectangle has been checked to lie inside the framebuffer.
 */
export interface RectangleDecoder {
  /** Keeps what both sizes have in common, the rest is black. */
  resize(width: number, height: number): void;
  /**
   * Asked before `begin`: what must be finished first, where decoding of earlier rectangles is still going on elsewhere.
   */
  settle?(encoding: number, x: number, y: number, width: number, height: number): Promise<void> | undefined;
  begin(encoding: number, x: number, y: number, width: number, height: number, reader: ByteReader): number;
  resume(reader: ByteReader): number;
}

/** The key a server proves to have (RSA-AES). */
export interface ServerKey {
  bits: number;
  /** `SHA256:` and the digest of the key as it comes over the wire, in base64 without padding. */
  fingerprint: string;
  /** Sixteen hexadecimal digits in pairs, as TigerVNC shows them to people. */
  short: string;
}

/** What a connection runs through once a login has agreed on keys. */
export interface SecureStream {
  seal(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
  /** What of the stream is complete with `chunk`, any number of bytes. Throws a `RfbError` where it is not authentic. */
  open(chunk: Uint8Array): Uint8Array<ArrayBuffer>;
}

export interface RfbOwner {
  /** Gets an array it may keep. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Fulfilled: the server is the right one. Rejected, or not there: it is not told anything. */
  trust?(key: ServerKey): Promise<void>;
  /** From the next byte on, both ways. */
  secure?(stream: SecureStream): void;
  event(event: RfbEvent): void;
  /** An update is complete: what it damaged may be shown. */
  updated(): void;
}
