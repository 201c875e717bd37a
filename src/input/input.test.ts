import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buttonMask } from './buttons.ts';
import { Input } from './input.ts';
import { keysymOf } from './keysyms.ts';
import { scanCodeOf } from './scancodes.ts';
import { WheelClicks } from './wheel.ts';

const of = (key: string, code = '', location = 0) => keysymOf({ key, code, location });

describe('keysyms', () => {
  it('are Latin-1 as it is and Unicode above', () => {
    expect(of('a')).toBe(0x61);
    expect(of('Z')).toBe(0x5a);
    expect(of(' ')).toBe(0x20);
    expect(of('ü')).toBe(0xfc);
    expect(of('€')).toBe(0x010020ac);
    expect(of('😀')).toBe(0x0101f600);
  });

  it('tell left from right and the number pad from the rest', () => {
    expect(of('Shift', 'ShiftLeft', 1)).toBe(0xffe1);
    expect(of('Shift', 'ShiftRight', 2)).toBe(0xffe2);
    expect(of('Enter', 'Enter')).toBe(0xff0d);
    expect(of('Enter', 'NumpadEnter', 3)).toBe(0xff8d);
    expect(of('7', 'Numpad7', 3)).toBe(0xffb7);
    expect(of('Home', 'Numpad7', 3)).toBe(0xff95);
    expect(of('+', 'NumpadAdd', 3)).toBe(0xffab);
    expect(of(',', 'NumpadDecimal', 3)).toBe(0xffac);
    expect(of('7', 'Digit7')).toBe(0x37);
  });

  it('know the named keys and nothing that means nothing', () => {
    expect(of('F1')).toBe(0xffbe);
    expect(of('F12')).toBe(0xffc9);
    expect(of('ArrowLeft')).toBe(0xff51);
    expect(of('AltGraph')).toBe(0xfe03);
    for (const key of ['Dead', 'Unidentified', 'Process', '', 'constructor', '__proto__', 'F99']) {
      expect(of(key)).toBeUndefined();
    }
  });
});

describe('scan codes', () => {
  it('are those of set 1, prefixed keys with the top bit', () => {
    expect(scanCodeOf('Escape')).toBe(0x01);
    expect(scanCodeOf('KeyA')).toBe(0x1e);
    expect(scanCodeOf('KeyM')).toBe(0x32);
    expect(scanCodeOf('ShiftRight')).toBe(0x36);
    expect(scanCodeOf('Space')).toBe(0x39);
    expect(scanCodeOf('F10')).toBe(0x44);
    expect(scanCodeOf('F12')).toBe(0x58);
    expect(scanCodeOf('Numpad0')).toBe(0x52);
    expect(scanCodeOf('ControlRight')).toBe(0x9d);
    expect(scanCodeOf('ArrowUp')).toBe(0xc8);
    expect(scanCodeOf('Delete')).toBe(0xd3);
    expect(scanCodeOf('MetaLeft')).toBe(0xdb);
    expect(scanCodeOf('Nonsense')).toBeUndefined();
  });
});

describe('the wheel', () => {
  it('makes one click of one notch, whatever pixels it is worth', () => {
    const wheel = new WheelClicks();
    expect(wheel.add({ deltaX: 0, deltaY: 100, deltaMode: 0, wheelDeltaY: -120 })).toEqual({ x: 0, y: 1 });
    expect(wheel.add({ deltaX: 0, deltaY: -53, deltaMode: 0, wheelDeltaY: 240 })).toEqual({ x: 0, y: -2 });
    expect(wheel.add({ deltaX: 0, deltaY: 3, deltaMode: 1 })).toEqual({ x: 0, y: 1 });
  });

  it('takes steps of a fine wheel for the part of a notch that they are, and no touchpad for a wheel', () => {
    const wheel = new WheelClicks();
    const fine = { deltaX: 0, deltaY: 25, deltaMode: 0, wheelDeltaY: -30 };
    expect([1, 2, 3, 4].map(() => wheel.add(fine).y)).toEqual([0, 0, 0, 1]);
    const touchpad = { deltaX: 0, deltaY: 40, deltaMode: 0, wheelDeltaY: -120 };
    expect([1, 2, 3, 4, 5].map(() => wheel.add(touchpad).y)).toEqual([0, 1, 1, 1, 1]);
  });

  it('carries the fractions of a touchpad, each direction for itself', () => {
    const wheel = new WheelClicks();
    const step = { deltaX: 5, deltaY: 20, deltaMode: 0 };
    const clicks = Array.from({ length: 10 }, () => wheel.add(step));
    expect(clicks.reduce((sum, click) => sum + click.y, 0)).toBe(4);
    expect(clicks.reduce((sum, click) => sum + click.x, 0)).toBe(1);
  });

  it('does not first undo what was left when the direction turns', () => {
    const wheel = new WheelClicks();
    wheel.add({ deltaX: 0, deltaY: 45, deltaMode: 0 });
    expect(wheel.add({ deltaX: 0, deltaY: -50, deltaMode: 0 })).toEqual({ x: 0, y: -1 });
  });

  it('is bounded', () => {
    expect(new WheelClicks().add({ deltaX: 0, deltaY: 1e9, deltaMode: 0 }).y).toBe(12);
  });
});

it('translates the DOM’s buttons', () => {
  expect(buttonMask(1)).toBe(1);
  expect(buttonMask(2)).toBe(4);
  expect(buttonMask(4)).toBe(2);
  expect(buttonMask(8)).toBe(128);
  expect(buttonMask(16 | 1)).toBe(257);
});

describe('input of an element', () => {
  let element: HTMLElement;
  let input: Input;
  let sent: string[];
  let left: number;

  beforeEach(() => {
    element = document.createElement('div');
    element.tabIndex = 0;
    document.body.append(element);
    sent = [];
    left = 0;
    input = new Input(element, {
      sink: {
        key: (down, keysym, xt) => sent.push(`${down ? '+' : '-'}${keysym.toString(16)}/${xt?.toString(16) ?? ''}`),
        pointer: (x, y, buttons) => sent.push(`@${x},${y}:${buttons}`),
      },
      toDesktop: (x, y) => ({ x, y }),
      onLeave: () => left++,
      platform: 'Linux x86_64',
    });
    element.focus();
  });
  afterEach(() => {
    input.dispose();
    element.remove();
  });

  const key = (type: 'keydown' | 'keyup', init: KeyboardEventInit) => {
    const event = new KeyboardEvent(type, { cancelable: true, bubbles: true, ...init });
    element.dispatchEvent(event);
    return event;
  };
  const pointer = (type: string, x: number, y: number, buttons: number) =>
    element.dispatchEvent(
      Object.assign(new MouseEvent(type, { clientX: x, clientY: y, buttons, cancelable: true }), { pointerId: 1 }),
    );

  it('sends keysym and scan code, and keeps keys from the browser', () => {
    expect(key('keydown', { key: 'a', code: 'KeyA' }).defaultPrevented).toBe(true);
    expect(key('keyup', { key: 'a', code: 'KeyA' }).defaultPrevented).toBe(true);
    expect(sent).toEqual(['+61/1e', '-61/1e']);
  });

  it('releases what was pressed, though the modifiers have changed since', () => {
    key('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, shiftKey: true });
    key('keydown', { key: 'A', code: 'KeyA', shiftKey: true });
    key('keyup', { key: 'Shift', code: 'ShiftLeft', location: 1 });
    key('keyup', { key: 'a', code: 'KeyA' });
    expect(sent).toEqual(['+ffe1/2a', '+41/1e', '-ffe1/2a', '-41/1e']);
  });

  it('sends keys alone where the session has their layout, and what contradicts it as characters', () => {
    const other: string[] = [];
    input.dispose();
    input = new Input(element, {
      sink: {
        key: (down, keysym, xt) => sent.push(`${down ? '+' : ''}${keysym.toString(16)}/${xt?.toString(16) ?? ''}`),
        pointer: () => undefined,
      },
      toDesktop: (x, y) => ({ x, y }),
      onOtherLayout: (code, written) => other.push(`${code} ${written}`),
      platform: 'Linux x86_64',
    });
    input.keysAs('keys', 'de');
    const press = (init: KeyboardEventInit) => {
      sent.length = 0;
      key('keydown', init);
      key('keyup', init);
      return sent[0];
    };
    expect(press({ key: 'z', code: 'KeyY' })).toBe('+7a/15');
    // A dead key, and what the browser makes of the next one.
    expect(press({ key: 'Dead', code: 'Backquote' })).toBe('+0/29');
    expect(press({ key: 'â', code: 'KeyA' })).toBe('+e2/1e');
    expect(other).toEqual([]);
    expect(press({ key: 'y', code: 'KeyY' })).toBe('+79/');
    expect(other).toEqual(['KeyY y']);
    // A dead key where the layout has none is the browser's.
    sent.length = 0;
    expect(key('keydown', { key: 'Dead', code: 'BracketLeft' }).defaultPrevented).toBe(false);
    key('keyup', { key: 'Dead', code: 'BracketLeft' });
    expect(sent).toEqual([]);
    expect(other.splice(1)).toEqual(['BracketLeft Dead']);
    // A capital without Shift is nobody's key; Shift, AltGr and CapsLock tell nothing of the layout.
    expect(press({ key: 'Q', code: 'KeyQ' })).toBe('+51/');
    expect(press({ key: 'Q', code: 'KeyQ', modifierCapsLock: true })).toBe('+51/10');
    expect(press({ key: 'Y', code: 'KeyY', shiftKey: true })).toBe('+59/15');
    expect(press({ key: '@', code: 'KeyQ', modifierAltGraph: true })).toBe('+40/10');
    expect(other).toEqual(['KeyY y']);
  });

  it('sends characters alone where the layout is not known, and leaves dead keys to the browser', () => {
    input.keysAs('characters');
    key('keydown', { key: 'z', code: 'KeyY' });
    key('keyup', { key: 'z', code: 'KeyY' });
    expect(sent).toEqual(['+7a/', '-7a/']);
    expect(key('keydown', { key: 'Dead', code: 'Backquote' }).defaultPrevented).toBe(false);
    expect(sent).toHaveLength(2);
  });

  it('sends the Latin letter of a shortcut, whatever script the key writes', () => {
    key('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
    key('keydown', { key: 'с', code: 'KeyC', ctrlKey: true });
    expect(sent.at(-1)).toBe('+63/');
  });

  it('presses a held key again as the browser repeats it, and no modifier', () => {
    key('keydown', { key: 'a', code: 'KeyA' });
    expect(key('keydown', { key: 'a', code: 'KeyA', repeat: true }).defaultPrevented).toBe(true);
    expect(sent).toEqual(['+61/1e', '+61/1e']);
    key('keyup', { key: 'a', code: 'KeyA' });
    key('keydown', { key: 'a', code: 'KeyA', repeat: true });
    key('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, shiftKey: true });
    key('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, shiftKey: true, repeat: true });
    expect(sent.slice(2)).toEqual(['-61/1e', '+ffe1/2a']);
  });

  it('does not send what an input method is composing', () => {
    key('keydown', { key: 'k', code: 'KeyK', isComposing: true });
    key('keydown', { key: 'Process', code: 'KeyK' });
    expect(sent).toEqual([]);
  });

  it('notices a lost key-up of a modifier by the next event', () => {
    key('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
    key('keydown', { key: 'b', code: 'KeyB' });
    expect(sent).toEqual(['+ffe3/1d', '-ffe3/1d', '+62/30']);
  });

  it.each([
    ['blur of the element', () => element.dispatchEvent(new FocusEvent('blur'))],
    ['blur of the window', () => window.dispatchEvent(new FocusEvent('blur'))],
    ['a hidden or shown tab', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['leaving the page', () => window.dispatchEvent(new Event('pagehide'))],
    ['being turned off', () => (input.enabled = false)],
    ['dispose', () => input.dispose()],
  ])('releases every key and button on %s', (_, happen) => {
    key('keydown', { key: 'Alt', code: 'AltLeft', location: 1, altKey: true });
    key('keydown', { key: 'x', code: 'KeyX', altKey: true });
    pointer('pointerdown', 5, 6, 1);
    // A real pointer event tells of Alt as well; this one does not, and so let go of it already.
    sent.length = 0;
    happen();
    expect(sent).toEqual(['-78/2d', '@5,6:0']);
    sent.length = 0;
    input.releaseAll();
    expect(sent).toEqual([]);
  });

  it('hands the keyboard back on Ctrl+Alt+Shift alone, with nothing left pressed', () => {
    const all = { ctrlKey: true, altKey: true, shiftKey: true };
    key('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
    key('keydown', { key: 'Alt', code: 'AltLeft', location: 1, ctrlKey: true, altKey: true });
    key('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, ...all });
    key('keyup', { key: 'Shift', code: 'ShiftLeft', location: 1, ctrlKey: true, altKey: true });
    key('keyup', { key: 'Alt', code: 'AltLeft', location: 1, ctrlKey: true });
    expect(left).toBe(0);
    key('keyup', { key: 'Control', code: 'ControlLeft', location: 1 });
    expect(left).toBe(1);
    expect(sent.filter((one) => one.startsWith('+'))).toHaveLength(3);
    expect(sent.filter((one) => one.startsWith('-'))).toHaveLength(3);
  });

  it('does not leave when the three were part of a longer combination', () => {
    const all = { ctrlKey: true, altKey: true, shiftKey: true };
    key('keydown', { key: 'Control', code: 'ControlLeft', location: 1, ctrlKey: true });
    key('keydown', { key: 'Alt', code: 'AltLeft', location: 1, ctrlKey: true, altKey: true });
    key('keydown', { key: 'Shift', code: 'ShiftLeft', location: 1, ...all });
    key('keydown', { key: 'T', code: 'KeyT', ...all });
    key('keyup', { key: 'T', code: 'KeyT', ...all });
    key('keyup', { key: 'Shift', code: 'ShiftLeft', ctrlKey: true, altKey: true });
    key('keyup', { key: 'Alt', code: 'AltLeft', ctrlKey: true });
    key('keyup', { key: 'Control', code: 'ControlLeft' });
    expect(left).toBe(0);
  });

  it('sends pointer moves once and wheel clicks as presses of their buttons', () => {
    pointer('pointermove', 10, 20, 0);
    pointer('pointermove', 10, 20, 0);
    const wheel = new WheelEvent('wheel', { clientX: 10, clientY: 20, deltaY: 3, deltaMode: 1, cancelable: true });
    element.dispatchEvent(wheel);
    expect(wheel.defaultPrevented).toBe(true);
    expect(sent).toEqual(['@10,20:0', '@10,20:16', '@10,20:0']);
  });

  it('sends every coalesced point while a button is down, and only the last otherwise', () => {
    const points = [1, 2, 3].map((x) => new MouseEvent('pointermove', { clientX: x, clientY: 0, buttons: 1 }));
    const dragged = new MouseEvent('pointermove', { clientX: 3, clientY: 0, buttons: 1 });
    element.dispatchEvent(Object.assign(dragged, { getCoalescedEvents: () => points }));
    expect(sent).toEqual(['@1,0:1', '@2,0:1', '@3,0:1']);
    sent.length = 0;
    const moved = new MouseEvent('pointermove', { clientX: 9, clientY: 0 });
    element.dispatchEvent(Object.assign(moved, { getCoalescedEvents: () => points }));
    expect(sent).toEqual(['@9,0:0']);
  });

  it('tells a new connection where the pointer is, though nothing was sent while it moved there', () => {
    input.tellPointer();
    input.enabled = false;
    document.dispatchEvent(new MouseEvent('pointermove', { clientX: 7, clientY: 8 }));
    input.enabled = true;
    input.tellPointer();
    input.tellPointer();
    input.forget();
    input.tellPointer();
    expect(sent).toEqual(['@7,8:0', '@7,8:0']);
  });

  it('shows no context menu', () => {
    const event = new MouseEvent('contextmenu', { cancelable: true });
    element.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
  });

  it('leaves the keys to the browser while it is off', () => {
    input.enabled = false;
    expect(key('keydown', { key: 'a', code: 'KeyA' }).defaultPrevented).toBe(false);
    expect(sent).toEqual([]);
  });
});
