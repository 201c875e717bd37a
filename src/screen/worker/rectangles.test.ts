/** Video loads with the first rectangle of it, which waits; nothing else does. */
import { afterEach, expect, it, vi } from 'vitest';
import { ByteReader } from '../../rfb/byte-reader.ts';
import { Encoding } from '../../rfb/constants.ts';
import type { WasmDecoder } from './decoder.ts';
import { Rectangles } from './rectangles.ts';

afterEach(() => void vi.unstubAllGlobals());

it('decodes the first video of a session once its code is there', async () => {
  const decoded: string[] = [];
  vi.stubGlobal(
    'VideoDecoder',
    class {
      state = 'configured';
      configure({ codec }: { codec: string }) {
        decoded.push(codec);
      }
      decode({ type }: { type: string }) {
        decoded.push(type);
      }
      close() {}
    },
  );
  vi.stubGlobal(
    'EncodedVideoChunk',
    class {
      type: string;
      constructor(chunk: { type: string }) {
        this.type = chunk.type;
      }
    },
  );
  const wasm = { width: 64, height: 64, reset() {}, resize() {} } as unknown as WasmDecoder;
  const rectangles = new Rectangles(wasm, () => undefined);
  rectangles.reset();
  expect(rectangles.settle(Encoding.tight, 0, 0, 64, 64)).toBeUndefined();
  expect(rectangles.settle(Encoding.copyRect, 0, 0, 64, 64)).toBeUndefined();
  const waiting = rectangles.settle(Encoding.h264, 0, 0, 64, 64);
  expect(waiting).toBeInstanceOf(Promise);
  await waiting;
  expect(rectangles.settle(Encoding.h264, 0, 0, 64, 64)).toBeUndefined();
  const key = [0, 0, 0, 1, 0x67, 0x42, 0xe0, 0x1e, 0];
  const reader = new ByteReader(Uint8Array.from([0, 0, 0, key.length, 0, 0, 0, 0, ...key]));
  expect(rectangles.begin(Encoding.h264, 0, 0, 64, 64, reader)).toBe(0);
  expect(decoded).toEqual(['avc1.42e01e', 'key']);
  // What lies under a frame that is still on its way waits for it.
  expect(rectangles.settle(Encoding.tight, 8, 8, 8, 8)).toBeInstanceOf(Promise);
});
