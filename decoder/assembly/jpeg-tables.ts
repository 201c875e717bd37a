/** JPEG's tables (ITU T.81, B.2.4): read once, kept for the pictures after it, and built anew only when they change. */
import { DAMAGED, bigEndian16 } from './state';

/** Bits that index a table; longer codes are looked for one length at a time. */
export const PEEK: u32 = 10;

/**
 * An entry of a code table, 32 bits:
 *
 *   bits 0–4    bits to take: the code, and the magnitude behind it where it fits into what was looked at
 *   bit 6       the magnitude does not fit: bits 0–4 are the code's only, its size is in 16–19
 *   bit 7       the code is longer than PEEK
 *   bits 8–13   zeros before the coefficient; 63 ends the block
 *   bits 16–31  the coefficient, signed
 */
export const APART: u32 = 0x40;
export const LONG: u32 = 0x80;
export const END: u32 = 63;

const TABLE_BYTES: u32 = 4 << PEEK;
/** Per table: for each length 1 to 16 the first code past it, left aligned in 16 bits, and the value's offset. */
const LONG_BYTES: u32 = 17 * 8;
/** A table as it came: 16 counts and up to 256 values. */
const SOURCE_BYTES: u32 = 272;

/** Four DC tables, then four AC tables. */
const tables = <u32>memory.data(8 * 4096, 16);
const longCodes = <u32>memory.data(8 * 136, 16);
const sources = <u32>memory.data(8 * 272, 16);
/** Bytes of each source; 0: not there. */
const sourceSizes = <u32>memory.data(8 * 4, 16);
/** Four tables of 64 in natural order, 16 bits each. */
const quantisers = <u32>memory.data(4 * 128, 16);
const quantiserKnown = <u32>memory.data(4, 16);

/** Zigzag to natural order; 16 more for runs that lead outside. */
export const zigzag = <u32>memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55,
  62, 63,
]);

export function forgetTables(): void {
  memory.fill(sourceSizes, 0, 32);
  memory.fill(quantiserKnown, 0, 4);
}

/** 0 where there is none. `ac` is 0 or 1. */
// @ts-ignore: decorator
@inline
export function codeTable(ac: u32, id: u32): u32 {
  const index = ac * 4 + id;
  return load<u32>(sourceSizes + index * 4) === 0 ? 0 : tables + index * TABLE_BYTES;
}

// @ts-ignore: decorator
@inline
export function quantiser(id: u32): u32 {
  return load<u8>(quantiserKnown + id) === 0 ? 0 : quantisers + id * 128;
}

/** `at` to `end`: the inside of a DQT segment. */
export function readQuantisers(at: u32, end: u32): i32 {
  while (at < end) {
    const head: u32 = load<u8>(at++);
    const id = head & 15;
    const wide = head >> 4;
    if (id > 3 || wide > 1) return DAMAGED;
    const size: u32 = wide ? 128 : 64;
    if (end - at < size) return DAMAGED;
    const table = quantisers + id * 128;
    for (let i: u32 = 0; i < 64; i++) {
      const value: u32 = wide ? bigEndian16(at + i * 2) : load<u8>(at + i);
      store<u16>(table + (<u32>load<u8>(zigzag + i) << 1), <u16>value);
    }
    store<u8>(quantiserKnown + id, 1);
    at += size;
  }
  return 0;
}

/** `at` to `end`: the inside of a DHT segment. */
export function readCodes(at: u32, end: u32): i32 {
  while (at < end) {
    const head: u32 = load<u8>(at++);
    const id = head & 15;
    const ac = head >> 4;
    if (id > 3 || ac > 1 || end - at < 16) return DAMAGED;
    let count: u32 = 0;
    for (let i: u32 = 0; i < 16; i++) count += load<u8>(at + i);
    if (count > 256 || end - at < 16 + count) return DAMAGED;
    const index = ac * 4 + id;
    const size = 16 + count;
    const source = sources + index * SOURCE_BYTES;
    if (load<u32>(sourceSizes + index * 4) !== size || !same(source, at, size)) {
      store<u32>(sourceSizes + index * 4, 0);
      memory.copy(source, at, size);
      if (!build(index, ac === 1, source)) return DAMAGED;
      store<u32>(sourceSizes + index * 4, size);
    }
    at += size;
  }
  return 0;
}

function same(a: u32, b: u32, bytes: u32): bool {
  let i: u32 = 0;
  for (; i + 16 <= bytes; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  }
  for (; i < bytes; i++) {
    if (load<u8>(a + i) !== load<u8>(b + i)) return false;
  }
  return true;
}

function build(index: u32, ac: bool, source: u32): bool {
  const table = tables + index * TABLE_BYTES;
  const long = longCodes + index * LONG_BYTES;
  // What no code leads to is a long one, and then none.
  for (let i: u32 = 0; i < TABLE_BYTES; i += 4) store<u32>(table + i, LONG);
  let code: u32 = 0;
  let place: u32 = 0;
  for (let length: u32 = 1; length <= 16; length++) {
    const count: u32 = load<u8>(source + length - 1);
    store<i32>(long + length * 8, <i32>place - <i32>code, 4);
    for (let i: u32 = 0; i < count; i++) {
      if (code >> length) return false;
      const symbol: u32 = load<u8>(source + 16 + place);
      if (!ac && symbol > 15) return false;
      if (length <= PEEK) enter(table, code, length, symbol, ac);
      code++;
      place++;
    }
    if (code > <u32>(1 << length)) return false;
    store<u32>(long + length * 8, code << (16 - length));
    code <<= 1;
  }
  return true;
}

/** Every entry that begins with this code; with the magnitude's bits behind it as far as they are seen. */
function enter(table: u32, code: u32, length: u32, symbol: u32, ac: bool): void {
  const size = symbol & 15;
  const run = ac ? symbol >> 4 : 0;
  const free = PEEK - length;
  const first = code << free;
  for (let i: u32 = 0; i < <u32>(1 << free); i++) {
    let entry: u32;
    if (size === 0) {
      entry = length | ((ac && run !== 15 ? END : run) << 8);
    } else if (size <= free) {
      const magnitude = <i32>(i >> (free - size));
      const value = magnitude < 1 << (size - 1) ? magnitude - (1 << size) + 1 : magnitude;
      entry = (length + size) | (run << 8) | (<u32>value << 16);
    } else {
      entry = length | APART | (run << 8) | (size << 16);
    }
    store<u32>(table + ((first + i) << 2), entry);
  }
}

/**
 * For a code longer than PEEK: `bits` are the next 16 of the stream. Gives the symbol and the code's length as
 * `symbol << 8 | length`, or 0.
 */
export function findLong(table: u32, bits: u32): u32 {
  const index = (table - tables) / TABLE_BYTES;
  const long = longCodes + index * LONG_BYTES;
  for (let length: u32 = PEEK + 1; length <= 16; length++) {
    if (bits < load<u32>(long + length * 8)) {
      const place = <u32>(<i32>(bits >> (16 - length)) + load<i32>(long + length * 8, 4));
      if (place > 255) return 0;
      return (<u32>load<u8>(sources + index * SOURCE_BYTES + 16 + place) << 8) | length;
    }
  }
  return 0;
}
