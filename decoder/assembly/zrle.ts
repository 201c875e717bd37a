/** ZRLE (RFC 6143, 7.7.6), and the zlib encoding, which is Raw in a stream of its own. */
import { inflate, reserveOutput, streamAt } from './inflate';
import { copy24, copy32, fillArea, fillRun } from './pixels';
import {
  DAMAGED,
  MAX_INPUT,
  OPAQUE,
  TOO_LARGE,
  advance,
  available,
  bigEndian32,
  colour24,
  input,
  pixelAt,
  rectHeight,
  rectWidth,
  rectX,
  rectY,
  stride,
} from './state';

const ZRLE_STREAM: u32 = 4;
const ZLIB_STREAM: u32 = 5;
const TILE: u32 = 64;

const palette = <u32>memory.data(128 * 4, 16);

/** Where the inflated data ends; tiles check against it. */
let dataEnd: u32 = 0;

export function decodeZrle(): i32 {
  if (available() < 4) return 4;
  const length = bigEndian32(input);
  if (length > MAX_INPUT) return TOO_LARGE;
  if (available() < length + 4) return <i32>(length + 4);
  // No tile is longer than one whose every pixel is a run of one.
  const tiles = ((rectWidth + TILE - 1) / TILE) * ((rectHeight + TILE - 1) / TILE);
  const limit = rectWidth * rectHeight * 4 + tiles * (1 + 127 * 3);
  const stream = streamAt(ZRLE_STREAM);
  const room = reserveOutput(stream, limit);
  if (room !== 0) return room;
  let data = stream.out;
  const result = inflate(stream, input + 4, input + 4 + length, limit);
  if (result !== 0) return result;
  dataEnd = stream.out;
  for (let y: u32 = 0; y < rectHeight; y += TILE) {
    const height = min(TILE, rectHeight - y);
    for (let x: u32 = 0; x < rectWidth; x += TILE) {
      const width = min(TILE, rectWidth - x);
      data = tile(data, rectX + x, rectY + y, width, height);
      if (data === 0) return DAMAGED;
    }
  }
  advance(length + 4);
  return 0;
}

/** Gives where the next tile's data begins, or 0. */
function tile(data: u32, x: u32, y: u32, width: u32, height: u32): u32 {
  if (data >= dataEnd) return 0;
  const kind: u32 = load<u8>(data++);
  const have = dataEnd - data;
  const count = kind & 127;
  if (kind === 0) {
    if (have < width * height * 3) return 0;
    let row = pixelAt(x, y);
    for (let j: u32 = 0; j < height; j++) {
      copy24(row, data, width);
      row += stride;
      data += width * 3;
    }
    return data;
  }
  if (kind === 128) return plainRuns(data, x, y, width, height);
  if (kind > 16 && kind < 130) return 0;
  if (have < count * 3) return 0;
  if (kind === 1) {
    fillArea(x, y, width, height, colour24(data));
    return data + 3;
  }
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(palette + i * 4, colour24(data));
    data += 3;
  }
  if (kind >= 130) return paletteRuns(data, x, y, width, height, count);
  return packed(data, x, y, width, height, count);
}

function packed(data: u32, x: u32, y: u32, width: u32, height: u32, count: u32): u32 {
  const bits: u32 = count === 2 ? 1 : count <= 4 ? 2 : 4;
  const rowBytes = (width * bits + 7) >> 3;
  if (dataEnd - data < rowBytes * height) return 0;
  for (let i = count; i < 16; i++) store<u32>(palette + i * 4, OPAQUE);
  let row = pixelAt(x, y);
  if (bits === 1) {
    const zero = i32x4.splat(load<u32>(palette));
    const one = i32x4.splat(load<u32>(palette, 4));
    const high = i32x4(0x80, 0x40, 0x20, 0x10);
    const low = i32x4(8, 4, 2, 1);
    for (let j: u32 = 0; j < height; j++) {
      let to = row;
      const whole = row + (width & ~7) * 4;
      while (to < whole) {
        const byte = i32x4.splat(load<u8>(data++));
        v128.store(to, v128.bitselect(one, zero, i32x4.eq(v128.and(byte, high), high)));
        v128.store(to, v128.bitselect(one, zero, i32x4.eq(v128.and(byte, low), low)), 16);
        to += 32;
      }
      if (width & 7) {
        const byte: u32 = load<u8>(data++);
        for (let i: u32 = 0; i < (width & 7); i++) {
          store<u32>(to, load<u32>(palette + (((byte >> (7 - i)) & 1) << 2)));
          to += 4;
        }
      }
      row += stride;
    }
    return data;
  }
  const mask: u32 = (1 << bits) - 1;
  for (let j: u32 = 0; j < height; j++) {
    let to = row;
    const end = row + width * 4;
    while (to < end) {
      let byte: u32 = load<u8>(data++);
      let shift: i32 = 8 - <i32>bits;
      while (shift >= 0 && to < end) {
        store<u32>(to, load<u32>(palette + (((byte >> shift) & mask) << 2)));
        to += 4;
        shift -= <i32>bits;
      }
    }
    row += stride;
  }
  return data;
}

function plainRuns(data: u32, x: u32, y: u32, width: u32, height: u32): u32 {
  let row = pixelAt(x, y);
  let at: u32 = 0;
  let left = width * height;
  const end = dataEnd;
  while (left > 0) {
    if (end - data < 4 || data >= end) return 0;
    const colour = colour24(data);
    data += 3;
    let run: u32 = 1;
    let more: u32;
    do {
      if (data >= end) return 0;
      more = load<u8>(data++);
      run += more;
    } while (more === 255 && run <= left);
    if (run > left) return 0;
    left -= run;
    // A run may go on in the rows below.
    while (run > 0) {
      const part = min(run, width - at);
      fillRun(row + at * 4, part, colour);
      at += part;
      run -= part;
      if (at === width) {
        at = 0;
        row += stride;
      }
    }
  }
  return data;
}

function paletteRuns(data: u32, x: u32, y: u32, width: u32, height: u32, count: u32): u32 {
  let row = pixelAt(x, y);
  let at: u32 = 0;
  let left = width * height;
  const end = dataEnd;
  while (left > 0) {
    if (data >= end) return 0;
    const code: u32 = load<u8>(data++);
    const index = code & 127;
    if (index >= count) return 0;
    const colour = load<u32>(palette + (index << 2));
    if (code < 128) {
      store<u32>(row + at * 4, colour);
      left--;
      if (++at === width) {
        at = 0;
        row += stride;
      }
      continue;
    }
    let run: u32 = 1;
    let more: u32;
    do {
      if (data >= end) return 0;
      more = load<u8>(data++);
      run += more;
    } while (more === 255 && run <= left);
    if (run > left) return 0;
    left -= run;
    while (run > 0) {
      const part = min(run, width - at);
      fillRun(row + at * 4, part, colour);
      at += part;
      run -= part;
      if (at === width) {
        at = 0;
        row += stride;
      }
    }
  }
  return data;
}

export function decodeZlib(): i32 {
  if (available() < 4) return 4;
  const length = bigEndian32(input);
  if (length > MAX_INPUT) return TOO_LARGE;
  if (available() < length + 4) return <i32>(length + 4);
  const bytes = rectWidth * rectHeight * 4;
  const stream = streamAt(ZLIB_STREAM);
  const room = reserveOutput(stream, bytes);
  if (room !== 0) return room;
  let data = stream.out;
  const result = inflate(stream, input + 4, input + 4 + length, bytes);
  if (result !== 0) return result;
  if (stream.out - data !== bytes) return DAMAGED;
  let row = pixelAt(rectX, rectY);
  for (let j: u32 = 0; j < rectHeight; j++) {
    copy32(row, data, rectWidth);
    row += stride;
    data += rectWidth * 4;
  }
  advance(length + 4);
  return 0;
}
