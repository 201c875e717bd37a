/** What a role, a profile or a permission forbids is not in the bar; the server refuses it besides. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClipboardMode, FileTransfer } from '../contract/allowances.ts';
import type { Role } from '../contract/session.ts';
import { encodeViewerData, type ViewerUi } from '../contract/xrdp.ts';
import { TestScreen } from './test-support/test-screen.ts';
import { startViewer, type Viewer } from './viewer.ts';

let root: HTMLElement;
let screen: TestScreen;
let viewer: Viewer;

/** A browser that can do everything, with a mouse and a touch screen. */
beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      disconnect() {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener() {}, removeEventListener() {} }));
  Object.assign(HTMLElement.prototype, { requestPointerLock: () => Promise.resolve() });
  Object.defineProperty(document, 'fullscreenEnabled', { configurable: true, value: true });
  sessionStorage.clear();
  root = document.createElement('main');
  document.body.append(root);
});
afterEach(() => {
  viewer.dispose();
  root.remove();
  Reflect.deleteProperty(HTMLElement.prototype, 'requestPointerLock');
  Reflect.deleteProperty(document, 'fullscreenEnabled');
  history.replaceState(null, '', '/');
  vi.unstubAllGlobals();
});

interface Given {
  role?: Role;
  /** What the server makes of role, profile and permission. */
  clipboard?: ClipboardMode;
  files?: FileTransfer | undefined;
  windowMode?: 'desktop' | 'rootless';
  ui?: ViewerUi;
  canResize?: boolean;
}

function connect({ role = 'master', clipboard = 'off', files, windowMode, ui, canResize = true }: Given): void {
  history.replaceState(
    null,
    '',
    `/xrdp#${encodeViewerData({ id: 'session-1234', password: 't', ...(ui ? { ui } : {}) })}`,
  );
  viewer = startViewer(root, {
    transport: () => ({ kind: 'websocket', url: 'ws://localhost/ws/session/session-1234' }),
    createScreen: (_canvas, onEvent) => (screen = new TestScreen(onEvent)),
  });
  screen.accept({
    role,
    session: { id: 'session-1234', name: 'Solver', windowMode: windowMode ?? 'desktop' },
    ...(files === undefined ? {} : { files: { key: 'k', transfer: files } }),
  });
  screen.say({ t: 'clip.mode', mode: clipboard });
  screen.emit({ type: 'capabilities', setDesktopSize: canResize } as never);
}

const shown = (element: Element) => element.closest('[hidden]') === null;
const label = (element: Element) => element.getAttribute('aria-label') ?? element.textContent ?? '';
/** Of the bar, without what is open beside it. */
const tools = () =>
  [...root.querySelectorAll('.bar-tools .icon-button')]
    .filter((one) => shown(one) && !one.closest('.menu, .panel'))
    .map(label);
const entries = (menu: string) =>
  [...root.querySelectorAll(`[role="menu"][aria-label="${menu}"] button`)].map((one) => one.textContent);
const tool = (name: string) => root.querySelector<HTMLElement>(`.bar-tools [aria-label="${name}"]`);

const WATCHING = ['Size', 'Picture', 'Statistics', 'Full screen', 'Settings'];
const IN_CONTROL = [
  'Keys on the screen',
  'Touch',
  'Size',
  'Full screen',
  'Send keys',
  'Keyboard',
  'Picture',
  'Open a second monitor',
  'Statistics',
  'Lock the pointer (3D)',
  'Settings',
];

describe('the bar', () => {
  it.each<[string, Given, string[]]>([
    ['the owner', { clipboard: 'both', files: 'both' }, [...IN_CONTROL, 'Clipboard', 'Files']],
    ['who was given control', { role: 'controller' }, IN_CONTROL],
    ['who watches', { role: 'viewer' }, WATCHING],
    ['the owner who gave control away', { role: 'master-viewer' }, WATCHING],
    ['who waits to be let in', { role: 'inactive' }, ['Statistics', 'Full screen', 'Settings']],
    ['an owner whose profile and permissions forbid it all', {}, IN_CONTROL],
    ['paste into the session only', { clipboard: 'to-remote' }, [...IN_CONTROL, 'Clipboard']],
    ['copies out of the session only', { clipboard: 'to-local' }, [...IN_CONTROL, 'Clipboard']],
    ['files into the session only', { files: 'upload' }, [...IN_CONTROL, 'Files']],
    ['files out of the session only', { files: 'download' }, [...IN_CONTROL, 'Files']],
    ['no files by a key that is good for none', { files: 'off' }, IN_CONTROL],
    ['a session without a desktop', { windowMode: 'rootless' }, [...IN_CONTROL, 'Windows']],
    ['who watches a session without a desktop', { windowMode: 'rootless', role: 'viewer' }, WATCHING],
    ['an X server that cannot be resized', { canResize: false }, IN_CONTROL.filter((one) => !one.startsWith('Open a'))],
    [
      'the owner in a page that is only to watch',
      { ui: { viewOnly: true }, clipboard: 'both', files: 'both' },
      [...WATCHING, 'Clipboard'],
    ],
    ['the same, where copies go in only', { ui: { viewOnly: true }, clipboard: 'to-remote' }, WATCHING],
  ])('of %s', (_who, given, expected) => {
    connect(given);
    expect(tools().toSorted()).toEqual(expected.toSorted());
  });

  it('follows a role that is taken and given', () => {
    connect({ files: 'both' });
    const before = tools();
    screen.say({ t: 'role', role: 'viewer' });
    expect(tools().toSorted()).toEqual(WATCHING.toSorted());
    screen.say({ t: 'role', role: 'master' });
    expect(tools()).toEqual(before);
  });

  it('has no full screen where the browser or the page around it gives none', () => {
    Object.defineProperty(document, 'fullscreenEnabled', { configurable: true, value: false });
    connect({});
    expect(tools()).not.toContain('Full screen');
  });

  it('promises a session that follows the window only to whom it follows', () => {
    const follows = 'Session follows the window';
    connect({});
    expect(entries('Size')).toContain(follows);
    screen.say({ t: 'role', role: 'viewer' });
    expect(entries('Size')).toEqual(['Shrink where the window is smaller', 'Scale to the window', 'Original size']);
    expect(root.querySelector('[role="menu"][aria-label="Size"] [aria-checked="true"]')?.textContent).toContain(
      'Shrink',
    );
    screen.say({ t: 'role', role: 'controller' });
    expect(entries('Size')).toContain(follows);
    screen.emit({ type: 'capabilities', setDesktopSize: false } as never);
    expect(entries('Size')).not.toContain(follows);
  });
});

/** A panel's code is loaded when it is opened, and this machine may have other things to do. */
const LOADED = { timeout: 20_000 };

describe('a panel', () => {
  const IN = 'Put on the session’s clipboard';
  const OUT = 'Copy to this computer';

  it.each<[ClipboardMode, ViewerUi, string[]]>([
    ['both', {}, [OUT, IN]],
    ['to-remote', {}, [IN]],
    ['to-local', {}, [OUT]],
    ['both', { viewOnly: true }, [OUT]],
  ])('of the clipboard in mode %s, %o', async (clipboard, ui, expected) => {
    connect({ clipboard, ui });
    tool('Clipboard')?.click();
    await vi.waitFor(() => expect(root.querySelector('.clip')).not.toBeNull(), LOADED);
    expect([...root.querySelectorAll('.clip-buttons button')].map(label)).toEqual(expected);
    // What is taken away meanwhile is not left open.
    screen.say({ t: 'clip.mode', mode: 'off' });
    expect(tools()).not.toContain('Clipboard');
    expect(root.querySelector('.clip')).toBeNull();
  });

  it.each<[FileTransfer, boolean, string]>([
    ['both', true, 'button'],
    ['upload', true, 'span'],
    ['download', false, 'button'],
  ])('of files for %s', async (files, upload, row) => {
    const entry = { name: 'results.csv', kind: 'file', size: 3, modified: 1 };
    vi.stubGlobal('fetch', () =>
      Promise.resolve(
        Response.json({ result: { path: '/home/bob', home: '/home/bob', entries: [entry], truncated: false } }),
      ),
    );
    connect({ files });
    tool('Files')?.click();
    await vi.waitFor(() => expect(root.querySelector('.files-list li')).not.toBeNull(), LOADED);
    expect(root.querySelector('.files-upload') !== null).toBe(upload);
    expect(root.querySelector('.files-list li')?.firstElementChild?.localName).toBe(row);
    // The role is taken: the panel goes with it.
    screen.say({ t: 'role', role: 'viewer' });
    expect(root.querySelector('.files')).toBeNull();
  });

  it('of the picture has the size of text for whoever is in control only', async () => {
    connect({});
    tool('Picture')?.click();
    await vi.waitFor(() => expect(root.querySelector('.picture')).not.toBeNull(), LOADED);
    const sizes = () => [...root.querySelectorAll('.picture legend')].filter(shown).map(label);
    expect(sizes()).toEqual(['Size of text and windows', 'Quality']);
    screen.say({ t: 'role', role: 'viewer' });
    expect(root.querySelector('.picture')).toBeNull();
    tool('Picture')?.click();
    await vi.waitFor(() => expect(sizes()).toEqual(['Quality']), LOADED);
  });
});

it('closes a menu whose tool is taken away, and offers it closed when it comes back', () => {
  connect({});
  const menu = tool('Send keys');
  menu?.click();
  expect(menu?.getAttribute('aria-expanded')).toBe('true');
  screen.say({ t: 'role', role: 'viewer' });
  screen.say({ t: 'role', role: 'master' });
  expect(tool('Send keys')?.getAttribute('aria-expanded')).toBe('false');
});

it('offers to put a deadline off to whoever can, also when that changes while it runs', () => {
  const deadline = { reason: 'idle-disconnected', at: Date.now() + 60_000, extendable: true };
  connect({});
  screen.say({ t: 'deadline', deadline });
  const offered = () => root.querySelector('.deadline button') !== null;
  expect(offered()).toBe(true);
  screen.say({ t: 'role', role: 'viewer' });
  expect(offered()).toBe(false);
  expect(root.querySelector('.deadline')).not.toBeNull();
  screen.say({ t: 'role', role: 'controller' });
  expect(offered()).toBe(true);
});
