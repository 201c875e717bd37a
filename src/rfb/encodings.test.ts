import { expect, test } from 'vitest';
import { setEncodings } from './encode.ts';
import { encodingList, type Choices, type Picture } from './encodings.ts';

const all = { jpeg: true, h264: true };

/** What goes over the line, read back as a server reads it. */
function asked(picture: Picture, choices?: Choices, abilities = all): number[] {
  const bytes = setEncodings(encodingList(picture, abilities, choices));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expect(view.getUint8(0)).toBe(2);
  expect(bytes.length).toBe(4 + 4 * view.getUint16(2));
  return Array.from({ length: view.getUint16(2) }, (_, i) => view.getInt32(4 + 4 * i));
}
const within = (list: number[], from: number, to: number): number[] => list.filter((n) => n >= from && n <= to);

test('without a quality nothing lossy is asked for', () => {
  const list = asked({ quality: null, compression: 2, fineQuality: 50, subsampling: '4x' });
  expect(list.slice(0, 9)).toEqual([1, 7, -260, 16, 5, 6, 2, 4, 0]);
  expect(list).toContain(-254);
  expect(within(list, -32, -23)).toEqual([]);
  expect(within(list, -512, -412)).toEqual([]);
  expect(within(list, -768, -763)).toEqual([]);
  expect(list).not.toContain(21);
  expect(list).not.toContain(50);
});

test('a level of quality is said in all three ways', () => {
  const list = asked({ quality: 6, compression: 9 });
  expect(list.slice(0, 4)).toEqual([1, 7, 50, 21]);
  expect(within(list, -256, -247)).toEqual([-247]);
  expect(list.slice(-3)).toEqual([-26, -512 + 79, -768]);
  expect(asked({ quality: 0, compression: 0 }).slice(-3)).toEqual([-32, -512 + 15, -767]);
  expect(asked({ quality: 5, compression: 0 }).slice(-3)).toEqual([-27, -512 + 77, -766]);
  expect(asked({ quality: 9, compression: 0 }).slice(-3)).toEqual([-23, -412, -768]);
});

test('fine quality and subsampling of one’s own come instead; what is out of range is brought into it', () => {
  const fine = (more: Partial<Picture>): number[] => asked({ quality: 3, compression: 1, ...more }).slice(-2);
  expect(fine({ fineQuality: 0, subsampling: 'none' })).toEqual([-512, -768]);
  expect(fine({ fineQuality: 33.4, subsampling: 'grey' })).toEqual([-512 + 33, -765]);
  expect(fine({ fineQuality: 250, subsampling: '8x' })).toEqual([-412, -764]);
  expect(fine({ fineQuality: -1, subsampling: '16x' })).toEqual([-512, -763]);
});

test('JPEG as an encoding of its own can be left out, and is where it is not decoded', () => {
  const without = asked({ quality: 6, compression: 2 }, { plainJpeg: false });
  expect(without).not.toContain(21);
  expect(without).toContain(-26);
  const unable = asked({ quality: 6, compression: 2 }, {}, { jpeg: false, h264: false });
  expect(unable).not.toContain(21);
  expect(within(unable, -512, -412)).toEqual([]);
});

test('encodings of one’s own choice come alone and in that order', () => {
  const list = asked({ quality: null, compression: 2 }, { encodings: ['zrle', 'jpeg', 'rre'] });
  expect(list.slice(0, 3)).toEqual([16, 2, -254]);
  expect(within(list, 0, 255)).toEqual([16, 2]);
});
