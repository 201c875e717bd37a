/**
 * Streaming inflate (RFC 1950, 1951). A stream keeps its last 32 KiB of output in front of what it makes next, so that
 * rectangles decode straight from its buffer; it may stop and go on at any byte of input.
 */
import {
  DISTANCE_BITS,
  DISTANCE_ENTRIES,
  END_OF_BLOCK,
  LITERAL_BITS,
  LITERAL_ENTRIES,
  SECOND,
  SPECIAL,
  buildTable,
  distanceSymbols,
  lengthSymbols,
  literalSymbols,
  prepareSymbols,
} from './huffman';
import { allocate, capacityOf, release } from './memory';
import { DAMAGED, NO_MEMORY } from './state';

const WINDOW: u32 = 32768;
/** A rectangle of 65,536 pixels and the window before it fit without moving anything too often. */
const FIRST_CAPACITY: u32 = 384 * 1024;
/** The longest match, and a vector that overshoots. */
const OUT_MARGIN: u32 = 258 + 32;
const IN_MARGIN: u32 = 16;

/** What comes next in the stream. */
const HEADER: u32 = 0;
const BLOCK: u32 = 1;
const STORED: u32 = 2;
const CODES: u32 = 3;
const TRAILER: u32 = 4;
const ENDED: u32 = 5;
const BROKEN: u32 = 6;

/** One stream: members, then its two tables. */
@unmanaged
export class Stream {
  mode: u32;
  /** Block header said that it is the last one. */
  last: u32;
  bits: u64;
  bitCount: u32;
  /** Bytes a stored block still has. */
  storedLeft: u32;
  /** Output buffer, 0 before its first use; the first byte of valid history; where the next byte goes. */
  buffer: u32;
  history: u32;
  out: u32;
  literalBits: u32;
  distanceBits: u32;
  /** Bytes of a block's header that came without their end. */
  carried: u32;
}

const LITERALS: u32 = 64;
const DISTANCES: u32 = LITERALS + LITERAL_ENTRIES * 4;
const CARRY: u32 = DISTANCES + DISTANCE_ENTRIES * 4;
/** A dynamic block's header is 565 bytes at most. */
const CARRY_BYTES: u32 = 640;
const STREAM_BYTES: u32 = CARRY + CARRY_BYTES + 16;
/** Tight's four, ZRLE's, zlib's, and one for PNGs. */
export const STREAMS: u32 = 7;

const streams = <u32>memory.data(58800, 16);
/** Code lengths of a dynamic block: 19 for the lengths of the lengths, then up to 320. */
const lengths = <u32>memory.data(512, 16);
const order = <u32>memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);
/** For distances below 16: which byte of the last `distance` each of 16 bytes repeats, and how far that goes. */
const repeat = <u32>memory.data(16 * 16, 16);
const repeatStep = <u32>memory.data(16, 16);

export function prepareInflate(): void {
  prepareSymbols();
  for (let distance: u32 = 1; distance < 16; distance++) {
    for (let i: u32 = 0; i < 16; i++) store<u8>(repeat + distance * 16 + i, <u8>(i % distance));
    store<u8>(repeatStep + distance, <u8>(16 - (16 % distance)));
  }
}

// @ts-ignore: decorator
@inline
export function streamAt(index: u32): Stream {
  return changetype<Stream>(<usize>(streams + index * STREAM_BYTES));
}

/** The next byte of this stream is a zlib header again; what it had made is forgotten. */
export function resetStream(stream: Stream): void {
  stream.mode = HEADER;
  stream.bits = 0;
  stream.bitCount = 0;
  stream.carried = 0;
  stream.out = stream.buffer;
  stream.history = stream.buffer;
}

export function releaseStream(stream: Stream): void {
  release(stream.buffer);
  stream.buffer = 0;
  resetStream(stream);
}

/** Makes room for `bytes` more of output. Gives 0 or an error. */
export function reserveOutput(stream: Stream, bytes: u32): i32 {
  const needed = bytes + OUT_MARGIN;
  const capacity = capacityOf(stream.buffer);
  const used = stream.out - stream.buffer;
  if (used + needed <= capacity && stream.buffer !== 0) return 0;
  const keep = min(stream.out - stream.history, WINDOW);
  if (stream.buffer !== 0 && WINDOW + needed <= capacity) {
    memory.copy(stream.buffer, stream.out - keep, keep);
    stream.history = stream.buffer;
    stream.out = stream.buffer + keep;
    return 0;
  }
  const larger = allocate(max(FIRST_CAPACITY, WINDOW + needed));
  if (larger === 0) return NO_MEMORY;
  memory.copy(larger, stream.out - keep, keep);
  release(stream.buffer);
  stream.buffer = larger;
  stream.history = larger;
  stream.out = larger + keep;
  return 0;
}

/**
 * Inflates all of `from` to `end`, at most `limit` bytes of output, for which `reserveOutput` has made room. Output
 * begins where `stream.out` was and ends where it is afterwards. Reads up to 8 bytes past `end` without using them.
 * Gives 0 or DAMAGED, after which the stream is of no use until it is reset; more output than `limit` is damage too.
 */
export function inflate(stream: Stream, from: u32, end: u32, limit: u32): i32 {
  const outEnd = stream.out + limit;
  let at = from;
  let result: i32 = 0;
  if (stream.carried > 0) {
    const carry = <u32>changetype<usize>(stream) + CARRY;
    const bytes = min(CARRY_BYTES - stream.carried, end - at);
    memory.copy(carry + stream.carried, at, bytes);
    const carried = stream.carried + bytes;
    at += bytes;
    stream.carried = 0;
    result = run(stream, carry, carry + carried, outEnd);
    if (stream.carried > 0 && at < end) result = DAMAGED;
  }
  if (result === 0 && at < end) result = run(stream, at, end, outEnd);
  if (result !== 0) stream.mode = BROKEN;
  return result;
}

/** Keeps the beginning of a block's header for the next call. */
function carryOver(stream: Stream, at: u32, end: u32): i32 {
  if (end - at > CARRY_BYTES) return DAMAGED;
  memory.copy(<u32>changetype<usize>(stream) + CARRY, at, end - at);
  stream.carried = end - at;
  return 0;
}

function run(stream: Stream, from: u32, end: u32, outEnd: u32): i32 {
  let at = from;
  for (;;) {
    switch (stream.mode) {
      case HEADER: {
        at = fill(stream, at, end);
        if (stream.bitCount < 16) return 0;
        const header = <u32>stream.bits & 0xffff;
        const cmf = header & 255;
        const flags = header >> 8;
        if ((cmf & 15) !== 8 || cmf >> 4 > 7 || (cmf * 256 + flags) % 31 !== 0 || flags & 0x20) return DAMAGED;
        take(stream, 16);
        stream.mode = BLOCK;
        break;
      }
      case BLOCK: {
        at = fill(stream, at, end);
        if (stream.bitCount < 3) return 0;
        const kind = (<u32>stream.bits >> 1) & 3;
        if (kind === 0) {
          const pad = (stream.bitCount - 3) & 7;
          if (stream.bitCount < 3 + pad + 32) return 0;
          stream.last = <u32>stream.bits & 1;
          take(stream, 3 + pad);
          const sizes = <u32>stream.bits;
          if ((sizes & 0xffff) !== (~sizes >> 16)) return DAMAGED;
          take(stream, 32);
          stream.storedLeft = sizes & 0xffff;
          stream.mode = STORED;
        } else if (kind === 1) {
          stream.last = <u32>stream.bits & 1;
          take(stream, 3);
          fixedTables(stream);
          stream.mode = CODES;
        } else if (kind === 2) {
          const after = dynamicTables(stream, at, end);
          if (after === 0) return carryOver(stream, at, end);
          if (after === 1) return DAMAGED;
          at = after;
          stream.mode = CODES;
        } else {
          return DAMAGED;
        }
        break;
      }
      case STORED: {
        while (stream.storedLeft > 0 && stream.bitCount > 0) {
          if (stream.out >= outEnd) return DAMAGED;
          store<u8>(stream.out, <u8>stream.bits);
          take(stream, 8);
          stream.out++;
          stream.storedLeft--;
        }
        const bytes = min(stream.storedLeft, end - at);
        if (bytes > outEnd - stream.out) return DAMAGED;
        memory.copy(stream.out, at, bytes);
        stream.out += bytes;
        stream.storedLeft -= bytes;
        at += bytes;
        if (stream.storedLeft > 0) return 0;
        stream.mode = stream.last ? TRAILER : BLOCK;
        break;
      }
      case CODES: {
        const result = codes(stream, at, end, outEnd);
        if (result === 0) return 0;
        if (result === 1) return DAMAGED;
        at = result;
        stream.mode = stream.last ? TRAILER : BLOCK;
        break;
      }
      case TRAILER: {
        // The checksum guards a line that WebSockets already guard; it is read over.
        at = fill(stream, at, end);
        const pad = stream.bitCount & 7;
        if (stream.bitCount < pad + 32) return 0;
        take(stream, pad + 32);
        stream.mode = ENDED;
        break;
      }
      case ENDED:
        return at < end || stream.bitCount > 0 ? DAMAGED : 0;
      default:
        return DAMAGED;
    }
  }
  return DAMAGED;
}

/** Fills the bit buffer byte by byte, as far as there is input. */
function fill(stream: Stream, at: u32, end: u32): u32 {
  while (at < end && stream.bitCount <= 56) {
    stream.bits |= <u64>load<u8>(at++) << (<u64>stream.bitCount);
    stream.bitCount += 8;
  }
  return at;
}

// @ts-ignore: decorator
@inline
function take(stream: Stream, count: u32): void {
  stream.bits >>= <u64>count;
  stream.bitCount -= count;
}

function fixedTables(stream: Stream): void {
  memory.fill(lengths, 8, 144);
  memory.fill(lengths + 144, 9, 112);
  memory.fill(lengths + 256, 7, 24);
  memory.fill(lengths + 280, 8, 8);
  const self = <u32>changetype<usize>(stream);
  stream.literalBits = buildTable(self + LITERALS, LITERAL_BITS, lengths, 288, literalSymbols, false);
  memory.fill(lengths, 5, 32);
  stream.distanceBits = buildTable(self + DISTANCES, DISTANCE_BITS, lengths, 32, distanceSymbols, false);
}

/**
 * Reads a dynamic block's header, all or nothing: gives where input goes on, 0 when not all of it has arrived (nothing
 * is taken then but whole bytes into the bit buffer), 1 when it is damaged.
 */
function dynamicTables(stream: Stream, at: u32, end: u32): u32 {
  let bits = stream.bits;
  let bitCount = stream.bitCount;
  const last = <u32>bits & 1;
  if (bitCount < 17) return 0;
  const literalCount: u32 = ((<u32>bits >> 3) & 31) + 257;
  const distanceCount: u32 = ((<u32>bits >> 8) & 31) + 1;
  const codeCount: u32 = ((<u32>bits >> 13) & 15) + 4;
  if (literalCount > 286 || distanceCount > 30) return 1;
  bits >>= 17;
  bitCount -= 17;
  memory.fill(lengths, 0, 19);
  for (let i: u32 = 0; i < codeCount; i++) {
    while (bitCount < 3) {
      if (at >= end) return 0;
      bits |= <u64>load<u8>(at++) << (<u64>bitCount);
      bitCount += 8;
    }
    store<u8>(lengths + <u32>load<u8>(order + i), <u8>bits & 7);
    bits >>= 3;
    bitCount -= 3;
  }
  const self = <u32>changetype<usize>(stream);
  // The table of lengths is needed here only, so it lies where the distances' will be.
  const table = self + DISTANCES;
  const tableBits = buildTable(table, 7, lengths, 19, lengthSymbols, false);
  if (tableBits === 0) return 1;
  const mask: u32 = (1 << tableBits) - 1;
  const total = literalCount + distanceCount;
  let i: u32 = 0;
  while (i < total) {
    if (bitCount < 32) {
      if (end - at >= 4) {
        bits |= <u64>load<u32>(at) << (<u64>bitCount);
        at += 4;
        bitCount += 32;
      } else {
        while (at < end) {
          bits |= <u64>load<u8>(at++) << (<u64>bitCount);
          bitCount += 8;
        }
      }
    }
    const entry = load<u32>(table + ((<u32>bits & mask) << 2));
    if (entry & SPECIAL) return 1;
    const codeLength = entry & 31;
    const symbol = entry >> 16;
    if (symbol < 16) {
      if (bitCount < codeLength) return 0;
      bits >>= <u64>codeLength;
      bitCount -= codeLength;
      store<u8>(lengths + 32 + i, <u8>symbol);
      i++;
      continue;
    }
    const extra: u32 = symbol === 16 ? 2 : symbol === 17 ? 3 : 7;
    if (bitCount < codeLength + extra) return 0;
    bits >>= <u64>codeLength;
    let times: u32 = (<u32>bits & ((1 << extra) - 1)) + <u32>(symbol === 18 ? 11 : 3);
    bits >>= <u64>extra;
    bitCount -= codeLength + extra;
    if (i + times > total || (symbol === 16 && i === 0)) return 1;
    const value: u8 = symbol === 16 ? load<u8>(lengths + 31 + i) : 0;
    while (times-- > 0) store<u8>(lengths + 32 + i++, value);
  }
  if (load<u8>(lengths + 32 + 256) === 0) return 1;
  stream.literalBits = buildTable(self + LITERALS, LITERAL_BITS, lengths + 32, literalCount, literalSymbols, false);
  stream.distanceBits = buildTable(
    self + DISTANCES,
    DISTANCE_BITS,
    lengths + 32 + literalCount,
    distanceCount,
    distanceSymbols,
    true,
  );
  if (stream.literalBits === 0 || stream.distanceBits === 0) return 1;
  stream.last = last;
  stream.bits = bits;
  stream.bitCount = bitCount;
  return at;
}

/** Decodes until the block ends (gives where input goes on), input ends (0), or the data makes no sense (1). */
function codes(stream: Stream, from: u32, end: u32, outEnd: u32): u32 {
  const self = <u32>changetype<usize>(stream);
  const literals = self + LITERALS;
  const distances = self + DISTANCES;
  const literalMask = (<u64>1 << (<u64>stream.literalBits)) - 1;
  const distanceMask = (<u64>1 << (<u64>stream.distanceBits)) - 1;
  const history = stream.history;
  let bits = stream.bits;
  let bitCount: u64 = stream.bitCount;
  let at = from;
  let out = stream.out;

  const fastIn: u32 = end - from > IN_MARGIN ? end - IN_MARGIN : from;
  const fastOut: u32 = outEnd - out > OUT_MARGIN ? outEnd - OUT_MARGIN : out;
  // Far from both ends nothing needs to be checked but what the data itself says.
  while (at < fastIn && out < fastOut) {
    bits |= load<u64>(at) << bitCount;
    at += (63 - <u32>bitCount) >> 3;
    bitCount |= 56;
    let entry = load<u32>(literals + (<u32>(bits & literalMask) << 2));
    if (<i32>entry < 0) {
      bits >>= <u64>(entry & 63);
      bitCount -= <u64>(entry & 63);
      store<u8>(out++, <u8>(entry >> 16));
      entry = load<u32>(literals + (<u32>(bits & literalMask) << 2));
      if (<i32>entry < 0) {
        bits >>= <u64>(entry & 63);
        bitCount -= <u64>(entry & 63);
        store<u8>(out++, <u8>(entry >> 16));
        entry = load<u32>(literals + (<u32>(bits & literalMask) << 2));
        if (<i32>entry < 0) {
          bits >>= <u64>(entry & 63);
          bitCount -= <u64>(entry & 63);
          store<u8>(out++, <u8>(entry >> 16));
          continue;
        }
      }
    }
    if (entry & SPECIAL) {
      if ((entry & SECOND) === SECOND) {
        const index = <u32>(bits >> (<u64>(entry & 63))) & ((1 << ((entry >> 8) & 31)) - 1);
        entry = load<u32>(literals + (((entry >> 16) + index) << 2));
        if (<i32>entry < 0) {
          bits >>= <u64>(entry & 63);
          bitCount -= <u64>(entry & 63);
          store<u8>(out++, <u8>(entry >> 16));
          continue;
        }
      }
      if (entry & SPECIAL) {
        if (!(entry & END_OF_BLOCK)) return 1;
        stream.bits = bits >> (<u64>(entry & 63));
        stream.bitCount = <u32>bitCount - (entry & 63);
        stream.bits &= (<u64>1 << (<u64>stream.bitCount)) - 1;
        stream.out = out;
        return at;
      }
    }
    // A length: at most 15 + 5 bits, behind at most two literals of 10 each; 56 are enough for that.
    const length = (entry >> 16) + (<u32>((bits & ((<u64>1 << (<u64>(entry & 63))) - 1)) >> (<u64>((entry >> 8) & 31))));
    bits >>= <u64>(entry & 63);
    bitCount -= <u64>(entry & 63);
    bits |= load<u64>(at) << bitCount;
    at += (63 - <u32>bitCount) >> 3;
    bitCount |= 56;
    let far = load<u32>(distances + (<u32>(bits & distanceMask) << 2));
    if (far & SPECIAL) {
      if ((far & SECOND) !== SECOND) return 1;
      const index = <u32>(bits >> (<u64>(far & 63))) & ((1 << ((far >> 8) & 31)) - 1);
      far = load<u32>(distances + (((far >> 16) + index) << 2));
      if (far & SPECIAL) return 1;
    }
    const distance = (far >> 16) + (<u32>((bits & ((<u64>1 << (<u64>(far & 63))) - 1)) >> (<u64>((far >> 8) & 31))));
    bits >>= <u64>(far & 63);
    bitCount -= <u64>(far & 63);
    if (distance > out - history) return 1;
    copyMatch(out, distance, length);
    out += length;
  }

  // Near an end: one symbol at a time, and nothing is taken before all of it is there.
  bits &= (<u64>1 << bitCount) - 1;
  for (;;) {
    while (at < end && bitCount <= 56) {
      bits |= <u64>load<u8>(at++) << bitCount;
      bitCount += 8;
    }
    let entry = load<u32>(literals + (<u32>(bits & literalMask) << 2));
    if ((entry & SECOND) === SECOND) {
      const index = <u32>(bits >> (<u64>(entry & 63))) & ((1 << ((entry >> 8) & 31)) - 1);
      entry = load<u32>(literals + (((entry >> 16) + index) << 2));
    }
    let used: u64 = <u64>(entry & 63);
    if (used > bitCount) break;
    if (entry & SPECIAL) {
      if (!(entry & END_OF_BLOCK)) return 1;
      stream.bits = bits >> used;
      stream.bitCount = <u32>(bitCount - used);
      stream.out = out;
      return at;
    }
    if (<i32>entry < 0) {
      if (out >= outEnd) return 1;
      store<u8>(out++, <u8>(entry >> 16));
      bits >>= used;
      bitCount -= used;
      continue;
    }
    const length = (entry >> 16) + (<u32>((bits & ((<u64>1 << used) - 1)) >> (<u64>((entry >> 8) & 31))));
    // A length and its distance take at most 48 bits, so what is there now is all that matters.
    const rest = bits >> used;
    let far = load<u32>(distances + (<u32>(rest & distanceMask) << 2));
    if ((far & SECOND) === SECOND) {
      const index = <u32>(rest >> (<u64>(far & 63))) & ((1 << ((far >> 8) & 31)) - 1);
      far = load<u32>(distances + (((far >> 16) + index) << 2));
    }
    used += <u64>(far & 63);
    if (used > bitCount) break;
    if (far & SPECIAL) return 1;
    const distance = (far >> 16) + (<u32>((rest & ((<u64>1 << (<u64>(far & 63))) - 1)) >> (<u64>((far >> 8) & 31))));
    if (distance > out - history || length > outEnd - out) return 1;
    bits >>= used;
    bitCount -= used;
    copyMatch(out, distance, length);
    out += length;
  }
  stream.bits = bits;
  stream.bitCount = <u32>bitCount;
  stream.out = out;
  return 0;
}

/** May write up to 15 bytes past the match; they are overwritten by what follows. */
// @ts-ignore: decorator
@inline
function copyMatch(out: u32, distance: u32, length: u32): void {
  let from = out - distance;
  let to = out;
  const end = out + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
    return;
  }
  const pattern = v128.swizzle(v128.load(from), v128.load(repeat + (distance << 4)));
  const step: u32 = load<u8>(repeatStep + distance);
  do {
    v128.store(to, pattern);
    to += step;
  } while (to < end);
}
