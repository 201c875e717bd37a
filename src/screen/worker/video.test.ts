/** Video against a decoder that gives frames when it likes, copies them in any order, and fails. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VideoRectangles } from './video.ts';

class Decoder {
  state = 'configured';
  readonly #init: VideoDecoderInit;
  constructor(init: VideoDecoderInit) {
    this.#init = init;
    decoders.push(this);
  }
  configure() {}
  decode() {
    if (this.state === 'closed') throw new Error('closed');
  }
  close() {
    this.state = 'closed';
  }
  /** A frame of one pixel; the function that is returned ends its copying. */
  frame(red: number) {
    let copied: () => void = () => undefined;
    const copying = new Promise<void>((resolve) => (copied = resolve));
    const frame = {
      displayWidth: 1,
      displayHeight: 1,
      copyTo: (to: Uint8Array) => copying.then(() => void to.fill(red)),
      close: () => undefined,
    };
    this.#init.output(frame as unknown as VideoFrame);
    return copied;
  }
  fail() {
    this.state = 'closed';
    this.#init.error(new DOMException('damaged', 'EncodingError'));
  }
}

const PLACE = { x: 0, y: 0, width: 1, height: 1 };
/** With a sequence parameter set, as key frames have. */
const KEY = Uint8Array.of(0, 0, 1, 0x67, 0x42, 0, 0x1f, 0);
const DELTA = Uint8Array.of(0, 0, 1, 0x41, 0);
const RESET_ALL = 2;

let decoders: Decoder[];
let shown: number[];
let video: VideoRectangles;

beforeEach(() => {
  decoders = [];
  shown = [];
  vi.stubGlobal('VideoDecoder', Decoder);
  vi.stubGlobal('EncodedVideoChunk', Object);
  video = new VideoRectangles((_place, rgba) => shown.push(rgba[0] ?? -1));
});
afterEach(() => void vi.unstubAllGlobals());

describe('frames of one place', () => {
  it('are shown in their order, whichever is copied first', async () => {
    video.decode(PLACE, 0, KEY);
    video.decode(PLACE, 0, DELTA);
    const first = decoders[0]?.frame(1);
    const second = decoders[0]?.frame(2);
    const both = video.settle(PLACE);
    second?.();
    first?.();
    await both;
    expect(shown).toEqual([1, 2]);
  });

  it('end the connection once they are damaged, unless they begin anew', () => {
    video.decode(PLACE, 0, KEY);
    decoders[0]?.fail();
    expect(() => video.decode(PLACE, 0, DELTA)).toThrow(expect.objectContaining({ code: 'decode-failed' }));
    video.decode(PLACE, RESET_ALL, KEY);
    expect(decoders).toHaveLength(2);
  });
});
