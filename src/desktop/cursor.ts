/** Remote cursors as CSS cursors. Programs switch between a handful of shapes, so each is encoded once. */

export interface CursorShape {
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly hotX: number;
  readonly hotY: number;
}

/** Shapes kept; a program that animates its cursor makes new ones without end. */
const MAX_SHAPES = 64;
/** Browsers ignore a larger image, and the pointer would be the browser's own arrow. */
const MAX_SIDE = 128;

export class CursorCache {
  readonly #encode: (shape: CursorShape) => string | undefined;
  readonly #css = new Map<string, string>();

  /** `encode` makes an image's address of a shape; `undefined` where that is not possible. */
  constructor(encode: (shape: CursorShape) => string | undefined = encodePng) {
    this.#encode = encode;
  }

  /** A value for the CSS property `cursor`. A shape of no size hides it. */
  css(shape: CursorShape): string {
    if (shape.width === 0 || shape.height === 0) return 'none';
    if (shape.width > MAX_SIDE || shape.height > MAX_SIDE) return 'default';
    const key = `${shape.width} ${shape.height} ${shape.hotX} ${shape.hotY} ${fingerprint(shape.rgba)}`;
    let css = this.#css.get(key);
    // Taken out and put back: the map's order is the order of use.
    this.#css.delete(key);
    if (css === undefined) {
      const url = this.#encode(shape);
      const hotX = Math.min(shape.hotX, shape.width - 1);
      const hotY = Math.min(shape.hotY, shape.height - 1);
      css = url === undefined ? 'default' : `url("${url}") ${hotX} ${hotY}, default`;
    }
    this.#css.set(key, css);
    const [oldest] = this.#css.keys();
    if (this.#css.size > MAX_SHAPES && oldest !== undefined) this.#css.delete(oldest);
    return css;
  }
}

/** Two 32-bit FNV-1a sums over the pixels, seeded apart: enough to tell shapes of one size. */
function fingerprint(bytes: Uint8ClampedArray): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (const byte of bytes) {
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b) + 1;
  }
  return `${a >>> 0} ${b >>> 0}`;
}

function encodePng(shape: CursorShape): string | undefined {
  const canvas = document.createElement('canvas');
  canvas.width = shape.width;
  canvas.height = shape.height;
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.putImageData(new ImageData(shape.rgba, shape.width, shape.height), 0, 0);
  return canvas.toDataURL('image/png');
}
