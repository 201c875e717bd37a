import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ViewerFrame } from '../../contract/socket.ts';
import type { FeatureContext } from '../feature.ts';
import { statistics } from './statistics.ts';

let root: HTMLElement;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  root = document.createElement('main');
  document.body.append(root);
});
afterEach(() => {
  root.remove();
  vi.useRealTimers();
});

it('asks a connection that came back at once how quick it is', async () => {
  const pings: number[] = [];
  let toggle: () => void = () => undefined;
  const counters = { bytesIn: 0, bytesOut: 0, updates: 0, rectangles: 0, encodings: {}, paints: 0, paintedPixels: 0 };
  const stats = { ...counters, decodeMs: 0, paintMs: 0, lastPaint: 0, unpainted: false, memory: 0, thread: 'main' };
  const feature = statistics({
    window,
    root,
    strings: { language: 'en' },
    desktop: { connected: true, size: { width: 1, height: 1 }, shownRatio: 1, stats: async () => stats },
    toolbar: {
      addButton(_name: string, _label: string, onClick: () => void) {
        toggle = onClick;
        return {};
      },
    },
    send: (frame: ViewerFrame) => frame.t === 'ping' && pings.push(frame.at),
  } as unknown as FeatureContext);
  toggle();
  await vi.waitFor(() => expect(pings).toHaveLength(1));
  vi.advanceTimersByTime(5000);
  expect(pings).toHaveLength(1);
  // Between two looks.
  feature.onState?.({ state: 'reconnecting', attempt: 1, nextAt: 0 });
  feature.onState?.({ state: 'connected' });
  vi.advanceTimersByTime(1000);
  expect(pings).toHaveLength(2);
  feature.dispose?.();
});
