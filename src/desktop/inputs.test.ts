import { afterEach, expect, it } from 'vitest';
import { Input } from '../input/input.ts';
import { Inputs } from './inputs.ts';

let sent: string[] = [];
const made: Input[] = [];
afterEach(() => {
  for (const input of made.splice(0)) input.dispose();
  document.body.replaceChildren();
  sent = [];
});

function screen(): { input: Input; element: HTMLElement } {
  const element = document.createElement('div');
  document.body.append(element);
  const input = new Input(element, {
    sink: {
      key: (down, keysym) => sent.push(`${down ? '+' : '-'}${keysym.toString(16)}`),
      pointer: () => undefined,
    },
    toDesktop: (x, y) => ({ x, y }),
    platform: 'MacIntel',
  });
  made.push(input);
  return { input, element };
}

function press(element: HTMLElement, code: string, key: string, init: KeyboardEventInit = {}): void {
  element.dispatchEvent(new KeyboardEvent('keydown', { code, key, cancelable: true, ...init }));
}

it('has a second screen take over what was set before it came, and what is set after', () => {
  const inputs = new Inputs(screen().input);
  inputs.enabled = true;
  inputs.commandIsControl = true;
  inputs.leaveKey = 'ctrl-alt';
  const { input, element } = screen();
  inputs.second = input;
  expect(input.leaveKey).toBe('ctrl-alt');
  press(element, 'MetaLeft', 'Meta', { metaKey: true });
  expect(sent).toEqual(['+ffe3']);
  inputs.enabled = false;
  expect(sent).toEqual(['+ffe3', '-ffe3']);
  press(element, 'KeyA', 'a');
  expect(sent).toHaveLength(2);
});

it('sets nothing more on one that is gone', () => {
  const inputs = new Inputs(screen().input);
  const { input } = screen();
  inputs.second = input;
  inputs.second = undefined;
  inputs.enabled = true;
  expect(input.enabled).toBe(false);
  expect(inputs.first.enabled).toBe(true);
});
