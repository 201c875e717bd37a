/** Pictures as other programs write them down without compression: PPM, binary, 8 bits a channel. */

export interface RgbPicture {
  width: number;
  height: number;
  rgb: Uint8Array;
}

export function readPpm(file: Buffer): RgbPicture {
  const header = /^P6\s(?:#.*\n)?(\d+)\s(\d+)\s255\s/.exec(file.toString('latin1', 0, 200));
  if (!header) throw new Error('not a PPM');
  const [all, width, height] = [header[0], Number(header[1]), Number(header[2])];
  return { width, height, rgb: new Uint8Array(file.subarray(all.length)) };
}
