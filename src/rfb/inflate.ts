/**
 * Inflates the zlib streams (RFC 1950 and 1951) of the clipboard. A browser's own does not say when all of a stream
 * that was flushed and never ended, as servers send it, has come out; and makes more than anybody asked for.
 */
import { RfbError } from './rfb-error.ts';

const LENGTHS = {
  base: [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
  ],
  extra: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
};
const DISTANCES = {
  base: Array.from({ length: 30 }, (_, i) => (i < 4 ? i + 1 : ((2 + (i & 1)) << ((i >> 1) - 1)) + 1)),
  extra: Array.from({ length: 30 }, (_, i) => (i < 4 ? 0 : (i >> 1) - 1)),
};
/** In which the lengths of the code for lengths come. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const FIRST_OUTPUT = 4096;

/** A code as a table by its next `bits` bits: symbol times 16, and how many of the bits are its own; 0: none. */
interface Code {
  readonly table: Uint16Array;
  readonly bits: number;
}

/** The first `most` bytes of what `zlib` holds, in memory of that order. Throws `rfb-protocol` where there are fewer. */
export function inflate(zlib: Uint8Array, most: number): Uint8Array<ArrayBuffer> {
  const input = new Bits(zlib);
  const header = (input.take(8) << 8) | input.take(8);
  // Method 8, no dictionary, and the check that both bytes hold together.
  if ((header & 0x0f00) !== 0x0800 || (header & 0x20) !== 0 || header % 31 !== 0) throw damaged();
  const output = new Output(most);
  for (let last = false; !output.full;) {
    if (last) throw damaged();
    last = input.take(1) === 1;
    const kind = input.take(2);
    if (kind === 0) copyStored(input, output);
    else if (kind === 1) decodeBlock(input, output, FIXED.literals, FIXED.distances);
    else if (kind === 2) decodeBlock(input, output, ...readCodes(input));
    else throw damaged();
  }
  return output.finish();
}

class Bits {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(count: number): number {
    this.#fill(count);
    if (this.#count < count) throw damaged();
    return this.#drop(count);
  }

  symbol({ table, bits }: Code): number {
    this.#fill(bits);
    const entry = table[this.#held & ((1 << bits) - 1)] ?? 0;
    const used = entry & 15;
    if (used === 0 || used > this.#count) throw damaged();
    this.#drop(used);
    return entry >> 4;
  }

  align(): void {
    this.#drop(this.#count & 7);
  }

  #fill(count: number): void {
    while (this.#count < count && this.#at < this.#bytes.length) {
      this.#held |= (this.#bytes[this.#at++] ?? 0) << this.#count;
      this.#count += 8;
    }
  }

  #drop(count: number): number {
    const value = this.#held & ((1 << count) - 1);
    this.#held >>>= count;
    this.#count -= count;
    return value;
  }
}

class Output {
  readonly #most: number;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(most: number) {
    this.#most = most;
    this.#bytes = new Uint8Array(Math.min(most, FIRST_OUTPUT));
  }

  get full(): boolean {
    return this.#length >= this.#most;
  }

  push(byte: number): void {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(Math.min(this.#most, this.#length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes[this.#length++] = byte;
  }

  repeat(distance: number, length: number): void {
    if (distance > this.#length) throw damaged();
    for (let left = Math.min(length, this.#most - this.#length); left > 0; left--)
      this.push(this.#bytes[this.#length - distance] ?? 0);
  }

  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes;
  }
}

function copyStored(input: Bits, output: Output): void {
  input.align();
  const length = input.take(16);
  if ((length ^ input.take(16)) !== 0xffff) throw damaged();
  for (let left = length; left > 0 && !output.full; left--) output.push(input.take(8));
}

function decodeBlock(input: Bits, output: Output, literals: Code, distances: Code): void {
  while (!output.full) {
    const symbol = input.symbol(literals);
    if (symbol === 256) return;
    if (symbol < 256) {
      output.push(symbol);
      continue;
    }
    const length = counted(input, LENGTHS, symbol - 257);
    output.repeat(counted(input, DISTANCES, input.symbol(distances)), length);
  }
}

function counted(input: Bits, { base, extra }: typeof LENGTHS, index: number): number {
  const from = base[index];
  if (from === undefined) throw damaged();
  return from + input.take(extra[index] ?? 0);
}

function readCodes(input: Bits): [literals: Code, distances: Code] {
  const literals = input.take(5) + 257;
  const distances = input.take(5) + 1;
  const count = input.take(4) + 4;
  const order = new Uint8Array(19);
  for (const at of ORDER.slice(0, count)) order[at] = input.take(3);
  const code = makeCode(order);
  const lengths = new Uint8Array(literals + distances);
  for (let at = 0; at < lengths.length;) {
    const symbol = input.symbol(code);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw damaged();
    const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const times = symbol === 16 ? 3 + input.take(2) : symbol === 17 ? 3 + input.take(3) : 11 + input.take(7);
    if (at + times > lengths.length) throw damaged();
    lengths.fill(value, at, at + times);
    at += times;
  }
  return [makeCode(lengths.subarray(0, literals)), makeCode(lengths.subarray(literals))];
}

/** Canonical: symbols of one length are numbered in their order, shorter ones before longer ones. */
function makeCode(lengths: Uint8Array): Code {
  const bits = lengths.reduce((most, length) => Math.max(most, length), 1);
  const table = new Uint16Array(1 << bits);
  let next = 0;
  for (let length = 1; length <= bits; length++, next <<= 1) {
    lengths.forEach((own, symbol) => {
      if (own !== length) return;
      if (next >> length !== 0) throw damaged();
      // The stream has a code's first bit lowest.
      let reversed = 0;
      for (let bit = 0; bit < length; bit++) reversed |= ((next >> bit) & 1) << (length - 1 - bit);
      for (let at = reversed; at < table.length; at += 1 << length) table[at] = (symbol << 4) | length;
      next++;
    });
  }
  return { table, bits };
}

const FIXED = {
  literals: makeCode(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  distances: makeCode(new Uint8Array(30).fill(5)),
};

function damaged(): RfbError {
  return new RfbError('rfb-protocol', { details: { reason: 'a damaged clipboard' } });
}
