import { beforeAll, describe, expect, it } from 'vitest';
import { createPlayer, loadDecoder, type Player } from './test/play.ts';
import { readRecording, recordingNames, wholeStream } from './test/recording.ts';
import { Reference } from './test/reference.ts';

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await loadDecoder();
});

/** Levels by which two accurate decoders of one JPEG may differ, here fixed and floating point. */
const JPEG_TOLERANCE = 4;

function worstDifference(a: Uint8ClampedArray, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  if (Buffer.compare(new Uint8Array(a.buffer, a.byteOffset, a.length), b) === 0) return 0;
  let worst = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference > worst) worst = difference;
    else if (-difference > worst) worst = -difference;
  }
  return worst;
}

describe.each(recordingNames())('%s, update by update', (name) => {
  it('is what the plain decoder makes of it', { timeout: 120_000 }, () => {
    const recording = readRecording(name);
    const stream = wholeStream(recording);
    const reference = new Reference();
    const updates = reference.play(stream);
    const tolerance = recording.lossy ? JPEG_TOLERANCE : 0;
    let compared = 0;
    const compare = (player: Player): void => {
      expect(updates.next().done).toBe(false);
      compared++;
      expect(worstDifference(player.decoder.rgba(), reference.rgba), `after update ${compared}`).toBeLessThanOrEqual(
        tolerance,
      );
    };
    const player = createPlayer(module, {}, compare);
    for (let at = 0; at < stream.length; at += 10_007) void player.intake.push(stream.subarray(at, at + 10_007));
    expect(updates.next().done).toBe(true);
    expect(compared).toBe(player.session.updates);
    expect(worstDifference(player.decoder.rgba(), reference.rgba)).toBeLessThanOrEqual(tolerance);
  });
});
