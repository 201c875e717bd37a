/** Hextile (RFC 6143, 7.7.4). Goes on wherever input ends between two tiles. */
import { copy32, fillArea, fillRun } from './pixels';
import {
  DAMAGED,
  advance,
  available,
  colour32,
  input,
  pixelAt,
  rectHeight,
  rectWidth,
  rectX,
  rectY,
  stride,
} from './state';

const RAW: u32 = 1;
const BACKGROUND: u32 = 2;
const FOREGROUND: u32 = 4;
const SUBRECTS: u32 = 8;
const COLOURED: u32 = 16;

let tileX: u32 = 0;
let tileY: u32 = 0;
let background: u32 = 0xff000000;
let foreground: u32 = 0xff000000;

export function beginHextile(): void {
  tileX = 0;
  tileY = 0;
  background = 0xff000000;
  foreground = 0xff000000;
}

export function decodeHextile(): i32 {
  if (rectWidth === 0) return 0;
  while (tileY < rectHeight) {
    const width = min<u32>(16, rectWidth - tileX);
    const height = min<u32>(16, rectHeight - tileY);
    const need = tile(rectX + tileX, rectY + tileY, width, height);
    if (need !== 0) return need;
    tileX += 16;
    if (tileX >= rectWidth) {
      tileX = 0;
      tileY += 16;
    }
  }
  return 0;
}

/** Strokes of letters: a row, or a column or two. */
// @ts-ignore: decorator
@inline
function fillThin(row: u32, width: u32, height: u32, colour: u32): void {
  if (height === 1) {
    fillRun(row, width, colour);
    return;
  }
  for (let j: u32 = 0; j < height; j++) {
    store<u32>(row, colour);
    if (width === 2) store<u32>(row, colour, 4);
    row += stride;
  }
}

/** Rows of 16 pixels, which nearly all tiles have. */
// @ts-ignore: decorator
@inline
function fillWide(row: u32, height: u32, colour: u32): void {
  const four = i32x4.splat(colour);
  for (let j: u32 = 0; j < height; j++) {
    v128.store(row, four);
    v128.store(row, four, 16);
    v128.store(row, four, 32);
    v128.store(row, four, 48);
    row += stride;
  }
}

/** Changes nothing, the colours included, unless all of the tile is there. */
function tile(x: u32, y: u32, width: u32, height: u32): i32 {
  const have = available();
  if (have < 1) return 1;
  const kind: u32 = load<u8>(input);
  if (kind & RAW) {
    const size: u32 = 1 + width * height * 4;
    if (have < size) return <i32>size;
    let from = input + 1;
    let to = pixelAt(x, y);
    for (let j: u32 = 0; j < height; j++) {
      copy32(to, from, width);
      from += width * 4;
      to += stride;
    }
    advance(size);
    return 0;
  }
  let size: u32 = 1;
  if (kind & BACKGROUND) size += 4;
  if (kind & FOREGROUND) size += 4;
  let count: u32 = 0;
  if (kind & SUBRECTS) {
    if (have < size + 1) return <i32>(size + 1);
    count = load<u8>(input + size);
    size += 1 + count * <u32>(kind & COLOURED ? 6 : 2);
  }
  if (have < size) return <i32>size;
  let at = input + 1;
  if (kind & BACKGROUND) {
    background = colour32(at);
    at += 4;
  }
  if (kind & FOREGROUND) {
    foreground = colour32(at);
    at += 4;
  }
  if (width === 16) fillWide(pixelAt(x, y), height, background);
  else fillArea(x, y, width, height, background);
  if (kind & SUBRECTS) {
    at++;
    for (let i: u32 = 0; i < count; i++) {
      let colour = foreground;
      if (kind & COLOURED) {
        colour = colour32(at);
        at += 4;
      }
      const place: u32 = load<u8>(at);
      const extent: u32 = load<u8>(at, 1);
      at += 2;
      const left = place >> 4;
      const upper = place & 15;
      const wide = (extent >> 4) + 1;
      const high = (extent & 15) + 1;
      if (left + wide > width || upper + high > height) return DAMAGED;
      if (high === 1 || wide <= 2) fillThin(pixelAt(x + left, y + upper), wide, high, colour);
      else fillArea(x + left, y + upper, wide, high, colour);
    }
  }
  advance(size);
  return 0;
}
