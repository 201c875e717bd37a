/** What every decoder works on: the framebuffer, the rectangle at hand, and the input that has arrived. */

/** Results below zero; the page's side knows these numbers. */
export const DAMAGED: i32 = -1;
export const UNKNOWN_ENCODING: i32 = -2;
export const TOO_LARGE: i32 = -3;
export const NO_MEMORY: i32 = -4;

/** Compressed data of one rectangle may be this long; past it nobody waits for the rest. */
export const MAX_INPUT: u32 = 64 * 1024 * 1024;

export const OPAQUE: u32 = 0xff000000;

/** Four bytes a pixel: red, green, blue, 255. Rows follow each other without a gap. */
export let pixels: u32 = 0;
export let screenWidth: u32 = 0;
export let screenHeight: u32 = 0;
/** Bytes from one row to the next. */
export let stride: u32 = 0;

/** The rectangle at hand. */
export let rectX: u32 = 0;
export let rectY: u32 = 0;
export let rectWidth: u32 = 0;
export let rectHeight: u32 = 0;

/** Input: addresses of the next byte and of the end of what has arrived. */
export let input: u32 = 0;
export let inputEnd: u32 = 0;

export function setScreen(address: u32, width: u32, height: u32): void {
  pixels = address;
  screenWidth = width;
  screenHeight = height;
  stride = width * 4;
}

export function setRectangle(x: u32, y: u32, width: u32, height: u32): void {
  rectX = x;
  rectY = y;
  rectWidth = width;
  rectHeight = height;
}

export function setInput(at: u32, end: u32): void {
  input = at;
  inputEnd = end;
}

// @ts-ignore: decorator
@inline
export function advance(bytes: u32): void {
  input += bytes;
}

// @ts-ignore: decorator
@inline
export function available(): u32 {
  return inputEnd - input;
}

// @ts-ignore: decorator
@inline
export function pixelAt(x: u32, y: u32): u32 {
  return pixels + y * stride + x * 4;
}

// @ts-ignore: decorator
@inline
export function bigEndian16(at: u32): u32 {
  return (<u32>load<u8>(at) << 8) | <u32>load<u8>(at + 1);
}

// @ts-ignore: decorator
@inline
export function bigEndian32(at: u32): u32 {
  return bswap<u32>(load<u32>(at));
}

/** Three bytes as they come in Tight and ZRLE: red, green, blue. */
// @ts-ignore: decorator
@inline
export function colour24(at: u32): u32 {
  return <u32>load<u16>(at) | (<u32>load<u8>(at + 2) << 16) | OPAQUE;
}

// @ts-ignore: decorator
@inline
export function colour32(at: u32): u32 {
  return load<u32>(at) | OPAQUE;
}
