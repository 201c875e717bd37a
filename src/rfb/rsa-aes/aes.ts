/** AES (FIPS 197), encryption of single blocks: all that counter mode and CMAC need. Keys of 128 or 256 bits. */

const SBOX = new Uint8Array(256);
/** A byte's substitution times the column (2, 1, 1, 3), and the same turned by one, two and three bytes. */
const TABLES = [0, 1, 2, 3].map(() => new Uint32Array(256)) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];

const double = (byte: number): number => ((byte << 1) ^ (byte & 0x80 ? 0x11b : 0)) & 0xff;

fillTables();

function fillTables(): void {
  // 3 generates every byte but 0; 0xf6 is its inverse, so that q runs through the inverses of p.
  for (let p = 1, q = 1, first = true; first || p !== 1; first = false) {
    SBOX[p] = q ^ turnedByte(q, 1) ^ turnedByte(q, 2) ^ turnedByte(q, 3) ^ turnedByte(q, 4) ^ 0x63;
    p ^= double(p);
    q = timesInverseOf3(q);
  }
  SBOX[0] = 0x63;
  for (let byte = 0; byte < 256; byte++) {
    const s = SBOX[byte] as number;
    const column = ((double(s) << 24) | (s << 16) | (s << 8) | (double(s) ^ s)) >>> 0;
    TABLES.forEach(
      (table, by) => (table[byte] = by === 0 ? column : (column >>> (8 * by)) | (column << (32 - 8 * by))),
    );
  }
}

function turnedByte(byte: number, by: number): number {
  return ((byte << by) | (byte >> (8 - by))) & 0xff;
}

function timesInverseOf3(byte: number): number {
  let product = 0;
  for (let factor = 0xf6, term = byte; factor > 0; factor >>= 1, term = double(term)) if (factor & 1) product ^= term;
  return product;
}

const substituted = (word: number): number =>
  ((SBOX[word >>> 24] as number) << 24) |
  ((SBOX[(word >>> 16) & 255] as number) << 16) |
  ((SBOX[(word >>> 8) & 255] as number) << 8) |
  (SBOX[word & 255] as number);

export class Aes {
  /** Round keys, four words each. */
  readonly #keys: Uint32Array;

  constructor(key: Uint8Array) {
    const words = key.length / 4;
    const keys = new Uint32Array(4 * (words + 7));
    for (let i = 0; i < words; i++) {
      for (let byte = 0; byte < 4; byte++) keys[i] = ((keys[i] as number) << 8) | (key[4 * i + byte] as number);
    }
    for (let i = words, constant = 1; i < keys.length; i++) {
      let word = keys[i - 1] as number;
      if (i % words === 0) {
        word = substituted((word << 8) | (word >>> 24)) ^ (constant << 24);
        constant = double(constant);
      } else if (words > 6 && i % words === 4) {
        word = substituted(word);
      }
      keys[i] = (keys[i - words] as number) ^ word;
    }
    this.#keys = keys;
  }

  /** One block as four big-endian words, in place. */
  encrypt(block: Uint32Array): void {
    const keys = this.#keys;
    const [t0, t1, t2, t3] = TABLES;
    let a = (block[0] as number) ^ (keys[0] as number);
    let b = (block[1] as number) ^ (keys[1] as number);
    let c = (block[2] as number) ^ (keys[2] as number);
    let d = (block[3] as number) ^ (keys[3] as number);
    const last = keys.length - 4;
    const mixed = (w: number, x: number, y: number, z: number, key: number): number =>
      (t0[w >>> 24] as number) ^
      (t1[(x >>> 16) & 255] as number) ^
      (t2[(y >>> 8) & 255] as number) ^
      (t3[z & 255] as number) ^
      (keys[key] as number);
    for (let at = 4; at < last; at += 4) {
      const [e, f, g] = [mixed(a, b, c, d, at), mixed(b, c, d, a, at + 1), mixed(c, d, a, b, at + 2)];
      d = mixed(d, a, b, c, at + 3);
      a = e;
      b = f;
      c = g;
    }
    const unmixed = (w: number, x: number, y: number, z: number, key: number): number =>
      substituted((w & 0xff000000) | (x & 0xff0000) | (y & 0xff00) | (z & 0xff)) ^ (keys[key] as number);
    block[0] = unmixed(a, b, c, d, last);
    block[1] = unmixed(b, c, d, a, last + 1);
    block[2] = unmixed(c, d, a, b, last + 2);
    block[3] = unmixed(d, a, b, c, last + 3);
  }
}
