/** Reads recordings: what a real server sent, and what its screen showed at the end. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PNG } from 'pngjs';

export interface Recording {
  name: string;
  /** Which set of encodings was asked for. */
  encodings: string;
  width: number;
  height: number;
  /** Of the final picture's packed RGB rows, with the last 32 × 32 corner black. */
  finalRgbSha256: string;
  lossy: boolean;
  /** Milliseconds since the start, and what came then. */
  chunks: { at: number; bytes: Uint8Array }[];
  /** The server's own picture at the end, packed RGB. */
  picture: Uint8Array;
}

/** Those of the project, or a larger set in the folder that `CASEMENT_RECORDINGS` names. */
export const RECORDINGS =
  process.env['CASEMENT_RECORDINGS'] ?? fileURLToPath(new URL('../../test/recordings', import.meta.url));

const CORNER = 32;

export function recordingNames(folder: string = RECORDINGS): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.rfb'))
    .map((file) => file.slice(0, -4))
    .toSorted();
}

export function readRecording(name: string, folder: string = RECORDINGS): Recording {
  const file = readFileSync(join(folder, `${name}.rfb`));
  const first = file.indexOf(10);
  if (file.toString('latin1', 0, first) !== 'RFBREC1') throw new Error(`${name} is no recording`);
  const second = file.indexOf(10, first + 1);
  const head = JSON.parse(file.toString('utf8', first + 1, second)) as Omit<Recording, 'chunks' | 'picture' | 'lossy'>;
  const chunks: Recording['chunks'] = [];
  for (let at = second + 1; at + 8 <= file.length;) {
    const length = file.readUInt32BE(at + 4);
    chunks.push({ at: file.readUInt32BE(at), bytes: new Uint8Array(file.subarray(at + 8, at + 8 + length)) });
    at += 8 + length;
  }
  const png = join(folder, `${name}.png`);
  const picture = existsSync(png) ? rgbOf(PNG.sync.read(readFileSync(png)).data) : new Uint8Array(0);
  return { ...head, lossy: head.encodings.includes('jpeg'), chunks, picture };
}

export function wholeStream(recording: Recording): Uint8Array {
  return new Uint8Array(Buffer.concat(recording.chunks.map((chunk) => chunk.bytes)));
}

/** Packed RGB of RGBA. */
export function rgbOf(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    rgb[to++] = rgba[from] ?? 0;
    rgb[to++] = rgba[from + 1] ?? 0;
    rgb[to++] = rgba[from + 2] ?? 0;
  }
  return rgb;
}

/** As in `finalRgbSha256`. */
export function digest(rgba: ArrayLike<number>, width: number, height: number): string {
  const rgb = rgbOf(rgba);
  for (let y = height - CORNER; y < height; y++) rgb.fill(0, (y * width + width - CORNER) * 3, (y + 1) * width * 3);
  return createHash('sha256').update(rgb).digest('hex');
}

/** The largest difference of any channel, the corner left out. */
export function largestDifference(rgba: ArrayLike<number>, picture: ArrayLike<number>, width: number): number {
  const height = rgba.length / 4 / width;
  let worst = 0;
  for (let y = 0; y < height; y++) {
    const columns = y >= height - CORNER ? width - CORNER : width;
    for (let x = 0; x < columns; x++) {
      const at = y * width + x;
      for (let channel = 0; channel < 3; channel++) {
        const difference = Math.abs((rgba[at * 4 + channel] ?? 0) - (picture[at * 3 + channel] ?? 0));
        if (difference > worst) worst = difference;
      }
    }
  }
  return worst;
}
