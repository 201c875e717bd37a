import { describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { Encoding } from './constants.ts';
import { readCursor, type CursorShape } from './cursor.ts';

function read(encoding: number, width: number, height: number, data: number[]): CursorShape {
  const reader = new ByteReader(Uint8Array.from(data));
  const parser = readCursor(encoding, 1, 2, width, height, reader);
  for (;;) {
    const step = parser.next();
    if (step.done) {
      expect(reader.available).toBe(0);
      return step.value;
    }
    expect(reader.available).toBeGreaterThanOrEqual(Number(step.value));
  }
}

const pixels = (shape: CursorShape): number[][] =>
  Array.from({ length: shape.width * shape.height }, (_, i) => [...shape.rgba.subarray(i * 4, i * 4 + 4)]);

describe('cursors', () => {
  it('with a mask show what the mask has', () => {
    const shape = read(Encoding.cursor, 2, 1, [10, 20, 30, 0, 40, 50, 60, 0, 0b1000_0000]);
    expect(shape).toMatchObject({ width: 2, height: 1, hotX: 1, hotY: 2 });
    expect(pixels(shape)).toEqual([
      [10, 20, 30, 255],
      [40, 50, 60, 0],
    ]);
  });

  it('of two colours take them by the bitmap', () => {
    const shape = read(Encoding.xCursor, 3, 1, [255, 0, 0, 0, 0, 255, 0b1010_0000, 0b1100_0000]);
    expect(pixels(shape)).toEqual([
      [255, 0, 0, 255],
      [0, 0, 255, 255],
      [0, 0, 0, 0],
    ]);
  });

  it('of two colours and no size have no colours either', () => {
    expect(read(Encoding.xCursor, 0, 0, []).width).toBe(0);
  });

  it('with alpha lose the multiplication', () => {
    const shape = read(Encoding.cursorWithAlpha, 2, 1, [0, 0, 0, 0, 64, 32, 0, 128, 0, 0, 0, 0]);
    expect(pixels(shape)).toEqual([
      [128, 64, 0, 128],
      [0, 0, 0, 0],
    ]);
  });

  it('with alpha in an encoding that was not asked for are refused', () => {
    expect(() => read(Encoding.cursorWithAlpha, 1, 1, [0, 0, 0, 7, 0, 0, 0, 0])).toThrow(
      expect.objectContaining({ code: 'rfb-encoding' }),
    );
  });

  it('of VMware come with alpha as it is', () => {
    const shape = read(Encoding.vmwareCursor, 1, 1, [1, 0, 9, 8, 7, 100]);
    expect(pixels(shape)).toEqual([[9, 8, 7, 100]]);
  });

  it('of VMware that invert become black with white beside them', () => {
    const and = [255, 255, 255, 0, 255, 255, 255, 0, 0, 0, 0, 0];
    const xor = [0, 0, 0, 0, 255, 255, 255, 0, 1, 2, 3, 0];
    const shape = read(Encoding.vmwareCursor, 3, 1, [0, 0, ...and, ...xor]);
    expect(pixels(shape)).toEqual([
      [255, 255, 255, 255],
      [0, 0, 0, 255],
      [1, 2, 3, 255],
    ]);
  });

  it('of VMware of an unknown kind are refused', () => {
    expect(() => read(Encoding.vmwareCursor, 1, 1, [2, 0])).toThrow(expect.objectContaining({ code: 'rfb-protocol' }));
  });

  it('beyond all measure are refused before anything is kept', () => {
    expect(() => read(Encoding.cursor, 65535, 65535, [])).toThrow(expect.objectContaining({ code: 'rfb-limit' }));
  });
});
