import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Gate } from './gate.ts';
import { Input } from './input.ts';
import { isPasteKey } from './paste-key.ts';

const flushed = () => vi.advanceTimersByTimeAsync(0);

describe('the gate for keys that paste', () => {
  let sent: string[];
  let gate: Gate;
  beforeEach(() => {
    vi.useFakeTimers();
    sent = [];
    gate = new Gate({
      key: (down, keysym) => sent.push(`${down ? '+' : '-'}${keysym}`),
      pointer: (x, y, buttons) => sent.push(`${x},${y},${buttons}`),
    });
  });
  afterEach(() => vi.useRealTimers());

  it.each(['resolves', 'rejects'])('keeps all in order until what is pasted %s', async (how) => {
    gate.key(true, 1);
    gate.close();
    gate.key(true, 2);
    gate.pointer(3, 4, 1);
    let end: () => void = () => undefined;
    gate.until(
      new Promise<void>((resolve, reject) => {
        end = how === 'resolves' ? resolve : () => reject(new Error('no'));
      }),
    );
    gate.key(false, 2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual(['+1']);
    end();
    await flushed();
    gate.key(false, 1);
    expect(sent).toEqual(['+1', '+2', '3,4,1', '-2', '-1']);
  });

  it('opens by itself where the browser pastes nothing, and where nothing arrives', async () => {
    gate.close();
    gate.key(true, 1);
    await vi.advanceTimersByTimeAsync(200);
    expect(sent).toEqual(['+1']);
    gate.close();
    gate.until(new Promise(() => undefined));
    gate.key(false, 1);
    await vi.advanceTimersByTimeAsync(1000);
    expect(sent).toEqual(['+1']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(['+1', '-1']);
  });

  it('sends nothing of it to a new connection', async () => {
    gate.close();
    gate.key(true, 1);
    gate.forget();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual([]);
  });
});

describe('which keys paste', () => {
  const key = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);
  it.each<[string, KeyboardEventInit, boolean, boolean]>([
    ['Ctrl+V', { key: 'v', code: 'KeyV', ctrlKey: true }, true, false],
    ['Ctrl+Shift+V', { key: 'V', code: 'KeyV', ctrlKey: true, shiftKey: true }, true, false],
    ['Shift+Insert', { key: 'Insert', code: 'Insert', shiftKey: true }, true, true],
    ['Command+V', { key: 'v', code: 'KeyV', metaKey: true }, false, true],
    ['Ctrl+V on Dvorak', { key: 'v', code: 'Period', ctrlKey: true }, true, false],
    ['Ctrl+V on a Cyrillic layout', { key: 'м', code: 'KeyV', ctrlKey: true }, true, false],
    ['Ctrl+K on Dvorak', { key: 'k', code: 'KeyV', ctrlKey: true }, false, false],
    ['AltGr+V', { key: '“', code: 'KeyV', ctrlKey: true, altKey: true }, false, false],
    ['Ctrl+V that repeats', { key: 'v', code: 'KeyV', ctrlKey: true, repeat: true }, false, false],
    ['v', { key: 'v', code: 'KeyV' }, false, false],
  ])('%s', (_, init, elsewhere, onMac) => {
    expect(isPasteKey(key(init), false)).toBe(elsewhere);
    expect(isPasteKey(key(init), true)).toBe(onMac);
  });
});

it('the key that pastes is the browser’s first, and the session’s once that has arrived', async () => {
  const element = document.createElement('div');
  document.body.append(element);
  const keys: string[] = [];
  let arrive: () => void = () => undefined;
  const input = new Input(element, {
    sink: { key: (down, keysym) => keys.push(`${down ? '+' : '-'}${keysym.toString(16)}`), pointer: () => undefined },
    toDesktop: (x, y) => ({ x, y }),
    platform: 'Linux x86_64',
    onPaste: () => new Promise<void>((resolve) => (arrive = resolve)),
  });
  input.focus();
  const press = (type: string, init: KeyboardEventInit) => {
    const event = new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init });
    document.activeElement?.dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect(press('keydown', { key: 'Control', code: 'ControlLeft', ctrlKey: true })).toBe(true);
  expect(press('keydown', { key: 'v', code: 'KeyV', ctrlKey: true })).toBe(false);
  const paste = new Event('paste', { bubbles: true, cancelable: true });
  Object.assign(paste, { clipboardData: {} });
  document.activeElement?.dispatchEvent(paste);
  expect(paste.defaultPrevented).toBe(true);
  press('keyup', { key: 'v', code: 'KeyV', ctrlKey: true });
  press('keyup', { key: 'Control', code: 'ControlLeft' });
  expect(keys).toEqual(['+ffe3']);
  arrive();
  await vi.waitFor(() => expect(keys).toEqual(['+ffe3', '+76', '-76', '-ffe3']));
  input.dispose();
  element.remove();
});

it.each([true, false])(
  'text that no key has waits behind the key that pastes; the server types it: %s',
  async (types) => {
    const element = document.createElement('div');
    document.body.append(element);
    const sent: string[] = [];
    let arrive: () => void = () => undefined;
    const input = new Input(element, {
      sink: {
        key: (down, keysym) => sent.push(`${down ? '+' : '-'}${keysym.toString(16)}`),
        pointer: () => undefined,
        text: (text) => {
          if (types) sent.push(text);
          return types;
        },
      },
      toDesktop: (x, y) => ({ x, y }),
      platform: 'Linux x86_64',
      onPaste: () => new Promise<void>((resolve) => (arrive = resolve)),
    });
    input.focus();
    const press = (type: string, init: KeyboardEventInit) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent(type, { bubbles: true, cancelable: true, ...init }));
    press('keydown', { key: 'v', code: 'KeyV', ctrlKey: true });
    document.activeElement?.dispatchEvent(Object.assign(new Event('paste', { bubbles: true }), { clipboardData: {} }));
    press('keyup', { key: 'v', code: 'KeyV', ctrlKey: true });
    input.type('é');
    press('keydown', { key: 'a', code: 'KeyA' });
    expect(sent).toEqual([]);
    arrive();
    await vi.waitFor(() => expect(sent).toHaveLength(types ? 4 : 5));
    expect(sent).toEqual(['+76', '-76', ...(types ? ['é'] : ['+e9', '-e9']), '+61']);
    input.dispose();
    element.remove();
  },
);
