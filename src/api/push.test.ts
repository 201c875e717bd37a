import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPush, pauseBefore, type PushState } from './push.ts';

/** A socket whose other end is the test. */
class FakeSocket extends EventTarget {
  static all: FakeSocket[] = [];
  closed = false;
  readonly url: string;

  constructor(url: string) {
    super();
    this.url = url;
    FakeSocket.all.push(this);
  }

  close(code = 1005, reason = ''): void {
    if (this.closed) return;
    this.closed = true;
    this.dispatchEvent(new CloseEvent('close', { code, reason }));
  }

  open(): void {
    this.dispatchEvent(new Event('open'));
  }

  tell(message: unknown): void {
    const data = typeof message === 'string' ? message : JSON.stringify(message);
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
}

const READY = { event: 'ready', id: '', data: null };

function setUp() {
  const states: PushState[] = [];
  const messages: unknown[] = [];
  const onOpen = vi.fn();
  const onUnauthenticated = vi.fn();
  const push = createPush({
    url: 'ws://test/api/push',
    WebSocket: FakeSocket as unknown as typeof WebSocket,
    random: () => 1,
    onMessage: (message) => messages.push(message),
    onState: (state) => states.push(state),
    onOpen,
    onUnauthenticated,
  });
  return { push, states, messages, onOpen, onUnauthenticated };
}

function latest(): FakeSocket {
  const socket = FakeSocket.all.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return socket;
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => vi.useRealTimers());

describe('createPush', () => {
  it('is live once all of the present state has come', () => {
    const { push, states, onOpen } = setUp();
    push.start();
    latest().open();
    expect(onOpen).toHaveBeenCalledOnce();
    expect(states).toEqual([{ at: 'connecting' }]);
    latest().tell(READY);
    expect(states.at(-1)).toEqual({ at: 'live' });
  });

  it('leaves out what it does not understand', () => {
    const { push, messages } = setUp();
    push.start();
    latest().tell('{');
    latest().tell({ event: 'weather', id: 'x', data: null });
    latest().tell(READY);
    expect(messages).toEqual([READY]);
  });

  it('comes back by itself after pauses that grow, and starts over once it was live again', () => {
    const { push, states } = setUp();
    push.start();
    latest().close();
    expect(states.at(-1)).toMatchObject({ at: 'waiting', attempt: 1 });
    vi.advanceTimersByTime(399);
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.all).toHaveLength(2);
    latest().close();
    expect(states.at(-1)).toMatchObject({ at: 'waiting', attempt: 2, nextAt: Date.now() + 800 });
    vi.advanceTimersByTime(800);
    latest().open();
    latest().tell(READY);
    latest().close();
    expect(states.at(-1)).toMatchObject({ at: 'waiting', attempt: 1 });
  });

  it('gives up a connection that never opens', () => {
    const { push, states } = setUp();
    push.start();
    vi.advanceTimersByTime(10_000);
    expect(states.at(-1)).toMatchObject({ at: 'waiting', attempt: 1 });
  });

  it('tries at once when woken, and only then', () => {
    const { push } = setUp();
    push.wake();
    expect(FakeSocket.all).toHaveLength(0);
    push.start();
    push.wake();
    expect(FakeSocket.all).toHaveLength(1);
    latest().close();
    push.wake();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it('takes a socket that slept with its computer for dead, and one that was heard of a moment ago for alive', () => {
    const { push, states } = setUp();
    push.start();
    push.wake();
    latest().open();
    latest().tell(READY);
    vi.advanceTimersByTime(15_000);
    latest().tell({ event: 'session', id: 's', data: null });
    vi.advanceTimersByTime(15_000);
    push.wake();
    expect(FakeSocket.all).toHaveLength(1);
    vi.advanceTimersByTime(3600_000);
    push.wake();
    expect(FakeSocket.all.map(({ closed }) => closed)).toEqual([true, false]);
    latest().open();
    latest().tell(READY);
    expect(states.map(({ at }) => at)).toEqual(['connecting', 'live', 'connecting', 'live']);
  });

  it('says when the login has ended, and stays away when that stops it', () => {
    const { push, states, onUnauthenticated } = setUp();
    onUnauthenticated.mockImplementation(() => push.stop());
    push.start();
    latest().close(1006, '');
    expect(onUnauthenticated).not.toHaveBeenCalled();
    vi.advanceTimersByTime(400);
    latest().close(4000, 'unauthenticated');
    expect(onUnauthenticated).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(2);
    expect(states.at(-1)).toEqual({ at: 'stopped' });
  });

  it('stays away when stopped', () => {
    const { push, states } = setUp();
    push.start();
    const socket = latest();
    push.stop();
    expect(socket.closed).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(states.at(-1)).toEqual({ at: 'stopped' });
  });
});

it('pauses are jittered and bounded', () => {
  expect([pauseBefore(1, 0), pauseBefore(1, 1)]).toEqual([200, 400]);
  expect(pauseBefore(50, 1)).toBe(15_000);
});
