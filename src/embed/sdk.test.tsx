import { act, render } from '@testing-library/react';
import { createRef } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeViewerData, encodeViewerData } from '../contract/xrdp.ts';
import { CasementViewerElement, defineViewerElement } from './element.ts';
import { Envelope, FROM_PARENT, isFromParentName } from './messages.ts';
import { CasementViewer } from './react/CasementViewer.tsx';
import { createViewer, type CreateViewerOptions, type ViewerHandle } from './viewer-frame.ts';

const VIEWER = 'https://viewer.example';
const ADDRESS = `${VIEWER}/xrdp#${encodeViewerData({ id: 'session-1234', password: 'ticket', geometry: 'größer' })}`;
const made: ViewerHandle[] = [];

/** The frame's own side: what was sent to it, and a way to speak for it. */
function inside(frame: HTMLIFrameElement) {
  const posted: Envelope[] = [];
  const source = frame.contentWindow;
  if (!source) throw new Error('the frame has no window');
  vi.spyOn(source, 'postMessage').mockImplementation((message: unknown) => void posted.push(Envelope.parse(message)));
  const say = (data: unknown) => window.dispatchEvent(new MessageEvent('message', { data, origin: VIEWER, source }));
  return { posted, say };
}

function make(options: CreateViewerOptions = { url: ADDRESS }) {
  const target = document.createElement('div');
  document.body.append(target);
  const handle = createViewer(target, options);
  made.push(handle);
  return { handle, ...inside(handle.element) };
}
const settle = () => vi.advanceTimersByTimeAsync(0);
const dataOf = (frame: HTMLIFrameElement) => decodeViewerData(new URL(frame.src).hash.slice(1));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  for (const handle of made.splice(0)) handle.dispose();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe('what a viewer is made from', () => {
  it('adds wishes about its looks to the data of its address', () => {
    const { handle } = make({ url: ADDRESS, ui: { toolbar: false }, scaling: 'fit', locale: 'de', view: 'view-only' });
    expect(dataOf(handle.element)).toEqual({
      ok: true,
      data: {
        id: 'session-1234',
        password: 'ticket',
        geometry: 'größer',
        ui: { toolbar: false, scaling: 'fit', locale: 'de', viewOnly: true },
      },
    });
  });

  it('leaves an address alone that has no data, or none that can be read', () => {
    expect(make({ url: `${VIEWER}/xrdp#%%%`, theme: 'light' }).handle.element.src).toBe(`${VIEWER}/xrdp#%%%`);
    expect(make({ url: `${VIEWER}/xrdp`, theme: 'light' }).handle.element.src).toBe(`${VIEWER}/xrdp`);
  });

  it('takes the answer of connect as it is', () => {
    const ticket = { url: ADDRESS, id: 'session-1234', password: 'ticket' };
    expect(make({ ticket }).handle.element.src).toBe(ADDRESS);
  });

  it('asks for its first ticket, and for a new one when the viewer needs it', async () => {
    const getTicket = vi.fn(() => Promise.resolve({ url: ADDRESS, id: 'session-1234', password: 'next' }));
    const { handle } = make({ getTicket, theme: 'light' });
    expect(handle.element.src).toBe('');
    await settle();
    const { say, posted } = inside(handle.element);
    expect(dataOf(handle.element)).toMatchObject({ ok: true, data: { ui: { theme: 'light' } } });
    say({ msg: 'security.password', number: 1, body: {} });
    await settle();
    expect(posted.at(-1)).toMatchObject({
      number: 1,
      body: { id: 'session-1234', password: 'next', ui: { theme: 'light' } },
    });
    expect(posted.at(-1)?.body).not.toHaveProperty('url');
    expect(getTicket).toHaveBeenCalledTimes(2);
  });

  it('tells by its state when there is no first ticket', async () => {
    const { handle } = make({ getTicket: () => Promise.reject(new Error('the server is down')) });
    await settle();
    expect(handle.state).toEqual({
      state: 'disconnected',
      code: 'internal',
      reason: 'the server is down',
      recoverable: false,
    });
    await expect(handle.connected()).rejects.toMatchObject({ name: 'internal' });
  });

  it('needs one of the three', () => {
    expect(() => make({})).toThrow('url, ticket or getTicket');
  });
});

describe('commands', () => {
  it('are all of the names that the viewer knows, with bodies that it takes', () => {
    const { handle, posted } = make();
    const answers = [
      handle.disconnect(),
      handle.reconnect(),
      handle.blur(),
      handle.fullscreen(),
      handle.fullscreen(true),
      handle.clipboard('x'),
      handle.keys('ctrl-alt-delete'),
      handle.keys([0xffe3, 0x61]),
      handle.scaling('fit'),
      handle.settings({ '2': { width: 800, height: 600 } }),
      handle.requestRole('controller'),
      handle.screenshot(),
      handle.ticket({ id: 'session-1234', password: 'x' }),
      handle.send('acme', { a: [1, null] }),
      handle.post('focus'),
    ];
    for (const answer of answers) answer.catch(() => undefined);
    expect(posted).toHaveLength(answers.length);
    for (const { msg, body } of posted) {
      expect([msg, isFromParentName(msg) && FROM_PARENT[msg].safeParse(body).success]).toEqual([msg, true]);
    }
    const sent = new Set(posted.map(({ msg }) => msg));
    const answersOnly = ['security.password', 'security.none'];
    expect(Object.keys(FROM_PARENT).filter((name) => !sent.has(name))).toEqual(answersOnly);
  });

  it('take as long as the page allows', async () => {
    const { handle } = make({ url: ADDRESS, timeout: 50 });
    const answer = handle.blur();
    answer.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(50);
    await expect(answer).rejects.toMatchObject({ name: 'timeout' });
  });

  it('wait for the first picture', async () => {
    const { handle, say } = make();
    const connected = handle.connected();
    say({ msg: 'state', body: { state: 'connecting' } });
    say({ msg: 'state', body: { state: 'connected' } });
    await expect(connected).resolves.toBeUndefined();
    say({ msg: 'state', body: { state: 'ended' } });
    await expect(handle.connected()).rejects.toMatchObject({ name: 'session-not-running' });
  });
});

describe('messages of a type of one’s own', () => {
  it('are answered by the handler of their type, then by the one for all others', async () => {
    const { handle, say, posted } = make({ url: ADDRESS, onMessage: ({ type }) => `other ${type}` });
    handle.onMessage('save', ({ data }) => ({ saved: data }));
    say({ msg: 'save', number: 1, body: 'draft' });
    say({ msg: 'print', number: 2, body: 'draft' });
    await settle();
    expect(posted.map(({ number, result }) => [number, result])).toEqual([
      [1, { saved: 'draft' }],
      [2, 'other print'],
    ]);
  });

  it('of several handlers, are answered by the first that has something to say', async () => {
    const { handle, say, posted } = make();
    const heard = vi.fn();
    handle.onMessage('save', heard);
    handle.onMessage('save', () => Promise.resolve('second'));
    const remove = handle.onMessage('save', () => 'third');
    say({ msg: 'save', number: 1 });
    await settle();
    expect(heard).toHaveBeenCalledTimes(1);
    expect(posted.filter(({ result }) => result !== undefined)).toMatchObject([{ number: 1, result: 'second' }]);
    remove();
  });

  it('are unhandled again when their handler is gone', async () => {
    const { handle, say, posted } = make();
    handle.onMessage('save', () => 'x')();
    say({ msg: 'save', number: 1 });
    await settle();
    expect(posted[0]?.error?.name).toBe('unhandled');
  });

  it('may be spelled like anything', async () => {
    const { handle, say, posted } = make();
    handle.onMessage('__proto__', () => 'mine');
    say({ msg: '__proto__', number: 1 });
    say({ msg: 'constructor', number: 2 });
    await settle();
    expect(posted.map((one) => one.result ?? one.error?.name)).toEqual(['unhandled', 'mine']);
  });

  it('that are no question reach their handler and get no answer', async () => {
    const { handle, say, posted } = make();
    const heard = vi.fn(() => 'nobody asked');
    handle.onMessage('save', heard);
    say({ msg: 'save', body: 1, from: 'session' });
    await settle();
    expect(heard).toHaveBeenCalledWith({ type: 'save', data: 1, from: 'session', query: false });
    expect(posted).toEqual([]);
  });
});

describe('<casement-viewer>', () => {
  it('shows what its attributes say, tells events, and goes with its element', async () => {
    defineViewerElement();
    defineViewerElement();
    document.body.innerHTML = `<casement-viewer url="${ADDRESS}" title="Solver" scaling="fit" view="view-only"></casement-viewer>`;
    const element = document.querySelector('casement-viewer');
    if (!(element instanceof CasementViewerElement)) throw new Error('not defined');
    await settle();
    const frame = element.querySelector('iframe');
    if (!frame) throw new Error('no frame');
    expect(frame.title).toBe('Solver');
    expect(dataOf(frame)).toMatchObject({ data: { ui: { scaling: 'fit', viewOnly: true } } });
    const heard: unknown[] = [];
    for (const name of ['state', 'error', 'message']) {
      element.addEventListener(name, (event) => heard.push(event instanceof CustomEvent ? event.detail : undefined));
    }
    const { say } = inside(frame);
    say({ msg: 'state', body: { state: 'connecting' } });
    say({ msg: 'error', body: 'gone', code: 'kicked' });
    say({ msg: 'acme', body: 1 });
    expect(heard).toEqual([
      { state: 'connecting' },
      { message: 'gone', code: 'kicked' },
      { type: 'acme', data: 1, from: undefined, query: false },
    ]);
    element.setAttribute('url', `${VIEWER}/xrdp`);
    expect(element.querySelectorAll('iframe')).toHaveLength(1);
    expect(element.querySelector('iframe')?.src).toBe(`${VIEWER}/xrdp`);
    element.remove();
    expect(element.viewer).toBeUndefined();
    expect(element.childElementCount).toBe(0);
  });

  it('waits for its properties', async () => {
    defineViewerElement();
    const element = new CasementViewerElement();
    document.body.append(element);
    element.ticket = { url: ADDRESS };
    element.handler = () => 'mine';
    await settle();
    expect(element.querySelector('iframe')?.src).toBe(ADDRESS);
    element.remove();
  });
});

describe('<CasementViewer>', () => {
  it('keeps its frame while only handlers change, and makes a new one for another session', () => {
    const ref = createRef<ViewerHandle | null>();
    const first = vi.fn();
    const second = vi.fn();
    const { rerender, container, unmount } = render(<CasementViewer ref={ref} url={ADDRESS} onState={first} />);
    const frame = container.querySelector('iframe');
    if (!frame) throw new Error('no frame');
    expect(ref.current?.element).toBe(frame);
    const { say } = inside(frame);
    rerender(<CasementViewer ref={ref} url={ADDRESS} onState={second} />);
    expect(container.querySelector('iframe')).toBe(frame);
    act(() => void say({ msg: 'state', body: { state: 'connecting' } }));
    expect(first).not.toHaveBeenCalled();
    expect(second).toHaveBeenCalledWith({ state: 'connecting' });
    rerender(<CasementViewer ref={ref} url={`${VIEWER}/xrdp`} />);
    expect(container.querySelectorAll('iframe')).toHaveLength(1);
    expect(container.querySelector('iframe')).not.toBe(frame);
    unmount();
    expect(container.querySelectorAll('iframe')).toHaveLength(0);
  });
});
