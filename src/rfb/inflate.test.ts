import { constants, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from './inflate.ts';

const text = Array.from({ length: 3000 }, (_, i) => `Zeile ${i * 7919}: Grüße, 世界 ${'ab'.repeat(i % 40)}\n`).join('');
const words = new TextEncoder().encode(text);
let seed = 1;
const noise = Uint8Array.from({ length: 200_000 }, () => (seed = (seed * 48271) % 2147483647) & 255);

describe('inflate', () => {
  it.each([
    ['stored', words, { level: 0 }],
    ['a fixed code', words, { strategy: constants.Z_FIXED }],
    ['codes of its own', words, { level: 9 }],
    ['only single letters', words, { strategy: constants.Z_HUFFMAN_ONLY }],
    ['long runs', new Uint8Array(1_000_000), { level: 9 }],
    ['noise', noise, { level: 6 }],
    ['nothing', new Uint8Array(0), {}],
  ])('gives what was packed: %s', (_, bytes, options) => {
    expect(Buffer.from(inflate(deflateSync(bytes, options), bytes.length)).equals(Buffer.from(bytes))).toBe(true);
  });

  it('needs no end of the stream, only its bytes', () => {
    const flushed = deflateSync(words, { finishFlush: constants.Z_SYNC_FLUSH });
    expect(Buffer.from(inflate(flushed, words.length)).equals(Buffer.from(words))).toBe(true);
  });

  it('makes no more than was asked for', () => {
    const bomb = deflateSync(new Uint8Array(32 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(40_000);
    expect(inflate(bomb, 1000)).toEqual(new Uint8Array(1000));
  });

  it('throws when a stream is cut at any byte, or ends too early', () => {
    const short = words.subarray(0, 600);
    const whole = deflateSync(short, { finishFlush: constants.Z_SYNC_FLUSH });
    // The last four bytes are the mark of a flush; what is before it carries text.
    for (let length = 0; length < whole.length - 6; length++) {
      expect(() => inflate(whole.subarray(0, length), short.length)).toThrow(
        expect.objectContaining({ code: 'rfb-protocol' }),
      );
    }
    expect(() => inflate(deflateSync(short), short.length + 1)).toThrow(
      expect.objectContaining({ code: 'rfb-protocol' }),
    );
  });

  it('ends on whatever damage, with what fits or an error of the protocol', () => {
    const whole = deflateSync(words.subarray(0, 3000));
    for (let at = 0; at < whole.length; at++) {
      const damaged = Uint8Array.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ (1 << (at % 8));
      try {
        expect(inflate(damaged, 3000)).toHaveLength(3000);
      } catch (error) {
        expect(error).toMatchObject({ code: 'rfb-protocol' });
      }
    }
  });

  it.each([
    ['another method', [0x79, 0x9c]],
    ['a dictionary', [0x78, 0xbb]],
    ['a header that does not add up', [0x78, 0x9d]],
    ['a kind of block that there is not', [0x78, 0x9c, 0x07]],
    ['a stored block of two lengths', [0x78, 0x9c, 0x01, 5, 0, 5, 0, 1, 2, 3, 4, 5]],
    ['what is behind the end', [0x78, 0x9c, 1, 2, 0, 0xfd, 0xff, 1, 2, 1, 2, 0, 0xfd, 0xff, 3, 4]],
    ['a distance beyond the beginning', [0x78, 0x9c, 0x03, 0x02, 0x00, 0x00]],
  ])('throws on %s', (_, bytes) => {
    expect(() => inflate(Uint8Array.from([...bytes, 0, 0, 0, 0]), 3)).toThrow(
      expect.objectContaining({ code: 'rfb-protocol' }),
    );
  });
});
