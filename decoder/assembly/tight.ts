/** Tight (rfbproto, section "Tight Encoding"): four zlib streams, filters, fills. */
import { fillArea, copy24, expandBits, expandBytes } from './pixels';
import { decodeJpeg } from './jpeg';
import { decodePng } from './png';
import { Stream, inflate, reserveOutput, resetStream, streamAt } from './inflate';
import {
  DAMAGED,
  OPAQUE,
  UNKNOWN_ENCODING,
  advance,
  available,
  colour24,
  input,
  pixelAt,
  rectHeight,
  rectWidth,
  rectX,
  rectY,
  stride,
} from './state';

/** Below this many bytes data is sent as it is. */
const UNCOMPRESSED: u32 = 12;
const COPY: u32 = 0;
const PALETTE: u32 = 1;
const GRADIENT: u32 = 2;

/** 256 colours; what lies behind the palette's end is black. */
const palette = <u32>memory.data(1024, 16);

/** Length of a compact length's own bytes, found by the last `compactLength`; 0: not all there. */
let compactSize: u32 = 0;

/** One to three bytes, seven bits each, the last one eight. */
function compactLength(at: u32, end: u32): u32 {
  compactSize = 0;
  if (at >= end) return 0;
  const a: u32 = load<u8>(at);
  if (a < 128) {
    compactSize = 1;
    return a;
  }
  if (at + 1 >= end) return 0;
  const b: u32 = load<u8>(at, 1);
  if (b < 128) {
    compactSize = 2;
    return (a & 127) | (b << 7);
  }
  if (at + 2 >= end) return 0;
  compactSize = 3;
  return (a & 127) | ((b & 127) << 7) | ((<u32>load<u8>(at, 2)) << 14);
}

/** Takes nothing until all of the rectangle is there. `png`: the TightPNG encoding, which has PNGs where Tight has zlib. */
export function decodeTight(png: bool): i32 {
  const have = available();
  if (have < 1) return 1;
  const control: u32 = load<u8>(input);
  const kind = control >> 4;
  if (kind === 8) {
    if (have < 4) return 4;
    resetStreams(control);
    fillArea(rectX, rectY, rectWidth, rectHeight, colour24(input + 1));
    advance(4);
    return 0;
  }
  if (kind === 9) return image(control, have, false);
  if (kind === 10 && png) return image(control, have, true);
  if (kind > 9 || png) return UNKNOWN_ENCODING;
  return basic(control, have);
}

function image(control: u32, have: u32, png: bool): i32 {
  const length = compactLength(input + 1, input + have);
  if (compactSize === 0) return <i32>(have + 1);
  const from = input + 1 + compactSize;
  const size: u32 = 1 + compactSize + length;
  if (have < size) return <i32>size;
  resetStreams(control);
  const result = png ? decodePng(from, from + length) : decodeJpeg(from, from + length);
  advance(size);
  return result;
}

function resetStreams(control: u32): void {
  for (let i: u32 = 0; i < 4; i++) {
    if ((control >> i) & 1) resetStream(streamAt(i));
  }
}

function basic(control: u32, have: u32): i32 {
  let at = input + 1;
  let filter = COPY;
  if (control & 0x40) {
    if (have < 2) return 2;
    filter = load<u8>(at++);
  }
  let rowBytes = rectWidth * 3;
  let colours: u32 = 0;
  if (filter === PALETTE) {
    if (at - input + 1 > have) return <i32>(at - input + 1);
    colours = <u32>load<u8>(at++) + 1;
    const size = at - input + colours * 3;
    if (have < size) return <i32>size;
    at += colours * 3;
    rowBytes = colours <= 2 ? (rectWidth + 7) >> 3 : rectWidth;
  } else if (filter > GRADIENT) {
    return DAMAGED;
  }
  const bytes = rowBytes * rectHeight;
  let data: u32;
  if (bytes < UNCOMPRESSED) {
    const size = at - input + bytes;
    if (have < size) return <i32>size;
    resetStreams(control);
    data = at;
    at += bytes;
  } else {
    const length = compactLength(at, input + have);
    if (compactSize === 0) return <i32>(have + 1);
    const size = at + compactSize - input + length;
    if (have < size) return <i32>size;
    at += compactSize;
    resetStreams(control);
    const stream: Stream = streamAt((control >> 4) & 3);
    const room = reserveOutput(stream, bytes);
    if (room !== 0) return room;
    data = stream.out;
    const result = inflate(stream, at, at + length, bytes);
    if (result !== 0) return result;
    if (stream.out - data !== bytes) return DAMAGED;
    at += length;
  }
  if (filter === PALETTE) applyPalette(data, rowBytes, colours);
  else if (filter === GRADIENT) applyGradient(data);
  else applyCopy(data);
  advance(at - input);
  return 0;
}

function applyCopy(data: u32): void {
  let row = pixelAt(rectX, rectY);
  for (let j: u32 = 0; j < rectHeight; j++) {
    copy24(row, data, rectWidth);
    row += stride;
    data += rectWidth * 3;
  }
}

/** The palette lies in the input, behind the filter's byte and its own size. */
function applyPalette(data: u32, rowBytes: u32, colours: u32): void {
  let row = pixelAt(rectX, rectY);
  const from = input + 3;
  if (colours <= 2) {
    const zero = colour24(from);
    const one = colours === 2 ? colour24(from + 3) : zero;
    for (let j: u32 = 0; j < rectHeight; j++) {
      expandBits(row, data, rectWidth, zero, one);
      row += stride;
      data += rowBytes;
    }
    return;
  }
  for (let i: u32 = 0; i < colours; i++) store<u32>(palette + i * 4, colour24(from + i * 3));
  for (let i = colours; i < 256; i++) store<u32>(palette + i * 4, OPAQUE);
  for (let j: u32 = 0; j < rectHeight; j++) {
    expandBytes(row, data, rectWidth, palette);
    row += stride;
    data += rowBytes;
  }
}

/** Each channel is sent as the difference to left + above − above left, kept within a byte. */
function applyGradient(data: u32): void {
  for (let j: u32 = 0; j < rectHeight; j++) {
    let to = pixelAt(rectX, rectY + j);
    let above = to - stride;
    let left: u32 = 0;
    let corner: u32 = 0;
    for (let i: u32 = 0; i < rectWidth; i++) {
      const up = j > 0 ? load<u32>(above) : 0;
      let colour = OPAQUE;
      for (let shift: u32 = 0; shift < 24; shift += 8) {
        const guess = <i32>((left >> shift) & 255) + <i32>((up >> shift) & 255) - <i32>((corner >> shift) & 255);
        const value = (<u32>min(max(guess, 0), 255) + <u32>load<u8>(data++)) & 255;
        colour |= value << shift;
      }
      store<u32>(to, colour);
      left = colour;
      corner = up;
      to += 4;
      above += 4;
    }
  }
}
