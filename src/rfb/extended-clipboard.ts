/**
 * The extended clipboard: UTF-8 text, told of by one end and asked for by the other, where the plain message is Latin-1
 * and sent to everybody. Loaded when a server has it.
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { MAX_CUT_TEXT } from './constants.ts';
import * as encode from './encode.ts';
import type { RfbOwner } from './events.ts';
import type { Parser } from './handshake.ts';
import { inflate } from './inflate.ts';
import { skip } from './skip.ts';

/** The one format of the sixteen that is spoken here. */
const TEXT = 1;
const FORMATS = 16;
const Action = { caps: 1 << 24, request: 1 << 25, peek: 1 << 26, notify: 1 << 27, provide: 1 << 28 } as const;
const OURS = Action.caps | Action.request | Action.peek | Action.notify | Action.provide | TEXT;

/** The longest block that deflate stores. */
const STORED = 0xffff;
/** After so many bytes at the latest a sum of Adler's has to be reduced, to stay exact. */
const ADLER_RUN = 3800;

export class ExtendedClipboard {
  readonly #owner: RfbOwner;
  readonly #mayInput: () => boolean;
  /** Of the server: what it takes, and how long a text may be to come unasked for. */
  #flags = 0;
  #unasked = 0;
  /** What the server was told of, as it will be sent when it asks. */
  #offered: Uint8Array<ArrayBuffer> | undefined;

  constructor(owner: RfbOwner, mayInput: () => boolean) {
    this.#owner = owner;
    this.#mayInput = mayInput;
  }

  /** After the message's length. Throws `rfb-protocol` where it makes no sense. */
  *read(reader: ByteReader, length: number): Parser<void> {
    if (length > MAX_CUT_TEXT) {
      // Not the end: who copied it would meet it again with every new connection.
      yield* skip(reader, length);
      this.#owner.event({ type: 'clipboard-refused', code: 'rfb-limit' });
      return;
    }
    const payload = new Uint8Array(length);
    for (let have = 0; have < length;) {
      if (reader.available < 1) yield 1;
      const take = Math.min(length - have, reader.available);
      payload.set(reader.view(take), have);
      have += take;
    }
    this.#receive(new ByteReader(payload));
  }

  /** `false`: the server takes no text this way. */
  offer(text: string): boolean {
    if (!(this.#flags & TEXT)) return false;
    const bytes = new TextEncoder().encode(`${text.replaceAll('\0', '').replaceAll(/\r?\n/g, '\r\n')}\0`);
    this.#offered = undefined;
    if (bytes.length > MAX_CUT_TEXT) {
      this.#owner.event({ type: 'clipboard-refused', code: 'rfb-limit' });
      return true;
    }
    const atOnce = bytes.length <= this.#unasked;
    if (!(this.#flags & Action.provide) || !(atOnce || this.#flags & Action.notify)) return false;
    this.#offered = bytes;
    if (atOnce) this.#provide(bytes);
    else this.#answer(Action.notify, TEXT);
    return true;
  }

  #receive(reader: ByteReader): void {
    const flags = reader.u32();
    if (flags & Action.caps) this.#capabilities(flags, reader);
    else if (flags & Action.request) this.#requested(flags);
    else if (flags & Action.peek) this.#answer(Action.notify, this.#mayInput() && this.#offered ? TEXT : 0);
    else if (flags & Action.notify) {
      if (flags & TEXT) this.#answer(Action.request, TEXT);
    } else if (flags & Action.provide && flags & TEXT) {
      this.#provided(reader.view(reader.available));
    }
  }

  #capabilities(flags: number, reader: ByteReader): void {
    this.#flags = flags;
    this.#unasked = 0;
    // A size for each format, lowest first; ours is the lowest of all.
    for (let format = 0; format < FORMATS; format++) {
      if (!(flags & (1 << format))) continue;
      const size = reader.u32();
      if (format === 0) this.#unasked = size;
    }
    this.#owner.send(encode.extendedCutText(new ByteWriter(8).u32(OURS).u32(MAX_CUT_TEXT).finish()));
  }

  #requested(flags: number): void {
    if (flags & TEXT && this.#flags & Action.provide && this.#offered && this.#mayInput()) this.#provide(this.#offered);
  }

  /** To a server that understands it. */
  #answer(action: number, formats: number): void {
    if (this.#flags & action)
      this.#owner.send(encode.extendedCutText(new ByteWriter(4).u32(action | formats).finish()));
  }

  #provide(bytes: Uint8Array): void {
    const content = new ByteWriter(4 + bytes.length).u32(bytes.length).raw(bytes).finish();
    const zlib = store(content);
    this.#owner.send(
      encode.extendedCutText(
        new ByteWriter(4 + zlib.length)
          .u32(Action.provide | TEXT)
          .raw(zlib)
          .finish(),
      ),
    );
  }

  #provided(zlib: Uint8Array): void {
    const size = new ByteReader(inflate(zlib, 4)).u32();
    // Said before any of it is unpacked, so that a small message cannot become a large one.
    if (size > MAX_CUT_TEXT) {
      this.#owner.event({ type: 'clipboard-refused', code: 'rfb-limit' });
      return;
    }
    const bytes = inflate(zlib, 4 + size).subarray(4);
    const end = bytes.indexOf(0);
    const text = new TextDecoder('utf-8').decode(end < 0 ? bytes : bytes.subarray(0, end));
    this.#owner.event({ type: 'clipboard', text: text.replaceAll('\r\n', '\n') });
  }
}

/** A zlib stream with nothing compressed: what people paste is short, and this needs neither a table nor a wait. */
function store(content: Uint8Array): Uint8Array {
  const writer = new ByteWriter(content.length + 64).raw([0x78, 0x01]);
  for (let at = 0; at < content.length; at += STORED) {
    const block = content.subarray(at, at + STORED);
    const { length } = block;
    writer.raw([
      at + length === content.length ? 1 : 0,
      length & 255,
      length >> 8,
      ~length & 255,
      (~length >> 8) & 255,
    ]);
    writer.raw(block);
  }
  return writer.u32(adler32(content)).finish();
}

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; at += ADLER_RUN) {
    for (const byte of bytes.subarray(at, at + ADLER_RUN)) {
      a += byte;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return b * 65536 + a;
}
