/** Loops over pixels that several decoders share. All write whole pixels of the framebuffer and nothing beside them. */
import { OPAQUE, pixelAt, stride } from './state';

/** The area has been checked to lie inside the framebuffer. */
export function fillArea(x: u32, y: u32, width: u32, height: u32, colour: u32): void {
  let row = pixelAt(x, y);
  const bytes = width * 4;
  if (width < 4) {
    if (width === 0) return;
    for (let j: u32 = 0; j < height; j++) {
      store<u32>(row, colour);
      if (width > 1) store<u32>(row, colour, 4);
      if (width > 2) store<u32>(row, colour, 8);
      row += stride;
    }
    return;
  }
  const four = i32x4.splat(colour);
  if (width >= WIDE) {
    fillWide(row, bytes, height, four);
    return;
  }
  for (let j: u32 = 0; j < height; j++) {
    fillFour(row, bytes, four);
    row += stride;
  }
}

/** Pixels from which on a row is worth a loop of its own. */
const WIDE: u32 = 32;

/** Backgrounds: 64 bytes a turn. */
function fillWide(row: u32, bytes: u32, height: u32, four: v128): void {
  for (let j: u32 = 0; j < height; j++) {
    const last = row + bytes - 64;
    let at = row;
    while (at < last) {
      v128.store(at, four);
      v128.store(at, four, 16);
      v128.store(at, four, 32);
      v128.store(at, four, 48);
      at += 64;
    }
    v128.store(last, four);
    v128.store(last, four, 16);
    v128.store(last, four, 32);
    v128.store(last, four, 48);
    row += stride;
  }
}

/** At least 16 bytes; the last vector overlaps the one before. */
// @ts-ignore: decorator
@inline
function fillFour(at: u32, bytes: u32, four: v128): void {
  const last = at + bytes - 16;
  while (at < last) {
    v128.store(at, four);
    at += 16;
  }
  v128.store(last, four);
}

/** `count` pixels of one colour, anywhere. */
// @ts-ignore: decorator
@inline
export function fillRun(at: u32, count: u32, colour: u32): void {
  if (count >= 4) {
    fillFour(at, count * 4, i32x4.splat(colour));
    return;
  }
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(at, colour);
    at += 4;
  }
}

/** `count` pixels of four bytes each, whose fourth byte means nothing. */
export function copy32(to: u32, from: u32, count: u32): void {
  const opaque = i32x4.splat(OPAQUE);
  const end = to + count * 4;
  const vectorEnd = to + (count & ~3) * 4;
  while (to < vectorEnd) {
    v128.store(to, v128.or(v128.load(from), opaque));
    to += 16;
    from += 16;
  }
  while (to < end) {
    store<u32>(to, load<u32>(from) | OPAQUE);
    to += 4;
    from += 4;
  }
}

/** `count` pixels of three bytes each. Reads up to 4 bytes past the last one. */
export function copy24(to: u32, from: u32, count: u32): void {
  const opaque = i32x4.splat(OPAQUE);
  const end = to + count * 4;
  const vectorEnd = to + (count & ~15) * 4;
  while (to < vectorEnd) {
    // 48 bytes in, 64 out.
    const a = v128.load(from);
    const b = v128.load(from, 16);
    const c = v128.load(from, 32);
    v128.store(to, v128.or(v128.shuffle<u8>(a, a, 0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 9, 10, 11, 0), opaque));
    v128.store(to, v128.or(v128.shuffle<u8>(a, b, 12, 13, 14, 0, 15, 16, 17, 0, 18, 19, 20, 0, 21, 22, 23, 0), opaque), 16);
    v128.store(to, v128.or(v128.shuffle<u8>(b, c, 8, 9, 10, 0, 11, 12, 13, 0, 14, 15, 16, 0, 17, 18, 19, 0), opaque), 32);
    v128.store(to, v128.or(v128.shuffle<u8>(c, c, 4, 5, 6, 0, 7, 8, 9, 0, 10, 11, 12, 0, 13, 14, 15, 0), opaque), 48);
    to += 64;
    from += 48;
  }
  while (to < end) {
    store<u32>(to, load<u32>(from) | OPAQUE);
    to += 4;
    from += 3;
  }
}

/** One row of one bit a pixel, high bit first; colours as the framebuffer has them. */
export function expandBits(to: u32, from: u32, count: u32, zero: u32, one: u32): void {
  const zeros = i32x4.splat(zero);
  const ones = i32x4.splat(one);
  const high = i32x4(0x80, 0x40, 0x20, 0x10);
  const low = i32x4(8, 4, 2, 1);
  const whole = to + (count & ~7) * 4;
  while (to < whole) {
    const bits = i32x4.splat(load<u8>(from));
    v128.store(to, v128.bitselect(ones, zeros, i32x4.eq(v128.and(bits, high), high)));
    v128.store(to, v128.bitselect(ones, zeros, i32x4.eq(v128.and(bits, low), low)), 16);
    to += 32;
    from++;
  }
  const rest = count & 7;
  for (let i: u32 = 0; i < rest; i++) {
    store<u32>(to, (load<u8>(from) >> (7 - i)) & 1 ? one : zero);
    to += 4;
  }
}

/** One row of one byte a pixel; `palette` has 256 colours, so that no index is outside. */
export function expandBytes(to: u32, from: u32, count: u32, palette: u32): void {
  const whole = to + (count & ~7) * 4;
  while (to < whole) {
    const eight = load<u64>(from);
    const a = <u32>eight;
    const b = <u32>(eight >> 32);
    store<u32>(to, load<u32>(palette + ((a & 255) << 2)));
    store<u32>(to, load<u32>(palette + ((a >> 6) & 0x3fc)), 4);
    store<u32>(to, load<u32>(palette + ((a >> 14) & 0x3fc)), 8);
    store<u32>(to, load<u32>(palette + ((a >> 24) << 2)), 12);
    store<u32>(to, load<u32>(palette + ((b & 255) << 2)), 16);
    store<u32>(to, load<u32>(palette + ((b >> 6) & 0x3fc)), 20);
    store<u32>(to, load<u32>(palette + ((b >> 14) & 0x3fc)), 24);
    store<u32>(to, load<u32>(palette + ((b >> 24) << 2)), 28);
    to += 32;
    from += 8;
  }
  const rest = count & 7;
  for (let i: u32 = 0; i < rest; i++) {
    store<u32>(to, load<u32>(palette + (<u32>load<u8>(from) << 2)));
    to += 4;
    from++;
  }
}
