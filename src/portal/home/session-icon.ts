import type { Session } from '../../contract/session.ts';
import { isIconName, type IconName } from '../parts/Icon.tsx';

/** Programs by a word in their command line; the first that matches. */
const BY_COMMAND: readonly (readonly [RegExp, IconName])[] = [
  [/\b(xterm|konsole|gnome-terminal|xfce4-terminal|alacritty|kitty|urxvt|bash|zsh|sh)\b/, 'terminal'],
  [/\b(startxfce4|gnome-session|startplasma|mate-session|cinnamon|openbox|icewm|fluxbox|i3|desktop)\b/, 'desktop'],
  [/\b(firefox|chromium|chrome|epiphany)\b/, 'browser'],
  [/\b(emacs|gedit|kate|mousepad|code|gvim)\b/, 'editor'],
];

export function iconFor(icon: unknown, command: string): IconName {
  if (typeof icon === 'string' && isIconName(icon)) return icon;
  return BY_COMMAND.find(([pattern]) => pattern.test(command))?.[1] ?? 'window';
}

export function iconOf(session: Pick<Session, 'params' | 'command'>): IconName {
  return iconFor(session.params['icon'], session.command);
}
