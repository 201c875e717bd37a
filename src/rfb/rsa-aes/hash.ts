/** SHA-1 and SHA-256 (FIPS 180-4). Own ones, since a browser's are there only on pages that came by HTTPS. */

/** The first 32 bits of the fractional parts of roots of the first primes. */
function fractions(count: number, root: (prime: number) => number): Uint32Array {
  const words = new Uint32Array(count);
  for (let candidate = 2, found = 0; found < count; candidate++) {
    let isPrime = true;
    for (let d = 2; d * d <= candidate; d++) if (candidate % d === 0) isPrime = false;
    if (isPrime) words[found++] = (root(candidate) % 1) * 2 ** 32;
  }
  return words;
}

const START_1 = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
const ROUNDS_1 = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];
const START_256 = fractions(8, Math.sqrt);
const ROUNDS_256 = fractions(64, Math.cbrt);

const right = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

/** Pads the message and gives its blocks, sixteen words each, in a schedule with room for `words`. */
function* blocks(message: Uint8Array, words: number): Generator<Uint32Array> {
  const bytes = new Uint8Array(((message.length + 8) >> 6) * 64 + 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29));
  view.setUint32(bytes.length - 4, message.length << 3);
  const schedule = new Uint32Array(words);
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0; i < 16; i++) schedule[i] = view.getUint32(at + 4 * i);
    yield schedule;
  }
}

function finished(state: Uint32Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(state.length * 4);
  const view = new DataView(out.buffer);
  state.forEach((word, i) => view.setUint32(4 * i, word));
  return out;
}

export function sha1(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = START_1.slice();
  for (const w of blocks(message, 80)) {
    const at = (i: number): number => w[i] as number;
    for (let i = 16; i < 80; i++) w[i] = right(at(i - 3) ^ at(i - 8) ^ at(i - 14) ^ at(i - 16), 31);
    let [a, b, c, d, e] = state as unknown as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const part = Math.floor(i / 20);
      const f = part === 0 ? (b & c) | (~b & d) : part === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const next = (right(a, 27) + f + e + (ROUNDS_1[part] as number) + at(i)) | 0;
      [e, d, c, b, a] = [d, c, right(b, 2), a, next];
    }
    [a, b, c, d, e].forEach((word, i) => (state[i] = (state[i] as number) + word));
  }
  return finished(state);
}

export function sha256(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const state = START_256.slice();
  for (const w of blocks(message, 64)) {
    const at = (i: number): number => w[i] as number;
    for (let i = 16; i < 64; i++) {
      const [x, y] = [at(i - 15), at(i - 2)];
      w[i] =
        at(i - 16) + (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) + at(i - 7) + (right(y, 17) ^ right(y, 19) ^ (y >>> 10));
    }
    const v = Array.from(state) as [number, number, number, number, number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const [a, b, c, d, e, f, g, h] = v;
      const one =
        h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + (ROUNDS_256[i] as number) + at(i);
      const two = (right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      v.pop();
      v.unshift((one + two) | 0);
      v[4] = (d + one) | 0;
    }
    v.forEach((word, i) => (state[i] = (state[i] as number) + word));
  }
  return finished(state);
}
