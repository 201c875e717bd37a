import { beforeAll, describe, expect, it } from 'vitest';
import { createPlayer, loadDecoder, type Player } from './test/play.ts';
import {
  digest,
  largestDifference,
  readRecording,
  recordingNames,
  wholeStream,
  type Recording,
} from './test/recording.ts';

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await loadDecoder();
});

function play(stream: Uint8Array, sizes: Iterator<number>): Player {
  const player = createPlayer(module);
  for (let at = 0; at < stream.length;) {
    const size = sizes.next().value ?? stream.length;
    void player.intake.push(stream.subarray(at, at + size));
    at += size;
  }
  return player;
}

function expectPicture(player: Player, recording: Recording): void {
  const { width, height } = player.decoder;
  const rgba = player.decoder.rgba();
  expect([width, height]).toEqual([recording.width, recording.height]);
  if (recording.lossy) expect(largestDifference(rgba, recording.picture, width)).toBeLessThanOrEqual(8);
  else expect(digest(rgba, width, height)).toBe(recording.finalRgbSha256);
}

function* ever(size: () => number): Generator<number, number> {
  for (;;) yield size();
}

/** Small numbers that are the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / (1 << 24);
  };
}

describe.each(recordingNames())('the recording %s', (name) => {
  const recording = readRecording(name);
  const stream = wholeStream(recording);

  it('ends in the picture of the server’s own screen', () => {
    expectPicture(
      play(
        stream,
        ever(() => 65536),
      ),
      recording,
    );
  });

  it('ends in the same when it comes in random pieces', () => {
    for (const seed of [1, 2, 3]) {
      const next = random(seed);
      expectPicture(
        play(
          stream,
          ever(() => 1 + Math.floor(next() ** 4 * 20000)),
        ),
        recording,
      );
    }
  });

  it('ends in the same when it comes in one piece', () => {
    expectPicture(
      play(
        stream,
        ever(() => stream.length),
      ),
      recording,
    );
  });
});

describe('one byte at a time', () => {
  const names = recordingNames().filter((name) => wholeStream(readRecording(name)).length < 1_300_000);

  it.each(names)('%s ends in the same picture', (name) => {
    const recording = readRecording(name);
    expectPicture(
      play(
        wholeStream(recording),
        ever(() => 1),
      ),
      recording,
    );
  });
});
