/**
 * Inverse DCT of one block: the accurate integer method (Loeffler, Ligtenberg, Moschytz), 13-bit constants and 2 bits
 * more between the passes, so that results are those of other accurate decoders.
 */

const workspace = <u32>memory.data(128, 16);

/** 13-bit fixed point of the method's constants. */
const F0_298: i16 = 2446;
const F0_390: i16 = 3196;
const F0_541: i16 = 4433;
const F0_765: i16 = 6270;
const F0_899: i16 = 7373;
const F1_175: i16 = 9633;
const F1_501: i16 = 12299;
const F1_847: i16 = 15137;
const F1_961: i16 = 16069;
const F2_053: i16 = 16819;
const F2_562: i16 = 20995;
const F3_072: i16 = 25172;

// @ts-ignore: decorator
@inline
function pair(a: i16, b: i16): v128 {
  return i32x4.splat((<i32>b << 16) | (<i32>a & 0xffff));
}

// @ts-ignore: decorator
@inline
function low(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}

// @ts-ignore: decorator
@inline
function high(a: v128, b: v128): v128 {
  return v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}

/**
 * `coefficients`: 64 of 16 bits, natural order. `quantiser`: the same. `to`: 8 rows of 8 samples, `stride` apart,
 * as signed bytes (0 is the middle).
 */
export function inverse(coefficients: u32, quantiser: u32, to: u32, stride: u32): void {
  for (let i: u32 = 0; i < 128; i += 16) {
    v128.store(workspace + i, i16x8.mul(v128.load(coefficients + i), v128.load(quantiser + i)));
  }
  pass(11, 1 << 10);
  pass(18, 1 << 17);
  for (let i: u32 = 0; i < 128; i += 16) {
    const row = v128.load(workspace + i);
    v128.store64_lane(to, i8x16.narrow_i16x8_s(row, row), 0);
    to += stride;
  }
}

/** Where only the first coefficient is not zero. */
export function inverseFlat(first: i32, to: u32, stride: u32): void {
  const value = max(min((first + 4) >> 3, 127), -128);
  const eight = <u64>(<u8>value) * 0x0101010101010101;
  for (let i: u32 = 0; i < 8; i++) {
    store<u64>(to, eight);
    to += stride;
  }
}

/** Columns of the workspace, which is turned over at the end. */
function pass(shift: i32, rounding: i32): void {
  const r0 = v128.load(workspace);
  const r1 = v128.load(workspace, 16);
  const r2 = v128.load(workspace, 32);
  const r3 = v128.load(workspace, 48);
  const r4 = v128.load(workspace, 64);
  const r5 = v128.load(workspace, 80);
  const r6 = v128.load(workspace, 96);
  const r7 = v128.load(workspace, 112);
  const round = i32x4.splat(rounding);

  // Even part.
  const evenLow = low(r2, r6);
  const evenHigh = high(r2, r6);
  const c3 = pair(F0_541 + F0_765, F0_541);
  const c2 = pair(F0_541, F0_541 - F1_847);
  const e3l = i32x4.dot_i16x8_s(evenLow, c3);
  const e3h = i32x4.dot_i16x8_s(evenHigh, c3);
  const e2l = i32x4.dot_i16x8_s(evenLow, c2);
  const e2h = i32x4.dot_i16x8_s(evenHigh, c2);
  const outerLow = low(r0, r4);
  const outerHigh = high(r0, r4);
  const plus = pair(8192, 8192);
  const minus = pair(8192, -8192);
  const e0l = i32x4.add(i32x4.dot_i16x8_s(outerLow, plus), round);
  const e0h = i32x4.add(i32x4.dot_i16x8_s(outerHigh, plus), round);
  const e1l = i32x4.add(i32x4.dot_i16x8_s(outerLow, minus), round);
  const e1h = i32x4.add(i32x4.dot_i16x8_s(outerHigh, minus), round);
  const t10l = i32x4.add(e0l, e3l);
  const t10h = i32x4.add(e0h, e3h);
  const t13l = i32x4.sub(e0l, e3l);
  const t13h = i32x4.sub(e0h, e3h);
  const t11l = i32x4.add(e1l, e2l);
  const t11h = i32x4.add(e1h, e2h);
  const t12l = i32x4.sub(e1l, e2l);
  const t12h = i32x4.sub(e1h, e2h);

  // Odd part.
  const z3 = i16x8.add(r7, r3);
  const z4 = i16x8.add(r5, r1);
  const zl = low(z3, z4);
  const zh = high(z3, z4);
  const cz3 = pair(F1_175 - F1_961, F1_175);
  const cz4 = pair(F1_175, F1_175 - F0_390);
  const z3l = i32x4.dot_i16x8_s(zl, cz3);
  const z3h = i32x4.dot_i16x8_s(zh, cz3);
  const z4l = i32x4.dot_i16x8_s(zl, cz4);
  const z4h = i32x4.dot_i16x8_s(zh, cz4);
  const al = low(r7, r1);
  const ah = high(r7, r1);
  const bl = low(r5, r3);
  const bh = high(r5, r3);
  const ca0 = pair(F0_298 - F0_899, -F0_899);
  const ca3 = pair(-F0_899, F1_501 - F0_899);
  const cb1 = pair(F2_053 - F2_562, -F2_562);
  const cb2 = pair(-F2_562, F3_072 - F2_562);
  const o0l = i32x4.add(i32x4.dot_i16x8_s(al, ca0), z3l);
  const o0h = i32x4.add(i32x4.dot_i16x8_s(ah, ca0), z3h);
  const o3l = i32x4.add(i32x4.dot_i16x8_s(al, ca3), z4l);
  const o3h = i32x4.add(i32x4.dot_i16x8_s(ah, ca3), z4h);
  const o1l = i32x4.add(i32x4.dot_i16x8_s(bl, cb1), z4l);
  const o1h = i32x4.add(i32x4.dot_i16x8_s(bh, cb1), z4h);
  const o2l = i32x4.add(i32x4.dot_i16x8_s(bl, cb2), z3l);
  const o2h = i32x4.add(i32x4.dot_i16x8_s(bh, cb2), z3h);

  const s0 = narrow(i32x4.add(t10l, o3l), i32x4.add(t10h, o3h), shift);
  const s7 = narrow(i32x4.sub(t10l, o3l), i32x4.sub(t10h, o3h), shift);
  const s1 = narrow(i32x4.add(t11l, o2l), i32x4.add(t11h, o2h), shift);
  const s6 = narrow(i32x4.sub(t11l, o2l), i32x4.sub(t11h, o2h), shift);
  const s2 = narrow(i32x4.add(t12l, o1l), i32x4.add(t12h, o1h), shift);
  const s5 = narrow(i32x4.sub(t12l, o1l), i32x4.sub(t12h, o1h), shift);
  const s3 = narrow(i32x4.add(t13l, o0l), i32x4.add(t13h, o0h), shift);
  const s4 = narrow(i32x4.sub(t13l, o0l), i32x4.sub(t13h, o0h), shift);

  // Turned over, by ever larger pieces.
  const a0 = low(s0, s1);
  const a1 = high(s0, s1);
  const a2 = low(s2, s3);
  const a3 = high(s2, s3);
  const a4 = low(s4, s5);
  const a5 = high(s4, s5);
  const a6 = low(s6, s7);
  const a7 = high(s6, s7);
  const b0 = v128.shuffle<i32>(a0, a2, 0, 4, 1, 5);
  const b1 = v128.shuffle<i32>(a0, a2, 2, 6, 3, 7);
  const b2 = v128.shuffle<i32>(a1, a3, 0, 4, 1, 5);
  const b3 = v128.shuffle<i32>(a1, a3, 2, 6, 3, 7);
  const b4 = v128.shuffle<i32>(a4, a6, 0, 4, 1, 5);
  const b5 = v128.shuffle<i32>(a4, a6, 2, 6, 3, 7);
  const b6 = v128.shuffle<i32>(a5, a7, 0, 4, 1, 5);
  const b7 = v128.shuffle<i32>(a5, a7, 2, 6, 3, 7);
  v128.store(workspace, v128.shuffle<i64>(b0, b4, 0, 2));
  v128.store(workspace, v128.shuffle<i64>(b0, b4, 1, 3), 16);
  v128.store(workspace, v128.shuffle<i64>(b1, b5, 0, 2), 32);
  v128.store(workspace, v128.shuffle<i64>(b1, b5, 1, 3), 48);
  v128.store(workspace, v128.shuffle<i64>(b2, b6, 0, 2), 64);
  v128.store(workspace, v128.shuffle<i64>(b2, b6, 1, 3), 80);
  v128.store(workspace, v128.shuffle<i64>(b3, b7, 0, 2), 96);
  v128.store(workspace, v128.shuffle<i64>(b3, b7, 1, 3), 112);
}

// @ts-ignore: decorator
@inline
function narrow(a: v128, b: v128, shift: i32): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(a, shift), i32x4.shr_s(b, shift));
}
