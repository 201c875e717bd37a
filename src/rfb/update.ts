/** One FramebufferUpdate: pixels go to the decoder, everything else that comes as a rectangle is read here. */
import { RfbError } from './rfb-error.ts';
import type { ByteReader } from './byte-reader.ts';
import { Encoding, MAX_DIMENSION, MAX_NAME_BYTES, MAX_PIXELS } from './constants.ts';
import { readCursor } from './cursor.ts';
import type { ScreenLayout } from './encode.ts';
import type { RectangleDecoder, RfbEvent } from './events.ts';
import { decodeText, type Parser } from './handshake.ts';

/** What updates change and others look at. One per connection. */
export interface ScreenState {
  width: number;
  height: number;
  screens: ScreenLayout[];
  /** What the server has said it can do. */
  setDesktopSize: boolean;
  qemuKeys: boolean;
  extendedMouse: boolean;
  rectangles: number;
  /** By their encoding. */
  encodings: Record<number, number>;
}

export interface UpdateObserver {
  event(event: RfbEvent): void;
  capabilitiesChanged(): void;
  /** After the decoder has its new size. */
  resized(reason: 'server' | 'client' | 'other-client', status: number): void;
}

const ENDLESS = 0xffff;
const LAST_RECT = Encoding.lastRect;

/** Begins behind the message's type. */
export function* readUpdate(
  reader: ByteReader,
  state: ScreenState,
  decoder: RectangleDecoder,
  observer: UpdateObserver,
): Parser<void> {
  if (reader.available < 3) yield 3;
  reader.skip(1);
  const count = reader.u16();
  for (let i = 0; i < count || count === ENDLESS; i++) {
    if (reader.available < 12) yield 12;
    const x = reader.u16();
    const y = reader.u16();
    const width = reader.u16();
    const height = reader.u16();
    const encoding = reader.s32();
    if (encoding === LAST_RECT) return;
    if ((encoding >= 0 && encoding < 0x100) || encoding === Encoding.tightPng) {
      if (x + width > state.width || y + height > state.height) {
        throw new RfbError('rfb-protocol', { details: { reason: 'a rectangle outside the screen' } });
      }
      state.rectangles++;
      state.encodings[encoding] = (state.encodings[encoding] ?? 0) + 1;
      const earlier = decoder.settle?.(encoding, x, y, width, height);
      if (earlier) yield earlier;
      let need = decoder.begin(encoding, x, y, width, height, reader);
      while (need > 0) {
        // A decoder may ask again although enough is there, after it has used some of it.
        if (reader.available < need) yield need;
        need = decoder.resume(reader);
      }
    } else {
      yield* readPseudo(encoding, x, y, width, height, reader, state, decoder, observer);
    }
  }
}

function* readPseudo(
  encoding: number,
  x: number,
  y: number,
  width: number,
  height: number,
  reader: ByteReader,
  state: ScreenState,
  decoder: RectangleDecoder,
  observer: UpdateObserver,
): Parser<void> {
  switch (encoding) {
    case Encoding.cursor:
    case Encoding.xCursor:
    case Encoding.cursorWithAlpha:
    case Encoding.vmwareCursor: {
      const shape = yield* readCursor(encoding, x, y, width, height, reader);
      observer.event({ type: 'cursor', ...shape });
      return;
    }
    case Encoding.vmwareCursorPosition:
      observer.event({ type: 'cursor-position', x, y });
      return;
    case Encoding.desktopSize:
      resize(state, decoder, width, height);
      state.screens = [{ id: 0, x: 0, y: 0, width, height, flags: 0 }];
      observer.resized('server', 0);
      return;
    case Encoding.extendedDesktopSize:
      yield* readLayout(x, y, width, height, reader, state, decoder, observer);
      return;
    case Encoding.desktopName: {
      yield 4;
      const length = reader.u32();
      if (length > MAX_NAME_BYTES) throw new RfbError('rfb-limit', { details: { what: 'name' } });
      yield length;
      observer.event({ type: 'name', name: decodeText(reader.view(length)) });
      return;
    }
    case Encoding.qemuLeds:
      yield 1;
      leds(observer, reader.u8());
      return;
    case Encoding.vmwareLeds:
      yield 4;
      leds(observer, reader.u32());
      return;
    case Encoding.qemuExtendedKey:
      state.qemuKeys = true;
      observer.capabilitiesChanged();
      return;
    case Encoding.extendedMouse:
      state.extendedMouse = true;
      observer.capabilitiesChanged();
      return;
    default:
      throw new RfbError('rfb-encoding', { details: { encoding } });
  }
}

/** ExtendedDesktopSize: `x` says who asked for it, `y` how it went. */
function* readLayout(
  x: number,
  y: number,
  width: number,
  height: number,
  reader: ByteReader,
  state: ScreenState,
  decoder: RectangleDecoder,
  observer: UpdateObserver,
): Parser<void> {
  yield 4;
  const count = reader.u8();
  reader.skip(3);
  yield 16 * count;
  const screens: ScreenLayout[] = [];
  for (let i = 0; i < count; i++) {
    screens.push({
      id: reader.u32(),
      x: reader.u16(),
      y: reader.u16(),
      width: reader.u16(),
      height: reader.u16(),
      flags: reader.u32(),
    });
  }
  const reason = x === 1 ? 'client' : x === 2 ? 'other-client' : 'server';
  if (!state.setDesktopSize) {
    state.setDesktopSize = true;
    observer.capabilitiesChanged();
  }
  // A refusal repeats the size there is; what comes with it is not to be believed.
  if (y === 0 || reason !== 'client') {
    resize(state, decoder, width, height);
    state.screens = screens;
  }
  observer.resized(reason, reason === 'client' ? y : 0);
}

function resize(state: ScreenState, decoder: RectangleDecoder, width: number, height: number): void {
  checkSize(width, height);
  if (width === state.width && height === state.height) return;
  decoder.resize(width, height);
  state.width = width;
  state.height = height;
}

/** Throws `rfb-limit` for what no decoder of ours holds. */
export function checkSize(width: number, height: number): void {
  if (width < 1 || height < 1 || width > MAX_DIMENSION || height > MAX_DIMENSION || width * height > MAX_PIXELS) {
    throw new RfbError('rfb-limit', { details: { width, height } });
  }
}

function leds(observer: UpdateObserver, bits: number): void {
  observer.event({ type: 'leds', scroll: (bits & 1) !== 0, num: (bits & 2) !== 0, caps: (bits & 4) !== 0 });
}
