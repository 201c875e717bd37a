import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encodeViewerData } from '../contract/xrdp.ts';
import { TestScreen } from './test-support/test-screen.ts';
import { startViewer, type Viewer } from './viewer.ts';

const data = { id: 'session-1234', password: 'ticket-1' };
let root: HTMLElement;
let screen: TestScreen;
let viewer: Viewer | undefined;

function open(address: string) {
  history.replaceState(null, '', address);
  return start();
}

function start() {
  viewer?.dispose();
  viewer = startViewer(root, {
    transport: (id) => ({ kind: 'websocket', url: `ws://localhost/ws/session/${id}` }),
    createScreen: (_canvas, onEvent) => (screen = new TestScreen(onEvent)),
  });
  return viewer;
}

const card = () => root.querySelector('.overlay:not([hidden]) .card')?.textContent ?? '';
const buttonNamed = (name: string) =>
  [...root.querySelectorAll('button')].find(
    (one) => one.textContent === name || one.getAttribute('aria-label') === name,
  );

describe('the viewer page', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal(
      'ResizeObserver',
      class {
        observe() {}
        disconnect() {}
      },
    );
    sessionStorage.clear();
    root = document.createElement('main');
    document.body.append(root);
  });
  afterEach(() => {
    viewer?.dispose();
    viewer = undefined;
    root.remove();
    history.replaceState(null, '', '/');
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('takes the ticket out of the address, says hello with it and shows the session', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    expect(location.href).not.toContain('#');
    expect(JSON.stringify(history.state)).not.toContain('ticket-1');
    expect(screen.opened[0]?.transport).toMatchObject({ url: 'ws://localhost/ws/session/session-1234' });
    expect(JSON.parse(screen.opened[0]?.hello ?? '')).toEqual({ t: 'hello', v: 1, ticket: 'ticket-1' });
    expect(card()).toContain('Connecting');
    screen.accept();
    expect(card()).toBe('');
    expect(root.dataset['state']).toBe('connected');
    expect(document.title).toBe('Solver');
    expect(document.activeElement).toBe(root.querySelector('.desktop textarea'));
  });

  it('comes back after a reload by its resume token', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    start();
    expect(JSON.parse(screen.opened[0]?.hello ?? '')).toEqual({ t: 'hello', v: 1, resume: 'r1' });
  });

  it.each([
    ['/xrdp', 'ticket-missing'],
    ['/xrdp#!!!', 'viewer-data'],
    [`/xrdp#${encodeViewerData({ id: 'session-1234' })}`, 'ticket-missing'],
  ])('says what is wrong with %s and what to do', async (address, code) => {
    open(address);
    await vi.advanceTimersByTimeAsync(0);
    expect(card()).toContain(code);
    expect(card()).toContain('open this one again');
    expect(screen.opened).toEqual([]);
  });

  it('shows a lost connection over the last picture, counts down, and reconnects on a click', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    for (let attempt = 1; attempt <= 4; attempt++) {
      screen.emit({ type: 'closed', code: 1006, reason: '' });
      if (attempt < 4) vi.advanceTimersByTime(5000);
    }
    expect(root.querySelector('.overlay')?.classList.contains('over')).toBe(true);
    expect(card()).toMatch(/Next attempt in [1-3] s/);
    buttonNamed('Reconnect now')?.click();
    expect(screen.opened).toHaveLength(5);
    screen.accept();
    expect(card()).toBe('');
  });

  it('shows the code of a damaged stream and offers to reconnect', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    screen.emit({ type: 'closed', code: 1000, reason: '', error: { code: 'rfb-protocol', detail: 'message 77' } });
    expect(card()).toContain('rfb-protocol');
    expect(card()).toContain('message 77');
    buttonNamed('Reconnect')?.click();
    expect(screen.opened).toHaveLength(2);
  });

  it('speaks the language and has the colours that were chosen in the portal of this origin', () => {
    localStorage.setItem('casement.locale', 'de');
    localStorage.setItem('casement.theme', 'light');
    try {
      start();
      expect(document.documentElement.lang).toBe('de');
      expect(document.documentElement.dataset['theme']).toBe('light');
    } finally {
      localStorage.clear();
    }
  });

  it('disconnects by its toolbar, and sends the keys a browser keeps', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    buttonNamed('Ctrl + Alt + Del')?.click();
    expect(screen.keys).toEqual(['+ffe3', '+ffe9', '+ffff', '-ffff', '-ffe9', '-ffe3']);
    buttonNamed('Disconnect')?.click();
    expect(card()).toContain('The session goes on');
  });

  it('leaves the keyboard with the desktop when the toolbar is clicked', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    const pressed = new MouseEvent('mousedown', { bubbles: true, cancelable: true });
    buttonNamed('Send keys')?.dispatchEvent(pressed);
    expect(pressed.defaultPrevented).toBe(true);
  });

  it('hands the keyboard to what waits for an answer, else to the toolbar, on Ctrl+Alt+Shift', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    const desktop = root.querySelector<HTMLElement>('.desktop');
    const leave = () => {
      desktop?.focus();
      const all = { ctrlKey: true, altKey: true, shiftKey: true };
      for (const type of ['keydown', 'keyup']) {
        for (const name of ['Control', 'Alt', 'Shift']) {
          desktop?.dispatchEvent(new KeyboardEvent(type, { key: name, code: `${name}Left`, location: 1, ...all }));
        }
      }
    };
    leave();
    expect(document.activeElement?.closest('.toolbar')).not.toBeNull();
    document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(document.activeElement?.parentElement).toBe(desktop);
    screen.say({
      t: 'clientcomm',
      message: { type: 'fx-notify', number: 3, data: '{"message":"m","buttons":["Yes"]}' },
    });
    leave();
    expect(document.activeElement?.textContent).toBe('Yes');
  });

  it('answers a question of the session over the socket it came by', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    screen.say({
      t: 'clientcomm',
      message: { type: 'fx-notify', number: 3, data: '{"message":"m","buttons":["Yes"]}' },
    });
    buttonNamed('Yes')?.click();
    expect(screen.texts).toContain('{"t":"answer","answer":{"number":3,"data":"{\\"button\\":\\"Yes\\"}"}}');
  });

  it('takes questions of one session down when the page around it opens another', () => {
    const parent = { postMessage: () => undefined };
    vi.stubGlobal('parent', parent);
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    screen.say({
      t: 'clientcomm',
      message: { type: 'fx-notify', number: 3, data: '{"message":"m","buttons":["Yes"]}' },
    });
    const body = { id: 'session-5678', password: 'ticket-2' };
    const source = parent as unknown as Window;
    window.dispatchEvent(
      new MessageEvent('message', { data: { v: 1, msg: 'ticket', body }, origin: location.origin, source }),
    );
    expect(screen.opened.at(-1)?.transport).toMatchObject({ url: 'ws://localhost/ws/session/session-5678' });
    expect(buttonNamed('Yes')).toBeUndefined();
    vi.advanceTimersByTime(10_000);
    expect(screen.opened).toHaveLength(2);
  });

  it('only watches when its role is to watch', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept({ role: 'viewer' });
    const desktop = root.querySelector('.desktop');
    desktop?.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', code: 'KeyA' }));
    expect(screen.keys).toEqual([]);
    expect(root.querySelector('.bar-status')?.textContent).toBe('Watching only');
    screen.say({ t: 'role', role: 'controller' });
    desktop?.dispatchEvent(new KeyboardEvent('keydown', { key: 'a', code: 'KeyA' }));
    expect(screen.keys).toEqual(['+61']);
  });

  it('lets a guest wait with a word for it', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept({ role: 'inactive' });
    expect(card()).toContain('Waiting to be let in');
    screen.say({ t: 'role', role: 'viewer' });
    expect(card()).toBe('');
  });

  it('says that the session has ended, and with which code', () => {
    open(`/xrdp#${encodeViewerData(data)}`);
    screen.accept();
    screen.say({ t: 'ended', exitCode: 3, reason: 'command' });
    expect(card()).toContain('The session has ended');
    expect(card()).toContain('3');
    expect(viewer?.state.state).toBe('ended');
  });

  it('speaks German where the portal says so', () => {
    open(`/xrdp#${encodeViewerData({ ...data, ui: { locale: 'de-DE' } })}`);
    expect(card()).toContain('Verbinden');
    expect(document.documentElement.lang).toBe('de');
  });
});
