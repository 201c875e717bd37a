/** A menu of the key combinations that browsers and systems keep for themselves. */
import type { KeyCombo } from '../../embed/messages.ts';
import type { InstallFeature } from '../feature.ts';
import type { StringKey } from '../strings.ts';

const COMBOS: readonly (readonly [KeyCombo, string, StringKey?])[] = [
  ['ctrl-alt-delete', 'Ctrl + Alt + Del'],
  ['alt-f4', 'Alt + F4'],
  ['alt-tab', 'Alt + Tab'],
  ['ctrl-w', 'Ctrl + W'],
  ['super', 'Super', 'comboSuper'],
  ['print-screen', 'Print', 'comboPrint'],
  ['escape', 'Esc'],
];

export const keys: InstallFeature = ({ toolbar, strings, desktop }) => {
  const menu = toolbar.addMenu(
    'keys',
    strings.text('keys'),
    COMBOS.map(([combo, label, key]) => ({
      label: key ? strings.text(key) : label,
      run: () => desktop.sendCombo(combo),
    })),
  );
  return {
    onRole(_role, inControl) {
      menu.hidden = !inControl;
    },
  };
};
