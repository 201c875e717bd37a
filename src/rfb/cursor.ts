/** The five ways in which a server may describe its cursor, all turned into straight (not premultiplied) RGBA. */
import { RfbError } from './rfb-error.ts';
import type { ByteReader } from './byte-reader.ts';
import { Encoding, MAX_CURSOR_PIXELS } from './constants.ts';
import type { Parser } from './handshake.ts';

export interface CursorShape {
  rgba: Uint8ClampedArray<ArrayBuffer>;
  width: number;
  height: number;
  hotX: number;
  hotY: number;
}

const VMWARE_CLASSIC = 0;
const VMWARE_ALPHA = 1;

/** Reads what follows the rectangle's header. `x` and `y` of the header are the hot spot. */
export function* readCursor(
  encoding: number,
  hotX: number,
  hotY: number,
  width: number,
  height: number,
  reader: ByteReader,
): Parser<CursorShape> {
  const pixels = width * height;
  if (pixels > MAX_CURSOR_PIXELS) throw new RfbError('rfb-limit', { details: { what: 'cursor' } });
  const maskBytes = ((width + 7) >> 3) * height;
  const shape = { rgba: new Uint8ClampedArray(pixels * 4), width, height, hotX, hotY };
  switch (encoding) {
    case Encoding.cursor:
      yield pixels * 4 + maskBytes;
      opaque(shape, reader.view(pixels * 4), reader.view(maskBytes));
      return shape;
    case Encoding.xCursor:
      // An empty shape has no colours either.
      if (pixels === 0) return shape;
      yield 6 + 2 * maskBytes;
      twoColours(shape, reader.copy(6), reader.view(maskBytes), reader.view(maskBytes));
      return shape;
    case Encoding.cursorWithAlpha: {
      yield 4;
      const inner = reader.s32();
      if (inner !== Encoding.raw) throw new RfbError('rfb-encoding', { details: { cursor: inner } });
      yield pixels * 4;
      premultiplied(shape, reader.view(pixels * 4));
      return shape;
    }
    default: {
      yield 2;
      const kind = reader.u8();
      reader.skip(1);
      if (kind === VMWARE_CLASSIC) {
        yield pixels * 8;
        andXor(shape, reader.view(pixels * 4), reader.view(pixels * 4));
      } else if (kind === VMWARE_ALPHA) {
        yield pixels * 4;
        shape.rgba.set(reader.view(pixels * 4));
      } else {
        throw new RfbError('rfb-protocol', { details: { reason: 'unknown kind of cursor', kind } });
      }
      return shape;
    }
  }
}

function bit(mask: Uint8Array, width: number, x: number, y: number): boolean {
  return (((mask[y * ((width + 7) >> 3) + (x >> 3)] ?? 0) >> (7 - (x & 7))) & 1) === 1;
}

function opaque({ rgba, width, height }: CursorShape, colours: Uint8Array, mask: Uint8Array): void {
  rgba.set(colours);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgba[(y * width + x) * 4 + 3] = bit(mask, width, x, y) ? 255 : 0;
  }
}

function twoColours(
  { rgba, width, height }: CursorShape,
  colours: Uint8Array,
  data: Uint8Array,
  mask: Uint8Array,
): void {
  const primary = colours.subarray(0, 3);
  const secondary = colours.subarray(3, 6);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!bit(mask, width, x, y)) continue;
      rgba.set(bit(data, width, x, y) ? primary : secondary, (y * width + x) * 4);
      rgba[(y * width + x) * 4 + 3] = 255;
    }
  }
}

function premultiplied({ rgba }: CursorShape, source: Uint8Array): void {
  for (let at = 0; at < source.length; at += 4) {
    const alpha = source[at + 3] ?? 0;
    for (let channel = 0; channel < 3; channel++) {
      rgba[at + channel] = alpha === 0 ? 0 : ((source[at + channel] ?? 0) * 255) / alpha;
    }
    rgba[at + 3] = alpha;
  }
}

/**
 * VMware's two masks: the screen is ANDed with the first and XORed with the second. A browser's cursor cannot invert
 * what is under it, so inverting pixels become black with a white neighbourhood where there is room: a text cursor
 * stays visible on every ground.
 */
function andXor({ rgba, width, height }: CursorShape, and: Uint8Array, xor: Uint8Array): void {
  const inverting: number[] = [];
  for (let i = 0; i < width * height; i++) {
    const at = i * 4;
    const keeps = and[at] === 255 && and[at + 1] === 255 && and[at + 2] === 255;
    const flips = (xor[at] ?? 0) + (xor[at + 1] ?? 0) + (xor[at + 2] ?? 0) > 0;
    if (keeps && !flips) continue;
    if (keeps) inverting.push(i);
    else rgba.set(xor.subarray(at, at + 3), at);
    rgba[at + 3] = 255;
  }
  for (const i of inverting) {
    const x = i % width;
    const y = (i - x) / width;
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
        const at = (ny * width + nx) * 4;
        if (rgba[at + 3] === 0) rgba.set([255, 255, 255, 255], at);
      }
    }
  }
}
