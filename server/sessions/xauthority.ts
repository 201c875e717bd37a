/**
 * The Xauthority file (`Xsecurity(7)`, libXau's format): big-endian, each entry is a family and four strings behind
 * 16-bit lengths. One wild entry fits any address of the display.
 */
import { randomBytes } from 'node:crypto';

const FAMILY_WILD = 0xffff;
export const COOKIE_NAME = 'MIT-MAGIC-COOKIE-1';

export function newCookie(): Buffer {
  return randomBytes(16);
}

function field(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** `display` is not known before the X server runs; without it the entry fits every display. */
export function encodeXauthority(cookie: Uint8Array, display?: number): Buffer {
  const family = Buffer.alloc(2);
  family.writeUInt16BE(FAMILY_WILD);
  return Buffer.concat([
    family,
    field(Buffer.alloc(0)),
    field(Buffer.from(display === undefined ? '' : String(display))),
    field(Buffer.from(COOKIE_NAME)),
    field(cookie),
  ]);
}

/** The cookie of a file that `encodeXauthority` wrote; `undefined` for anything else. */
export function decodeCookie(file: Buffer): Buffer | undefined {
  let at = 2;
  let last: Buffer | undefined;
  for (let field = 0; field < 4; field++) {
    if (at + 2 > file.length) return undefined;
    const length = file.readUInt16BE(at);
    last = file.subarray(at + 2, at + 2 + length);
    if (last.length !== length) return undefined;
    at += 2 + length;
  }
  return last;
}
