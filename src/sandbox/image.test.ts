import { describe, expect, it } from 'vitest';
import { loadEngine } from './engine.ts';
import { MemoryImage } from './image.ts';

const PAGE = 64 * 1024;
const bytesOf = (memory: WebAssembly.Memory) => new Uint8Array(memory.buffer);

describe('an image of memory', () => {
  it('puts back what was there, beside a long stretch that was not used', () => {
    const memory = new WebAssembly.Memory({ initial: 64 });
    bytesOf(memory).fill(7, 100, 300);
    bytesOf(memory).fill(8, 50 * PAGE, 51 * PAGE);
    const before = bytesOf(memory).slice();
    const image = new MemoryImage(memory);
    expect(image.byteLength).toBeLessThan(6 * PAGE);

    // Zeros beside what was used are as much a part of it.
    const used = [
      [0, 300 + PAGE / 2],
      [50 * PAGE - PAGE / 2, 51 * PAGE + PAGE / 2],
    ] as const;
    for (const [from, to] of used) bytesOf(memory).fill(9, from, to);
    image.restore();
    expect(Buffer.compare(bytesOf(memory), before)).toBe(0);
  });

  it('keeps short stretches of zeros, and the ends', () => {
    const memory = new WebAssembly.Memory({ initial: 20 });
    const last = 20 * PAGE - 1;
    for (const at of [0, 9 * PAGE, 19 * PAGE, last]) bytesOf(memory)[at] = 1;
    const before = bytesOf(memory).slice();
    const image = new MemoryImage(memory);
    bytesOf(memory).fill(9);
    image.restore();
    expect(Buffer.compare(bytesOf(memory), before)).toBe(0);
  });

  it('is put back into memory that has grown', () => {
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 4 });
    bytesOf(memory)[5] = 1;
    const image = new MemoryImage(memory);
    memory.grow(2);
    bytesOf(memory)[5] = 2;
    image.restore();
    expect(bytesOf(memory)[5]).toBe(1);
  });

  it('of the engine leaves out its stack, and is small', async () => {
    const engine = await loadEngine();
    const vm = engine.newContext();
    vm.unwrapResult(vm.evalCode('globalThis.here = [1, 2, 3]')).dispose();
    const image = new MemoryImage(engine.getWasmMemory());
    expect(image.byteLength).toBeLessThan(1024 * 1024);
    const now = () => vm.dump(vm.unwrapResult(vm.evalCode('typeof here + here?.length')));
    expect(now()).toBe('object3');
    vm.unwrapResult(vm.evalCode('globalThis.here = "x".repeat(1e6)'));
    image.restore();
    expect(now()).toBe('object3');
  });
});
