/** From JPEG's samples, signed bytes around 0, to pixels. */
import { OPAQUE } from './state';

const MIDDLE: i8 = -128;

/** Reads up to 15 samples past `count`; writes exactly `count` pixels. */
export function greyRow(to: u32, y: u32, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = <u32>(<i32>load<i8>(y + i) + 128);
    store<u32>(to + i * 4, value | (value << 8) | (value << 16) | OPAQUE);
  }
}

const last = <u32>memory.data(64, 16);

/**
 * Reads up to 15 samples past `count`. Red and blue are the brightness plus once or twice the chroma and a fraction of
 * it below one half, so that everything stays within 16 bits.
 */
export function colourRow(to: u32, y: u32, cb: u32, cr: u32, count: u32): void {
  const whole = count & ~15;
  for (let i: u32 = 0; i < whole; i += 16) convert(to + i * 4, y + i, cb + i, cr + i);
  const rest = count & 15;
  if (rest === 0) return;
  convert(last, y + whole, cb + whole, cr + whole);
  memory.copy(to + whole * 4, last, rest * 4);
}

// @ts-ignore: decorator
@inline
function convert(to: u32, y: u32, cb: u32, cr: u32): void {
  const middle = i8x16.splat(MIDDLE);
  const full = i8x16.splat(-1);
  const luma = v128.xor(v128.load(y), middle);
  const blue = v128.load(cb);
  const red = v128.load(cr);
  const y0 = i16x8.extend_low_i8x16_u(luma);
  const y1 = i16x8.extend_high_i8x16_u(luma);
  const b0 = i16x8.extend_low_i8x16_s(blue);
  const b1 = i16x8.extend_high_i8x16_s(blue);
  const r0 = i16x8.extend_low_i8x16_s(red);
  const r1 = i16x8.extend_high_i8x16_s(red);
  const r = i8x16.narrow_i16x8_u(reds(y0, r0), reds(y1, r1));
  const g = i8x16.narrow_i16x8_u(greens(y0, b0, r0), greens(y1, b1, r1));
  const b = i8x16.narrow_i16x8_u(blues(y0, b0), blues(y1, b1));
  const rgLow = v128.shuffle<i8>(r, g, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const rgHigh = v128.shuffle<i8>(r, g, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  const baLow = v128.shuffle<i8>(b, full, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
  const baHigh = v128.shuffle<i8>(b, full, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  v128.store(to, v128.shuffle<i16>(rgLow, baLow, 0, 8, 1, 9, 2, 10, 3, 11));
  v128.store(to, v128.shuffle<i16>(rgLow, baLow, 4, 12, 5, 13, 6, 14, 7, 15), 16);
  v128.store(to, v128.shuffle<i16>(rgHigh, baHigh, 0, 8, 1, 9, 2, 10, 3, 11), 32);
  v128.store(to, v128.shuffle<i16>(rgHigh, baHigh, 4, 12, 5, 13, 6, 14, 7, 15), 48);
}

/** + 1.402 Cr */
// @ts-ignore: decorator
@inline
function reds(y: v128, cr: v128): v128 {
  return i16x8.add(i16x8.add(y, cr), i16x8.q15mulr_sat_s(cr, i16x8.splat(13173)));
}

/** + 1.772 Cb */
// @ts-ignore: decorator
@inline
function blues(y: v128, cb: v128): v128 {
  return i16x8.sub(i16x8.add(y, i16x8.shl(cb, 1)), i16x8.q15mulr_sat_s(cb, i16x8.splat(7471)));
}

/** − 0.34414 Cb − 0.71414 Cr, rounded once: −Cr + (0.28586 Cr − 0.34414 Cb). */
// @ts-ignore: decorator
@inline
function greens(y: v128, cb: v128, cr: v128): v128 {
  const factors = i32x4.splat((18734 << 16) | (-22554 & 0xffff));
  const half = i32x4.splat(32768);
  const low = i32x4.dot_i16x8_s(v128.shuffle<i16>(cb, cr, 0, 8, 1, 9, 2, 10, 3, 11), factors);
  const high = i32x4.dot_i16x8_s(v128.shuffle<i16>(cb, cr, 4, 12, 5, 13, 6, 14, 7, 15), factors);
  const part = i16x8.narrow_i32x4_s(i32x4.shr_s(i32x4.add(low, half), 16), i32x4.shr_s(i32x4.add(high, half), 16));
  return i16x8.add(i16x8.sub(y, cr), part);
}

/**
 * One row of chroma in the picture's width. Halved samples are spread by a triangle, as the accurate decoders do it;
 * other ratios are repeated.
 */
export function upsample(
  to: u32,
  plane: u32,
  planeStride: u32,
  width: u32,
  height: u32,
  across: u32,
  down: u32,
  row: u32,
  count: u32,
): void {
  const near = plane + (row / down) * planeStride;
  if (across === 1) {
    if (down !== 2) {
      memory.copy(to, near, count);
      return;
    }
    const far = neighbour(plane, planeStride, height, row);
    const bias: i32 = row & 1 ? 2 : 1;
    for (let i: u32 = 0; i < count; i++) {
      store<i8>(to + i, <i8>((<i32>load<i8>(near + i) * 3 + <i32>load<i8>(far + i) + bias) >> 2));
    }
    return;
  }
  if (across !== 2 || down > 2 || width < 3) {
    for (let i: u32 = 0; i < count; i++) store<i8>(to + i, load<i8>(near + i / across));
    return;
  }
  // One sample gives two pixels; the last one may be one too many, which the row has room for.
  if (down === 1) {
    for (let i: u32 = 0; i < width; i++) {
      const here = <i32>load<i8>(near + i) * 3;
      const before = i === 0 ? <i32>load<i8>(near) : <i32>load<i8>(near + i - 1);
      const after = i === width - 1 ? <i32>load<i8>(near + i) : <i32>load<i8>(near + i + 1);
      store<i8>(to + i * 2, i === 0 ? load<i8>(near) : <i8>((here + before + 1) >> 2));
      store<i8>(to + i * 2 + 1, i === width - 1 ? load<i8>(near + i) : <i8>((here + after + 2) >> 2));
    }
    return;
  }
  const far = neighbour(plane, planeStride, height, row);
  let before = <i32>load<i8>(near) * 3 + <i32>load<i8>(far);
  let here = before;
  for (let i: u32 = 0; i < width; i++) {
    const after = i === width - 1 ? here : <i32>load<i8>(near + i + 1) * 3 + <i32>load<i8>(far + i + 1);
    store<i8>(to + i * 2, <i8>((here * 3 + before + 8) >> 4));
    store<i8>(to + i * 2 + 1, <i8>((here * 3 + after + 7) >> 4));
    before = here;
    here = after;
  }
}

/** The row of samples that lies on the other side of the pixels' row; the same one at the edges. */
// @ts-ignore: decorator
@inline
function neighbour(plane: u32, planeStride: u32, height: u32, row: u32): u32 {
  const own = row >> 1;
  const other: u32 = row & 1 ? min(own + 1, height - 1) : own === 0 ? 0 : own - 1;
  return plane + other * planeStride;
}
