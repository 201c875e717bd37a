/** From the server's greeting to ServerInit (RFC 6143, 7.1 to 7.3). */
import { RfbError } from './rfb-error.ts';
import type { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { MAX_NAME_BYTES, MAX_REASON_BYTES, Security } from './constants.ts';
import * as encode from './encode.ts';
import type { RfbOwner } from './events.ts';

/**
 * What the parsers are: they yield how many bytes must be there before they can go on, or a promise to wait for, and
 * read only what they have asked for.
 */
export type Parser<Result> = Generator<number | Promise<void>, Result, void>;

export interface Credentials {
  password?: string;
  username?: string;
}

export interface ServerInit {
  width: number;
  height: number;
  name: string;
}

const VENCRYPT_PLAIN = 256;

const RSA_AES: readonly number[] = [Security.ra2neAes256, Security.ra2ne, Security.ra2Aes256, Security.ra2];
/** In the order in which they are chosen: the least effort first, since the WebSocket is what protects the line. */
const KNOWN: readonly number[] = [Security.none, Security.vncAuth, ...RSA_AES, Security.vencrypt];
/** Where nobody can say whether a server's key is the right one, the types with a key come last. */
const KNOWN_BLIND: readonly number[] = [Security.none, Security.vncAuth, Security.vencrypt, ...RSA_AES];

export function* handshake(
  reader: ByteReader,
  owner: RfbOwner,
  shared: boolean,
  credentials: Credentials,
): Parser<ServerInit> {
  const minor = yield* agreeOnVersion(reader, owner);
  const security = minor === 3 ? yield* givenSecurity(reader) : yield* chooseSecurity(reader, owner);
  const authenticated = yield* authenticate(security, reader, owner, credentials);
  if (authenticated || minor === 8) yield* securityResult(reader, minor);
  owner.send(Uint8Array.of(shared ? 1 : 0));
  return yield* serverInit(reader);
}

function* agreeOnVersion(reader: ByteReader, owner: RfbOwner): Parser<3 | 7 | 8> {
  yield 12;
  const greeting = String.fromCharCode(...reader.view(12));
  const match = /^RFB (\d{3})\.(\d{3})\n$/.exec(greeting);
  if (!match) throw new RfbError('rfb-protocol', { details: { reason: 'not an RFB greeting' } });
  const number = Number(match[1]) * 1000 + Number(match[2]);
  if (number < 3003) throw new RfbError('rfb-protocol', { details: { reason: 'version too old' } });
  // Apple says 3.889, RealVNC 4 and 5: all of them speak 3.8. What lies between 3.3 and 3.7 is 3.3 by the RFC.
  const minor = number >= 3008 ? 8 : number >= 3007 ? 7 : 3;
  owner.send(encode.version(minor));
  return minor;
}

function* givenSecurity(reader: ByteReader): Parser<number> {
  yield 4;
  const type = reader.u32();
  if (type === 0) throw refused(yield* reason(reader));
  if (type !== Security.none && type !== Security.vncAuth) throw unknownSecurity([type]);
  return type;
}

function* chooseSecurity(reader: ByteReader, owner: RfbOwner): Parser<number> {
  yield 1;
  const count = reader.u8();
  if (count === 0) throw refused(yield* reason(reader));
  yield count;
  const offered = Array.from(reader.view(count));
  const type = (owner.trust ? KNOWN : KNOWN_BLIND).find((known) => offered.includes(known));
  if (type === undefined) throw unknownSecurity(offered);
  owner.send(Uint8Array.of(type));
  return type;
}

/** Gives whether there is a result to wait for even in the old versions. */
function* authenticate(type: number, reader: ByteReader, owner: RfbOwner, credentials: Credentials): Parser<boolean> {
  switch (type) {
    case Security.none:
      return false;
    case Security.vncAuth: {
      yield 16;
      const challenge = reader.copy(16);
      const { password } = credentials;
      if (password === undefined) throw refused('a password is needed');
      yield import('./des.ts').then(({ vncAuthResponse }) => owner.send(vncAuthResponse(password, challenge)));
      return true;
    }
    case Security.vencrypt:
      yield* authenticatePlain(reader, owner, credentials);
      return true;
    case Security.ra2:
    case Security.ra2ne:
    case Security.ra2Aes256:
    case Security.ra2neAes256: {
      let load = (): Parser<void> | undefined => undefined;
      yield import('./rsa-aes/login.ts').then(({ logIn }) => {
        load = () => logIn(type, reader, owner, credentials);
      });
      const login = load();
      if (!login) throw new RfbError('internal');
      yield* login;
      return true;
    }
    default:
      throw unknownSecurity([type]);
  }
}

/** VeNCrypt 0.2, of which only the sub-type without a second TLS inside the WebSocket's makes sense here. */
function* authenticatePlain(reader: ByteReader, owner: RfbOwner, credentials: Credentials): Parser<void> {
  yield 2;
  const version = reader.u16();
  if (version < 2) throw new RfbError('rfb-security', { details: { reason: 'VeNCrypt older than 0.2' } });
  owner.send(Uint8Array.of(0, 2));
  yield 1;
  if (reader.u8() !== 0) throw refused('VeNCrypt version');
  yield 1;
  const count = reader.u8();
  yield 4 * count;
  const offered = Array.from({ length: count }, () => reader.u32());
  if (!offered.includes(VENCRYPT_PLAIN)) throw unknownSecurity(offered);
  if (credentials.password === undefined || credentials.username === undefined) {
    throw refused('a user name and a password are needed');
  }
  const user = new TextEncoder().encode(credentials.username);
  const password = new TextEncoder().encode(credentials.password);
  owner.send(
    new ByteWriter().u32(VENCRYPT_PLAIN).u32(user.length).u32(password.length).raw(user).raw(password).finish(),
  );
}

function* securityResult(reader: ByteReader, minor: number): Parser<void> {
  yield 4;
  if (reader.u32() === 0) return;
  throw refused(minor === 8 ? yield* reason(reader) : 'authentication failed');
}

function* serverInit(reader: ByteReader): Parser<ServerInit> {
  yield 24;
  const width = reader.u16();
  const height = reader.u16();
  // The server's own pixel format is replaced by ours before the first picture.
  reader.skip(16);
  const length = reader.u32();
  if (length > MAX_NAME_BYTES) throw new RfbError('rfb-limit', { details: { what: 'name' } });
  yield length;
  return { width, height, name: decodeText(reader.view(length)) };
}

function* reason(reader: ByteReader): Parser<string> {
  yield 4;
  const length = reader.u32();
  if (length > MAX_REASON_BYTES) throw new RfbError('rfb-limit', { details: { what: 'reason' } });
  yield length;
  return decodeText(reader.view(length));
}

/** UTF-8, which newer servers send; damaged sequences become replacement characters. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8').decode(new Uint8Array(bytes));
}

function refused(why: string): RfbError {
  return new RfbError('rfb-security', { details: { reason: why } });
}

function unknownSecurity(offered: readonly number[]): RfbError {
  return new RfbError('rfb-security', { details: { offered } });
}
