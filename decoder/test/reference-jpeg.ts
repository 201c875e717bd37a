/** Baseline JPEG by the book (ITU T.81): floating point, one loop at a time. For tests only. */

interface Part {
  id: number;
  h: number;
  v: number;
  quantiser: number;
  dc: number;
  ac: number;
  previous: number;
  samples: Float64Array;
  stride: number;
  rows: number;
}

const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
];

const COSINES = Array.from({ length: 8 }, (_, x) =>
  Array.from(
    { length: 8 },
    (_unused, u) => Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5,
  ),
);

/** Tables stay from picture to picture, as in the streams. Results are RGB with 8 bits. */
export class ReferenceJpeg {
  readonly #quantisers: number[][] = [];
  /** Class × 4 + id → code as a string of bits → symbol. */
  readonly #codes: Map<string, number>[] = [];

  decode(data: Uint8Array): { width: number; height: number; rgb: Uint8Array } {
    let at = 2;
    let width = 0;
    let height = 0;
    let restart = 0;
    let parts: Part[] = [];
    for (;;) {
      const marker = data[at + 1] ?? 0;
      const size = ((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0);
      const inside = data.subarray(at + 4, at + 2 + size);
      at += 2 + size;
      if (marker === 0xdb) this.#readQuantisers(inside);
      else if (marker === 0xc4) this.#readCodes(inside);
      else if (marker === 0xdd) restart = ((inside[0] ?? 0) << 8) | (inside[1] ?? 0);
      else if (marker === 0xc0) {
        height = ((inside[1] ?? 0) << 8) | (inside[2] ?? 0);
        width = ((inside[3] ?? 0) << 8) | (inside[4] ?? 0);
        parts = Array.from({ length: inside[5] ?? 0 }, (_, i) => ({
          id: inside[6 + 3 * i] ?? 0,
          h: (inside[7 + 3 * i] ?? 0) >> 4,
          v: (inside[7 + 3 * i] ?? 0) & 15,
          quantiser: inside[8 + 3 * i] ?? 0,
          dc: 0,
          ac: 0,
          previous: 0,
          samples: new Float64Array(0),
          stride: 0,
          rows: 0,
        }));
      } else if (marker === 0xda) {
        parts.forEach((part, i) => {
          part.dc = (inside[2 + 2 * i] ?? 0) >> 4;
          part.ac = 4 + ((inside[2 + 2 * i] ?? 0) & 15);
        });
        this.#scan(data.subarray(at), parts, width, height, restart);
        return { width, height, rgb: colours(parts, width, height) };
      }
    }
  }

  #readQuantisers(inside: Uint8Array): void {
    for (let at = 0; at < inside.length; at += 65) {
      const table: number[] = [];
      for (let i = 0; i < 64; i++) table[ZIGZAG[i] ?? 0] = inside[at + 1 + i] ?? 0;
      this.#quantisers[inside[at] ?? 0] = table;
    }
  }

  #readCodes(inside: Uint8Array): void {
    for (let at = 0; at < inside.length;) {
      const head = inside[at] ?? 0;
      const codes = new Map<string, number>();
      let code = 0;
      let symbol = at + 17;
      for (let length = 1; length <= 16; length++) {
        for (let i = 0; i < (inside[at + length] ?? 0); i++) {
          codes.set(code.toString(2).padStart(length, '0'), inside[symbol++] ?? 0);
          code++;
        }
        code *= 2;
      }
      this.#codes[(head >> 4) * 4 + (head & 15)] = codes;
      at = symbol;
    }
  }

  #scan(data: Uint8Array, parts: Part[], width: number, height: number, restart: number): void {
    const single = parts.length === 1;
    const hMax = single ? 1 : Math.max(...parts.map((part) => part.h));
    const vMax = single ? 1 : Math.max(...parts.map((part) => part.v));
    const across = Math.ceil(width / (8 * hMax));
    const down = Math.ceil(height / (8 * vMax));
    for (const part of parts) {
      if (single) part.h = part.v = 1;
      part.stride = across * part.h * 8;
      part.rows = down * part.v * 8;
      part.samples = new Float64Array(part.stride * part.rows);
    }
    let at = 0;
    let buffer = 0;
    let left = 0;
    const bit = (): number => {
      if (left === 0) {
        buffer = data[at++] ?? 0;
        if (buffer === 0xff) at++;
        left = 8;
      }
      left--;
      return (buffer >> left) & 1;
    };
    const number = (size: number): number => {
      let value = 0;
      for (let i = 0; i < size; i++) value = value * 2 + bit();
      return size > 0 && value < 2 ** (size - 1) ? value - 2 ** size + 1 : value;
    };
    const symbol = (table: number): number => {
      for (let code = ''; code.length < 16;) {
        code += String(bit());
        const found = this.#codes[table]?.get(code);
        if (found !== undefined) return found;
      }
      throw new Error('no such code');
    };
    for (let unit = 0; unit < across * down; unit++) {
      if (restart > 0 && unit > 0 && unit % restart === 0) {
        left = 0;
        at += 2;
        for (const part of parts) part.previous = 0;
      }
      const unitX = unit % across;
      const unitY = (unit - unitX) / across;
      for (const part of parts) {
        for (let sub = 0; sub < part.h * part.v; sub++) {
          const table = this.#quantisers[part.quantiser] ?? [];
          const block = new Float64Array(64);
          part.previous += number(symbol(part.dc));
          block[0] = part.previous * (table[0] ?? 0);
          for (let k = 1; k < 64; k++) {
            const code = symbol(part.ac);
            if (code === 0) break;
            k += code >> 4;
            const place = ZIGZAG[k] ?? 0;
            block[place] = number(code & 15) * (table[place] ?? 0);
          }
          const left8 = (unitX * part.h + (sub % part.h)) * 8;
          const top8 = (unitY * part.v + Math.floor(sub / part.h)) * 8;
          inverse(block, part, left8, top8);
        }
      }
    }
  }
}

function inverse(block: Float64Array, part: Part, left: number, top: number): void {
  const half = new Float64Array(64);
  for (let v = 0; v < 8; v++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let u = 0; u < 8; u++) sum += (block[v * 8 + u] ?? 0) * (COSINES[x]?.[u] ?? 0);
      half[v * 8 + x] = sum;
    }
  }
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 8; x++) {
      let sum = 0;
      for (let v = 0; v < 8; v++) sum += (half[v * 8 + x] ?? 0) * (COSINES[y]?.[v] ?? 0);
      part.samples[(top + y) * part.stride + left + x] = Math.min(Math.max(Math.round(sum + 128), 0), 255);
    }
  }
}

/** A chroma sample for a pixel: three quarters of the nearest and one quarter of the next, each way that is halved. */
function sample(part: Part, first: Part, x: number, y: number, width: number, height: number): number {
  const weigh = (place: number, ratio: number, size: number): [number, number, number][] => {
    const own = Math.floor(place / ratio);
    if (ratio !== 2) return [[own, 1, 0]];
    const next = Math.min(Math.max(place % 2 === 0 ? own - 1 : own + 1, 0), Math.ceil(size / 2) - 1);
    return [
      [own, 0.75, 0],
      [next, 0.25, 0],
    ];
  };
  let sum = 0;
  for (const [column, a] of weigh(x, first.h / part.h, width)) {
    for (const [row, b] of weigh(y, first.v / part.v, height)) {
      sum += (part.samples[row * part.stride + column] ?? 0) * a * b;
    }
  }
  return sum;
}

function colours(parts: Part[], width: number, height: number): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const [first, blue, red] = parts;
  if (!first) return rgb;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const luma = first.samples[y * first.stride + x] ?? 0;
      const cb = blue ? sample(blue, first, x, y, width, height) - 128 : 0;
      const cr = red ? sample(red, first, x, y, width, height) - 128 : 0;
      const at = (y * width + x) * 3;
      const put = (channel: number, value: number): void => {
        rgb[at + channel] = Math.min(Math.max(Math.round(value), 0), 255);
      };
      put(0, luma + 1.402 * cr);
      put(1, luma - 0.344136 * cb - 0.714136 * cr);
      put(2, luma + 1.772 * cb);
    }
  }
  return rgb;
}
