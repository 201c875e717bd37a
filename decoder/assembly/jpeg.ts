/** Baseline JPEG (ITU T.81) into the framebuffer: one or three components, any sampling up to 4, restarts. */
import { inverse, inverseFlat } from './idct';
import { APART, LONG, END, codeTable, findLong, quantiser, readCodes, readQuantisers, zigzag } from './jpeg-tables';
import { allocate, capacityOf, release } from './memory';
import { greyRow, colourRow, upsample } from './jpeg-colour';
import { DAMAGED, MAX_INPUT, NO_MEMORY, TOO_LARGE, UNKNOWN_ENCODING, advance, available, bigEndian16, input, pixelAt, rectHeight, rectWidth, rectX, rectY, stride } from './state';

/** One component of the picture at hand. */
@unmanaged
class Component {
  id: u32;
  /** Sampling factors. */
  across: u32;
  down: u32;
  quantiserId: u32;
  dc: u32;
  ac: u32;
  quantiser: u32;
  /** The last block's first coefficient. */
  previous: i32;
  /** Samples: address, bytes of a row, and how many of them mean something. */
  plane: u32;
  planeStride: u32;
  width: u32;
  height: u32;
}
const COMPONENT_BYTES: u32 = 48;
const components = <u32>memory.data(3 * 48, 16);
const block = <u32>memory.data(128, 16);

let componentCount: u32 = 0;
let maxAcross: u32 = 1;
let maxDown: u32 = 1;
let restartEvery: u32 = 0;
let planes: u32 = 0;
/** Two rows of chroma in the picture's own width. */
let wide: u32 = 0;

/** The bit buffer, its first bit highest; how many bits are in it; where the next byte is; where bytes end. */
let bits: u64 = 0;
let bitCount: i32 = 0;
let next: u32 = 0;
let last: u32 = 0;
/** Bits made up because the data had ended. */
let padding: i32 = 0;
let broken = false;

// @ts-ignore: decorator
@inline
function component(index: u32): Component {
  return changetype<Component>(<usize>(components + index * COMPONENT_BYTES));
}

export function releaseJpeg(): void {
  release(planes);
  release(wide);
  planes = 0;
  wide = 0;
}

/** How far into the picture at hand its end has been looked for; for pictures whose length is not told. */
let looked: u32 = 0;

export function beginJpeg(): void {
  looked = 0;
}

/** The JPEG encoding (21): the picture lies in the input as it is, and ends where its own markers say. */
export function decodeJpegStream(): i32 {
  const size = findEnd();
  if (size === 0) return available() >= MAX_INPUT ? TOO_LARGE : <i32>(available() + 1);
  if (size === 1) return DAMAGED;
  const result = decodeJpeg(input, input + size);
  advance(size);
  return result;
}

/** Bytes up to and with the end marker; 0: not all there yet; 1: no JPEG. */
function findEnd(): u32 {
  const have = available();
  if (looked === 0) {
    if (have < 2) return 0;
    if (bigEndian16(input) !== 0xffd8) return 1;
    looked = 2;
  }
  while (have - looked >= 2) {
    const at = input + looked;
    if (load<u8>(at) !== 0xff) {
      // Between markers only a scan's data may stand.
      looked++;
      continue;
    }
    const marker: u32 = load<u8>(at, 1);
    if (marker === 0xd9) return looked + 2;
    if (marker === 0xff) looked++;
    else if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) looked += 2;
    else {
      if (have - looked < 4) return 0;
      const after = looked + 2 + bigEndian16(at + 2);
      if (after > have) return 0;
      looked = after;
    }
  }
  return 0;
}

/** Decodes `at` to `end` into the rectangle at hand, whose size it must have. Gives 0 or an error. */
export function decodeJpeg(at: u32, end: u32): i32 {
  if (end - at < 4 || bigEndian16(at) !== 0xffd8) return DAMAGED;
  at += 2;
  componentCount = 0;
  restartEvery = 0;
  for (;;) {
    if (end - at < 4 || load<u8>(at) !== 0xff) return DAMAGED;
    const marker: u32 = load<u8>(at, 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    const size = bigEndian16(at + 2);
    if (size < 2 || end - at - 2 < size) return DAMAGED;
    const inside = at + 4;
    const after = at + 2 + size;
    let result: i32 = 0;
    if (marker === 0xdb) result = readQuantisers(inside, after);
    else if (marker === 0xc4) result = readCodes(inside, after);
    else if (marker === 0xc0 || marker === 0xc1) result = readFrame(inside, after);
    else if (marker === 0xdd) {
      if (size < 4) return DAMAGED;
      restartEvery = bigEndian16(inside);
    } else if (marker === 0xda) {
      result = readScan(inside, after);
      return result !== 0 ? result : scan(after, end);
    } else if (marker >= 0xc2 && marker <= 0xcf && marker !== 0xc8) {
      // Progressive, lossless and arithmetic pictures are not what RFB servers send.
      return UNKNOWN_ENCODING;
    }
    if (result !== 0) return result;
    at = after;
  }
  return DAMAGED;
}

function readFrame(at: u32, end: u32): i32 {
  if (end - at < 6 || load<u8>(at) !== 8) return DAMAGED;
  if (bigEndian16(at + 1) !== rectHeight || bigEndian16(at + 3) !== rectWidth) return DAMAGED;
  if (rectWidth === 0 || rectHeight === 0) return DAMAGED;
  const count: u32 = load<u8>(at, 5);
  if ((count !== 1 && count !== 3) || end - at < 6 + 3 * count) return DAMAGED;
  maxAcross = 1;
  maxDown = 1;
  for (let i: u32 = 0; i < count; i++) {
    const from = at + 6 + 3 * i;
    const part = component(i);
    const sampling: u32 = load<u8>(from, 1);
    part.id = load<u8>(from);
    part.across = sampling >> 4;
    part.down = sampling & 15;
    part.quantiserId = load<u8>(from, 2);
    if (part.across < 1 || part.across > 4 || part.down < 1 || part.down > 4 || part.quantiserId > 3) return DAMAGED;
    maxAcross = max(maxAcross, part.across);
    maxDown = max(maxDown, part.down);
  }
  if (count === 1) {
    // A single component is not interleaved: its blocks follow each other whatever its factors say.
    component(0).across = 1;
    component(0).down = 1;
    maxAcross = 1;
    maxDown = 1;
  }
  for (let i: u32 = 0; i < count; i++) {
    const part = component(i);
    if (maxAcross % part.across !== 0 || maxDown % part.down !== 0) return UNKNOWN_ENCODING;
  }
  // Brightness at less than full size would need the other two as its measure; nobody does that.
  if (component(0).across !== maxAcross || component(0).down !== maxDown) return UNKNOWN_ENCODING;
  componentCount = count;
  return 0;
}

function readScan(at: u32, end: u32): i32 {
  if (componentCount === 0 || end - at < 1) return DAMAGED;
  const count: u32 = load<u8>(at);
  if (count !== componentCount || end - at < 1 + 2 * count + 3) return count === 1 ? UNKNOWN_ENCODING : DAMAGED;
  for (let i: u32 = 0; i < count; i++) {
    const part = component(i);
    const choice: u32 = load<u8>(at + 2 + 2 * i);
    if (<u32>load<u8>(at + 1 + 2 * i) !== part.id || choice >> 4 > 3 || (choice & 15) > 3) return DAMAGED;
    part.dc = codeTable(0, choice >> 4);
    part.ac = codeTable(1, choice & 15);
    part.quantiser = quantiser(part.quantiserId);
    part.previous = 0;
    if (part.dc === 0 || part.ac === 0 || part.quantiser === 0) return DAMAGED;
  }
  return 0;
}

function ensure(buffer: u32, bytes: u32): u32 {
  if (buffer !== 0 && capacityOf(buffer) >= bytes) return buffer;
  release(buffer);
  return allocate(bytes);
}

function scan(at: u32, end: u32): i32 {
  const unitsAcross = (rectWidth + 8 * maxAcross - 1) / (8 * maxAcross);
  const unitsDown = (rectHeight + 8 * maxDown - 1) / (8 * maxDown);
  // With full-size colour a row of units is shown at once; else its neighbours are needed, so all of it is kept.
  let full = true;
  for (let i: u32 = 1; i < componentCount; i++) {
    if (component(i).across !== maxAcross || component(i).down !== maxDown) full = false;
  }
  if (maxAcross !== 1 || maxDown !== 1) full = false;
  const keptRows: u32 = full ? 1 : unitsDown;
  let bytes: u32 = 0;
  for (let i: u32 = 0; i < componentCount; i++) {
    const part = component(i);
    part.planeStride = unitsAcross * part.across * 8 + 16;
    part.width = (rectWidth * part.across + maxAcross - 1) / maxAcross;
    part.height = (rectHeight * part.down + maxDown - 1) / maxDown;
    bytes += part.planeStride * part.down * 8 * keptRows;
  }
  planes = ensure(planes, bytes);
  if (planes === 0) return NO_MEMORY;
  let plane = planes;
  for (let i: u32 = 0; i < componentCount; i++) {
    const part = component(i);
    part.plane = plane;
    plane += part.planeStride * part.down * 8 * keptRows;
  }

  bits = 0;
  bitCount = 0;
  next = at;
  last = end;
  padding = 0;
  broken = false;
  let untilRestart = restartEvery;
  for (let unitY: u32 = 0; unitY < unitsDown; unitY++) {
    const row: u32 = full ? 0 : unitY;
    for (let unitX: u32 = 0; unitX < unitsAcross; unitX++) {
      if (restartEvery !== 0) {
        if (untilRestart === 0) {
          if (!restart()) return DAMAGED;
          untilRestart = restartEvery;
        }
        untilRestart--;
      }
      for (let i: u32 = 0; i < componentCount; i++) {
        const part = component(i);
        for (let v: u32 = 0; v < part.down; v++) {
          let to = part.plane + (row * part.down + v) * 8 * part.planeStride + unitX * part.across * 8;
          for (let h: u32 = 0; h < part.across; h++) {
            decodeBlock(part, to);
            to += 8;
          }
        }
      }
      if (broken || padding > bitCount) return DAMAGED;
    }
    if (full) showFull(unitY * 8);
  }
  return full ? 0 : showSampled();
}

/** Rows of one row of units, as many as the rectangle has. */
function showFull(from: u32): void {
  const rows = min<u32>(8, rectHeight - from);
  const first = component(0);
  for (let j: u32 = 0; j < rows; j++) {
    const to = pixelAt(rectX, rectY + from + j);
    const y = first.plane + j * first.planeStride;
    if (componentCount === 1) {
      greyRow(to, y, rectWidth);
    } else {
      const blue = component(1);
      const red = component(2);
      colourRow(to, y, blue.plane + j * blue.planeStride, red.plane + j * red.planeStride, rectWidth);
    }
  }
}

function showSampled(): i32 {
  const widened = rectWidth + 64;
  wide = ensure(wide, widened * 2);
  if (wide === 0) return NO_MEMORY;
  const first = component(0);
  const blue = component(1);
  const red = component(2);
  let to = pixelAt(rectX, rectY);
  for (let j: u32 = 0; j < rectHeight; j++) {
    upsample(wide, blue.plane, blue.planeStride, blue.width, blue.height, maxAcross / blue.across, maxDown / blue.down, j, rectWidth);
    upsample(wide + widened, red.plane, red.planeStride, red.width, red.height, maxAcross / red.across, maxDown / red.down, j, rectWidth);
    colourRow(to, first.plane + j * first.planeStride, wide, wide + widened, rectWidth);
    to += stride;
  }
  return 0;
}

/** At a restart the bits left over are dropped and the marker is read over. */
function restart(): bool {
  // Whole bytes that were taken into the buffer but not used cannot lie behind a marker, which stops the filling.
  if (padding > bitCount) return false;
  bits = 0;
  bitCount = 0;
  padding = 0;
  while (last - next >= 2 && !(load<u8>(next) === 0xff && (load<u8>(next, 1) & 0xf8) === 0xd0)) {
    if (load<u8>(next) === 0xff && load<u8>(next, 1) !== 0xff && load<u8>(next, 1) !== 0) return false;
    next++;
  }
  if (last - next < 2) return false;
  next += 2;
  for (let i: u32 = 0; i < componentCount; i++) component(i).previous = 0;
  return true;
}

/** At least 33 bits afterwards; zeros where the data has ended or a marker stands. */
// @ts-ignore: decorator
@inline
function refill(): void {
  if (bitCount > 32) return;
  const word = load<u32>(next);
  const marked = (~word - 0x01010101) & word & 0x80808080;
  if (marked === 0 && last - next >= 4 && last > next) {
    bits |= <u64>bswap<u32>(word) << (<u64>(32 - bitCount));
    next += 4;
    bitCount += 32;
  } else {
    refillSlowly();
  }
}

function refillSlowly(): void {
  while (bitCount <= 56) {
    let byte: u64 = 0;
    if (next < last) {
      byte = load<u8>(next);
      if (byte === 0xff) {
        if (next + 1 < last && load<u8>(next, 1) === 0) {
          next += 2;
        } else {
          byte = 0;
          padding += 8;
        }
      } else {
        next++;
      }
    } else {
      padding += 8;
    }
    bits |= byte << (<u64>(56 - bitCount));
    bitCount += 8;
  }
}

// @ts-ignore: decorator
@inline
function take(count: u32): void {
  bits <<= <u64>count;
  bitCount -= <i32>count;
}

/** `size` more bits as a signed magnitude (T.81, F.2.2.1). */
// @ts-ignore: decorator
@inline
function magnitude(size: u32): i32 {
  const value = <i32>(bits >> (<u64>(64 - size)));
  take(size);
  return value < 1 << (size - 1) ? value - (1 << size) + 1 : value;
}

function decodeBlock(part: Component, to: u32): void {
  const zero = i64x2.splat(0);
  v128.store(block, zero);
  v128.store(block, zero, 16);
  v128.store(block, zero, 32);
  v128.store(block, zero, 48);
  v128.store(block, zero, 64);
  v128.store(block, zero, 80);
  v128.store(block, zero, 96);
  v128.store(block, zero, 112);

  refill();
  let entry = load<u32>(part.dc + (<u32>(bits >> 54) << 2));
  let first: i32;
  if (entry & (APART | LONG)) {
    let size: u32;
    if (entry & LONG) {
      const found = findLong(part.dc, <u32>(bits >> 48));
      if (found === 0) {
        broken = true;
        return;
      }
      take(found & 255);
      size = found >> 8;
    } else {
      take(entry & 31);
      size = (entry >> 16) & 15;
    }
    first = size === 0 ? 0 : magnitude(size);
  } else {
    take(entry & 31);
    first = <i32>entry >> 16;
  }
  first += part.previous;
  part.previous = first;
  store<i16>(block, <i16>first);

  const table = part.ac;
  let k: u32 = 1;
  let any: u32 = 0;
  do {
    refill();
    entry = load<u32>(table + (<u32>(bits >> 54) << 2));
    if (!(entry & (APART | LONG))) {
      take(entry & 31);
      k += (entry >> 8) & 63;
      if (k > 63) break;
      store<i16>(block + (<u32>load<u8>(zigzag + k) << 1), <i16>(entry >> 16));
      any = k;
      k++;
      continue;
    }
    let run: u32;
    let size: u32;
    if (entry & LONG) {
      const found = findLong(table, <u32>(bits >> 48));
      if (found === 0) {
        broken = true;
        return;
      }
      take(found & 255);
      run = (found >> 12) & 15;
      size = (found >> 8) & 15;
      if (size === 0) {
        if (run !== 15) break;
        k += 16;
        continue;
      }
    } else {
      take(entry & 31);
      run = (entry >> 8) & 63;
      size = (entry >> 16) & 15;
    }
    k += run;
    const value = magnitude(size);
    if (k > 63) break;
    store<i16>(block + (<u32>load<u8>(zigzag + k) << 1), <i16>value);
    any = k;
    k++;
  } while (k < 64);

  if (any === 0) inverseFlat(first * <i32>load<u16>(part.quantiser), to, part.planeStride);
  else inverse(block, part.quantiser, to, part.planeStride);
}
