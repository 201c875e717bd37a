import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ViewerFrame, Welcome } from '../../contract/socket.ts';
import type { FeatureContext } from '../feature.ts';
import { quality, type QualityFeature } from './quality.ts';

let sent: ViewerFrame[];
let pictures: (number | null)[];
let stats: { bytesIn: number; decodeMs: number };
let made: QualityFeature;

function install(kept?: object): void {
  const context = {
    window,
    root: document.body,
    desktop: {
      ratio: 2,
      sharp: true,
      setQuality: (level: number | null) => pictures.push(level),
      stats: () => Promise.resolve({ ...stats }),
    },
    toolbar: { addPanel: () => ({ close: () => undefined }) },
    strings: { language: 'en' },
    preferences: { get: () => kept, set: () => undefined },
    ui: () => ({}),
    send: (frame: ViewerFrame) => sent.push(frame),
  } as unknown as FeatureContext;
  made = quality(context);
  made.onWelcome?.({} as Welcome);
  made.onState?.({ state: 'connected' });
}

const seconds = async (count: number, bytes: number) => {
  for (let i = 0; i < count; i++) {
    stats.bytesIn += bytes;
    await vi.advanceTimersByTimeAsync(1000);
  }
};

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  pictures = [];
  stats = { bytesIn: 0, decodeMs: 0 };
});
afterEach(() => {
  made.dispose?.();
  vi.useRealTimers();
});

it('gets cheaper while answers stay away behind pictures, and not while nothing is sent', async () => {
  install();
  await seconds(3, 0);
  const first = sent.find((frame) => frame.t === 'ping');
  if (first) made.onFrame?.({ t: 'pong', at: first.at });
  await seconds(5, 100);
  expect(pictures).toEqual([]);
  await seconds(6, 500_000);
  expect(pictures.slice(0, 2)).toEqual([8, 6]);
});

it('keeps to what was chosen', async () => {
  install({ quality: 3, compression: 5, scale: 'auto', sharp: true });
  expect(pictures).toEqual([3]);
  await seconds(20, 500_000);
  expect(pictures).toEqual([3]);
  made.choose(7);
  expect(pictures).toEqual([3, 7]);
});

it('says how large things are drawn once in control, and again when the device’s pixels change', async () => {
  install();
  const scales = () => sent.filter((frame) => frame.t === 'screen').map((frame) => frame.scale);
  await seconds(1, 0);
  expect(scales()).toEqual([]);
  made.onRole?.('master', true);
  await seconds(1, 0);
  expect(scales()).toEqual([2]);
  made.ratioChanged();
  made.ratioChanged();
  await seconds(1, 0);
  expect(scales()).toEqual([2, 2]);
});
