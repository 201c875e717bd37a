/** DES for VncAuth (RFC 6143, 7.2.2), encryption of single blocks. Bit numbering and tables as in FIPS 46-3. */

const IP = [58, 60, 62, 64, 57, 59, 61, 63].flatMap((start) => Array.from({ length: 8 }, (_, i) => start - 8 * i));
const PC1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36, 63, 55,
  47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];
const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2, 41, 52, 31, 37, 47, 55, 30,
  40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];
const P = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10, 2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
];
const SHIFTS = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
/** The eight S-boxes, one hexadecimal digit an entry, rows of sixteen. */
const SBOX = [
  'e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d',
  'f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9',
  'a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c',
  '7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e',
  '2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453',
  'c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d',
  '4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c',
  'd2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b',
].map((row) => Array.from(row, (digit) => parseInt(digit, 16)));

const pick = (bits: readonly number[], table: readonly number[]): number[] => table.map((n) => bits[n - 1] ?? 0);
const toBits = (bytes: ArrayLike<number>): number[] =>
  Array.from(bytes).flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> (7 - i)) & 1));
const rotate = (bits: readonly number[], by: number): number[] => [...bits.slice(by), ...bits.slice(0, by)];

/** `key` and `block` are 8 bytes; so is the result. */
export function desEncrypt(key: ArrayLike<number>, block: ArrayLike<number>): Uint8Array<ArrayBuffer> {
  const chosen = pick(toBits(key), PC1);
  let c = chosen.slice(0, 28);
  let d = chosen.slice(28);
  const start = pick(toBits(block), IP);
  let left = start.slice(0, 32);
  let right = start.slice(32);
  for (const shift of SHIFTS) {
    c = rotate(c, shift);
    d = rotate(d, shift);
    const subkey = pick([...c, ...d], PC2);
    const mixed: number[] = [];
    for (let box = 0; box < 8; box++) {
      // The expansion takes six bits for four, overlapping its neighbours.
      let six = 0;
      for (let i = 0; i < 6; i++) {
        const bit = right[(box * 4 + i + 31) % 32] ?? 0;
        six = (six << 1) | (bit ^ (subkey[box * 6 + i] ?? 0));
      }
      const row = ((six >> 4) & 2) | (six & 1);
      const value = SBOX[box]?.[row * 16 + ((six >> 1) & 15)] ?? 0;
      for (let i = 3; i >= 0; i--) mixed.push((value >> i) & 1);
    }
    const f = pick(mixed, P);
    const next = left.map((bit, i) => bit ^ (f[i] ?? 0));
    left = right;
    right = next;
  }
  // The inverse of IP: what IP moved to place i goes back to IP[i].
  const last = [...right, ...left];
  const out = new Uint8Array(8);
  IP.forEach((n, i) => {
    out[(n - 1) >> 3] = (out[(n - 1) >> 3] ?? 0) | ((last[i] ?? 0) << (7 - ((n - 1) & 7)));
  });
  return out;
}

/** VncAuth's answer to a 16-byte challenge: the password's first eight bytes, each with its bits turned round, as key. */
export function vncAuthResponse(password: string, challenge: Uint8Array): Uint8Array<ArrayBuffer> {
  const key = new Uint8Array(8);
  key.set(new TextEncoder().encode(password).subarray(0, 8));
  for (let i = 0; i < 8; i++) {
    let turned = 0;
    for (let bit = 0; bit < 8; bit++) turned |= (((key[i] ?? 0) >> bit) & 1) << (7 - bit);
    key[i] = turned;
  }
  const response = new Uint8Array(16);
  response.set(desEncrypt(key, challenge.subarray(0, 8)), 0);
  response.set(desEncrypt(key, challenge.subarray(8, 16)), 8);
  return response;
}
