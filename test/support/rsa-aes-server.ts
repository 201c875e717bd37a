/** The server's end of RSA-AES, on Node's own cryptography, with a picture of one colour behind the login. */
import {
  constants,
  createCipheriv,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';

export interface RsaAesServerOptions {
  type: 5 | 6 | 129 | 130;
  password: string;
  /** Absent: a password is enough. */
  username?: string;
  /** Other security types that are offered before it. */
  alsoOffers?: number[];
  /** Changes what is sent, by the name of the step. */
  tamper?: (step: string, bytes: Buffer) => Buffer;
}

export const SIZE = { width: 16, height: 8 };
/** A server keeps its key. */
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** Red, green, blue. */
export const COLOUR = [200, 100, 50] as const;

const big = (base64url: string, length: number): Buffer => {
  const bytes = Buffer.from(base64url, 'base64url');
  return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]);
};
const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 255);
const u32 = (value: number): Buffer => Buffer.of(value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);

/** CMAC by CBC with a zero vector, of which only the last block counts. */
function cmac(key: Buffer, kind: number, bytes: Buffer): Buffer {
  const cbc = (message: Buffer): Buffer => {
    const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16));
    cipher.setAutoPadding(false);
    return Buffer.concat([cipher.update(message), cipher.final()]).subarray(-16);
  };
  const double = (block: Buffer): Buffer => {
    let number = BigInt(`0x${block.toString('hex')}`) << 1n;
    if (number >> 128n) number = (number & ((1n << 128n) - 1n)) ^ 0x87n;
    return Buffer.from(number.toString(16).padStart(32, '0'), 'hex');
  };
  const whole = double(cbc(Buffer.alloc(16)));
  let message = Buffer.concat([Buffer.alloc(15), Buffer.of(kind), bytes]);
  let mask = whole;
  if (message.length % 16 !== 0) {
    mask = double(whole);
    message = Buffer.concat([message, Buffer.of(0x80), Buffer.alloc(15 - (message.length % 16))]);
  }
  const last = message.subarray(-16);
  last.forEach((byte, i) => (last[i] = byte ^ (mask[i] ?? 0)));
  return cbc(message);
}

class Direction {
  readonly #key: Buffer;
  #count = 0;

  constructor(key: Buffer) {
    this.#key = key;
  }

  #parts(header: Buffer, cipher: Buffer): { start: Buffer; tag: Buffer } {
    const nonce = Buffer.alloc(16);
    nonce.writeUInt32LE(this.#count, 0);
    const start = cmac(this.#key, 0, nonce);
    const macs = [start, cmac(this.#key, 1, header), cmac(this.#key, 2, cipher)];
    return { start, tag: Buffer.from(start.map((_, i) => macs.reduce((all, mac) => all ^ (mac[i] ?? 0), 0))) };
  }

  #counted(start: Buffer, bytes: Buffer): Buffer {
    return createCipheriv(`aes-${this.#key.length * 8}-ctr`, this.#key, start).update(bytes);
  }

  seal(message: Buffer): Buffer {
    const header = u16(message.length);
    const cipher = this.#counted(this.#parts(header, Buffer.alloc(0)).start, message);
    const { tag } = this.#parts(header, cipher);
    this.#count++;
    return Buffer.concat([header, cipher, tag]);
  }

  open(sealed: Buffer): Buffer {
    const header = sealed.subarray(0, 2);
    const cipher = sealed.subarray(2, -16);
    const { start, tag } = this.#parts(header, cipher);
    if (!tag.equals(sealed.subarray(-16))) throw new Error('the client’s message is not authentic');
    this.#count++;
    return this.#counted(start, cipher);
  }
}

/** Give it what the client sends; `send` gets what the server says. */
export class RsaAesServer {
  readonly #options: RsaAesServerOptions;
  readonly #send: (bytes: Buffer) => void;
  readonly #publicKey: Buffer;
  readonly #steps: Generator<number, void, Buffer>;
  #out: Direction | undefined;
  #into: Direction | undefined;
  #encrypted = false;
  /** As it came. */
  #raw = Buffer.alloc(0);
  /** Ready to be read. */
  #plain = Buffer.alloc(0);
  #need: number;
  /** Messages of the client after the login, by their first byte. */
  readonly seen: number[] = [];

  constructor(options: RsaAesServerOptions, send: (bytes: Buffer) => void) {
    this.#options = options;
    this.#send = send;
    const { n = '', e = '' } = privateKey.export({ format: 'jwk' });
    this.#publicKey = Buffer.concat([u32(2048), big(n, 256), big(e, 256)]);
    this.#steps = this.#run();
    this.#need = this.#steps.next().value ?? 0;
  }

  get fingerprint(): string {
    return `SHA256:${createHash('sha256').update(this.#publicKey).digest('base64').replaceAll('=', '')}`;
  }

  receive(bytes: Uint8Array): void {
    this.#raw = Buffer.concat([this.#raw, bytes]);
    for (;;) {
      if (this.#encrypted && this.#into) {
        while (this.#raw.length >= 2 && this.#raw.length >= this.#raw.readUInt16BE() + 18) {
          const end = this.#raw.readUInt16BE() + 18;
          this.#plain = Buffer.concat([this.#plain, this.#into.open(this.#raw.subarray(0, end))]);
          this.#raw = this.#raw.subarray(end);
        }
      } else {
        this.#plain = this.#raw;
      }
      if (this.#plain.length < this.#need) return;
      const read = this.#plain.subarray(0, this.#need);
      this.#plain = this.#plain.subarray(this.#need);
      if (!this.#encrypted) this.#raw = this.#plain;
      const step = this.#steps.next(read);
      if (step.done) return;
      this.#need = step.value;
    }
  }

  #say(step: string, bytes: Buffer): void {
    const said = this.#options.tamper?.(step, bytes) ?? bytes;
    this.#send(this.#encrypted && this.#out ? this.#out.seal(said) : said);
  }

  *#run(): Generator<number, void, Buffer> {
    const { type, password, username, alsoOffers = [] } = this.#options;
    this.#say('version', Buffer.from('RFB 003.008\n'));
    yield 12;
    this.#say('types', Buffer.of(alsoOffers.length + 1, ...alsoOffers, type));
    if ((yield 1)[0] !== type) return;

    this.#say('key', this.#publicKey);
    const length = yield 4;
    const bytes = (length.readUInt32BE() + 7) >> 3;
    const clientKey = Buffer.concat([length, yield 2 * bytes]);
    const jwk = {
      kty: 'RSA',
      n: clientKey.subarray(4, 4 + bytes).toString('base64url'),
      e: clientKey.subarray(-3).toString('base64url'),
    };
    const client = createPublicKey({ key: jwk, format: 'jwk' });
    const long = type > 128;
    const random = randomBytes(long ? 32 : 16);
    const hidden = publicEncrypt({ key: client, padding: constants.RSA_PKCS1_PADDING }, random);
    this.#say('random', Buffer.concat([u16(hidden.length), hidden]));

    yield 2;
    // Without Node's own unpadding, which some versions refuse to do.
    const padded = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, yield 256);
    if (padded[0] !== 0 || padded[1] !== 2) throw new Error('padding');
    const theirs = padded.subarray(padded.indexOf(0, 2) + 1);
    const hash = (...parts: Buffer[]): Buffer =>
      createHash(long ? 'sha256' : 'sha1')
        .update(Buffer.concat(parts))
        .digest();
    const out = new Direction(hash(theirs, random).subarray(0, long ? 32 : 16));
    const into = new Direction(hash(random, theirs).subarray(0, long ? 32 : 16));

    const proof = into.open(yield (long ? 32 : 20) + 18);
    if (!proof.equals(hash(clientKey, this.#publicKey))) throw new Error('the client’s proof');
    this.#say('proof', out.seal(hash(this.#publicKey, clientKey)));
    this.#say('kind', out.seal(Buffer.of(username === undefined ? 2 : 1)));
    const header = yield 2;
    const answer = into.open(Buffer.concat([header, yield header.readUInt16BE() + 16]));
    const wanted = [username ?? '', password].map((text) => Buffer.from(text));
    const right = Buffer.concat(wanted.flatMap((text) => [Buffer.of(text.length), text]));
    if (type === 5 || type === 129) {
      [this.#out, this.#into, this.#encrypted] = [out, into, true];
    }
    if (!answer.equals(right)) {
      const reason = Buffer.from('who are you');
      this.#say('result', Buffer.concat([u32(1), u32(reason.length), reason]));
      return;
    }
    this.#say('result', u32(0));
    yield 1;
    const name = Buffer.from('a foreign desk');
    const init = [u16(SIZE.width), u16(SIZE.height), Buffer.alloc(16), u32(name.length), name];
    this.#say('init', Buffer.concat(init));
    yield* this.#messages();
  }

  *#messages(): Generator<number, void, Buffer> {
    for (;;) {
      const [message = 0] = yield 1;
      this.seen.push(message);
      if (message === 0) yield 19;
      else if (message === 2) yield 4 * (yield 3).readUInt16BE(1);
      else if (message === 4) yield 7;
      else if (message === 5) yield 5;
      else if (message === 3) {
        const incremental = (yield 9)[0] === 1;
        if (!incremental) this.#say('update', picture());
      } else throw new Error(`message ${message}`);
    }
  }
}

/** One rectangle, Raw, in the client's format. */
function picture(): Buffer {
  const { width, height } = SIZE;
  const pixels = Buffer.alloc(width * height * 4, Buffer.of(...COLOUR, 0));
  return Buffer.concat([Buffer.of(0, 0, 0, 1), u16(0), u16(0), u16(width), u16(height), u32(0), pixels]);
}
