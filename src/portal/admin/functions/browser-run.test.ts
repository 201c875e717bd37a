import { expect, it, vi } from 'vitest';
import type { FromDryRun } from './browser-run.ts';
import { runInBrowser } from './browser-run.ts';

/** A worker that says what the test makes it say. */
function fakeWorker() {
  const target = new EventTarget();
  return Object.assign(target, {
    postMessage: vi.fn(),
    terminate: vi.fn(),
    say: (data: FromDryRun) => target.dispatchEvent(new MessageEvent('message', { data })),
  });
}

it('gives what the worker gave, and ends it', async () => {
  const worker = fakeWorker();
  const ran = runInBrowser('text', '{}', () => worker);
  expect(worker.postMessage).not.toHaveBeenCalled();
  worker.say({ type: 'ready' });
  expect(worker.postMessage).toHaveBeenCalledWith({ text: 'text', input: '{}' });
  worker.say({ type: 'ran', outcome: { state: 'returned', result: 1 }, logs: ['a'], ms: 2 });
  expect(await ran).toEqual({ outcome: { state: 'returned', result: 1 }, logs: ['a'], ms: 2 });
  expect(worker.terminate).toHaveBeenCalledOnce();
});

it('ends a worker that does not answer within a second of the call', async () => {
  vi.useFakeTimers();
  try {
    const worker = fakeWorker();
    const ran = runInBrowser('text', '{}', () => worker);
    // However long the engine takes to load.
    vi.advanceTimersByTime(60_000);
    expect(worker.terminate).not.toHaveBeenCalled();
    worker.say({ type: 'ready' });
    vi.advanceTimersByTime(1000);
    expect((await ran).outcome).toMatchObject({ state: 'failed', failure: { cause: 'time' } });
    expect(worker.terminate).toHaveBeenCalledOnce();
  } finally {
    vi.useRealTimers();
  }
});

it('says when the engine could not be loaded', async () => {
  const worker = fakeWorker();
  const ran = runInBrowser('text', '{}', () => worker);
  worker.say({ type: 'broken', message: 'no wasm' });
  expect((await ran).outcome).toEqual({ state: 'failed', failure: { cause: 'engine', message: 'no wasm' } });
});
