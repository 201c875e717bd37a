/** Fingers that come while what deals with them cannot be had. */
import { expect, it, vi } from 'vitest';
import { TouchLoader, type TouchHost } from './touch-loader.ts';

const load = vi.hoisted(() => ({ fails: false, handled: [] as string[] }));

vi.mock('./touch.ts', () => ({
  get Touch() {
    if (load.fails) throw new TypeError('Failed to fetch dynamically imported module');
    return class {
      mode = 'direct';
      handle({ type }: { type: string }) {
        load.handled.push(type);
      }
      reset() {}
      dispose() {}
    };
  },
}));

it('is tried again with the next finger, and what was touched in vain is not touched later', async () => {
  const loader = new TouchLoader({} as TouchHost);
  const touch = (type: string) => loader.handle(new PointerEvent(type, { pointerType: 'touch', pointerId: 1 }));
  load.fails = true;
  touch('pointerdown');
  touch('pointerup');
  await vi.dynamicImportSettled();
  expect(load.handled).toEqual([]);
  load.fails = false;
  touch('pointermove');
  await vi.dynamicImportSettled();
  expect(load.handled).toEqual(['move']);
  loader.dispose();
});
