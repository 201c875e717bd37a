/** The largest size that a profile lets a session have. */
import { parseGeometry } from '../../src/contract/session.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export function clampSize(size: Size, max: Size | null): Size {
  if (max === null) return size;
  return { width: Math.min(size.width, max.width), height: Math.min(size.height, max.height) };
}

/** A geometry that is no size stays as it is. */
export function clampGeometry(geometry: string, max: Size | null): string {
  const size = parseGeometry(geometry);
  if (typeof size !== 'object') return geometry;
  const { width, height } = clampSize(size, max);
  return `${width}x${height}`;
}

/** Type, padding, width, height, number of screens, padding; then screens of id, place, size and flags (RFB). */
const HEAD = 8;
const SCREEN = 16;

export function sizeAsked(bytes: Uint8Array): Size {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint16(2), height: view.getUint16(4) };
}

/** A SetDesktopSize message that asks for no more than `max`: what is too large becomes one screen of what is allowed. */
export function clampDesktopSize(bytes: Uint8Array, max: Size): Uint8Array {
  const asked = sizeAsked(bytes);
  const { width, height } = clampSize(asked, max);
  if (width === asked.width && height === asked.height) return bytes;
  const clamped = new Uint8Array(HEAD + SCREEN);
  clamped.set(bytes.subarray(0, Math.min(bytes.length, HEAD + SCREEN)));
  const view = new DataView(clamped.buffer);
  view.setUint16(2, width);
  view.setUint16(4, height);
  view.setUint8(6, 1);
  // The first screen keeps its id, and fills the desktop.
  view.setUint32(HEAD + 4, 0);
  view.setUint16(HEAD + 8, width);
  view.setUint16(HEAD + 10, height);
  return clamped;
}
