/** Makes streams that servers might send, of every encoding, from a seed. What is made is valid; see `mutate` for the rest. */
import { Deflate } from 'pako';
import { PNG } from 'pngjs';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export type Random = () => number;

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Baseline pictures of 83 × 61, one of each sampling. */
export const JPEG_WIDTH = 83;
export const JPEG_HEIGHT = 61;

export function readJpegs(folder: string): Buffer[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jpg'))
    .toSorted()
    .map((name) => readFileSync(join(folder, name)));
}

class Zlib {
  #deflate = new Deflate();
  #parts: Uint8Array[] = [];

  constructor(level: 0 | 1 | 6 | 9) {
    this.#deflate = new Deflate({ level, chunkSize: 65536 });
  }

  compress(data: Uint8Array): Buffer {
    this.#parts = [];
    this.#deflate.onData = (part: Uint8Array | string) => {
      if (typeof part !== 'string') this.#parts.push(new Uint8Array(part));
    };
    this.#deflate.push(data, 2);
    return Buffer.concat(this.#parts);
  }
}

const SYNTHETIC = [
  'raw',
  'copy',
  'rre',
  'corre',
  'hextile',
  'zlib',
  'tight',
  'fill',
  'jpeg',
  'tight-jpeg',
  'png',
  'zrle',
] as const;
export type Kind = (typeof SYNTHETIC)[number];
export const KINDS: readonly Kind[] = SYNTHETIC;

export class StreamMaker {
  readonly #random: Random;
  readonly #width: number;
  readonly #height: number;
  readonly #jpegs: readonly Buffer[];
  readonly #tight: (Zlib | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly #zrle: Zlib;
  readonly #zlib: Zlib;

  constructor(random: Random, width: number, height: number, jpegs: readonly Buffer[]) {
    this.#random = random;
    this.#width = width;
    this.#height = height;
    this.#jpegs = jpegs;
    this.#zrle = new Zlib(this.#level());
    this.#zlib = new Zlib(this.#level());
  }

  /** Greeting, security None, ServerInit. */
  handshake(): Buffer {
    const init = Buffer.alloc(24);
    init.writeUInt16BE(this.#width, 0);
    init.writeUInt16BE(this.#height, 2);
    return Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.from([1, 1, 0, 0, 0, 0]), init]);
  }

  update(rectangles: number, kinds: readonly Kind[] = KINDS): Buffer {
    const head = Buffer.from([0, 0, rectangles >> 8, rectangles & 255]);
    const all = Array.from({ length: rectangles }, () => this.#rectangle(this.#pick(kinds)));
    return Buffer.concat([head, ...all]);
  }

  #int(below: number): number {
    return Math.floor(this.#random() * below);
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#int(list.length)] as T;
  }

  #level(): 0 | 1 | 6 | 9 {
    return this.#pick([0, 1, 6, 9] as const);
  }

  #colour(bytes: 3 | 4): Buffer {
    return Buffer.from(Array.from({ length: bytes }, () => this.#int(256)));
  }

  /** Something between a flat area and noise. */
  #data(size: number, below = 256): Buffer {
    const data = Buffer.alloc(size);
    const noise = this.#random() ** 3;
    let value = 0;
    for (let i = 0; i < size; i++) {
      if (this.#random() < noise || i === 0) value = this.#int(below);
      else if (i > 8 && this.#random() < 0.2) value = data[i - 1 - this.#int(8)] ?? 0;
      data[i] = value;
    }
    return data;
  }

  #rectangle(kind: Kind): Buffer {
    const image = kind === 'jpeg' || kind === 'tight-jpeg';
    const width = image ? JPEG_WIDTH : 1 + Math.floor(this.#random() ** 2 * (Math.min(this.#width, 250) - 1));
    const height = image ? JPEG_HEIGHT : 1 + Math.floor(this.#random() ** 2 * (Math.min(this.#height, 250) - 1));
    const x = this.#int(this.#width - width + 1);
    const y = this.#int(this.#height - height + 1);
    const { encoding, body } = this.#body(kind, width, height);
    const head = Buffer.alloc(12);
    head.writeUInt16BE(x, 0);
    head.writeUInt16BE(y, 2);
    head.writeUInt16BE(width, 4);
    head.writeUInt16BE(height, 6);
    head.writeInt32BE(encoding, 8);
    return Buffer.concat([head, body]);
  }

  #body(kind: Kind, w: number, h: number): { encoding: number; body: Buffer } {
    switch (kind) {
      case 'raw':
        return { encoding: 0, body: this.#data(w * h * 4) };
      case 'copy': {
        const body = Buffer.alloc(4);
        body.writeUInt16BE(this.#int(this.#width - w + 1), 0);
        body.writeUInt16BE(this.#int(this.#height - h + 1), 2);
        return { encoding: 1, body };
      }
      case 'rre':
        return { encoding: 2, body: this.#rre(w, h, false) };
      case 'corre':
        return { encoding: 4, body: this.#rre(w, h, true) };
      case 'hextile':
        return { encoding: 5, body: this.#hextile(w, h) };
      case 'zlib':
        return { encoding: 6, body: withLength(this.#zlib.compress(this.#data(w * h * 4))) };
      case 'tight':
        return { encoding: 7, body: this.#tightBasic(w, h) };
      case 'fill':
        return { encoding: this.#pick([7, -260]), body: Buffer.concat([Buffer.from([0x80]), this.#colour(3)]) };
      case 'jpeg':
        return { encoding: 21, body: this.#pick(this.#jpegs) };
      case 'tight-jpeg': {
        const jpeg = this.#pick(this.#jpegs);
        return { encoding: 7, body: Buffer.concat([Buffer.from([0x90]), compact(jpeg.length), jpeg]) };
      }
      case 'png': {
        const png = this.#png(w, h);
        return { encoding: -260, body: Buffer.concat([Buffer.from([0xa0]), compact(png.length), png]) };
      }
      case 'zrle':
        return { encoding: 16, body: withLength(this.#zrle.compress(this.#zrleTiles(w, h))) };
    }
  }

  #rre(w: number, h: number, small: boolean): Buffer {
    const count = this.#int(20);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(count);
    const parts = [head, this.#colour(4)];
    for (let i = 0; i < count; i++) {
      const sw = this.#int(Math.min(w, 255)) + 1;
      const sh = this.#int(Math.min(h, 255)) + 1;
      const place = [this.#int(Math.min(w - sw, 255 - sw) + 1), this.#int(Math.min(h - sh, 255 - sh) + 1), sw, sh];
      parts.push(
        this.#colour(4),
        Buffer.from(small ? place.map((n) => n & 255) : place.flatMap((n) => [n >> 8, n & 255])),
      );
    }
    return Buffer.concat(parts);
  }

  #hextile(w: number, h: number): Buffer {
    const parts: Buffer[] = [];
    for (let ty = 0; ty < h; ty += 16) {
      for (let tx = 0; tx < w; tx += 16) {
        const tw = Math.min(16, w - tx);
        const th = Math.min(16, h - ty);
        if (this.#random() < 0.15) {
          parts.push(Buffer.from([1]), this.#data(tw * th * 4));
          continue;
        }
        // Everything is told in the first tile, so that nothing hangs on what a decoder begins with.
        const kind = (parts.length === 0 || this.#random() < 0.5 ? 6 : 0) | this.#pick([0, 8, 24]);
        parts.push(Buffer.from([kind]));
        if (kind & 2) parts.push(this.#colour(4), this.#colour(4));
        if ((kind & 8) === 0) continue;
        const count = this.#int(8);
        parts.push(Buffer.from([count]));
        for (let i = 0; i < count; i++) {
          const sx = this.#int(tw);
          const sy = this.#int(th);
          const size = (this.#int(tw - sx) << 4) | this.#int(th - sy);
          if (kind & 16) parts.push(this.#colour(4));
          parts.push(Buffer.from([(sx << 4) | sy, size]));
        }
      }
    }
    // A raw first tile leaves the colours open.
    return parts[0]?.[0] === 1 ? this.#hextile(w, h) : Buffer.concat(parts);
  }

  #tightBasic(w: number, h: number): Buffer {
    const stream = this.#int(4);
    const fresh = this.#tight[stream] === undefined || this.#random() < 0.1;
    if (fresh) this.#tight[stream] = new Zlib(this.#level());
    const filter = this.#pick([undefined, 0, 1, 2] as const);
    const parts: Buffer[] = [
      Buffer.from([(stream << 4) | (filter === undefined ? 0 : 0x40) | (fresh ? 1 << stream : 0)]),
    ];
    let size = w * h * 3;
    let below = 256;
    if (filter !== undefined) parts.push(Buffer.from([filter]));
    if (filter === 1) {
      const colours = this.#pick([1, 2, 2, 3, 7, 16, 200, 256]);
      parts.push(Buffer.from([colours - 1]), this.#data(colours * 3));
      size = colours <= 2 ? ((w + 7) >> 3) * h : w * h;
      below = colours === 1 ? 1 : colours === 2 ? 256 : colours;
    }
    const data = this.#data(size, below);
    if (size < 12) return Buffer.concat([...parts, data]);
    const compressed = this.#tight[stream]?.compress(data) ?? Buffer.alloc(0);
    return Buffer.concat([...parts, compact(compressed.length), compressed]);
  }

  #png(w: number, h: number): Buffer {
    const colorType = this.#pick([0, 2, 4, 6] as const);
    const png = new PNG({ width: w, height: h });
    this.#data(w * h * 4).copy(png.data);
    // Opaque, since what lies under a transparent pixel is anybody's guess.
    for (let at = 3; at < png.data.length; at += 4) png.data[at] = 255;
    return PNG.sync.write(png, { colorType, filterType: this.#pick([0, 1, 2, 3, 4, -1]) });
  }

  #zrleTiles(w: number, h: number): Buffer {
    const parts: Buffer[] = [];
    for (let ty = 0; ty < h; ty += 64) {
      for (let tx = 0; tx < w; tx += 64) parts.push(this.#zrleTile(Math.min(64, w - tx), Math.min(64, h - ty)));
    }
    return Buffer.concat(parts);
  }

  #zrleTile(w: number, h: number): Buffer {
    const kind = this.#pick([0, 1, 2, 3, 5, 16, 128, 130, 140, 255]);
    const palette = this.#data((kind & 127) * 3);
    const count = kind & 127;
    if (kind === 0) return Buffer.concat([Buffer.from([0]), this.#data(w * h * 3)]);
    if (kind === 1) return Buffer.concat([Buffer.from([1]), palette]);
    if (kind < 128) {
      const bits = kind === 2 ? 1 : kind <= 4 ? 2 : 4;
      const rowBytes = Math.ceil((w * bits) / 8);
      const rows = Buffer.alloc(rowBytes * h);
      for (let y = 0; y < h; y++) {
        for (let x = 0; x < w; x++) {
          const at = y * rowBytes + ((x * bits) >> 3);
          rows[at] = (rows[at] ?? 0) | (this.#int(count) << (8 - bits - ((x * bits) & 7)));
        }
      }
      return Buffer.concat([Buffer.from([kind]), palette, rows]);
    }
    const parts = [Buffer.from([kind]), palette];
    for (let left = w * h; left > 0;) {
      const run = Math.min(left, this.#random() < 0.5 ? 1 : 1 + this.#int(600));
      const lengths = [...Array.from({ length: Math.floor((run - 1) / 255) }, () => 255), (run - 1) % 255];
      if (kind === 128) parts.push(this.#colour(3), Buffer.from(lengths));
      else if (run === 1 && this.#random() < 0.8) parts.push(Buffer.from([this.#int(count)]));
      else parts.push(Buffer.from([this.#int(count) | 128, ...lengths]));
      left -= run;
    }
    return Buffer.concat(parts);
  }
}

function withLength(data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  return Buffer.concat([head, data]);
}

function compact(length: number): Buffer {
  if (length < 128) return Buffer.from([length]);
  if (length < 16384) return Buffer.from([(length & 127) | 128, length >> 7]);
  return Buffer.from([(length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14]);
}

/** Damages a stream in one of the ways that streams are damaged, by accident or on purpose. Leaves the handshake. */
export function mutate(stream: Uint8Array, from: number, random: Random): Uint8Array {
  const int = (below: number): number => Math.floor(random() * below);
  const bytes = Buffer.from(stream);
  const place = (): number => from + int(Math.max(bytes.length - from, 1));
  const hostile = [0, 1, 2, 0x7f, 0x80, 0xff, 0xfe, 0x90, 0xa0];
  const times = 1 + int(4);
  let result: Buffer = bytes;
  for (let i = 0; i < times; i++) {
    switch (int(6)) {
      case 0:
        result[Math.min(place(), result.length - 1)] = int(256);
        break;
      case 1:
        result[Math.min(place(), result.length - 1)] = hostile[int(hostile.length)] ?? 0;
        break;
      case 2: {
        // A length or a coordinate turned large.
        const at = Math.min(place(), result.length - 4);
        if (at >= from) result.writeUInt32BE([0xffffffff, 0x7fffffff, 0x80000000, 65535, 0x00ffffff][int(5)] ?? 0, at);
        break;
      }
      case 3: {
        const at = place();
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + 1 + int(64))]);
        break;
      }
      case 4: {
        const at = place();
        const again = result.subarray(at, at + int(256));
        result = Buffer.concat([result.subarray(0, at), again, result.subarray(at)]);
        break;
      }
      default: {
        const at = place();
        const noise = Buffer.from(Array.from({ length: int(32) }, () => int(256)));
        result = Buffer.concat([result.subarray(0, at), noise, result.subarray(at + noise.length)]);
      }
    }
  }
  return new Uint8Array(result);
}
