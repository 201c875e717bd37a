/**
 * The plain decoder that the fast one is compared with: one pixel at a time, one way to do each thing, pako for inflate.
 * It believes what it reads.
 */
import { Inflate } from 'pako';
import { PNG } from 'pngjs';
import { ReferenceJpeg } from './reference-jpeg.ts';

/** Z_SYNC_FLUSH: all output there is, now. */
const SYNC = 2;

class Stream {
  #inflate = new Inflate();
  #parts: Uint8Array[] = [];

  reset(): void {
    this.#inflate = new Inflate();
  }

  inflate(data: Uint8Array): Uint8Array {
    this.#parts = [];
    this.#inflate.onData = (part: Uint8Array | string) => {
      if (typeof part !== 'string') this.#parts.push(new Uint8Array(part));
    };
    this.#inflate.push(new Uint8Array(data), SYNC);
    if (this.#inflate.err < 0) throw new Error(`inflate ${this.#inflate.err}`);
    return new Uint8Array(Buffer.concat(this.#parts));
  }
}

export class Reference {
  width = 0;
  height = 0;
  rgba = new Uint8Array(0);
  #data = new Uint8Array(0);
  #at = 0;
  readonly #tight = [new Stream(), new Stream(), new Stream(), new Stream()];
  readonly #zrle = new Stream();
  readonly #zlib = new Stream();
  readonly #jpeg = new ReferenceJpeg();

  /** Plays a whole connection; stops after each framebuffer update. */
  *play(stream: Uint8Array): Generator<void, void, void> {
    this.#data = new Uint8Array(stream);
    this.#at = 12;
    this.#bytes(this.#u8());
    this.#at += 4;
    this.#resize(this.#u16(), this.#u16());
    this.#at += 16;
    this.#bytes(this.#u32());
    while (this.#at < this.#data.length) {
      const type = this.#u8();
      if (type === 0) {
        this.#update();
        yield;
      } else if (type === 2) {
        continue;
      } else if (type === 3) {
        this.#at += 3;
        this.#bytes(this.#u32());
      } else {
        throw new Error(`message ${type}`);
      }
    }
  }

  #u8(): number {
    return this.#data[this.#at++] ?? 0;
  }
  #u16(): number {
    return this.#u8() * 256 + this.#u8();
  }
  #u32(): number {
    return this.#u16() * 65536 + this.#u16();
  }
  #bytes(count: number): Uint8Array {
    this.#at += count;
    return this.#data.subarray(this.#at - count, this.#at);
  }

  #resize(width: number, height: number): void {
    const old = { width: this.width, height: this.height, rgba: this.rgba };
    this.width = width;
    this.height = height;
    this.rgba = new Uint8Array(width * height * 4);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const kept = x < old.width && y < old.height;
        const from = (y * old.width + x) * 4;
        this.#put(x, y, kept ? old.rgba.subarray(from, from + 3) : Uint8Array.of(0, 0, 0));
      }
    }
  }

  #put(x: number, y: number, colour: ArrayLike<number>): void {
    const at = (y * this.width + x) * 4;
    this.rgba[at] = colour[0] ?? 0;
    this.rgba[at + 1] = colour[1] ?? 0;
    this.rgba[at + 2] = colour[2] ?? 0;
    this.rgba[at + 3] = 255;
  }

  #fill(x: number, y: number, width: number, height: number, colour: Uint8Array): void {
    for (let j = y; j < y + height; j++) for (let i = x; i < x + width; i++) this.#put(i, j, colour);
  }

  /** `pixels`: `step` bytes each, colours first. */
  #area(x: number, y: number, width: number, height: number, pixels: Uint8Array, step: number): void {
    for (let i = 0; i < width * height; i++) {
      this.#put(x + (i % width), y + Math.floor(i / width), pixels.subarray(i * step, i * step + 3));
    }
  }

  #update(): void {
    this.#at++;
    const count = this.#u16();
    for (let i = 0; i < count || count === 65535; i++) {
      const [x, y, w, h] = [this.#u16(), this.#u16(), this.#u16(), this.#u16()];
      const encoding = this.#u32() | 0;
      if (encoding === -224) return;
      this.#rectangle(encoding, x, y, w, h);
    }
  }

  #rectangle(encoding: number, x: number, y: number, w: number, h: number): void {
    switch (encoding) {
      case 0:
        return this.#area(x, y, w, h, this.#bytes(w * h * 4), 4);
      case 1:
        return this.#copy(x, y, w, h, this.#u16(), this.#u16());
      case 2:
      case 4:
        return this.#rre(encoding === 4, x, y, w, h);
      case 5:
        return this.#hextile(x, y, w, h);
      case 6:
        return this.#area(x, y, w, h, this.#zlib.inflate(this.#bytes(this.#u32())), 4);
      case 7:
      case -260:
        return this.#tightRectangle(x, y, w, h);
      case 16:
        return this.#zrleRectangle(x, y, w, h);
      case 21: {
        // In a picture's data FF is followed by 0, so this can only be its end.
        const end = Buffer.from(this.#data).indexOf(Buffer.from([0xff, 0xd9]), this.#at) + 2;
        return this.#area(x, y, w, h, this.#jpeg.decode(this.#bytes(end - this.#at)).rgb, 3);
      }
      case -223:
        return this.#resize(w, h);
      case -239:
        this.#at += w * h * 4 + Math.ceil(w / 8) * h;
        return;
      default:
        throw new Error(`encoding ${encoding}`);
    }
  }

  #copy(x: number, y: number, w: number, h: number, fromX: number, fromY: number): void {
    const before = this.rgba.slice();
    for (let j = 0; j < h; j++) {
      for (let i = 0; i < w; i++) {
        const at = ((fromY + j) * this.width + fromX + i) * 4;
        this.#put(x + i, y + j, before.subarray(at, at + 3));
      }
    }
  }

  #rre(compact: boolean, x: number, y: number, w: number, h: number): void {
    const count = this.#u32();
    this.#fill(x, y, w, h, this.#bytes(4));
    const number = (): number => (compact ? this.#u8() : this.#u16());
    for (let i = 0; i < count; i++) {
      const colour = this.#bytes(4);
      const [dx, dy, dw, dh] = [number(), number(), number(), number()];
      this.#fill(x + dx, y + dy, dw, dh, colour);
    }
  }

  #hextile(x: number, y: number, w: number, h: number): void {
    let background: Uint8Array = new Uint8Array(4);
    let foreground: Uint8Array = new Uint8Array(4);
    for (let ty = 0; ty < h; ty += 16) {
      for (let tx = 0; tx < w; tx += 16) {
        const tw = Math.min(16, w - tx);
        const th = Math.min(16, h - ty);
        const kind = this.#u8();
        if (kind & 1) {
          this.#area(x + tx, y + ty, tw, th, this.#bytes(tw * th * 4), 4);
          continue;
        }
        if (kind & 2) background = this.#bytes(4);
        if (kind & 4) foreground = this.#bytes(4);
        this.#fill(x + tx, y + ty, tw, th, background);
        const count = kind & 8 ? this.#u8() : 0;
        for (let i = 0; i < count; i++) {
          const colour = kind & 16 ? this.#bytes(4) : foreground;
          const place = this.#u8();
          const size = this.#u8();
          this.#fill(x + tx + (place >> 4), y + ty + (place & 15), (size >> 4) + 1, (size & 15) + 1, colour);
        }
      }
    }
  }

  #compactLength(): number {
    let length = 0;
    for (let shift = 0; shift < 21; shift += 7) {
      const byte = this.#u8();
      length |= (shift === 14 ? byte : byte & 127) << shift;
      if (shift === 14 || byte < 128) break;
    }
    return length;
  }

  #tightRectangle(x: number, y: number, w: number, h: number): void {
    const control = this.#u8();
    this.#tight.forEach((stream, i) => {
      if ((control >> i) & 1) stream.reset();
    });
    const kind = control >> 4;
    if (kind === 8) return this.#fill(x, y, w, h, this.#bytes(3));
    if (kind === 9) {
      const { rgb } = this.#jpeg.decode(this.#bytes(this.#compactLength()));
      return this.#area(x, y, w, h, rgb, 3);
    }
    if (kind === 10) {
      const png = PNG.sync.read(Buffer.from(this.#bytes(this.#compactLength())));
      return this.#area(x, y, w, h, new Uint8Array(png.data), 4);
    }
    const filter = kind & 4 ? this.#u8() : 0;
    const colours = filter === 1 ? this.#u8() + 1 : 0;
    const palette = this.#bytes(colours * 3);
    const rowBytes = filter !== 1 ? w * 3 : colours <= 2 ? Math.ceil(w / 8) : w;
    const size = rowBytes * h;
    const stream = this.#tight[kind & 3];
    const data = size < 12 ? this.#bytes(size) : stream?.inflate(this.#bytes(this.#compactLength()));
    if (!data || data.length !== size) throw new Error('tight data');
    const sums = new Int32Array((w + 1) * (h + 1) * 3);
    for (let j = 0; j < h; j++) {
      for (let i = 0; i < w; i++) {
        if (filter === 1) {
          const byte = data[j * rowBytes + (colours <= 2 ? i >> 3 : i)] ?? 0;
          const index = colours <= 2 ? (byte >> (7 - (i & 7))) & 1 : byte;
          this.#put(x + i, y + j, palette.subarray(index * 3, index * 3 + 3));
          continue;
        }
        const pixel = data.slice(j * rowBytes + i * 3, j * rowBytes + i * 3 + 3);
        if (filter === 2) {
          for (let c = 0; c < 3; c++) {
            const at = (column: number, row: number): number => sums[(row * (w + 1) + column) * 3 + c] ?? 0;
            const guess = Math.min(Math.max(at(i, j + 1) + at(i + 1, j) - at(i, j), 0), 255);
            pixel[c] = ((pixel[c] ?? 0) + guess) & 255;
            sums[((j + 1) * (w + 1) + i + 1) * 3 + c] = pixel[c] ?? 0;
          }
        }
        this.#put(x + i, y + j, pixel);
      }
    }
  }

  #zrleRectangle(x: number, y: number, w: number, h: number): void {
    const data = this.#zrle.inflate(this.#bytes(this.#u32()));
    let at = 0;
    const u8 = (): number => data[at++] ?? 0;
    const colour = (): Uint8Array => data.subarray(at, (at += 3));
    for (let ty = 0; ty < h; ty += 64) {
      for (let tx = 0; tx < w; tx += 64) {
        const tw = Math.min(64, w - tx);
        const th = Math.min(64, h - ty);
        const put = (i: number, value: Uint8Array): void =>
          this.#put(x + tx + (i % tw), y + ty + Math.floor(i / tw), value);
        const kind = u8();
        const palette = Array.from({ length: kind & 127 }, colour);
        const black = new Uint8Array(3);
        if (kind === 0) for (let i = 0; i < tw * th; i++) put(i, colour());
        else if (kind === 1) for (let i = 0; i < tw * th; i++) put(i, palette[0] ?? black);
        else if (kind < 128) {
          const bits = kind === 2 ? 1 : kind <= 4 ? 2 : 4;
          const rowBytes = Math.ceil((tw * bits) / 8);
          for (let i = 0; i < tw * th; i++) {
            const bit = (i % tw) * bits;
            const byte = data[at + Math.floor(i / tw) * rowBytes + (bit >> 3)] ?? 0;
            put(i, palette[(byte >> (8 - bits - (bit & 7))) & ((1 << bits) - 1)] ?? black);
          }
          at += rowBytes * th;
        } else {
          for (let i = 0; i < tw * th;) {
            const code = kind === 128 ? 128 : u8();
            const value = kind === 128 ? colour() : (palette[code & 127] ?? black);
            let run = 1;
            if (code & 128) {
              let more: number;
              do run += more = u8();
              while (more === 255);
            }
            for (; run > 0; run--) put(i++, value);
          }
        }
      }
    }
  }
}
