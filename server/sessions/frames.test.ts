import { describe, expect, it } from 'vitest';
import { encodeText, FrameDecoder, FrameError, FrameKind, MAX_TEXT_BYTES, writeBinary } from './frames.ts';

/** Everything that was decoded, with neighbouring pieces of binary joined. */
function collect(chunks: Buffer[]) {
  const seen: (string | Buffer)[] = [];
  const decoder = new FrameDecoder({
    text: (kind, text) => seen.push(`${kind}:${text}`),
    binary: (piece) => {
      const last = seen.at(-1);
      if (Buffer.isBuffer(last)) seen[seen.length - 1] = Buffer.concat([last, piece]);
      else seen.push(Buffer.from(piece));
    },
  });
  for (const chunk of chunks) decoder.push(chunk);
  return seen;
}

function binary(payload: Uint8Array): Buffer {
  const written: Uint8Array[] = [];
  const out = { cork: () => undefined, uncork: () => undefined, write: (bytes: Uint8Array) => written.push(bytes) > 0 };
  writeBinary(out, payload);
  // The payload itself is handed on, not a copy.
  expect(written[1]).toBe(payload);
  return Buffer.concat(written);
}

describe('frames', () => {
  const whole = Buffer.concat([
    encodeText('{"t":"hello"}'),
    binary(Buffer.from([1, 2, 3])),
    encodeText('grüße 🪟', FrameKind.link),
    encodeText(''),
    binary(Buffer.alloc(0)),
    binary(Buffer.from([4])),
  ]);
  const expected = ['0:{"t":"hello"}', Buffer.from([1, 2, 3]), '2:grüße 🪟'];

  it('come out the same whole, byte by byte and cut anywhere', () => {
    const all = collect([whole]);
    expect(all.slice(0, 3)).toEqual(expected);
    expect(all.slice(3)).toEqual(['0:', Buffer.from([4])]);
    expect(collect([...whole].map((byte) => Buffer.from([byte])))).toEqual(all);
    for (let cut = 1; cut < whole.length; cut++) {
      expect(collect([whole.subarray(0, cut), whole.subarray(cut)])).toEqual(all);
    }
  });

  it('refuse unknown kinds and lengths beyond the limit before any payload is kept', () => {
    expect(() => collect([Buffer.from([3, 0, 0, 0, 0])])).toThrow(FrameError);
    const long = Buffer.from([0, 0, 0, 0, 0]);
    long.writeUInt32BE(MAX_TEXT_BYTES + 1, 1);
    expect(() => collect([long])).toThrow(FrameError);
    expect(() => collect([Buffer.from([1, 0xff, 0xff, 0xff, 0xff])])).toThrow(FrameError);
  });
});
