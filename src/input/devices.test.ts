/**
 * Traces of events as browsers on Windows, macOS and phones are documented to send them. Unproven on the devices
 * themselves: none of them was at hand.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Input } from './input.ts';

let element: HTMLElement;
let input: Input;
let sent: string[];
let left: number;

function on(platform: string): void {
  element = document.createElement('div');
  document.body.append(element);
  input = new Input(element, {
    sink: {
      key: (down, keysym, xt) => sent.push(`${down ? '+' : '-'}${keysym.toString(16)}/${xt?.toString(16) ?? ''}`),
      pointer: (_x, _y, buttons) => sent.push(`buttons ${buttons}`),
    },
    toDesktop: (x, y) => ({ x, y }),
    onLeave: () => left++,
    platform,
  });
  input.focus();
}

/** `+` or `-`, the code, the key, the modifiers that the event has. */
function event(trace: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const [, sign, code = '', key = '', flags = ''] = /^([+-])(\S+) (\S+)(?: (.*))?$/.exec(trace) ?? [];
  const made = new KeyboardEvent(sign === '+' ? 'keydown' : 'keyup', {
    key,
    code: code === 'none' ? '' : code,
    location: code.endsWith('Left') ? 1 : code.endsWith('Right') ? 2 : 0,
    ctrlKey: flags.includes('ctrl'),
    altKey: flags.includes('alt'),
    metaKey: flags.includes('meta'),
    shiftKey: flags.includes('shift'),
    modifierAltGraph: flags.includes('graph'),
    modifierCapsLock: flags.includes('caps'),
    bubbles: true,
    cancelable: true,
    ...more,
  });
  input.field.element.dispatchEvent(made);
  return made;
}
const trace = (...events: string[]) => events.forEach((one) => event(one));

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  left = 0;
});
afterEach(() => {
  input.dispose();
  element.remove();
  vi.useRealTimers();
});

describe('Windows (unproven on the device)', () => {
  beforeEach(() => on('Win32'));

  it('AltGr: the Ctrl that Windows presses before it is not sent', () => {
    input.keysAs('keys', 'de');
    trace('+ControlLeft Control ctrl', '+AltRight AltGraph graph', '+KeyQ @ graph', '-KeyQ @ graph');
    trace('-ControlLeft Control graph', '-AltRight AltGraph');
    expect(sent).toEqual(['+fe03/b8', '+40/10', '-40/10', '-fe03/b8']);
  });

  it('AltGr and Shift, let go of, are not the way out of the desktop', () => {
    trace('+ControlLeft Control ctrl', '+AltRight AltGraph graph', '+ShiftLeft Shift graph shift');
    trace('-ShiftLeft Shift graph', '-ControlLeft Control graph', '-AltRight AltGraph');
    expect(left).toBe(0);
  });

  it('Ctrl is sent with the key after it, with a button, by itself, or after a moment', () => {
    input.keysAs('keys', 'de');
    trace('+ControlLeft Control ctrl', '+KeyC c ctrl', '-KeyC c ctrl', '-ControlLeft Control');
    expect(sent).toEqual(['+ffe3/1d', '+63/2e', '-63/2e', '-ffe3/1d']);
    sent.length = 0;
    trace('+ControlLeft Control ctrl', '-ControlLeft Control');
    expect(sent).toEqual(['+ffe3/1d', '-ffe3/1d']);
    sent.length = 0;
    trace('+ControlLeft Control ctrl');
    vi.advanceTimersByTime(50);
    expect(sent).toEqual(['+ffe3/1d']);
    trace('-ControlLeft Control');
    sent.length = 0;
    trace('+ControlLeft Control ctrl');
    const button = new MouseEvent('pointerdown', { buttons: 1, ctrlKey: true, bubbles: true, cancelable: true });
    input.field.element.dispatchEvent(Object.assign(button, { pointerId: 1 }));
    expect(sent).toEqual(['+ffe3/1d', 'buttons 1']);
  });

  it('keys of Japanese keyboards whose release is never told are released at once', () => {
    trace('+Backquote Zenkaku');
    expect(sent).toEqual(['+ff28/29', '-ff28/29']);
  });
});

describe('macOS (unproven on the device)', () => {
  beforeEach(() => {
    on('MacIntel');
    input.keysAs('characters');
  });

  it('Option that makes a character is no Alt, and makes the character', () => {
    trace('+AltLeft Alt alt', '+KeyL @ alt', '-KeyL @ alt', '-AltLeft Alt');
    expect(sent).toEqual(['+40/', '-40/']);
  });

  it('Option with a key that makes none is Alt', () => {
    trace('+AltLeft Alt alt', '+ArrowRight ArrowRight alt', '-ArrowRight ArrowRight alt', '-AltLeft Alt');
    expect(sent).toEqual(['+ffe9/', '+ff53/', '-ff53/', '-ffe9/']);
  });

  it('a dead key of Option is left to the browser, which composes', () => {
    trace('+AltLeft Alt alt');
    expect(event('+KeyE Dead alt').defaultPrevented).toBe(false);
    trace('-KeyE Dead alt', '-AltLeft Alt');
    expect(sent).toEqual([]);
  });

  it('Command is Super or, if wished, Ctrl; the key with it is released though its key-up is never told', () => {
    trace('+MetaLeft Meta meta', '+KeyC c meta', '-MetaLeft Meta');
    expect(sent).toEqual(['+ffeb/', '+63/', '-63/', '-ffeb/']);
    sent.length = 0;
    input.commandIsControl = true;
    trace('+MetaLeft Meta meta', '+KeyC c meta', '-MetaLeft Meta');
    expect(sent).toEqual(['+ffe3/', '+63/', '-63/', '-ffe3/']);
  });

  it('CapsLock, told by a press when it goes on and a release when it goes off, is a whole press each time', () => {
    trace('+CapsLock CapsLock caps');
    trace('-CapsLock CapsLock');
    expect(sent).toEqual(['+ffe5/', '-ffe5/', '+ffe5/', '-ffe5/']);
  });
});

describe('phones (unproven on the device)', () => {
  beforeEach(() => on('Linux armv81'));

  it('keys without a name are left to the field, whose text is typed', () => {
    const down = event('+none Unidentified', { keyCode: 229 });
    expect(down.defaultPrevented).toBe(false);
    const { element: field } = input.field;
    field.value = 'h';
    field.dispatchEvent(new InputEvent('input', { data: 'h', inputType: 'insertText' }));
    event('-none Unidentified', { keyCode: 229 });
    expect(sent).toEqual(['+68/', '-68/']);
    expect(field.value).toBe('');
  });

  it('keys that a keyboard on the screen does name are keys, and never stay down', () => {
    trace('+none Enter');
    expect(sent).toEqual(['+ff0d/', '-ff0d/']);
  });
});
