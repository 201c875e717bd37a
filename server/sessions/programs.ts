/** Finding programs before running them. */
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** The file that `name` means with this `PATH`; `undefined` when there is none that can be run. */
export function findProgram(name: string, path: string | undefined, cwd: string): string | undefined {
  const candidates = name.includes('/')
    ? [isAbsolute(name) ? name : join(cwd, name)]
    : (path ?? '').split(':').map((dir) => join(dir === '' ? cwd : dir, name));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return statSync(candidate).isFile();
    } catch {
      return false;
    }
  });
}

/** Words that the shell knows without a file. */
const SHELL_WORDS = new Set(
  'alias bg break cd command continue eval exec exit export false fg getopts hash jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait echo if while until for case time'.split(
    ' ',
  ),
);

/**
 * The program a command line begins with, where that can be told without being a shell: no quotes, expansions or
 * assignments in the first word. `undefined` means "cannot tell".
 */
export function firstProgram(command: string): string | undefined {
  const word = /^\s*([A-Za-z0-9_./+-]+)(?=\s|$)/.exec(command)?.[1];
  return word === undefined || SHELL_WORDS.has(word) ? undefined : word;
}

/** Commands that bring a window manager of their own, by the names of what starts one. */
const WINDOW_MANAGERS =
  /(?:^|[\s/;&|])(?:[a-z0-9.-]*-session|gnome-session[a-z-]*|start(?:x|xfce4|lxde|lxqt|kde|plasma[-a-z0-9]*|fluxbox)|x-window-manager|x-session-manager|xinit|[Xx]session|openbox|fluxbox|blackbox|icewm|i3|xfwm4|mutter|muffin|kwin(?:_x11)?|marco|metacity|twm|ctwm|fvwm[0-9]*|jwm|awesome|bspwm|dwm|spectrwm|herbstluftwm|enlightenment(?:_start)?|wmaker|cinnamon|gnome-shell|sawfish|xmonad|qtile|pekwm|matchbox-window-manager)(?=[\s;&|]|$)/;

export function bringsWindowManager(command: string): boolean {
  return WINDOW_MANAGERS.test(command);
}

/** Desktops that say by themselves how large things are drawn, and do not start well beside somebody who does. */
const DESKTOPS =
  /(?:^|[\s/;&|])(?:(?:gnome|mate|xfce4|cinnamon|budgie|lxqt|unity|plasma|ukui|deepin|pantheon)-session[a-z-]*|lxsession|cinnamon|gnome-shell|start(?:xfce4|lxde|lxqt|kde|plasma[-a-z0-9]*)|x-session-manager|xinit|startx|[Xx]session|xfsettingsd|xsettingsd)(?=[\s;&|]|$)/;

export function bringsSettings(command: string): boolean {
  return DESKTOPS.test(command);
}
