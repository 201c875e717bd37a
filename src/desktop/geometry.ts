/** Where the picture lies on its element, and which size to ask the server for. Pure; CSS pixels and framebuffer pixels. */

import type { Area } from '../screen/client.ts';

/** The session follows the element; the picture is scaled to it; or neither, and the element scrolls. */
export type Scaling = 'remote' | 'fit' | 'none';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** RFB carries sizes in 16 bits; below this no window manager is of use. The contract has the same bounds. */
export const MIN_SIDE = 64;
export const MAX_SIDE = 16384;
/** What the decoder's memory holds; 8K (7680 × 4320) is just within it. */
export const MAX_PIXELS = 1 << 25;

/** As many framebuffer pixels to a CSS pixel as wished for, or fewer, where the element would need too many of them. */
export function possibleRatio(element: Size, wished: number): number {
  const { width, height } = element;
  if (width < 1 || height < 1) return wished;
  return Math.min(wished, MAX_SIDE / width, MAX_SIDE / height, Math.sqrt(MAX_PIXELS / (width * height)));
}

/** The framebuffer for an element, at `ratio` framebuffer pixels to a CSS pixel. `undefined` while it is not laid out. */
export function wantedSize(element: Size, ratio: number): Size | undefined {
  if (element.width < 1 || element.height < 1) return undefined;
  const side = (length: number) => Math.max(MIN_SIDE, Math.min(MAX_SIDE, Math.floor(length * ratio)));
  return { width: side(element.width), height: side(element.height) };
}

/**
 * The picture's size in CSS pixels. Following the session, it is only made smaller, where the server's is larger, or
 * larger up to `enlarge`: somebody else's picture need not be made of pixels as small as ours.
 */
export function pictureSize(framebuffer: Size, element: Size, scaling: Scaling, ratio: number, enlarge = 1): Size {
  const own = { width: framebuffer.width / ratio, height: framebuffer.height / ratio };
  if (scaling === 'none' || own.width === 0 || own.height === 0) return own;
  const fit = Math.min(element.width / own.width, element.height / own.height);
  const factor = scaling === 'remote' ? Math.min(enlarge, fit) : fit;
  // One pixel less than asked for is rounding, not a picture to be blurred.
  if (Math.abs(own.width * factor - own.width) < 1 && Math.abs(own.height * factor - own.height) < 1) return own;
  return { width: Math.max(1, own.width * factor), height: Math.max(1, own.height * factor) };
}

/** A point of the picture on the page to a pixel of the part of the framebuffer that it shows, held inside its bounds. */
export function toFramebuffer(
  point: { x: number; y: number },
  picture: { left: number; top: number; width: number; height: number },
  part: Area,
): { x: number; y: number } {
  return {
    x: part.x + along(point.x, picture.left, picture.width, part.width),
    y: part.y + along(point.y, picture.top, picture.height, part.height),
  };
}

function along(at: number, start: number, length: number, pixels: number): number {
  return length <= 0 ? 0 : Math.max(0, Math.min(pixels - 1, Math.floor(((at - start) * pixels) / length)));
}
