import { describe, expect, it } from 'vitest';
import { RfbError } from './rfb-error.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { Encoding } from './constants.ts';
import { vncAuthResponse } from './des.ts';
import type { RectangleDecoder, RfbEvent } from './events.ts';
import { RfbSession, type SessionOptions } from './session.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Knows one encoding, 0, whose rectangles are as many bytes as they have pixels. */
class FakeDecoder implements RectangleDecoder {
  readonly calls: string[] = [];
  #bytes = 0;
  resize(width: number, height: number): void {
    this.calls.push(`resize ${width}x${height}`);
  }
  begin(encoding: number, x: number, y: number, width: number, height: number, reader: ByteReader): number {
    this.calls.push(`${encoding} ${x},${y} ${width}x${height}`);
    this.#bytes = width * height;
    return this.resume(reader);
  }
  resume(reader: ByteReader): number {
    if (reader.available < this.#bytes) return this.#bytes;
    reader.skip(this.#bytes);
    return 0;
  }
}

/** A connection whose server's bytes arrive one at a time. */
function connection(options: Partial<SessionOptions> = {}) {
  const sent: string[] = [];
  const events: RfbEvent[] = [];
  const decoder = new FakeDecoder();
  const reader = new ByteReader(new Uint8Array(65536), 0, 0);
  let updates = 0;
  const session = new RfbSession(
    reader,
    decoder,
    { send: (bytes) => sent.push(hex(bytes)), event: (event) => events.push(event), updated: () => updates++ },
    {
      shared: true,
      viewOnly: false,
      quality: null,
      compression: 2,
      abilities: { jpeg: true, h264: false },
      ...options,
    },
  );
  let need: number | Promise<void> = session.advance();
  const receive = (bytes: Uint8Array): void => {
    for (const byte of bytes) {
      reader.bytes[reader.end++] = byte;
      if (typeof need === 'number' && reader.available >= need) need = session.advance();
    }
  };
  /** After what the parser waits for itself, such as code that only few servers need. */
  const loaded = async (): Promise<void> => {
    await need;
    need = session.advance();
  };
  return { session, sent, events, decoder, receive, loaded, updates: () => updates };
}

const serverInit = (width = 64, height = 48): Uint8Array =>
  new ByteWriter().u16(width).u16(height).zeros(16).u32(4).raw(text('desk')).finish();
const rectangle = (
  encoding: number,
  x: number,
  y: number,
  w: number,
  h: number,
  data: ArrayLike<number> = [],
): Uint8Array => new ByteWriter().u16(x).u16(y).u16(w).u16(h).u32(encoding).raw(data).finish();
const update = (...rectangles: Uint8Array[]): Uint8Array =>
  new Uint8Array(Buffer.concat([Uint8Array.of(0, 0, rectangles.length >> 8, rectangles.length & 255), ...rectangles]));

function connected(options: Partial<SessionOptions> = {}) {
  const made = connection(options);
  made.receive(text('RFB 003.008\n'));
  made.receive(Uint8Array.of(1, 1));
  made.receive(Uint8Array.of(0, 0, 0, 0));
  made.receive(serverInit());
  made.sent.length = 0;
  return made;
}

describe('the handshake', () => {
  it('agrees on 3.8 without security, then asks for the whole picture', () => {
    const { sent, receive, events, decoder } = connection();
    receive(text('RFB 003.008\n'));
    receive(Uint8Array.of(2, 2, 1));
    receive(Uint8Array.of(0, 0, 0, 0));
    receive(serverInit());
    expect(sent.slice(0, 3)).toEqual([hex(text('RFB 003.008\n')), '01', '01']);
    expect(sent.at(-1)).toBe('03000000000000400030');
    expect(events).toEqual([{ type: 'connected', width: 64, height: 48, name: 'desk' }]);
    expect(decoder.calls).toEqual(['resize 64x48']);
  });

  it('takes 3.3 as the server decides', () => {
    const { sent, receive, events } = connection({ shared: false });
    receive(text('RFB 003.003\n'));
    receive(Uint8Array.of(0, 0, 0, 1));
    receive(serverInit());
    expect(sent.slice(0, 2)).toEqual([hex(text('RFB 003.003\n')), '00']);
    expect(events).toHaveLength(1);
  });

  it('answers a challenge with the password', async () => {
    const { sent, receive, loaded, events } = connection({ password: 'secret' });
    const challenge = Uint8Array.from({ length: 16 }, (_, i) => i * 7);
    receive(text('RFB 003.007\n'));
    receive(Uint8Array.of(1, 2));
    receive(challenge);
    await loaded();
    expect(sent.at(-1)).toBe(hex(vncAuthResponse('secret', challenge)));
    receive(Uint8Array.of(0, 0, 0, 0));
    receive(serverInit());
    expect(events).toHaveLength(1);
  });

  it('passes on why the server refuses', () => {
    const { receive } = connection();
    receive(text('RFB 003.008\n'));
    const refusal = new ByteWriter().u8(0).u32(8).raw(text('too many')).finish();
    expect(() => receive(refusal)).toThrow(
      expect.objectContaining({ code: 'rfb-security', details: { reason: 'too many' } }),
    );
  });

  it.each([
    ['an HTTP answer', [text('HTTP/1.1 400')], 'rfb-protocol'],
    ['a security type nobody knows', [text('RFB 003.008\n'), Uint8Array.of(1, 99)], 'rfb-security'],
    ['a picture of no size', [text('RFB 003.003\n'), Uint8Array.of(0, 0, 0, 1), serverInit(0, 5)], 'rfb-limit'],
    [
      'a picture beyond memory',
      [text('RFB 003.003\n'), Uint8Array.of(0, 0, 0, 1), serverInit(60000, 60000)],
      'rfb-limit',
    ],
  ])('ends with a code at %s', (_, parts, code) => {
    const { receive } = connection();
    expect(() => parts.forEach(receive)).toThrow(expect.objectContaining({ code }));
  });
});

describe('updates', () => {
  it('hands rectangles to the decoder and asks for the next update', () => {
    const { receive, decoder, sent, updates } = connected();
    receive(update(rectangle(0, 1, 2, 3, 4, new Uint8Array(12)), rectangle(0, 0, 0, 1, 1, [9])));
    expect(decoder.calls.slice(1)).toEqual(['0 1,2 3x4', '0 0,0 1x1']);
    expect(updates()).toBe(1);
    expect(sent).toEqual(['03010000000000400030']);
  });

  it('ends an update without a count at the last rectangle', () => {
    const { receive, updates } = connected();
    receive(Uint8Array.of(0, 0, 255, 255));
    receive(rectangle(0, 0, 0, 1, 1, [9]));
    expect(updates()).toBe(0);
    receive(rectangle(Encoding.lastRect, 0, 0, 0, 0));
    expect(updates()).toBe(1);
  });

  it('lets the server push once it says that it can, for the size there is', () => {
    const { receive, sent, events } = connected();
    receive(Uint8Array.of(150));
    expect(sent).toEqual(['96010000000000400030']);
    expect(events.at(-1)).toMatchObject({ type: 'capabilities', continuousUpdates: true });
    receive(update(rectangle(Encoding.desktopSize, 0, 0, 80, 60)));
    expect(sent.slice(1)).toEqual(['9601000000000050003c', '0301000000000050003c']);
  });

  it('stops asking while nobody looks and catches up afterwards', () => {
    const { receive, sent, session } = connected();
    session.pause(true);
    receive(update(rectangle(0, 0, 0, 1, 1, [9])));
    expect(sent).toEqual([]);
    session.pause(false);
    expect(sent).toEqual(['03010000000000400030']);
  });

  it('asks for a part exactly, and for approximations again once its pixels have come', () => {
    const { receive, sent, session } = connected({ quality: 3 });
    const quality = hex(new ByteWriter().u32((Encoding.quality + 3) >>> 0).finish());
    expect(session.sharpen({ x: 1, y: 2, width: 3, height: 4 })).toBe(true);
    expect(sent).toHaveLength(2);
    expect(sent[0]).not.toContain(quality);
    expect(sent[1]).toBe('03000001000200030004');
    expect(session.sharpen({ x: 0, y: 0, width: 1, height: 1 })).toBe(false);
    receive(update(rectangle(Encoding.desktopName, 0, 0, 0, 0, [0, 0, 0, 0])));
    expect(session.sharpening).toBe(true);
    receive(update(rectangle(0, 0, 0, 1, 1, [9])));
    expect(session.sharpening).toBe(false);
    expect(sent.filter((message) => message.startsWith('02')).at(-1)).toContain(quality);
  });

  it('has nothing to ask for exactly where nothing is approximated, or nobody looks', () => {
    const exact = connected();
    expect(exact.session.sharpen({ x: 0, y: 0, width: 1, height: 1 })).toBe(false);
    const hidden = connected({ quality: 3 });
    hidden.session.pause(true);
    expect(hidden.session.sharpen({ x: 0, y: 0, width: 1, height: 1 })).toBe(false);
    expect(exact.sent).toEqual([]);
  });

  it('refuses a rectangle outside the screen', () => {
    const { receive } = connected();
    expect(() => receive(update(rectangle(0, 60, 0, 5, 1)))).toThrow(RfbError);
  });

  it('refuses what it has not asked for', () => {
    const { receive } = connected();
    expect(() => receive(update(rectangle(-999, 0, 0, 1, 1)))).toThrow(
      expect.objectContaining({ code: 'rfb-encoding' }),
    );
  });
});

describe('fences', () => {
  const fence = (flags: number): Uint8Array => new ByteWriter().u8(248).zeros(3).u32(flags).u8(2).raw([7, 8]).finish();

  it('are answered once what came before is decoded, without the request', () => {
    const { receive, sent } = connected();
    receive(fence(0x80000003));
    expect(sent).toEqual(['f800000000000003020708']);
  });

  it('that belong to the next message are answered with it', () => {
    const { receive, sent } = connected();
    receive(fence(0x80000004));
    expect(sent).toEqual([]);
    receive(Uint8Array.of(2));
    expect(sent).toEqual(['f800000000000004020708']);
  });

  it('that are answers are not answered', () => {
    const { receive, sent } = connected();
    receive(fence(1));
    expect(sent).toEqual([]);
  });
});

describe('resizing', () => {
  const layout = (reason: number, status: number, width: number, height: number): Uint8Array =>
    update(
      rectangle(
        Encoding.extendedDesktopSize,
        reason,
        status,
        width,
        height,
        new ByteWriter().u8(1).zeros(3).u32(5).u16(0).u16(0).u16(width).u16(height).u32(9).finish(),
      ),
    );

  it('waits until the server says that it can, keeps the screen’s id, and asks one question at a time', () => {
    const { receive, sent, session } = connected();
    session.resize(100, 90);
    expect(sent).toEqual([]);
    receive(layout(0, 0, 64, 48));
    expect(sent.filter((message) => message.startsWith('fb'))).toEqual([
      'fb000064005a0100' + '00000005000000000064005a00000009',
    ]);
    session.resize(101, 91);
    session.resize(102, 92);
    expect(sent.filter((message) => message.startsWith('fb'))).toHaveLength(1);
    receive(layout(1, 0, 100, 90));
    expect(sent.filter((message) => message.startsWith('fb')).at(-1)).toMatch(/^fb000066005c/);
  });

  it('keeps the picture as it is when the server refuses, and says why', () => {
    const { receive, events, session, decoder } = connected();
    receive(layout(0, 0, 64, 48));
    session.resize(100, 90);
    receive(layout(1, 3, 100, 90));
    expect(events.at(-1)).toMatchObject({ type: 'resize', width: 64, height: 48, reason: 'client', status: 3 });
    expect(decoder.calls).toEqual(['resize 64x48']);
  });
});

describe('input', () => {
  it('uses the scan code where the server takes it', () => {
    const { receive, sent, session } = connected();
    session.key(true, 0x61, 0x1e);
    receive(update(rectangle(Encoding.qemuExtendedKey, 0, 0, 0, 0)));
    session.key(true, 0x61, 0x1e);
    expect(sent[0]).toBe('0401000000000061');
    expect(sent.at(-1)).toBe('ff000001000000610000001e');
  });

  it('is dropped by one who only looks', () => {
    const { sent, session } = connected({ viewOnly: true });
    session.key(true, 0x61, 0);
    session.pointer(1, 1, 1);
    session.clipboard('x');
    session.resize(10, 10);
    expect(sent).toEqual([]);
  });
});

it('clipboard, bell and name are told', () => {
  const { receive, events } = connected();
  receive(new ByteWriter().u8(3).zeros(3).u32(3).raw([0x61, 0xe9, 0x0a]).finish());
  receive(Uint8Array.of(2));
  receive(update(rectangle(Encoding.desktopName, 0, 0, 0, 0, new ByteWriter().u32(3).raw(text('né')).finish())));
  expect(events.slice(1)).toEqual([
    { type: 'clipboard', text: 'aé\n' },
    { type: 'bell' },
    { type: 'name', name: 'né' },
  ]);
});

describe('who only watches', () => {
  const asked = (message: string | undefined): number[] => {
    const view = new DataView(Uint8Array.from(Buffer.from(message ?? '', 'hex')).buffer);
    return Array.from({ length: view.getUint16(2) }, (_, i) => view.getInt32(4 + 4 * i));
  };
  const cursors = [Encoding.cursor, Encoding.cursorWithAlpha, Encoding.vmwareCursor, Encoding.vmwareCursorPosition];

  it('sends nothing, and has the server paint the cursor; in control it is the other way round, without a new connection', () => {
    const { session, sent } = connected({ viewOnly: true });
    session.pointer(1, 2, 1);
    session.key(true, 0x61, 0x1e);
    expect(sent).toEqual([]);
    session.setViewOnly(false);
    expect(asked(sent.find((one) => one.startsWith('02')))).toEqual(expect.arrayContaining(cursors));
    sent.length = 0;
    session.pointer(1, 2, 1);
    expect(sent).toEqual(['050100010002']);
    sent.length = 0;
    session.setViewOnly(true);
    expect(asked(sent.find((one) => one.startsWith('02'))).filter((one) => cursors.includes(one as never))).toEqual([]);
    sent.length = 0;
    session.pointer(3, 4, 0);
    expect(sent).toEqual([]);
  });
});

describe('back and forward', () => {
  it('are buttons where the server has them', () => {
    const { session, sent, receive } = connected();
    receive(update(rectangle(Encoding.extendedMouse, 0, 0, 0, 0)));
    sent.length = 0;
    session.pointer(1, 2, 0x81);
    session.pointer(1, 2, 0x101);
    session.pointer(1, 2, 1);
    expect(sent).toEqual(['05810001000201', '05810001000202', '050100010002']);
  });

  it('are keys where it has none, released as they were pressed', () => {
    const { session, sent } = connected();
    session.pointer(1, 2, 0x80);
    session.pointer(1, 3, 0x180);
    session.pointer(1, 3, 0x100);
    session.pointer(1, 3, 0);
    expect(sent.filter((one) => one.startsWith('04'))).toEqual([
      '040100001008ff26',
      '040100001008ff27',
      '040000001008ff26',
      '040000001008ff27',
    ]);
    expect(sent.filter((one) => one.startsWith('05')).every((one) => one.startsWith('0500'))).toBe(true);
  });
});
