import { describe, expect, it } from 'vitest';
import { Intake, MAX_WAITING, type DecoderInput } from './intake.ts';

/** A session that reads a byte at a time, and waits for something at each byte of 255. */
function setup() {
  const taken: number[] = [];
  let bytes: number[] = [];
  const waits: (() => void)[] = [];
  const decoder: DecoderInput = {
    reader: {
      get available() {
        return bytes.length;
      },
    },
    // As in the real one, less than a chunk may find room.
    write(chunk, offset) {
      const part = [...chunk.subarray(offset, offset + 2)];
      bytes.push(...part);
      return part.length;
    },
    ensure: () => undefined,
  };
  const session = {
    advance() {
      while (bytes.length > 0) {
        const [first = 0, ...rest] = bytes;
        bytes = rest;
        taken.push(first);
        if (first === 255) return new Promise<void>((resolve) => waits.push(resolve));
      }
      return 1;
    },
  };
  return { intake: new Intake(decoder, session), taken, waits };
}

describe('what comes while the session waits for something else', () => {
  it('is kept, and read in order when the wait is over', async () => {
    const { intake, taken, waits } = setup();
    const first = intake.push(Uint8Array.of(1, 255, 2, 3));
    const second = intake.push(Uint8Array.of(4, 255, 5));
    expect(taken).toEqual([1, 255]);
    waits.shift()?.();
    await expect.poll(() => waits.length).toBe(1);
    expect(taken).toEqual([1, 255, 2, 3, 4, 255]);
    waits.shift()?.();
    await Promise.all([first, second]);
    expect(taken).toEqual([1, 255, 2, 3, 4, 255, 5]);
    expect(intake.bytes).toBe(7);
  });

  it('stays in order when one wait follows another, and more comes during each', async () => {
    const { intake, taken, waits } = setup();
    const over = async () => {
      await expect.poll(() => waits.length).toBe(1);
      waits.shift()?.();
    };
    void intake.push(Uint8Array.of(255));
    void intake.push(Uint8Array.of(255, 2));
    void intake.push(Uint8Array.of(3));
    await over();
    await expect.poll(() => waits.length).toBe(1);
    const last = intake.push(Uint8Array.of(4));
    await over();
    await last;
    expect(taken).toEqual([255, 255, 2, 3, 4]);
  });

  it('is no more than some, and room again after it', async () => {
    const { intake, taken, waits } = setup();
    void intake.push(Uint8Array.of(255));
    const large = new Uint8Array(MAX_WAITING / 4);
    for (let i = 0; i < 3; i++) void intake.push(large.subarray(0, 3));
    waits.shift()?.();
    await expect.poll(() => taken).toHaveLength(10);
    void intake.push(Uint8Array.of(255));
    for (let i = 0; i < 4; i++) void intake.push(large);
    expect(() => intake.push(Uint8Array.of(1))).toThrow(expect.objectContaining({ code: 'rfb-limit' }));
  });
});
