import { describe, expect, it } from 'vitest';
import { RfbError } from './rfb-error.ts';
import { ClientMessageSplitter, type ClientMessageKind } from './client-messages.ts';
import * as encode from './encode.ts';

type Seen = [ClientMessageKind, string][];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function split(bytes: Uint8Array, pieces: number[]): Seen {
  const seen: Seen = [];
  const splitter = new ClientMessageSplitter((kind, part) => seen.push([kind, hex(part)]));
  let at = 0;
  for (const size of pieces) {
    splitter.push(bytes.subarray(at, at + size));
    at += size;
  }
  splitter.push(bytes.subarray(at));
  return seen;
}

const handshake = [encode.version(8), Uint8Array.of(1), Uint8Array.of(1)];
const messages: [ClientMessageKind, Uint8Array][] = [
  ['set-pixel-format', encode.setPixelFormat()],
  ['set-encodings', encode.setEncodings([7, 16, -316])],
  ['update-request', encode.updateRequest(true, 0, 0, 640, 480)],
  ['key', encode.keyEvent(true, 0x61)],
  ['pointer', encode.pointerEvent(10, 20, 1, false)],
  ['pointer', encode.pointerEvent(10, 20, 0x101, true)],
  ['cut-text', encode.cutText('hello')],
  ['continuous-updates', encode.enableContinuousUpdates(true, 0, 0, 640, 480)],
  ['fence', encode.fence(3, Uint8Array.of(1, 2, 3))],
  ['set-desktop-size', encode.setDesktopSize(800, 600, [{ id: 1, x: 0, y: 0, width: 800, height: 600 }])],
  ['qemu-key', encode.qemuKeyEvent(true, 0x61, 30)],
  ['xvp', Uint8Array.of(250, 0, 1, 2)],
  ['qemu-audio', Uint8Array.of(255, 1, 0, 2, 1, 2, 0, 0, 1, 1)],
  ['qemu-audio', Uint8Array.of(255, 1, 0, 1)],
];

describe('splitting what a client sends', () => {
  const stream = new Uint8Array(Buffer.concat([...handshake, ...messages.map(([, bytes]) => bytes)]));
  const expected: Seen = [
    ...handshake.map((bytes): [ClientMessageKind, string] => ['handshake', hex(bytes)]),
    ...messages.map(([kind, bytes]): [ClientMessageKind, string] => [kind, hex(bytes)]),
  ];

  it('tells every message by kind and bytes', () => {
    expect(split(stream, [])).toEqual(expected);
  });

  it('finds the same one byte at a time, and in every two pieces', () => {
    expect(
      split(
        stream,
        Array.from({ length: stream.length }, () => 1),
      ),
    ).toEqual(expected);
    for (let at = 1; at < stream.length; at++) expect(split(stream, [at])).toEqual(expected);
  });

  it('takes the seventh byte of a pointer event only from a client that said it sends one', () => {
    const bytes = new Uint8Array(
      Buffer.concat([...handshake, Uint8Array.of(5, 0x80, 0, 1, 0, 2), encode.keyEvent(true, 0x62)]),
    );
    expect(split(bytes, []).map(([kind]) => kind)).toEqual(['handshake', 'handshake', 'handshake', 'pointer', 'key']);
  });

  it('hands long cut text on in pieces and goes on behind it', () => {
    const text = encode.cutText('x'.repeat(100_000));
    const bytes = new Uint8Array(Buffer.concat([...handshake, text, encode.keyEvent(false, 0x63)]));
    const seen = split(
      bytes,
      Array.from({ length: 50 }, () => 1999),
    );
    expect(seen.at(-1)).toEqual(['key', hex(encode.keyEvent(false, 0x63))]);
    const pieces = seen.filter(([kind]) => kind === 'cut-text').map(([, part]) => part);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe(hex(text));
  });

  it('knows the extended clipboard by its negative length', () => {
    const message = Uint8Array.of(6, 0, 0, 0, 0xff, 0xff, 0xff, 0xfc, 1, 0, 0, 1);
    const bytes = new Uint8Array(Buffer.concat([...handshake, message]));
    expect(split(bytes, []).at(-1)).toEqual(['cut-text', hex(message)]);
  });

  it('skips the choice of a security type in version 3.3', () => {
    const bytes = new Uint8Array(Buffer.concat([encode.version(3), Uint8Array.of(1), encode.keyEvent(true, 0x61)]));
    expect(split(bytes, []).map(([kind]) => kind)).toEqual(['handshake', 'handshake', 'key']);
  });

  it.each([
    ['a version that is none', Buffer.from('GET / HTTP/1')],
    ['a security type that was not offered', Buffer.concat([encode.version(8), Uint8Array.of(2)])],
    ['an unknown message', Buffer.concat([...handshake, Uint8Array.of(77)])],
    ['a fence that is too long', Buffer.concat([...handshake, Uint8Array.of(248, 0, 0, 0, 0, 0, 0, 0, 65)])],
    ['cut text that is too long', Buffer.concat([...handshake, Uint8Array.of(6, 0, 0, 0, 2, 0, 0, 0)])],
    ['the smallest negative length', Buffer.concat([...handshake, Uint8Array.of(6, 0, 0, 0, 0x80, 0, 0, 0)])],
    ['an endless list of encodings', Buffer.concat([...handshake, Uint8Array.of(2, 0, 255, 255)])],
  ])('refuses %s', (_, bytes) => {
    expect(() => split(new Uint8Array(bytes), [])).toThrow(RfbError);
  });
});
