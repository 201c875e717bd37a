import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { keepAlive } from './keep-alive.ts';

/** As much of a socket as the watch looks at. */
class Peer extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  pings = 0;
  ping(): void {
    this.pings++;
  }
  terminate(): void {
    this.emit('close');
  }
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watch() {
  const peer = new Peer();
  const wire = { bytesWritten: 0, writableLength: 0 };
  // Stands in for what is used of the two.
  keepAlive(peer as unknown as WebSocket, wire as unknown as Socket, 1000);
  let gone = false;
  peer.once('close', () => {
    gone = true;
  });
  return { peer, wire, gone: () => gone };
}

it('lets go of a peer that gives no sign of life', () => {
  const { peer, gone } = watch();
  vi.advanceTimersByTime(2000);
  expect([peer.pings, gone()]).toEqual([2, false]);
  vi.advanceTimersByTime(1000);
  expect(gone()).toBe(true);
});

it.each(['pong', 'message'])('keeps one that sends a %s', (event) => {
  const { peer, gone } = watch();
  for (let i = 0; i < 10; i++) {
    vi.advanceTimersByTime(1000);
    peer.emit(event);
  }
  expect(gone()).toBe(false);
});

it('keeps one on a slow line, whose pong waits behind what is still being sent', () => {
  const { wire, gone } = watch();
  wire.writableLength = 4_000_000;
  wire.bytesWritten = 4_000_000;
  for (let i = 0; i < 10; i++) {
    wire.writableLength -= 20_000;
    vi.advanceTimersByTime(1000);
  }
  expect(gone()).toBe(false);
  vi.advanceTimersByTime(3000);
  expect(gone()).toBe(true);
});

it('stops watching with the socket', async () => {
  const { peer } = watch();
  const closed = once(peer, 'close');
  peer.emit('close');
  await closed;
  vi.advanceTimersByTime(5000);
  expect(peer.pings).toBe(0);
});
