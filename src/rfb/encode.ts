/** Client to server messages, one function each. Every one gives a fresh array that may be sent as it is. */
import { ByteWriter } from './byte-writer.ts';
import { ClientMessage } from './constants.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface ScreenLayout {
  id: number;
  x: number;
  y: number;
  width: number;
  height: number;
  flags?: number;
}

/** Minor versions 3, 7 and 8 exist. */
export function version(minor: 3 | 7 | 8): Bytes {
  return new TextEncoder().encode(`RFB 003.00${minor}\n`);
}

/** 32 bits a pixel, depth 24, little endian, red in the lowest byte: a canvas's own order, so Raw is one copy. */
export function setPixelFormat(): Bytes {
  return new ByteWriter(20)
    .u8(ClientMessage.setPixelFormat)
    .zeros(3)
    .raw([32, 24, 0, 1])
    .u16(255)
    .u16(255)
    .u16(255)
    .raw([0, 8, 16])
    .zeros(3)
    .finish();
}

export function setEncodings(encodings: readonly number[]): Bytes {
  const writer = new ByteWriter(4 + 4 * encodings.length).u8(ClientMessage.setEncodings).zeros(1).u16(encodings.length);
  for (const encoding of encodings) writer.u32(encoding);
  return writer.finish();
}

export function updateRequest(incremental: boolean, x: number, y: number, width: number, height: number): Bytes {
  return new ByteWriter(10)
    .u8(ClientMessage.framebufferUpdateRequest)
    .u8(incremental ? 1 : 0)
    .u16(x)
    .u16(y)
    .u16(width)
    .u16(height)
    .finish();
}

export function keyEvent(down: boolean, keysym: number): Bytes {
  return new ByteWriter(8)
    .u8(ClientMessage.keyEvent)
    .u8(down ? 1 : 0)
    .zeros(2)
    .u32(keysym)
    .finish();
}

/** `xtCode`: PC scan code set 1; an E0 prefix is bit 7. */
export function qemuKeyEvent(down: boolean, keysym: number, xtCode: number): Bytes {
  return new ByteWriter(12)
    .u8(ClientMessage.qemu)
    .u8(0)
    .u16(down ? 1 : 0)
    .u32(keysym)
    .u32(xtCode)
    .finish();
}

/** `extended`: the server told that it reads a ninth button and up in a seventh byte. */
export function pointerEvent(x: number, y: number, buttons: number, extended: boolean): Bytes {
  const clamp = (value: number): number => Math.min(Math.max(Math.round(value), 0), 0xffff);
  const low = buttons & 0x7f;
  const high = (buttons >>> 7) & 0xff;
  const writer = new ByteWriter(7).u8(ClientMessage.pointerEvent);
  if (extended && high !== 0) {
    return writer
      .u8(low | 0x80)
      .u16(clamp(x))
      .u16(clamp(y))
      .u8(high)
      .finish();
  }
  return writer.u8(low).u16(clamp(x)).u16(clamp(y)).finish();
}

/** Latin-1, as the plain message has it; what is not in it becomes a question mark. Line ends are LF. */
export function cutText(text: string): Bytes {
  const clean = text.replaceAll('\r\n', '\n');
  const writer = new ByteWriter(8 + clean.length).u8(ClientMessage.clientCutText).zeros(3);
  const latin: number[] = [];
  for (const char of clean) {
    const code = char.codePointAt(0) ?? 0;
    latin.push(code < 256 ? code : 0x3f);
  }
  return writer.u32(latin.length).raw(latin).finish();
}

/** The extended clipboard's frame: the length is negative. */
export function extendedCutText(payload: Uint8Array): Bytes {
  return new ByteWriter(8 + payload.length)
    .u8(ClientMessage.clientCutText)
    .zeros(3)
    .u32(-payload.length)
    .raw(payload)
    .finish();
}

export function enableContinuousUpdates(on: boolean, x: number, y: number, width: number, height: number): Bytes {
  return new ByteWriter(10)
    .u8(ClientMessage.enableContinuousUpdates)
    .u8(on ? 1 : 0)
    .u16(x)
    .u16(y)
    .u16(width)
    .u16(height)
    .finish();
}

export function fence(flags: number, payload: Uint8Array): Bytes {
  return new ByteWriter(9 + payload.length)
    .u8(ClientMessage.fence)
    .zeros(3)
    .u32(flags)
    .u8(payload.length)
    .raw(payload)
    .finish();
}

export function setDesktopSize(width: number, height: number, screens: readonly ScreenLayout[]): Bytes {
  const writer = new ByteWriter(8 + 16 * screens.length)
    .u8(ClientMessage.setDesktopSize)
    .zeros(1)
    .u16(width)
    .u16(height)
    .u8(screens.length)
    .zeros(1);
  for (const screen of screens) {
    writer
      .u32(screen.id)
      .u16(screen.x)
      .u16(screen.y)
      .u16(screen.width)
      .u16(screen.height)
      .u32(screen.flags ?? 0);
  }
  return writer.finish();
}
