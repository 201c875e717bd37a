/** Raw, CopyRect, RRE and CoRRE (RFC 6143, 7.7.1 to 7.7.3). */
import { copy32, fillArea } from './pixels';
import {
  DAMAGED,
  MAX_INPUT,
  TOO_LARGE,
  advance,
  available,
  bigEndian16,
  bigEndian32,
  colour32,
  input,
  pixelAt,
  rectHeight,
  rectWidth,
  rectX,
  rectY,
  screenHeight,
  screenWidth,
  stride,
} from './state';

/** Rows done, so that a picture of any size goes through a small input buffer. */
let rowsDone: u32 = 0;

export function beginRaw(): void {
  rowsDone = 0;
}

export function decodeRaw(): i32 {
  const bytes = rectWidth * 4;
  if (bytes === 0) return 0;
  let to = pixelAt(rectX, rectY + rowsDone);
  while (rowsDone < rectHeight) {
    if (available() < bytes) return <i32>bytes;
    copy32(to, input, rectWidth);
    advance(bytes);
    to += stride;
    rowsDone++;
  }
  return 0;
}

export function decodeCopyRect(): i32 {
  if (available() < 4) return 4;
  const fromX = bigEndian16(input);
  const fromY = bigEndian16(input + 2);
  if (fromX + rectWidth > screenWidth || fromY + rectHeight > screenHeight) return DAMAGED;
  advance(4);
  const bytes = rectWidth * 4;
  if (fromY < rectY) {
    for (let j = <i32>rectHeight - 1; j >= 0; j--) {
      memory.copy(pixelAt(rectX, rectY + j), pixelAt(fromX, fromY + j), bytes);
    }
  } else {
    for (let j: u32 = 0; j < rectHeight; j++) {
      memory.copy(pixelAt(rectX, rectY + j), pixelAt(fromX, fromY + j), bytes);
    }
  }
  return 0;
}

let subrectanglesLeft: u32 = 0;
let started = false;

export function beginRre(): void {
  started = false;
}

/** `compact`: CoRRE, whose sub-rectangles are described in bytes. Goes on wherever input ends between two of them. */
export function decodeRre(compact: bool): i32 {
  if (!started) {
    if (available() < 8) return 8;
    subrectanglesLeft = bigEndian32(input);
    if (subrectanglesLeft > MAX_INPUT / 8) return TOO_LARGE;
    fillArea(rectX, rectY, rectWidth, rectHeight, colour32(input + 4));
    advance(8);
    started = true;
  }
  const size: u32 = compact ? 8 : 12;
  while (subrectanglesLeft > 0) {
    if (available() < size) return <i32>size;
    const colour = colour32(input);
    let x: u32, y: u32, width: u32, height: u32;
    if (compact) {
      x = load<u8>(input, 4);
      y = load<u8>(input, 5);
      width = load<u8>(input, 6);
      height = load<u8>(input, 7);
    } else {
      x = bigEndian16(input + 4);
      y = bigEndian16(input + 6);
      width = bigEndian16(input + 8);
      height = bigEndian16(input + 10);
    }
    if (x + width > rectWidth || y + height > rectHeight) return DAMAGED;
    if (width !== 0) fillArea(rectX + x, rectY + y, width, height, colour);
    advance(size);
    subrectanglesLeft--;
  }
  return 0;
}
