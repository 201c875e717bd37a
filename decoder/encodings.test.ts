import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { KINDS, StreamMaker, randomFrom, readJpegs, type Kind } from './test/generate.ts';
import { createPlayer, loadDecoder } from './test/play.ts';
import { Reference } from './test/reference.ts';

let module: WebAssembly.Module;
beforeAll(async () => {
  module = await loadDecoder();
});

const jpegs = readJpegs(fileURLToPath(new URL('../test/fixtures/jpeg', import.meta.url)));
/** Fixed against floating point. */
const JPEG_TOLERANCE = 4;

function compare(kinds: readonly Kind[], seed: number, updates: number): void {
  const random = randomFrom(seed);
  const width = 90 + Math.floor(random() * 300);
  const height = 70 + Math.floor(random() * 250);
  const maker = new StreamMaker(random, width, height, jpegs);
  const parts = [maker.handshake()];
  for (let i = 0; i < updates; i++) parts.push(maker.update(1 + Math.floor(random() * 5), kinds));
  const stream = new Uint8Array(Buffer.concat(parts));
  const reference = new Reference();
  const expected = reference.play(stream);
  const lossy = kinds.some((kind) => kind.endsWith('jpeg'));
  let compared = 0;
  const player = createPlayer(module, {}, ({ decoder }) => {
    expected.next();
    compared++;
    const rgba = decoder.rgba();
    let worst = 0;
    for (let i = 0; i < rgba.length; i++) worst = Math.max(worst, Math.abs((rgba[i] ?? 0) - (reference.rgba[i] ?? 0)));
    expect(worst, `seed ${seed}, update ${compared}`).toBeLessThanOrEqual(lossy ? JPEG_TOLERANCE : 0);
  });
  for (let at = 0; at < stream.length;) {
    const size = 1 + Math.floor(random() ** 3 * 3000);
    void player.intake.push(stream.subarray(at, at + size));
    at += size;
  }
  expect(compared).toBe(updates);
}

describe('streams made by hand, after every update and in random pieces', () => {
  it.each(KINDS)('%s is what the plain decoder makes of it', (kind) => {
    for (let seed = 1; seed <= 6; seed++) compare([kind], seed * 101, 6);
  });

  it('all encodings together are', () => {
    for (let seed = 1; seed <= 20; seed++) compare(KINDS, seed, 8);
  });
});
