/** What is copied, as bytes: the plain message, and the extended one from a server that has it. */
import { constants, deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { Encoding, MAX_CUT_TEXT } from './constants.ts';
import { extendedCutText } from './encode.ts';
import type { RfbEvent } from './events.ts';
import { RfbSession, type SessionOptions } from './session.ts';

const CAPS = 1 << 24;
const REQUEST = 1 << 25;
const PEEK = 1 << 26;
const NOTIFY = 1 << 27;
const PROVIDE = 1 << 28;
const ALL = CAPS | REQUEST | PEEK | NOTIFY | PROVIDE;
const TEXT = 1;
const HTML = 4;

/** The server's message is the client's with another type. */
function fromServer(payload: Uint8Array): Uint8Array {
  const message = extendedCutText(payload);
  message[0] = 3;
  return message;
}
const flags = (...numbers: number[]): Uint8Array =>
  numbers.reduce((writer, number) => writer.u32(number), new ByteWriter()).finish();
const caps = (unasked = 0, actions = ALL): Uint8Array => fromServer(flags(actions | TEXT, unasked));
function provide(content: Uint8Array, formats = TEXT): Uint8Array {
  // As TigerVNC sends it: flushed, and never ended.
  const zlib = deflateSync(content, { finishFlush: constants.Z_SYNC_FLUSH });
  return fromServer(
    new ByteWriter()
      .u32(PROVIDE | formats)
      .raw(zlib)
      .finish(),
  );
}
const sized = (text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text);
  return new ByteWriter().u32(bytes.length).raw(bytes).finish();
};

function connected(options: Partial<SessionOptions> = {}) {
  const sent: Uint8Array[] = [];
  const events: RfbEvent[] = [];
  const reader = new ByteReader(new Uint8Array(1 << 20), 0, 0);
  const session = new RfbSession(
    reader,
    { resize: () => undefined, begin: () => 0, resume: () => 0 },
    { send: (bytes) => sent.push(bytes), event: (event) => events.push(event), updated: () => undefined },
    {
      shared: true,
      viewOnly: false,
      quality: null,
      compression: 2,
      abilities: { jpeg: false, h264: false },
      clipboard: true,
      ...options,
    },
  );
  let need = session.advance();
  /** In pieces of `piece` bytes; waits for what the session waits for. */
  const receive = async (bytes: Uint8Array, piece = 1): Promise<void> => {
    for (let at = 0; at < bytes.length; at += piece) {
      if (reader.available === 0) reader.position = reader.end = 0;
      const part = bytes.subarray(at, at + piece);
      reader.bytes.set(part, reader.end);
      reader.end += part.length;
      for (;;) {
        if (typeof need !== 'number') await need;
        else if (reader.available < need) break;
        need = session.advance();
      }
    }
  };
  const greet = async (): Promise<Uint8Array | undefined> => {
    await receive(new TextEncoder().encode('RFB 003.008\n'));
    await receive(Uint8Array.of(1, 1, 0, 0, 0, 0));
    await receive(new ByteWriter().u16(64).u16(48).zeros(16).u32(0).finish());
    const encodings = sent.find((message) => message[0] === 2);
    events.length = sent.length = 0;
    return encodings;
  };
  return { session, sent, events, receive, greet };
}

/** With a server that has said what it has. */
async function extended(unasked = 0, options: Partial<SessionOptions> = {}, actions = ALL) {
  const made = connected(options);
  await made.greet();
  await made.receive(caps(unasked, actions));
  made.sent.length = 0;
  return made;
}

const hex = (bytes: readonly Uint8Array[]): string[] => bytes.map((one) => Buffer.from(one).toString('hex'));
const messages = (...payloads: Uint8Array[]): string[] => hex(payloads.map((payload) => extendedCutText(payload)));
/** The text in a message of ours that provides it, with what goes around it. */
function provided(message: Uint8Array | undefined): string {
  const bytes = Buffer.from(message ?? []);
  expect(bytes.readInt32BE(4)).toBe(-(bytes.length - 8));
  expect(bytes.readUInt32BE(8)).toBe(PROVIDE | TEXT);
  const content = inflateSync(bytes.subarray(12));
  expect(content.readUInt32BE(0)).toBe(content.length - 4);
  return content.toString('utf8', 4);
}

describe('the extended clipboard', () => {
  it('is asked for only where the page wants what is copied', async () => {
    const asked = async (clipboard: boolean | undefined): Promise<number[]> => {
      const message = Buffer.from((await connected({ clipboard } as Partial<SessionOptions>).greet()) ?? []);
      return Array.from({ length: message.readUInt16BE(2) }, (_, i) => message.readInt32BE(4 + 4 * i));
    };
    expect(Encoding.extendedClipboard).toBe(0xc0a1e5ce | 0);
    expect(await asked(true)).toContain(Encoding.extendedClipboard);
    expect(await asked(undefined)).not.toContain(Encoding.extendedClipboard);
    expect(await asked(false)).not.toContain(Encoding.extendedClipboard);
  });

  it('says what it takes when the server does: text, up to a size', async () => {
    const { sent, receive, greet } = connected();
    await greet();
    // Sizes of two formats, since the server names two.
    await receive(fromServer(flags(ALL | TEXT | HTML, 20, 10)));
    expect(hex(sent)).toEqual(messages(flags(ALL | TEXT, MAX_CUT_TEXT)));
  });

  it('fetches what the server tells of, byte by byte', async () => {
    const { sent, events, receive } = await extended();
    await receive(fromServer(flags(NOTIFY | TEXT | HTML)));
    expect(hex(sent)).toEqual(messages(flags(REQUEST | TEXT)));
    await receive(provide(sized('Grüße, 世界 🎉\r\nund mehr\n\0')));
    expect(events).toEqual([{ type: 'clipboard', text: 'Grüße, 世界 🎉\nund mehr\n' }]);
    sent.length = 0;
    await receive(fromServer(flags(NOTIFY | HTML)));
    await receive(fromServer(flags(NOTIFY)));
    expect(sent).toEqual([]);
  });

  it('takes what comes unasked for, also with other formats behind it, or without an end', async () => {
    const { events, receive } = await extended();
    await receive(provide(sized('one\0'), TEXT));
    await receive(provide(Buffer.concat([sized('two\0'), sized('<p>two</p>')]), TEXT | HTML));
    await receive(provide(sized('three'), TEXT));
    await receive(provide(sized(''), TEXT));
    await receive(provide(sized('<p>none</p>'), HTML));
    expect(events.map((event) => (event.type === 'clipboard' ? event.text : event.type))).toEqual([
      'one',
      'two',
      'three',
      '',
    ]);
  });

  it('tells of a text, and gives it to the server that asks', async () => {
    const { session, sent, receive } = await extended();
    session.clipboard('Grüße, 世界 🎉\nund\r\nmehr\0');
    expect(hex(sent)).toEqual(messages(flags(NOTIFY | TEXT)));
    sent.length = 0;
    await receive(fromServer(flags(PEEK)));
    expect(hex(sent)).toEqual(messages(flags(NOTIFY | TEXT)));
    sent.length = 0;
    await receive(fromServer(flags(REQUEST | HTML)));
    expect(sent).toEqual([]);
    await receive(fromServer(flags(REQUEST | TEXT)));
    expect(provided(sent[0])).toBe('Grüße, 世界 🎉\r\nund\r\nmehr\0');
    await receive(fromServer(flags(REQUEST | TEXT)));
    expect(sent).toHaveLength(2);
  });

  it('sends a text at once to a server that takes so much unasked for', async () => {
    const { session, sent } = await extended(6);
    session.clipboard('12345');
    session.clipboard('123456');
    expect(provided(sent[0])).toBe('12345\0');
    expect(hex(sent.slice(1))).toEqual(messages(flags(NOTIFY | TEXT)));
  });

  it('sends a long text, too', async () => {
    const { session, sent } = await extended(MAX_CUT_TEXT);
    const text = 'ÿ世'.repeat(100_000);
    session.clipboard(text);
    expect(provided(sent[0])).toBe(`${text}\0`);
  });

  it('has nothing for a server that asks before there is anything', async () => {
    const { sent, receive } = await extended();
    await receive(fromServer(flags(REQUEST | TEXT)));
    expect(sent).toEqual([]);
    await receive(fromServer(flags(PEEK)));
    expect(hex(sent)).toEqual(messages(flags(NOTIFY)));
  });

  it('of one who only watches tells nothing, and goes on hearing', async () => {
    const { session, sent, events, receive } = await extended();
    session.clipboard('before');
    session.setViewOnly(true);
    sent.length = 0;
    session.clipboard('after');
    await receive(fromServer(flags(REQUEST | TEXT)));
    expect(sent).toEqual([]);
    await receive(fromServer(flags(PEEK)));
    expect(hex(sent)).toEqual(messages(flags(NOTIFY)));
    await receive(provide(sized('heard\0')));
    expect(events).toEqual([{ type: 'clipboard', text: 'heard' }]);
  });

  it('asks nothing of a server that does not take it', async () => {
    const { session, sent, receive } = await extended(0, {}, CAPS | PROVIDE);
    await receive(fromServer(flags(NOTIFY | TEXT)));
    await receive(fromServer(flags(PEEK)));
    expect(sent).toEqual([]);
    session.clipboard('x');
    expect(hex(sent)).toEqual(['060000000000000178']);
  });
});

describe('a server without the extended clipboard', () => {
  it('gets the plain message, and its own is heard', async () => {
    const { session, sent, events, receive, greet } = connected();
    await greet();
    session.clipboard('é世\r\n');
    expect(hex(sent)).toEqual(['0600000000000003e93f0a']);
    await receive(new ByteWriter().u8(3).zeros(3).u32(2).raw([0xe9, 0x0a]).finish());
    expect(events).toEqual([{ type: 'clipboard', text: 'é\n' }]);
  });

  it('gets the plain message also when it has the extended one without text', async () => {
    const { session, sent, receive, greet } = connected();
    await greet();
    await receive(fromServer(flags(ALL | HTML, 0)));
    sent.length = 0;
    session.clipboard('x');
    expect(hex(sent)).toEqual(['060000000000000178']);
  });

  it('that sends extended messages nobody asked for is not listened to', async () => {
    const { sent, events, receive, greet } = connected({ clipboard: false });
    await greet();
    await receive(caps());
    await receive(provide(sized('x\0')));
    await receive(Uint8Array.of(2));
    expect(sent).toEqual([]);
    expect(events).toEqual([{ type: 'bell' }]);
  });
});

describe('what is too much or damaged', () => {
  const refused = { type: 'clipboard-refused', code: 'rfb-limit' };

  it('is refused before it is unpacked, and the session goes on: a bomb', async () => {
    const { events, receive } = await extended();
    const bomb = Buffer.alloc(64 * 1024 * 1024);
    bomb.writeUInt32BE(bomb.length - 4);
    await receive(provide(bomb), 4096);
    await receive(provide(sized('next\0')));
    expect(events).toEqual([refused, { type: 'clipboard', text: 'next' }]);
  });

  it('is passed over without keeping it: a message over the limit', async () => {
    const { events, receive } = await extended();
    await receive(
      new ByteWriter()
        .u8(3)
        .zeros(3)
        .u32(-(MAX_CUT_TEXT + 1))
        .finish(),
    );
    const piece = new Uint8Array(1 << 20);
    for (let at = 0; at < MAX_CUT_TEXT; at += piece.length) await receive(piece, piece.length);
    expect(events).toEqual([]);
    await receive(Uint8Array.of(0, 2));
    expect(events).toEqual([refused, { type: 'bell' }]);
  });

  it('is refused on the way out, too', async () => {
    const { session, sent, events, receive } = await extended();
    session.clipboard('x'.repeat(MAX_CUT_TEXT));
    expect(events).toEqual([refused]);
    await receive(fromServer(flags(REQUEST | TEXT)));
    expect(sent).toEqual([]);
  });

  it.each<[string, Uint8Array]>([
    ['a message without flags', fromServer(Uint8Array.of(1, 0, 0))],
    ['sizes that are missing', fromServer(flags(ALL | TEXT | HTML, 0))],
    ['a text that is cut off', provide(sized('some text\0').subarray(0, 9))],
    ['a size that is cut off', provide(Uint8Array.of(0, 0))],
    ['no zlib at all', fromServer(flags(PROVIDE | TEXT, 0x12345678))],
    ['nothing behind the flags', fromServer(flags(PROVIDE | TEXT))],
    ['a small bomb that says it were larger', provide(new ByteWriter().u32(MAX_CUT_TEXT).zeros(10_000).finish())],
  ])('ends the session: %s', async (_, message) => {
    const { receive } = await extended();
    await expect(receive(message)).rejects.toMatchObject({ code: 'rfb-protocol' });
  });
});
