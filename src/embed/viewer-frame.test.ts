import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Envelope } from './messages.ts';
import { createViewer, type CreateViewerOptions, type ViewerHandle } from './viewer-frame.ts';

const VIEWER = 'https://viewer.example';
const made: ViewerHandle[] = [];

function make(options: Partial<CreateViewerOptions> = {}) {
  const target = document.createElement('div');
  document.body.append(target);
  const handle = createViewer(target, { url: `${VIEWER}/xrdp#data`, ...options });
  made.push(handle);
  const posted: { message: Envelope; target: unknown }[] = [];
  const inside = handle.element.contentWindow;
  if (!inside) throw new Error('the frame has no window');
  vi.spyOn(inside, 'postMessage').mockImplementation((message: unknown, target: unknown) => {
    posted.push({ message: Envelope.parse(message), target });
  });
  const say = (data: unknown, origin = VIEWER, source: Window | null = inside) =>
    window.dispatchEvent(new MessageEvent('message', { data, origin, source }));
  return { handle, posted, say, target };
}
const settle = () => vi.advanceTimersByTimeAsync(0);

describe('a viewer in a page', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    for (const handle of made.splice(0)) handle.dispose();
    document.body.replaceChildren();
    vi.useRealTimers();
  });

  it('is a frame that may use the clipboard and the full screen, and that tells only its origin', () => {
    const { handle } = make({ title: 'Solver' });
    expect(handle.element.src).toBe(`${VIEWER}/xrdp#data`);
    expect(handle.element.allow).toBe('fullscreen; clipboard-read; clipboard-write; keyboard-map');
    expect(handle.element.title).toBe('Solver');
    expect(handle.element.referrerPolicy).toBe('strict-origin');
  });

  it('hears its own frame, typed and checked, and keeps its state', () => {
    const { handle, say } = make();
    const states = vi.fn();
    const resized = vi.fn();
    handle.on('state', states);
    handle.on('resize', resized);
    say({ msg: 'state', body: { state: 'reconnecting', attempt: 2, nextAt: 5 } });
    say({ msg: 'resize', body: { width: 'wide' } });
    say('nonsense');
    expect(states).toHaveBeenCalledTimes(1);
    expect(handle.state).toEqual({ state: 'reconnecting', attempt: 2, nextAt: 5 });
    expect(resized).not.toHaveBeenCalled();
  });

  it('tells whoever waits for the first picture that there will be none once it is removed', async () => {
    const { handle, say } = make();
    const connected = [handle.connected(), handle.connected()];
    const outcomes = Promise.allSettled(connected);
    say({ msg: 'state', body: { state: 'connecting' } });
    handle.dispose();
    expect(await outcomes).toMatchObject(connected.map(() => ({ reason: { name: 'disconnected' } })));
    await expect(handle.connected()).rejects.toMatchObject({ name: 'disconnected' });
  });

  it('does not hear other windows, nor other origins', () => {
    const { handle, say } = make();
    const other = make();
    const heard = vi.fn();
    handle.on('error', heard);
    say({ msg: 'error', body: 'x' }, 'https://evil.example');
    say({ msg: 'error', body: 'x' }, VIEWER, window);
    say({ msg: 'error', body: 'x' }, VIEWER, null);
    other.say({ msg: 'error', body: 'x' });
    expect(heard).not.toHaveBeenCalled();
    say({ msg: 'error', body: 'gone', code: 'kicked' });
    expect(heard).toHaveBeenCalledWith('gone', 'kicked');
  });

  it('asks by number and only the viewer’s origin, and takes the answer of that number', async () => {
    const { handle, posted, say } = make();
    const one = handle.post('scaling', { mode: 'fit' });
    const two = handle.post('focus');
    expect(posted).toEqual([
      { message: { v: 1, msg: 'scaling', number: 1, body: { mode: 'fit' } }, target: VIEWER },
      { message: { v: 1, msg: 'focus', number: 2, body: {} }, target: VIEWER },
    ]);
    say({ msg: 'focus', number: 2, error: { name: 'denied', message: 'no' } });
    say({ msg: 'scaling', number: 1, result: { ok: true } });
    await expect(one).resolves.toEqual({ ok: true });
    await expect(two).rejects.toMatchObject({ name: 'denied', message: 'no' });
  });

  it('rejects what is not answered in time, and all when it is removed', async () => {
    const { handle, target } = make();
    const slow = handle.post('focus', {}, 1000);
    slow.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(slow).rejects.toMatchObject({ name: 'timeout' });
    const cut = handle.post('focus');
    cut.catch(() => undefined);
    handle.dispose();
    await expect(cut).rejects.toMatchObject({ name: 'disconnected' });
    await expect(handle.post('focus')).rejects.toMatchObject({ name: 'disconnected' });
    expect(target.childElementCount).toBe(0);
  });

  it('answers a custom type with what the handler returns, and says when it takes its time', async () => {
    const { posted, say } = make({
      onMessage: ({ type, data, query }) => (type === 'slow' ? Promise.resolve({ type, data, query }) : 'at once'),
    });
    say({ msg: 'quick', number: 4, body: 1 });
    await settle();
    say({ msg: 'slow', number: 5, body: 2, from: 'c1' });
    await settle();
    expect(posted.map(({ message }) => message)).toEqual([
      { v: 1, msg: 'quick', number: 4, result: 'at once' },
      { v: 1, msg: 'slow', number: 5, ack: true },
      { v: 1, msg: 'slow', number: 5, result: { type: 'slow', data: 2, query: true } },
    ]);
  });

  it('answers an error when the handler throws or there is none', async () => {
    const failing = make({
      onMessage: () => {
        throw new Error('out of paper');
      },
    });
    failing.say({ msg: 'print', number: 1, body: 1 });
    await settle();
    expect(failing.posted[0]?.message.error).toEqual({ name: 'internal', message: 'out of paper' });
    const none = make();
    const heard = vi.fn();
    none.handle.on('message', heard);
    none.say({ msg: 'print', number: 1, body: { copies: 2 } });
    expect(none.posted[0]?.message.error).toMatchObject({ name: 'unhandled' });
    expect(heard.mock.calls[0]?.[0]).toEqual({ type: 'print', data: { copies: 2 }, from: undefined, query: true });
  });

  it('gives a ticket when it is asked, or says that it has none', async () => {
    const { posted, say } = make({ getTicket: () => Promise.resolve({ id: 'session-1234', password: 'ticket' }) });
    say({ msg: 'security.password', number: 1, body: {} });
    await settle();
    expect(posted.at(-1)).toEqual({
      message: {
        v: 1,
        msg: 'security.password',
        number: 1,
        body: { id: 'session-1234', password: 'ticket' },
        result: { id: 'session-1234', password: 'ticket' },
      },
      target: VIEWER,
    });
    const none = make();
    none.say({ msg: 'security.password', number: 1, body: {} });
    await settle();
    expect(none.posted.at(-1)?.message.error).toMatchObject({ name: 'ticket-missing' });
  });
});
