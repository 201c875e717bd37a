/**
 * The decoder's door. One framebuffer, one input buffer, one connection at a time; every call answers with a number and
 * none traps. Positions are addresses in the imported memory.
 */
import { beginHextile, decodeHextile } from './hextile';
import { STREAMS, prepareInflate, releaseStream, resetStream, streamAt } from './inflate';
import { beginJpeg, decodeJpegStream, releaseJpeg } from './jpeg';
import { forgetTables } from './jpeg-tables';
import { allocate, capacityOf, release } from './memory';
import { beginRaw, beginRre, decodeCopyRect, decodeRaw, decodeRre } from './simple';
import * as state from './state';
import { decodeTight } from './tight';
import { decodeZlib, decodeZrle } from './zrle';

const RAW: i32 = 0;
const COPY_RECT: i32 = 1;
const RRE: i32 = 2;
const CORRE: i32 = 4;
const HEXTILE: i32 = 5;
const ZLIB: i32 = 6;
const TIGHT: i32 = 7;
const ZRLE: i32 = 16;
const JPEG: i32 = 21;
const TIGHT_PNG: i32 = -260;

const MAX_DIMENSION: u32 = 16384;
const MAX_PIXELS: u32 = 1 << 25;

/** 255 is nobody's. */
let encoding: i32 = 255;
let inputBuffer: u32 = 0;
let prepared = false;

/** Forgets the connection: streams begin anew. The picture stays. */
export function reset(): void {
  if (!prepared) {
    prepareInflate();
    prepared = true;
  }
  encoding = 255;
  forgetTables();
  for (let i: u32 = 0; i < STREAMS; i++) resetStream(streamAt(i));
}

/** Gives large buffers back for others to use. The picture stays. */
export function trim(): void {
  for (let i: u32 = 0; i < STREAMS; i++) releaseStream(streamAt(i));
  releaseJpeg();
  release(inputBuffer);
  inputBuffer = 0;
}

/**
 * Where input is written to, with room for at least `bytes`; `used` bytes of it are kept. The address changes when it
 * grows. 0: no memory.
 */
export function reserveInput(bytes: u32, used: u32): u32 {
  if (inputBuffer !== 0 && capacityOf(inputBuffer) >= bytes) return inputBuffer;
  const larger = allocate(bytes);
  if (larger === 0) return 0;
  if (inputBuffer !== 0) {
    memory.copy(larger, inputBuffer, used);
    release(inputBuffer);
  }
  inputBuffer = larger;
  return larger;
}

export function inputCapacity(): u32 {
  return capacityOf(inputBuffer);
}

/** 0 or an error. Keeps what both sizes have in common; the rest is black. */
export function resize(width: u32, height: u32): i32 {
  if (width < 1 || height < 1 || width > MAX_DIMENSION || height > MAX_DIMENSION || width * height > MAX_PIXELS) {
    return state.TOO_LARGE;
  }
  const bytes = width * height * 4;
  const next = allocate(bytes);
  if (next === 0) return state.NO_MEMORY;
  const black = i32x4.splat(state.OPAQUE);
  for (let at = next; at < next + bytes; at += 16) v128.store(at, black);
  const old = state.pixels;
  if (old !== 0) {
    const rows = min(height, state.screenHeight);
    const rowBytes = min(width, state.screenWidth) * 4;
    for (let j: u32 = 0; j < rows; j++) memory.copy(next + j * width * 4, old + j * state.stride, rowBytes);
    release(old);
  }
  state.setScreen(next, width, height);
  return 0;
}

export function framebuffer(): u32 {
  return state.pixels;
}

/** Where reading stopped in the last call. */
export function position(): u32 {
  return state.input;
}

/**
 * Begins a rectangle and goes as far as `at` to `end` allow. 0: it is complete. Above 0: so many bytes must be there,
 * from `position()` on, before `resume` gets further. Below 0: an error, after which only `reset` makes sense.
 */
export function begin(kind: i32, x: u32, y: u32, width: u32, height: u32, at: u32, end: u32): i32 {
  encoding = 255;
  state.setInput(at, end);
  if (x > 0xffff || y > 0xffff || width > 0xffff || height > 0xffff) return state.DAMAGED;
  if (x + width > state.screenWidth || y + height > state.screenHeight) return state.DAMAGED;
  state.setRectangle(x, y, width, height);
  encoding = kind;
  switch (kind) {
    case RAW:
      beginRaw();
      break;
    case RRE:
    case CORRE:
      beginRre();
      break;
    case HEXTILE:
      beginHextile();
      break;
    case JPEG:
      beginJpeg();
      break;
  }
  return go();
}

export function resume(at: u32, end: u32): i32 {
  state.setInput(at, end);
  return go();
}

function go(): i32 {
  switch (encoding) {
    case RAW:
      return decodeRaw();
    case COPY_RECT:
      return decodeCopyRect();
    case RRE:
      return decodeRre(false);
    case CORRE:
      return decodeRre(true);
    case HEXTILE:
      return decodeHextile();
    case ZLIB:
      return decodeZlib();
    case TIGHT:
      return decodeTight(false);
    case TIGHT_PNG:
      return decodeTight(true);
    case JPEG:
      return decodeJpegStream();
    case ZRLE:
      return decodeZrle();
    default:
      return state.UNKNOWN_ENCODING;
  }
}
