/** Which encodings a client asks for, in the order of its liking. */
import { Encoding } from './constants.ts';

export interface Picture {
  /** JPEG quality 0 to 9; `null`: no lossy encoding at all. */
  quality: number | null;
  /** zlib level 0 to 9. */
  compression: number;
  /** JPEG quality 0 to 100 as libjpeg means it; absent: what `quality` stands for. Counts only beside a quality. */
  fineQuality?: number;
  /** How colour is thinned out; absent: what `quality` stands for. Counts only beside a quality. */
  subsampling?: Subsampling;
}

/** Colour for every pixel, for every 2nd, 4th, 8th or 16th, or none at all. */
export type Subsampling = 'none' | '4x' | '2x' | 'grey' | '8x' | '16x';

/** In the order of their numbers. */
const SUBSAMPLINGS: readonly Subsampling[] = ['none', '4x', '2x', 'grey', '8x', '16x'];

/** What the ten levels mean to TightVNC's descendants; said in so many words, they mean it to the others too. */
const LEVELS: readonly (readonly [quality: number, subsampling: Subsampling])[] = [
  [15, '4x'],
  [29, '4x'],
  [41, '4x'],
  [42, '2x'],
  [62, '2x'],
  [77, '2x'],
  [79, 'none'],
  [86, 'none'],
  [92, 'none'],
  [100, 'none'],
];

/** Encodings of pixels by name. */
export type PixelEncoding =
  | 'raw'
  | 'copyRect'
  | 'rre'
  | 'corre'
  | 'hextile'
  | 'zlib'
  | 'tight'
  | 'tightPng'
  | 'zrle'
  | 'jpeg'
  | 'h264';

/** For servers that do badly with what is asked for by itself. */
export interface Choices {
  /** Only these, in this order; a server may send Raw whatever it is asked for. Absent: all. */
  encodings?: readonly PixelEncoding[];
  /** `false`: JPEG inside Tight only, not as an encoding of its own (21). Default true. */
  plainJpeg?: boolean;
  /** `false`: the server paints its cursor into the picture, where every server shows who else moves it. Default true. */
  cursor?: boolean;
  /** `true`: ask for the extended clipboard. Default false: what is copied comes another way, or nobody wants it. */
  clipboard?: boolean;
}

/** What the decoder at hand has beside the lossless encodings. */
export interface Abilities {
  jpeg: boolean;
  h264: boolean;
}

/** Cursors that the client draws. */
const CURSORS: readonly number[] = [
  Encoding.cursorWithAlpha,
  Encoding.cursor,
  Encoding.vmwareCursor,
  Encoding.xCursor,
  Encoding.vmwareCursorPosition,
];

const PSEUDO: readonly number[] = [
  Encoding.desktopSize,
  Encoding.lastRect,
  Encoding.qemuExtendedKey,
  Encoding.qemuLeds,
  Encoding.vmwareLeds,
  Encoding.desktopName,
  Encoding.extendedDesktopSize,
  Encoding.fence,
  Encoding.continuousUpdates,
  Encoding.extendedMouse,
];

const PREFERRED: readonly PixelEncoding[] = [
  'copyRect',
  'tight',
  'h264',
  'jpeg',
  'tightPng',
  'zrle',
  'hextile',
  'zlib',
  'rre',
  'corre',
  'raw',
];

export function encodingList(picture: Picture, abilities: Abilities, choices: Choices = {}): number[] {
  const { quality } = picture;
  const lossy = quality !== null && abilities.jpeg;
  const wanted = (name: PixelEncoding): boolean => {
    if (name === 'jpeg') return lossy && choices.plainJpeg !== false;
    return name !== 'h264' || (quality !== null && abilities.h264);
  };
  const list = (choices.encodings ?? PREFERRED).filter(wanted).map((name) => Encoding[name]);
  const numbers: number[] = [...list, Encoding.compression + clamp(picture.compression, 9), ...PSEUDO];
  if (choices.cursor !== false) numbers.push(...CURSORS);
  if (choices.clipboard) numbers.push(Encoding.extendedClipboard);
  if (lossy) {
    const level = clamp(quality, 9);
    const [fine, subsampling] = LEVELS[level] ?? [100, 'none'];
    numbers.push(
      Encoding.quality + level,
      Encoding.fineQuality + clamp(picture.fineQuality ?? fine, 100),
      Encoding.subsampling + SUBSAMPLINGS.indexOf(picture.subsampling ?? subsampling),
    );
  }
  return numbers;
}

function clamp(level: number, most: number): number {
  return Math.min(Math.max(Math.round(level), 0), most);
}
