/**
 * Decoding tables for deflate's prefix codes. An entry is 32 bits:
 *
 *   bits 0–7    bits to take from the stream: the code and, where there are any, the extra bits behind it
 *   bits 8–12   length of the code alone, so that the extra bits can be found
 *   bit 13      not a literal and not a plain length or distance: see the next two
 *   bit 14      (with 13) end of block; without 14 and 15: no such code
 *   bit 15      (with 13) a second table, whose index bits are in 8–12 and whose place is in 16–30
 *   bits 16–30  the literal, the base of the length or distance, the place of the second table
 *   bit 31      literal
 */

export const LITERAL: u32 = 0x80000000;
export const SPECIAL: u32 = 0x2000;
export const END_OF_BLOCK: u32 = 0x4000;
export const SECOND: u32 = SPECIAL | 0x8000;

/** Entries: what zlib's `enough` program gives for 286 symbols, 10 bits, is 1334; for 30, 8 bits, 402. */
export const LITERAL_ENTRIES: u32 = 1408;
export const DISTANCE_ENTRIES: u32 = 512;
export const LITERAL_BITS: u32 = 10;
export const DISTANCE_BITS: u32 = 8;

/** Entries without the code's length: for 288 literals and lengths, 32 distances, 19 code lengths. */
export const literalSymbols = <u32>memory.data(288 * 4, 16);
export const distanceSymbols = <u32>memory.data(32 * 4, 16);
export const lengthSymbols = <u32>memory.data(19 * 4, 16);

const count = <u32>memory.data(16 * 4, 16);
const offset = <u32>memory.data(16 * 4, 16);
const sorted = <u32>memory.data(288 * 2, 16);

export function prepareSymbols(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(literalSymbols + i * 4, LITERAL | (i << 16));
  store<u32>(literalSymbols + 256 * 4, SPECIAL | END_OF_BLOCK);
  let base: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i - 4) >> 2;
    store<u32>(literalSymbols + (257 + i) * 4, (base << 16) | extra);
    base += 1 << extra;
  }
  store<u32>(literalSymbols + 285 * 4, 258 << 16);
  store<u32>(literalSymbols + 286 * 4, SPECIAL);
  store<u32>(literalSymbols + 287 * 4, SPECIAL);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i - 2) >> 1;
    store<u32>(distanceSymbols + i * 4, (base << 16) | extra);
    base += 1 << extra;
  }
  store<u32>(distanceSymbols + 30 * 4, SPECIAL);
  store<u32>(distanceSymbols + 31 * 4, SPECIAL);
  for (let i: u32 = 0; i < 19; i++) store<u32>(lengthSymbols + i * 4, i << 16);
}

/**
 * `lengths`: one byte a symbol, 0 to 15. `symbols`: the entries above. Gives how many bits index the table (at most
 * `maxBits`, fewer where the longest code is shorter), or 0 when the lengths are no code. As in zlib a code may be
 * incomplete only when it has one symbol of one bit, or none where `mayBeEmpty`.
 */
export function buildTable(
  table: u32,
  maxBits: u32,
  lengths: u32,
  symbolCount: u32,
  symbols: u32,
  mayBeEmpty: bool,
): u32 {
  memory.fill(count, 0, 64);
  for (let i: u32 = 0; i < symbolCount; i++) {
    const at = count + (<u32>load<u8>(lengths + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let longest: u32 = 15;
  while (longest > 0 && load<u32>(count + longest * 4) === 0) longest--;
  if (longest === 0) {
    if (!mayBeEmpty) return 0;
    store<u64>(table, <u64>(SPECIAL | 1) | (<u64>(SPECIAL | 1) << 32));
    return 1;
  }
  let room: i32 = 1;
  let sum: u32 = 0;
  for (let length: u32 = 1; length <= longest; length++) {
    const n = load<u32>(count + length * 4);
    store<u32>(offset + length * 4, sum);
    sum += n;
    room = (room << 1) - <i32>n;
    if (room < 0) return 0;
  }
  if (room > 0) {
    if (longest !== 1) return 0;
    // One code of one bit: the other half of the table leads nowhere.
    store<u32>(table, SPECIAL | 1);
    store<u32>(table, SPECIAL | 1, 4);
  }
  for (let i: u32 = 0; i < symbolCount; i++) {
    const length: u32 = load<u8>(lengths + i);
    if (length === 0) continue;
    const at = offset + length * 4;
    const place = load<u32>(at);
    store<u32>(at, place + 1);
    store<u16>(sorted + place * 2, <u16>i);
  }

  const bits = min(longest, maxBits);
  const size: u32 = 1 << bits;
  let next = sorted;
  // `code` counts upwards with its bits turned round, since deflate sends them so.
  let code: u32 = 0;
  let length: u32 = 1;
  let filled: u32 = 2;
  for (; length <= bits; length++) {
    let n = load<u32>(count + length * 4);
    while (n-- > 0) {
      const entry = load<u32>(symbols + (<u32>load<u16>(next) << 2));
      next += 2;
      store<u32>(table + code * 4, entry + length + (length << 8));
      code = increment(code, length);
    }
    // Entries are for `length` bits by now; the next bit makes every one of them two.
    if (length < bits) {
      memory.copy(table + filled * 4, table, filled * 4);
      filled <<= 1;
    }
  }
  if (longest <= bits) return bits;

  let place = size;
  let prefix: u32 = 0xffffffff;
  let second: u32 = 0;
  let secondBits: u32 = 0;
  for (; length <= longest; length++) {
    let n = load<u32>(count + length * 4);
    while (n > 0) {
      if ((code & (size - 1)) !== prefix) {
        prefix = code & (size - 1);
        // As many bits as it takes until the codes that share this prefix fill a table.
        secondBits = length - bits;
        let space: i32 = <i32>n;
        while (space < 1 << secondBits && bits + secondBits < longest) {
          secondBits++;
          space = (space << 1) + <i32>load<u32>(count + (bits + secondBits) * 4);
        }
        second = place;
        place += 1 << secondBits;
        store<u32>(table + prefix * 4, SECOND | bits | (secondBits << 8) | (second << 16));
      }
      const entry = load<u32>(symbols + (<u32>load<u16>(next) << 2)) + length + (length << 8);
      next += 2;
      const step: u32 = 1 << (length - bits);
      for (let i = code >> bits; i < <u32>(1 << secondBits); i += step) {
        store<u32>(table + (second + i) * 4, entry);
      }
      code = increment(code, length);
      n--;
    }
  }
  return bits;
}

/** The next code of `length` bits, turned round; 0 after the last one. */
// @ts-ignore: decorator
@inline
function increment(code: u32, length: u32): u32 {
  const ones: u32 = (1 << length) - 1;
  const zeros = code ^ ones;
  if (zeros === 0) return 0;
  const highest: u32 = 1 << (31 - clz(zeros));
  return (code & (highest - 1)) | highest;
}
