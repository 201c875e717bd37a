/** Layout, way out and Command key, to choose. */
import { LAYOUTS } from '../../input/layouts.ts';
import { LEAVE_KEY_NAMES, type LeaveKeyName } from '../../input/leave-key.ts';
import { h } from '../dom.ts';
import type { FeatureContext } from '../feature.ts';
import { fill, type Words } from '../strings.ts';
import { CHARACTERS, type KeyboardFeature } from './keyboard.ts';
import type { LeavingFeature } from './leaving.ts';
import './keyboard-panel.css';

type Word =
  | 'layout'
  | 'automatic'
  | 'characters'
  | 'layoutHint'
  | 'refused'
  | 'leave'
  | 'leaveHint'
  | 'command'
  | LeaveKeyName;

const WORDS: Words<Word> = {
  en: {
    layout: 'Layout of your keys',
    automatic: 'Automatic ({layout})',
    characters: 'Whatever they write',
    layoutHint: 'The session takes the same layout. Choose one if keys write something else than is printed on them.',
    refused: 'The session does not have this layout. Keys are sent as what they write.',
    leave: 'Keys that leave the desktop',
    leaveHint: 'Pressed together and let go of, they move the keyboard to the toolbar.',
    command: 'The Command key is Ctrl',
    'ctrl-alt-shift': 'Ctrl + Alt + Shift',
    'ctrl-alt': 'Ctrl + Alt',
    'ctrl-shift': 'Ctrl + Shift',
    pause: 'Pause',
    'scroll-lock': 'Scroll Lock',
    f12: 'F12',
  },
  de: {
    layout: 'Belegung Ihrer Tasten',
    automatic: 'Automatisch ({layout})',
    characters: 'Was sie schreiben',
    layoutHint:
      'Die Sitzung übernimmt dieselbe Belegung. Wählen Sie eine, wenn Tasten anderes schreiben als auf ihnen steht.',
    refused: 'Die Sitzung kennt diese Belegung nicht. Tasten werden als das gesendet, was sie schreiben.',
    leave: 'Tasten, die den Desktop verlassen',
    leaveHint: 'Zusammen gedrückt und losgelassen bringen sie die Tastatur zur Werkzeugleiste.',
    command: 'Die Befehlstaste ist Strg',
    'ctrl-alt-shift': 'Strg + Alt + Umschalt',
    'ctrl-alt': 'Strg + Alt',
    'ctrl-shift': 'Strg + Umschalt',
    pause: 'Pause',
    'scroll-lock': 'Rollen',
    f12: 'F12',
  },
};

const AUTOMATIC = '';

export function buildPanel({ strings }: FeatureContext, typing: KeyboardFeature, leaving: LeavingFeature): HTMLElement {
  const words = WORDS[strings.language];
  const own = LAYOUTS.find(({ name }) => name === typing.found)?.label ?? typing.found;
  const layouts = [...LAYOUTS].toSorted((a, b) => a.label.localeCompare(b.label));
  const refused = h('p', { class: 'keyboard-refused', attributes: { role: 'status' } });
  const tell = () => {
    refused.textContent = typing.refused ? words.refused : '';
  };
  const layout = select(
    words.layout,
    words.layoutHint,
    [
      [AUTOMATIC, fill(words.automatic, { layout: own })],
      [CHARACTERS, words.characters],
      ...layouts.map(({ name, label }) => [name, label] as const),
    ],
    typing.chosen ?? AUTOMATIC,
    (value) => {
      typing.choose(value === AUTOMATIC ? undefined : value);
      tell();
    },
  );
  typing.onAnswer = tell;
  tell();
  const leave = select(
    words.leave,
    words.leaveHint,
    LEAVE_KEY_NAMES.map((name) => [name, words[name]] as const),
    leaving.chosen,
    (value) => {
      const name = LEAVE_KEY_NAMES.find((one) => one === value);
      if (name) leaving.choose(name);
    },
  );
  const panel = h('div', { class: 'keyboard-panel' }, layout, refused, leave);
  if (typing.command !== undefined) {
    const box = h('input', { attributes: { type: 'checkbox' } });
    box.checked = typing.command;
    box.addEventListener('change', () => typing.chooseCommand(box.checked));
    panel.append(h('label', { class: 'keyboard-check' }, box, words.command));
  }
  return panel;
}

let made = 0;

function select(
  label: string,
  hint: string,
  options: readonly (readonly [value: string, label: string])[],
  value: string,
  onChange: (value: string) => void,
): HTMLElement {
  const id = `keyboard-hint-${made++}`;
  const element = h('select', { attributes: { 'aria-describedby': id } });
  for (const [each, text] of options) element.append(h('option', { text, attributes: { value: each } }));
  element.value = value;
  element.addEventListener('change', () => onChange(element.value));
  return h(
    'div',
    { class: 'keyboard-field' },
    h('label', {}, h('span', { text: label }), element),
    h('p', { text: hint, attributes: { id } }),
  );
}
