import { constants, createCipheriv, createHash, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../byte-reader.ts';
import type { RfbEvent, SecureStream, ServerKey } from '../events.ts';
import { RfbError } from '../rfb-error.ts';
import { RfbSession } from '../session.ts';
import { RsaAesServer, SIZE, type RsaAesServerOptions } from '../../../test/support/rsa-aes-server.ts';
import { Aes } from './aes.ts';
import { Eax } from './eax.ts';
import { sha1, sha256 } from './hash.ts';
import { decrypt, encrypt, generateKey, toBytes } from './rsa.ts';
import { MessageCipher, RsaAesStream } from './stream.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

describe('the parts', () => {
  it.each([128, 256])('AES with %i bits is Node’s', (bits) => {
    for (let round = 0; round < 20; round++) {
      const key = randomBytes(bits / 8);
      const block = randomBytes(16);
      const cipher = createCipheriv(`aes-${bits}-ecb`, key, null);
      const words = Uint32Array.from({ length: 4 }, (_, i) => block.readUInt32BE(4 * i));
      new Aes(key).encrypt(words);
      expect(Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('')).toBe(
        cipher.update(block).toString('hex'),
      );
    }
  });

  it('hashes as Node does, at every edge of a block', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 5000]) {
      const message = randomBytes(length);
      expect(hex(sha1(message))).toBe(createHash('sha1').update(message).digest('hex'));
      expect(hex(sha256(message))).toBe(createHash('sha256').update(message).digest('hex'));
    }
  });

  // From the paper's own table of vectors: key, nonce, header, message, ciphertext with its tag.
  it.each([
    [
      '233952dee4d5ed5f9b9c6d6ff80ff478',
      '62ec67f9c3a4a407fcb2a8c49031a8b3',
      '6bfb914fd07eae6b',
      '',
      'e037830e8389f27b025a2d6527e79d01',
    ],
    [
      '91945d3f4dcbee0bf45ef52255f095a4',
      'becaf043b0a23d843194ba972c66debd',
      'fa3bfd4806eb53fa',
      'f7fb',
      '19dd5c4c9331049d0bdab0277408f67967e5',
    ],
    [
      '8395fcf1e95bebd697bd010bc766aac3',
      '22e7add93cfc6393c57ec0b3c17d6b44',
      '126735fcc320d25a',
      'ca40d7446e545ffaed3bd12a740a659ffbbb3ceab7',
      'cb8920f87a6c75cff39627b56e3ed197c552d295a7cfc46afc253b4652b1af3795b124ab6e',
    ],
  ])('EAX with key %s', (key, nonce, header, message, sealed) => {
    const eax = new Eax(bytes(key));
    expect(hex(eax.seal(bytes(nonce), bytes(header), bytes(message)))).toBe(sealed);
    expect(hex(eax.open(bytes(nonce), bytes(header), bytes(sealed)) ?? Uint8Array.of(1))).toBe(message);
    const damaged = bytes(sealed);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    expect(eax.open(bytes(nonce), bytes(header), damaged)).toBeUndefined();
  });

  it('makes keys that Node takes, and reads what it encrypts for them', () => {
    const key = generateKey(1024);
    expect(key.modulus.toString(2)).toHaveLength(1024);
    const jwk = {
      kty: 'RSA',
      n: Buffer.from(toBytes(key.modulus, 128)).toString('base64url'),
      e: Buffer.from(toBytes(key.exponent, 3)).toString('base64url'),
    };
    const message = randomBytes(32);
    const foreign = createPublicKey({ key: jwk, format: 'jwk' });
    expect(hex(decrypt(key, publicEncrypt({ key: foreign, padding: constants.RSA_PKCS1_PADDING }, message))!)).toBe(
      hex(message),
    );
    expect(hex(decrypt(key, encrypt(key, message)) ?? new Uint8Array())).toBe(hex(message));
    expect(decrypt(key, toBytes(12345n, 128))).toBeUndefined();
  });

  it('puts a stream together from any pieces, and notices what was left out', () => {
    const key = randomBytes(16);
    const pair = (): RsaAesStream => new RsaAesStream(new MessageCipher(key), new MessageCipher(key));
    const message = randomBytes(20_000);
    const sealed = pair().seal(message);
    expect(sealed.length).toBe(20_000 + 3 * 18);
    const receiver = pair();
    const got: Uint8Array[] = [];
    for (let at = 0; at < sealed.length; at += 777) got.push(receiver.open(sealed.subarray(at, at + 777)));
    expect(Buffer.concat(got).equals(message)).toBe(true);
    expect(() => pair().open(sealed.subarray(8192 + 18))).toThrow(expect.objectContaining({ code: 'rfb-security' }));
  });
});

interface Client {
  password?: string;
  username?: string;
  trust?: (key: ServerKey) => Promise<void>;
}

/** A session against the server, their bytes handed over in small pieces; resolves with `connected`. */
async function logIn(options: RsaAesServerOptions, client: Client) {
  const fromServer: Buffer[] = [];
  const server = new RsaAesServer(options, (sent) => fromServer.push(sent));
  const reader = new ByteReader(new Uint8Array(65536), 0, 0);
  let stream: SecureStream | undefined;
  const keys: ServerKey[] = [];
  const events: RfbEvent[] = [];
  const { trust = () => Promise.resolve(), ...credentials } = client;
  const session = new RfbSession(
    reader,
    { resize: () => undefined, begin: () => 1, resume: () => 1 },
    {
      send: (sent) => server.receive(stream ? stream.seal(sent) : sent),
      event: (event) => events.push(event),
      updated: () => undefined,
      trust: (key) => {
        keys.push(key);
        return trust(key);
      },
      secure: (made) => (stream = made),
    },
    {
      shared: true,
      viewOnly: false,
      quality: null,
      compression: 2,
      abilities: { jpeg: false, h264: false },
      ...credentials,
    },
  );
  let need = session.advance();
  while (!events.some((event) => event.type === 'connected')) {
    if (typeof need !== 'number') {
      await need;
      need = session.advance();
      continue;
    }
    const sent = fromServer.shift();
    if (!sent) throw new Error('the server is silent');
    for (let at = 0; at < sent.length; at += 100) {
      const piece = sent.subarray(at, at + 100);
      const plain = stream ? stream.open(piece) : piece;
      reader.bytes.set(plain, reader.end);
      reader.end += plain.length;
    }
    if (reader.available >= need) need = session.advance();
  }
  return { server, events, keys, session };
}

describe('a login', () => {
  it.each([
    [5, 'user'],
    [6, undefined],
    [129, undefined],
    [130, 'Jürgen'],
  ] as const)('of type %i, user %s', async (type, username) => {
    const credentials = { password: 'casement ✓', ...(username === undefined ? {} : { username }) };
    const { events, keys, server, session } = await logIn({ type, ...credentials }, { username: 'x', ...credentials });
    expect(events[0]).toMatchObject({ type: 'connected', name: 'a foreign desk', ...SIZE });
    expect(keys).toEqual([
      { bits: 2048, fingerprint: server.fingerprint, short: expect.stringMatching(/^([0-9a-f]{2}-){7}[0-9a-f]{2}$/) },
    ]);
    // What follows the login goes the same way as the login.
    session.key(true, 0x61, 0);
    expect(server.seen).toEqual([0, 2, 3, 4]);
  });

  it('with a wrong password ends with what the server says', async () => {
    const login = logIn({ type: 129, password: 'right' }, { password: 'wrong' });
    await expect(login).rejects.toMatchObject({ code: 'rfb-security', details: { reason: 'who are you' } });
  });

  it('does not tell a server anything whose key is not accepted', async () => {
    const refused = new RfbError('rfb-server-key');
    const said: string[] = [];
    const tamper = (step: string, sent: Buffer): Buffer => {
      said.push(step);
      return sent;
    };
    const login = logIn(
      { type: 6, password: 'right', tamper },
      { password: 'right', trust: () => Promise.reject(refused) },
    );
    await expect(login).rejects.toBe(refused);
    expect(said).toEqual(['version', 'types', 'key']);
  });

  it('says what is missing where there is no password', async () => {
    await expect(logIn({ type: 6, password: 'right' }, {})).rejects.toMatchObject({
      code: 'rfb-security',
      details: { reason: 'a password is needed' },
    });
  });

  const short = (sent: Buffer): Buffer => Buffer.concat([Buffer.of(0, 0, 2, 0), sent.subarray(4)]);
  const even = (sent: Buffer): Buffer => {
    const changed = Buffer.from(sent);
    changed[4 + 255] = 2;
    return changed;
  };
  const flipped = (sent: Buffer): Buffer => {
    const changed = Buffer.from(sent);
    changed[10] = (changed[10] ?? 0) ^ 1;
    return changed;
  };
  it.each([
    ['key', short, 'RSA-AES: a key of 512 bits'],
    ['key', even, 'RSA-AES: the key makes no sense'],
    [
      'random',
      (sent: Buffer) => Buffer.concat([Buffer.of(0, 9), sent.subarray(2)]),
      'RSA-AES: length of the random number',
    ],
    ['random', flipped, /^RSA-AES: random number|is not authentic$/],
    ['proof', flipped, 'a message is not authentic'],
    ['kind', (sent: Buffer) => Buffer.concat([Buffer.of(0, 2), sent.subarray(2)]), 'RSA-AES: length of a message'],
  ] as const)('ends with a reason where %s is not right', async (step, change, reason) => {
    const tamper = (at: string, sent: Buffer): Buffer => (at === step ? change(sent) : sent);
    await expect(logIn({ type: 6, password: 'x', tamper }, { password: 'x' })).rejects.toMatchObject({
      code: 'rfb-security',
      details: { reason: typeof reason === 'string' ? reason : expect.stringMatching(reason) },
    });
  });
});
