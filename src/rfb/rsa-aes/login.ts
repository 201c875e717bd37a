/**
 * The security types RSA-AES (5, 6, 129 and 130; rfbproto, "RSA-AES Security Type"): the server shows its key, each
 * side sends the other half of the session keys, then a name and a password go over. Loaded when a server asks for it.
 */
import type { ByteReader } from '../byte-reader.ts';
import { ByteWriter } from '../byte-writer.ts';
import { Security } from '../constants.ts';
import type { RfbOwner, ServerKey } from '../events.ts';
import type { Credentials, Parser } from '../handshake.ts';
import { RfbError } from '../rfb-error.ts';
import { sha1, sha256 } from './hash.ts';
import { byteLength, decrypt, encrypt, generateKey, randomBytes, toBytes, toNumber, type PublicKey } from './rsa.ts';
import { joined, MessageCipher, messageLength, RsaAesStream } from './stream.ts';

const CLIENT_KEY_BITS = 2048;
/** Servers of today have 2048; below 1024 a key protects nothing, above 8192 it only costs time. */
const MIN_KEY_BITS = 1024;
const MAX_KEY_BITS = 8192;
const USER_AND_PASSWORD = 1;
const PASSWORD = 2;
/** Their lengths are one byte each. */
const MAX_CREDENTIAL = 255;

type Bytes = Uint8Array<ArrayBuffer>;

export function* logIn(type: number, reader: ByteReader, owner: RfbOwner, credentials: Credentials): Parser<void> {
  const long = type === Security.ra2Aes256 || type === Security.ra2neAes256;
  const hash = long ? sha256 : sha1;
  const keyBytes = long ? 32 : 16;

  const server = yield* publicKey(reader);
  const serverKey = encoded(server);
  if (!owner.trust) throw new RfbError('rfb-server-key');
  yield owner.trust(described(server.bits, serverKey));

  const client = generateKey(CLIENT_KEY_BITS);
  const clientKey = encoded(client);
  owner.send(clientKey);
  const clientRandom = randomBytes(keyBytes);
  owner.send(new ByteWriter().u16(byteLength(server.bits)).raw(encrypt(server, clientRandom)).finish());

  yield 2;
  if (reader.u16() !== byteLength(CLIENT_KEY_BITS)) throw damaged('length of the random number');
  yield byteLength(CLIENT_KEY_BITS);
  const serverRandom = decrypt(client, reader.copy(byteLength(CLIENT_KEY_BITS)));
  if (serverRandom?.length !== keyBytes) throw damaged('random number');

  const key = (...parts: Bytes[]): Bytes => hash(joined(parts)).subarray(0, keyBytes);
  const out = new MessageCipher(key(serverRandom, clientRandom));
  const into = new MessageCipher(key(clientRandom, serverRandom));

  owner.send(out.seal(hash(joined([clientKey, serverKey]))));
  const expected = hash(joined([serverKey, clientKey]));
  const proof = yield* message(reader, into, expected.length);
  if (proof.some((byte, i) => byte !== expected[i])) throw damaged('proof of the key');

  const [kind] = yield* message(reader, into, 1);
  const answer = answerTo(kind, credentials);
  owner.send(out.seal(answer));
  if (type !== Security.ra2 && type !== Security.ra2Aes256) return;
  // Whatever comes from now on is encrypted, so nothing that is not may lie in wait.
  if (reader.available > 0 || !owner.secure) throw damaged('more than was asked for');
  owner.secure(new RsaAesStream(out, into));
}

function* publicKey(reader: ByteReader): Parser<PublicKey> {
  yield 4;
  const bits = reader.u32();
  if (bits < MIN_KEY_BITS || bits > MAX_KEY_BITS) throw damaged(`a key of ${bits} bits`);
  const length = byteLength(bits);
  yield 2 * length;
  const modulus = toNumber(reader.view(length));
  const exponent = toNumber(reader.view(length));
  if (modulus >> BigInt(MIN_KEY_BITS - 1) === 0n || modulus % 2n === 0n || exponent < 3n || exponent >= modulus) {
    throw damaged('the key makes no sense');
  }
  return { bits, modulus, exponent };
}

function* message(reader: ByteReader, cipher: MessageCipher, length: number): Parser<Bytes> {
  yield 2;
  const header = reader.copy(2);
  const whole = messageLength(header);
  if (whole !== messageLength(Uint8Array.of(0, length))) throw damaged('length of a message');
  yield whole - 2;
  return cipher.open(joined([header, reader.copy(whole - 2)]));
}

function answerTo(kind: number | undefined, credentials: Credentials): Bytes {
  if (kind !== USER_AND_PASSWORD && kind !== PASSWORD) throw damaged('kind of credentials');
  const text = (value: string | undefined, what: string): Bytes => {
    if (value === undefined) throw new RfbError('rfb-security', { details: { reason: `a ${what} is needed` } });
    const bytes = new TextEncoder().encode(value);
    if (bytes.length > MAX_CREDENTIAL) {
      throw new RfbError('rfb-security', { details: { reason: `the ${what} is too long` } });
    }
    return bytes;
  };
  const user = kind === PASSWORD ? new Uint8Array(0) : text(credentials.username, 'user name');
  const password = text(credentials.password, 'password');
  return new ByteWriter().u8(user.length).raw(user).u8(password.length).raw(password).finish();
}

function encoded(key: PublicKey): Bytes {
  const length = byteLength(key.bits);
  return new ByteWriter().u32(key.bits).raw(toBytes(key.modulus, length)).raw(toBytes(key.exponent, length)).finish();
}

function described(bits: number, key: Bytes): ServerKey {
  const digest = btoa(String.fromCharCode(...sha256(key))).replaceAll('=', '');
  const short = Array.from(sha1(key).subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'));
  return { bits, fingerprint: `SHA256:${digest}`, short: short.join('-') };
}

function damaged(what: string): RfbError {
  return new RfbError('rfb-security', { details: { reason: `RSA-AES: ${what}` } });
}
