/**
 * Large blocks of wasm memory. Sizes are rounded up to four classes a doubling, and freed blocks are kept by class, so
 * that a window dragged to and fro does not make memory grow without end.
 */

const PAGE: u32 = 65536;
/** Vector loops may write this far past what they were asked for. */
export const SLACK: u32 = 64;
const CLASSES = 64;

/** First free block of each class; a free block's first word is the next one. */
const free = <u32>memory.data(CLASSES * 4, 16);
/** A block is preceded by its class, in a header that keeps the block aligned. */
const HEADER: u32 = 16;

let top: u32 = 0;

/** 64 KiB × 1, 1.25, 1.5, 1.75, 2, 2.5, … */
// @ts-ignore: decorator
@inline
function sizeOfClass(index: u32): u32 {
  const step = index & 3;
  return (PAGE << (index >> 2)) / 4 * (4 + step);
}

/** Gives 0 when there is no memory left. The block is not cleared; it is aligned to 16 bytes. */
export function allocate(bytes: u32): u32 {
  const wanted = bytes + HEADER + SLACK;
  if (wanted < bytes || wanted > 0x40000000) return 0;
  let index: u32 = 0;
  while (sizeOfClass(index) < wanted) index++;
  const head = free + index * 4;
  const first = load<u32>(head);
  if (first !== 0) {
    store<u32>(head, load<u32>(first));
    return first;
  }
  if (top === 0) top = (<u32>__heap_base + 15) & ~15;
  const size = sizeOfClass(index);
  const end = <u64>top + <u64>size;
  const have = <u64>memory.size() << 16;
  if (end > have) {
    const pages = <i32>((end - have + PAGE - 1) >> 16);
    if (memory.grow(pages) < 0) return 0;
  }
  const block = top + HEADER;
  store<u32>(block - HEADER, index);
  top += size;
  return block;
}

/** `block` came from `allocate` and is not used any more; 0 is allowed. */
export function release(block: u32): void {
  if (block === 0) return;
  const head = free + load<u32>(block - HEADER) * 4;
  store<u32>(block, load<u32>(head));
  store<u32>(head, block);
}

/** Bytes that may be used, which are at least as many as were asked for. */
export function capacityOf(block: u32): u32 {
  return block === 0 ? 0 : sizeOfClass(load<u32>(block - HEADER)) - HEADER - SLACK;
}
