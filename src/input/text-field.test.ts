import { afterEach, beforeEach, expect, it } from 'vitest';
import { Input } from './input.ts';

let element: HTMLElement;
let input: Input;
let sent: string[];

beforeEach(() => {
  element = document.createElement('div');
  document.body.append(element);
  sent = [];
  input = new Input(element, {
    sink: {
      key: (down, keysym, xt) =>
        sent.push(`${down ? '+' : '-'}${keysym.toString(16)}${xt ? `/${xt.toString(16)}` : ''}`),
      pointer: () => undefined,
    },
    toDesktop: (x, y) => ({ x, y }),
    platform: 'Linux x86_64',
  });
  input.focus();
});
afterEach(() => {
  input.dispose();
  element.remove();
});

const field = () => input.field.element;
const key = (type: 'keydown' | 'keyup', init: KeyboardEventInit & { keyCode?: number }) => {
  const event = new KeyboardEvent(type, { cancelable: true, bubbles: true, ...init });
  if (init.keyCode !== undefined) Object.defineProperty(event, 'keyCode', { value: init.keyCode });
  field().dispatchEvent(event);
  return event;
};
const compose = (type: string, data: string) => {
  field().value = data;
  field().dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));
};
const changed = (inputType: string) => field().dispatchEvent(new InputEvent('input', { inputType, bubbles: true }));

it('has the keyboard for its element, and hands every ordinary key to it', () => {
  expect(document.activeElement).toBe(field());
  expect(key('keydown', { key: 'a', code: 'KeyA' }).defaultPrevented).toBe(true);
  key('keyup', { key: 'a', code: 'KeyA' });
  expect(sent).toEqual(['+61/1e', '-61/1e']);
});

it('types what was composed once, as characters, and nothing of how it came about', () => {
  // The order of Chromium: input before the end; the first key of macOS has its own name.
  expect(key('keydown', { key: 'n', code: 'KeyN', keyCode: 229 }).defaultPrevented).toBe(false);
  compose('compositionstart', '');
  compose('compositionupdate', 'に');
  changed('insertCompositionText');
  key('keyup', { key: 'n', code: 'KeyN', isComposing: true });
  key('keydown', { key: 'Enter', code: 'Enter', isComposing: true, keyCode: 229 });
  expect(input.field.composing).toBe(true);
  expect(field().style.opacity).toBe('1');
  compose('compositionupdate', '日本');
  changed('insertCompositionText');
  expect(sent).toEqual([]);
  compose('compositionend', '日本');
  expect(sent).toEqual(['+10065e5', '-10065e5', '+100672c', '-100672c']);
  // The order of Firefox: the last input comes after the end.
  changed('insertCompositionText');
  expect(sent).toHaveLength(4);
  expect(field().value).toBe('');
  expect(field().style.opacity).toBe('0');
  key('keyup', { key: 'Enter', code: 'Enter' });
  expect(sent).toHaveLength(4);
});

it('types what comes without composing, such as from an emoji panel', () => {
  field().value = '😀ü\n';
  changed('insertText');
  expect(sent).toEqual(['+101f600', '-101f600', '+fc', '-fc', '+ff0d', '-ff0d']);
  expect(field().value).toBe('');
});

it('releases a key that was down before the input method took over', () => {
  key('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, shiftKey: true });
  compose('compositionstart', '');
  key('keyup', { key: 'Shift', code: 'ShiftLeft', location: 1, isComposing: true });
  expect(sent).toEqual(['+ffe1/2a', '-ffe1/2a']);
});

it('types nothing of a composition that was cancelled or left', () => {
  compose('compositionstart', '');
  compose('compositionupdate', 'に');
  compose('compositionend', '');
  compose('compositionstart', '');
  compose('compositionupdate', 'に');
  field().blur();
  expect(input.field.composing).toBe(false);
  expect(sent).toEqual([]);
});

it('takes nothing that was pasted, dropped or deleted into it', () => {
  for (const inputType of ['insertFromPaste', 'insertFromDrop', 'deleteContentBackward', 'historyUndo']) {
    const event = new InputEvent('beforeinput', { inputType, cancelable: true });
    field().dispatchEvent(event);
    expect(event.defaultPrevented, inputType).toBe(true);
  }
});

it('leaves its content to a reader while there is one', () => {
  const read: string[] = [];
  input.field.read((event, from) => read.push(`${event.type} ${from.value}`));
  field().value = 'hel';
  changed('insertText');
  expect(read).toEqual(['input hel']);
  expect(field().value).toBe('hel');
  expect(sent).toEqual([]);
  input.field.read(undefined);
  expect(field().value).toBe('');
});

it('brings up a phone’s keyboard only when asked', () => {
  expect(field().inputMode).toBe('none');
  input.field.onScreenKeyboard = true;
  expect(field().inputMode).toBe('text');
});

it('keeps what is held when the focus goes from the element to the field', () => {
  element.tabIndex = -1;
  key('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
  element.focus();
  expect(document.activeElement).toBe(field());
  expect(sent).toEqual(['+ffe3/1d']);
});
