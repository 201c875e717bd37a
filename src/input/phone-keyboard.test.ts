/**
 * Keyboards of phones, in the events that they are documented to send (unproven on the device). Gboard and Chrome on Android
 * tell `keydown` 229 and compose every word; Safari on iOS tells keys, and replaces words by `insertReplacementText`.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Input } from './input.ts';
import { difference, PhoneKeyboard } from './phone-keyboard.ts';
import { StickyKeys } from './sticky.ts';

let element: HTMLElement;
let input: Input;
let keyboard: PhoneKeyboard;
let sent: string[];
/** What the session's text is, as an editor makes it. */
let session: string;

beforeEach(() => {
  element = document.createElement('div');
  document.body.append(element);
  sent = [];
  session = '';
  input = new Input(element, {
    sink: { key: (down, keysym) => down && sent.push(keysym.toString(16)), pointer: () => undefined },
    toDesktop: (x, y) => ({ x, y }),
    platform: 'Linux armv8l',
  });
  keyboard = new PhoneKeyboard(input.field, ({ deleted, inserted }) => {
    session =
      Array.from(session)
        .slice(0, deleted === 0 ? undefined : -deleted)
        .join('') + inserted;
  });
  input.focus();
  keyboard.shown = true;
});
afterEach(() => {
  keyboard.dispose();
  input.dispose();
  element.remove();
});

const field = () => input.field.element;
const typed = () => field().value.trimStart();
const pad = () => field().value.slice(0, field().value.length - typed().length);
const key = (init: KeyboardEventInit) => {
  const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...init });
  field().dispatchEvent(event);
  return event;
};
/** The keyboard puts `text` where what was typed is. */
const write = (text: string, inputType = 'insertText', isComposing = false) => {
  field().value = pad() + text;
  field().dispatchEvent(new InputEvent('input', { inputType, isComposing, bubbles: true }));
};
const compose = (type: string, data = '') => field().dispatchEvent(new CompositionEvent(type, { data, bubbles: true }));

describe('Gboard', () => {
  it('composes a word letter by letter, which is written as it grows', () => {
    compose('compositionstart');
    for (const word of ['h', 'he', 'hel']) {
      key({ key: 'Unidentified', code: '' });
      compose('compositionupdate', word);
      write(word, 'insertCompositionText', true);
    }
    expect(session).toBe('hel');
    compose('compositionupdate', 'hello');
    write('hello', 'insertCompositionText', true);
    compose('compositionend', 'hello');
    write('hello ', 'insertText');
    expect(session).toBe('hello ');
  });

  it('corrects a word when the space comes', () => {
    compose('compositionstart');
    compose('compositionupdate', 'teh');
    write('teh', 'insertCompositionText', true);
    compose('compositionupdate', 'the');
    write('the', 'insertCompositionText', true);
    compose('compositionend', 'the');
    write('the ');
    expect(session).toBe('the ');
  });

  it('deletes with no key told, also what was there before it came', () => {
    write('ab');
    write('a', 'deleteContentBackward');
    expect(session).toBe('a');
    write('', 'deleteContentBackward');
    session = 'older';
    const deleteOne = () => {
      field().value = field().value.slice(0, -1);
      field().dispatchEvent(new InputEvent('input', { inputType: 'deleteContentBackward', bubbles: true }));
    };
    deleteOne();
    deleteOne();
    expect(session).toBe('old');
    // A word of ours that is none: one step back, not thirty.
    field().value = '';
    field().dispatchEvent(new InputEvent('input', { inputType: 'deleteWordBackward', bubbles: true }));
    expect(session).toBe('ol');
  });

  it('swipes words and changes the last one for a suggestion', () => {
    write('good ');
    write('good morning ');
    write('good evening ');
    expect(session).toBe('good evening ');
  });
});

describe('Safari on iOS', () => {
  it('tells keys, whose characters come by the field alone', () => {
    expect(key({ key: 'h', code: 'KeyH' }).defaultPrevented).toBe(false);
    write('h');
    expect(sent).toEqual([]);
    expect(session).toBe('h');
    key({ key: 'Backspace', code: 'Backspace' });
    write('', 'deleteContentBackward');
    expect(session).toBe('');
  });

  it('replaces what it thinks was meant, and has full stops for two spaces', () => {
    write('dont');
    write('don’t', 'insertReplacementText');
    write('don’t ');
    write('don’t. ', 'insertText');
    expect(session).toBe('don’t. ');
  });
});

it('Japanese is written when it is decided upon', () => {
  compose('compositionstart');
  for (const shown of ['に', 'にほ', 'にほん', '日本']) {
    compose('compositionupdate', shown);
    write(shown, 'insertCompositionText', true);
    expect(session).toBe('');
  }
  compose('compositionend', '日本');
  expect(session).toBe('日本');
  write('日本', 'insertCompositionText');
  expect(session).toBe('日本');
});

it('Enter ends what can be corrected', () => {
  write('ls');
  write('ls\n', 'insertLineBreak');
  expect(session).toBe('ls\n');
  expect(typed()).toBe('');
});

it('other keys are keys, and put the cursor elsewhere', () => {
  write('word');
  expect(key({ key: 'ArrowLeft', code: 'ArrowLeft' }).defaultPrevented).toBe(true);
  expect(sent).toEqual(['ff51']);
  expect(typed()).toBe('');
  key({ key: 'c', code: 'KeyC', ctrlKey: true });
  expect(sent).toContain('63');
});

it('is gone when it is put away', () => {
  expect(field().inputMode).toBe('text');
  keyboard.shown = false;
  expect(field().inputMode).toBe('none');
  expect(field().value).toBe('');
  expect(key({ key: 'a', code: 'KeyA' }).defaultPrevented).toBe(true);
  expect(sent).toEqual(['61']);
});

it('a difference goes back to where the texts part, by whole characters', () => {
  const pad32 = ' '.repeat(32);
  expect(difference(`${pad32}a😀`, `${pad32}a😁`)).toEqual({ deleted: 1, inserted: '😁' });
  expect(difference(`${pad32}one two`, `${pad32}one 2 two`)).toEqual({ deleted: 3, inserted: '2 two' });
  expect(difference(`${pad32}x`, '')).toEqual({ deleted: 2, inserted: '' });
});

it('sticky modifiers: for one key, until let go of, or not', () => {
  const held: string[] = [];
  const sticky = new StickyKeys<'Ctrl' | 'Alt'>(
    (name, down) => held.push(`${down ? '+' : '-'}${name}`),
    () => undefined,
  );
  sticky.tap('Ctrl');
  sticky.tap('Alt');
  sticky.tap('Alt');
  expect([sticky.state('Ctrl'), sticky.state('Alt'), held]).toEqual(['once', 'locked', ['+Ctrl', '+Alt']]);
  sticky.used();
  expect([sticky.state('Ctrl'), sticky.state('Alt')]).toEqual(['off', 'locked']);
  sticky.tap('Alt');
  expect(held).toEqual(['+Ctrl', '+Alt', '-Ctrl', '-Alt']);
  expect(sticky.any).toBe(false);
  sticky.tap('Ctrl');
  sticky.clear();
  expect(held.at(-1)).toBe('-Ctrl');
});
