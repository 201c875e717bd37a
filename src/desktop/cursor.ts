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

/** However small the picture is shown, its cursor is not to be lost: the longer side in CSS pixels. */
const MIN_SHOWN = 8;

export class CursorCache {
  readonly #encode: (shape: CursorShape) => string | undefined;
  readonly #scales: () => boolean;
  /** Addresses of images. */
  readonly #urls = new Map<string, string | undefined>();

  /** `encode` makes an image's address of a shape; `undefined` where that is not possible. */
  constructor(
    encode: (shape: CursorShape) => string | undefined = encodePng,
    scales: () => boolean = resolutionsKnown,
  ) {
    this.#encode = encode;
    this.#scales = scales;
  }

  /**
   * A value for the CSS property `cursor`. A shape of no size hides it. `scale`: CSS pixels to a pixel of the framebuffer;
   * on a dense display, where it is below 1, the image is as sharp as the picture.
   */
  css(shape: CursorShape, scale = 1): string {
    const side = Math.max(shape.width, shape.height);
    if (shape.width === 0 || shape.height === 0) return 'none';
    const least = Math.min(1, MIN_SHOWN / side);
    const shown = Math.min(Math.max(scale, least), MAX_SIDE / side);
    const scaled = Math.abs(shown - 1) > 0.01 && this.#scales();
    if (!scaled && side > MAX_SIDE) return 'default';
    const url = this.#url(shape);
    if (url === undefined) return 'default';
    const hotX = Math.min(shape.hotX, shape.width - 1);
    const hotY = Math.min(shape.hotY, shape.height - 1);
    if (!scaled) return `url("${url}") ${hotX} ${hotY}, default`;
    const by = (length: number) => round(length * shown, 2);
    return `image-set(url("${url}") ${round(1 / shown, 4)}dppx) ${by(hotX)} ${by(hotY)}, default`;
  }

  #url(shape: CursorShape): string | undefined {
    const key = `${shape.width} ${shape.height} ${fingerprint(shape.rgba)}`;
    const url = this.#urls.has(key) ? this.#urls.get(key) : this.#encode(shape);
    // Taken out and put back: the map's order is the order of use.
    this.#urls.delete(key);
    this.#urls.set(key, url);
    const [oldest] = this.#urls.keys();
    if (this.#urls.size > MAX_SHAPES && oldest !== undefined) this.#urls.delete(oldest);
    return url;
  }
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Whether an image of a cursor can say how many of its pixels make one of the page. */
function resolutionsKnown(): boolean {
  return globalThis.CSS?.supports?.('cursor', 'image-set(url("x") 2dppx) 1 1, default') ?? false;
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
