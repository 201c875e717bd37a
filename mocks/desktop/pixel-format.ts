/** RGBA as a canvas has it, to whatever true-colour format a client asked for. */

export interface PixelFormat {
  readonly bitsPerPixel: 8 | 16 | 32;
  readonly bigEndian: boolean;
  readonly max: readonly [number, number, number];
  readonly shift: readonly [number, number, number];
}

/** A canvas's own order. */
export const RGBA: PixelFormat = { bitsPerPixel: 32, bigEndian: false, max: [255, 255, 255], shift: [0, 8, 16] };

/** Reads the 16 bytes of a PIXEL_FORMAT; `undefined` for palettes and sizes that nobody uses any more. */
export function readPixelFormat(bytes: Uint8Array): PixelFormat | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const bits = view.getUint8(0);
  if (view.getUint8(3) === 0 || (bits !== 8 && bits !== 16 && bits !== 32)) return undefined;
  return {
    bitsPerPixel: bits,
    bigEndian: view.getUint8(2) !== 0,
    max: [view.getUint16(4), view.getUint16(6), view.getUint16(8)],
    shift: [view.getUint8(10), view.getUint8(11), view.getUint8(12)],
  };
}

export function pixelFormatBytes(format: PixelFormat): number[] {
  const max = format.max.flatMap((one) => [one >> 8, one & 255]);
  return [format.bitsPerPixel, 24, format.bigEndian ? 1 : 0, 1, ...max, ...format.shift, 0, 0, 0];
}

export function isRgba({ bitsPerPixel, bigEndian, max, shift }: PixelFormat): boolean {
  return bitsPerPixel === 32 && !bigEndian && max.every((one) => one === 255) && shift.join() === '0,8,16';
}

/** Pixels in the client's format. RGBA is handed on as it is. */
export function convertPixels(rgba: Uint8ClampedArray | Uint8Array, format: PixelFormat): Uint8Array {
  if (isRgba(format)) return new Uint8Array(rgba.buffer, rgba.byteOffset, rgba.byteLength);
  const count = rgba.length / 4;
  const size = format.bitsPerPixel / 8;
  const out = new DataView(new ArrayBuffer(count * size));
  const [red, green, blue] = format.max;
  const [redAt, greenAt, blueAt] = format.shift;
  for (let i = 0; i < count; i++) {
    const pixel =
      (scale(rgba[i * 4] ?? 0, red) << redAt) |
      (scale(rgba[i * 4 + 1] ?? 0, green) << greenAt) |
      (scale(rgba[i * 4 + 2] ?? 0, blue) << blueAt);
    if (size === 4) out.setUint32(i * 4, pixel >>> 0, !format.bigEndian);
    else if (size === 2) out.setUint16(i * 2, pixel & 0xffff, !format.bigEndian);
    else out.setUint8(i, pixel & 0xff);
  }
  return new Uint8Array(out.buffer);
}

function scale(value: number, max: number): number {
  return Math.round((value * max) / 255);
}
