/**
 * RSA with PKCS #1 v1.5 padding for encryption (RFC 8017, 7.2), which browsers do not have. A key is made for one
 * login and used for one message, so nobody gets the many answers that attacks on time or padding need.
 */

export interface PublicKey {
  /** Length of the modulus in bits; on the wire both numbers have as many bytes as it needs. */
  bits: number;
  modulus: bigint;
  exponent: bigint;
}

export interface PrivateKey extends PublicKey {
  secret: bigint;
}

const EXPONENT = 65537;
/** Below this a prime's candidates are looked through by division, before the dear test. */
const SMALL = 4000;
/** For numbers of this size that are drawn at random, the chance of a mistake is far below 2^-100. */
const TESTS = 8;

export const byteLength = (bits: number): number => (bits + 7) >> 3;

export function toNumber(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

export function toBytes(number: bigint, length: number): Uint8Array<ArrayBuffer> {
  const hex = number.toString(16).padStart(2 * length, '0');
  return Uint8Array.from({ length }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function encrypt(key: PublicKey, message: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = byteLength(key.bits);
  const padded = randomBytes(length);
  for (let i = 2; i < length; i++) while (padded[i] === 0) padded.set(randomBytes(1), i);
  padded.set([0, 2]);
  padded[length - message.length - 1] = 0;
  padded.set(message, length - message.length);
  return toBytes(power(toNumber(padded), key.exponent, key.modulus), length);
}

/** `undefined` where it is not padded as it must be. */
export function decrypt(key: PrivateKey, encrypted: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const padded = toBytes(power(toNumber(encrypted), key.secret, key.modulus), byteLength(key.bits));
  const end = padded.indexOf(0, 1);
  return padded[0] === 0 && padded[1] === 2 && end >= 10 ? padded.slice(end + 1) : undefined;
}

export function generateKey(bits: number): PrivateKey {
  for (;;) {
    const [p, q] = [prime(bits / 2), prime(bits / 2)];
    const modulus = p * q;
    if (p === q || modulus >> BigInt(bits - 1) !== 1n) continue;
    const exponent = BigInt(EXPONENT);
    return { bits, modulus, exponent, secret: inverse(exponent, (p - 1n) * (q - 1n)) };
  }
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  base %= modulus;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % modulus;
    if (bit === '1') result = (result * base) % modulus;
  }
  return result;
}

/** By Euclid; the two have no common factor. */
function inverse(of: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulus, of, 0n, 1n];
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
  return ((x % modulus) + modulus) % modulus;
}

const smallPrimes = Array.from({ length: SMALL }, (_, n) => n).filter((n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 2;
});

/** Looks upwards from a random number whose two highest bits are set, so that a product of two has all its bits. */
function prime(bits: number): bigint {
  for (;;) {
    const bytes = randomBytes(bits / 8);
    bytes[0] = (bytes[0] as number) | 0xc0;
    bytes[bytes.length - 1] = (bytes.at(-1) as number) | 1;
    const start = toNumber(bytes);
    const rests = smallPrimes.map((small) => Number(start % BigInt(small)));
    for (let step = 0; step < 20 * bits; step += 2) {
      if (rests.some((rest, i) => (rest + step) % (smallPrimes[i] as number) === 0)) continue;
      const candidate = start + BigInt(step);
      if (candidate % BigInt(EXPONENT) !== 1n && isPrime(candidate)) return candidate;
    }
  }
}

/** Miller and Rabin's. */
function isPrime(candidate: bigint): boolean {
  let odd = candidate - 1n;
  let twos = 0;
  for (; odd % 2n === 0n; twos++) odd /= 2n;
  for (let test = 0; test < TESTS; test++) {
    let x = power(2n + toNumber(randomBytes(16)), odd, candidate);
    if (x === 1n || x === candidate - 1n) continue;
    let seen = false;
    for (let i = 1; i < twos && !seen; i++) {
      x = (x * x) % candidate;
      seen = x === candidate - 1n;
    }
    if (!seen) return false;
  }
  return true;
}
