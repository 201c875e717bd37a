/** PNG inside Tight (TightPNG): grey, palette, RGB and RGBA up to 8 bits a sample, not interlaced. Alpha is ignored. */
import { inflate, reserveOutput, resetStream, streamAt } from './inflate';
import { copy24, copy32, expandBytes } from './pixels';
import {
  DAMAGED,
  OPAQUE,
  UNKNOWN_ENCODING,
  bigEndian32,
  pixelAt,
  rectHeight,
  rectWidth,
  rectX,
  rectY,
  stride,
} from './state';

const PNG_STREAM: u32 = 6;
const SIGNATURE: u64 = 0x0a1a0a0d474e5089;
const IHDR: u32 = 0x49484452;
const PLTE: u32 = 0x504c5445;
const IDAT: u32 = 0x49444154;
const IEND: u32 = 0x49454e44;

const GREY: u32 = 0;
const RGB: u32 = 2;
const PALETTE: u32 = 3;
const GREY_ALPHA: u32 = 4;
const RGBA: u32 = 6;

const palette = <u32>memory.data(1024, 16);

/** Decodes `at` to `end` into the rectangle at hand, whose size it must have. Gives 0 or an error. */
export function decodePng(at: u32, end: u32): i32 {
  if (end - at < 8 || load<u64>(at) !== SIGNATURE) return DAMAGED;
  at += 8;
  let kind: u32 = 0;
  let depth: u32 = 0;
  let rowBytes: u32 = 0;
  let start: u32 = 0;
  const stream = streamAt(PNG_STREAM);
  for (let i: u32 = 0; i < 256; i++) store<u32>(palette + i * 4, OPAQUE);
  while (end - at >= 12) {
    const size = bigEndian32(at);
    const type = bigEndian32(at + 4);
    const inside = at + 8;
    if (size > end - at - 12) return DAMAGED;
    if (type === IHDR) {
      if (size < 13 || bigEndian32(inside) !== rectWidth || bigEndian32(inside + 4) !== rectHeight) return DAMAGED;
      if (rectWidth === 0 || rectHeight === 0) return DAMAGED;
      depth = load<u8>(inside, 8);
      kind = load<u8>(inside, 9);
      if (load<u8>(inside, 12) !== 0) return UNKNOWN_ENCODING;
      const bits = bitsOfPixel(kind, depth);
      if (bits === 0) return UNKNOWN_ENCODING;
      rowBytes = (rectWidth * bits + 7) >> 3;
      resetStream(stream);
      const room = reserveOutput(stream, (rowBytes + 1) * rectHeight);
      if (room !== 0) return room;
      start = stream.out;
    } else if (type === PLTE) {
      if (size > 768 || size % 3 !== 0) return DAMAGED;
      for (let i: u32 = 0; i < size; i += 3) {
        const colour = <u32>load<u16>(inside + i) | ((<u32>load<u8>(inside + i, 2)) << 16) | OPAQUE;
        store<u32>(palette + (i / 3) * 4, colour);
      }
    } else if (type === IDAT) {
      if (start === 0) return DAMAGED;
      const left = (rowBytes + 1) * rectHeight - (stream.out - start);
      const result = inflate(stream, inside, inside + size, left);
      if (result !== 0) return result;
    } else if (type === IEND) {
      break;
    }
    at += size + 12;
  }
  if (start === 0 || stream.out - start !== (rowBytes + 1) * rectHeight) return DAMAGED;
  return show(start, rowBytes, kind, depth);
}

/** 0: not one of those that are read. */
function bitsOfPixel(kind: u32, depth: u32): u32 {
  const small = depth === 1 || depth === 2 || depth === 4 || depth === 8;
  if (kind === GREY || kind === PALETTE) return small ? depth : 0;
  if (depth !== 8) return 0;
  if (kind === RGB) return 24;
  if (kind === GREY_ALPHA) return 16;
  return kind === RGBA ? 32 : 0;
}

function show(data: u32, rowBytes: u32, kind: u32, depth: u32): i32 {
  if (kind === GREY) {
    const steps: u32 = (1 << depth) - 1;
    for (let i: u32 = 0; i <= steps; i++) store<u32>(palette + i * 4, (((i * 255) / steps) * 0x010101) | OPAQUE);
  }
  const pixel: u32 = max<u32>(1, bitsOfPixel(kind, depth) >> 3);
  let to = pixelAt(rectX, rectY);
  let above: u32 = 0;
  for (let j: u32 = 0; j < rectHeight; j++) {
    const filter: u32 = load<u8>(data);
    const row = data + 1;
    if (!unfilter(filter, row, above, rowBytes, pixel)) return DAMAGED;
    if (kind === RGB) copy24(to, row, rectWidth);
    else if (kind === RGBA) copy32(to, row, rectWidth);
    else if (kind === GREY_ALPHA) {
      for (let i: u32 = 0; i < rectWidth; i++) {
        store<u32>(to + i * 4, (<u32>load<u8>(row + i * 2) * 0x010101) | OPAQUE);
      }
    } else if (depth === 8) expandBytes(to, row, rectWidth, palette);
    else expandPacked(to, row, depth);
    above = row;
    data = row + rowBytes;
    to += stride;
  }
  return 0;
}

function expandPacked(to: u32, row: u32, depth: u32): void {
  const mask: u32 = (1 << depth) - 1;
  for (let i: u32 = 0; i < rectWidth; i++) {
    const bit = i * depth;
    const index = (<u32>load<u8>(row + (bit >> 3)) >> (8 - depth - (bit & 7))) & mask;
    store<u32>(to + i * 4, load<u32>(palette + index * 4));
  }
}

/** In place. `above` is 0 for the first row. */
function unfilter(filter: u32, row: u32, above: u32, bytes: u32, pixel: u32): bool {
  if (filter === 0) return true;
  if (filter > 4) return false;
  for (let i: u32 = 0; i < bytes; i++) {
    const left: u32 = i >= pixel ? load<u8>(row + i - pixel) : 0;
    const up: u32 = above !== 0 ? load<u8>(above + i) : 0;
    const corner: u32 = above !== 0 && i >= pixel ? load<u8>(above + i - pixel) : 0;
    let guess: u32;
    if (filter === 1) guess = left;
    else if (filter === 2) guess = up;
    else if (filter === 3) guess = (left + up) >> 1;
    else {
      const p = <i32>left + <i32>up - <i32>corner;
      const a = abs(p - <i32>left);
      const b = abs(p - <i32>up);
      const c = abs(p - <i32>corner);
      guess = a <= b && a <= c ? left : b <= c ? up : corner;
    }
    store<u8>(row + i, <u8>(<u32>load<u8>(row + i) + guess));
  }
  return true;
}
