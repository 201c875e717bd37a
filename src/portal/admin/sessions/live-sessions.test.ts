import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Api } from '../../../api/client.ts';
import type { Session } from '../../../contract/session.ts';
import { createLiveSessions } from './live-sessions.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('shows the list of a slow server although a proxy lets no socket through', async () => {
  const answers: ((sessions: Session[]) => void)[] = [];
  const api = { call: () => new Promise((resolve) => answers.push(resolve)) } as unknown as Api;
  const connect = () => {
    const socket = new EventTarget();
    queueMicrotask(() => socket.dispatchEvent(new Event('close')));
    return Object.assign(socket, { close: () => undefined }) as unknown as WebSocket;
  };
  const live = createLiveSessions(api, connect);
  const stop = live.run();
  await vi.advanceTimersByTimeAsync(12_000);
  answers[0]?.([{ id: 'one' } as Session]);
  await vi.advanceTimersByTimeAsync(0);
  expect(live.store.getState().sessions).toEqual([{ id: 'one' }]);
  await vi.advanceTimersByTimeAsync(12_000);
  answers.at(-1)?.([{ id: 'two' } as Session]);
  await vi.advanceTimersByTimeAsync(0);
  expect(live.store.getState().sessions).toEqual([{ id: 'two' }]);
  stop();
});
