/** What this machine has installed, and what can therefore be started with one click. */
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { BookmarkText, type Bookmark } from '../src/contract/bookmark.ts';

/** Full desktops, in the order in which they are preferred where several are installed. */
const DESKTOPS = [
  'startxfce4',
  'mate-session',
  'startplasma-x11',
  'gnome-session',
  'cinnamon-session',
  'startlxqt',
  'startlxde',
  'budgie-desktop',
  'enlightenment_start',
  'i3',
  'icewm-session',
  'fluxbox',
];
const XSESSIONS = ['/usr/share/xsessions', '/usr/local/share/xsessions'];

export function findProgram(name: string, path: string): string | undefined {
  const candidates = name.includes('/') ? [name] : path.split(delimiter).map((dir) => join(dir || '.', name));
  return candidates.find((candidate) => {
    try {
      accessSync(candidate, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** First words of the `Exec` lines of installed sessions, for desktops that are not in the list above. */
function installedSessions(dirs: readonly string[]): string[] {
  const commands: string[] = [];
  for (const dir of dirs) {
    let names: string[];
    try {
      names = readdirSync(dir).toSorted();
    } catch {
      continue;
    }
    for (const name of names) {
      if (!name.endsWith('.desktop')) continue;
      const exec = /^Exec=(.+)$/m.exec(readFileSync(join(dir, name), 'utf8'))?.[1]?.trim();
      if (exec !== undefined && !/[%`$;|&<>]/.test(exec)) commands.push(exec);
    }
  }
  return commands;
}

/** The command of the desktop to offer, if one is installed. */
export function findDesktop(path: string, sessionDirs: readonly string[] = XSESSIONS): string | undefined {
  const known = DESKTOPS.find((name) => findProgram(name, path));
  if (known !== undefined) return known;
  const installed = installedSessions(sessionDirs).filter((exec) => findProgram(exec.split(/\s+/)[0] ?? '', path));
  // A bare window manager is a black screen to someone who chose "Desktop".
  return installed.find((exec) => !/(?:^|\/)openbox/.test(exec));
}

export interface Machine {
  /** `undefined`: nothing can be started here. */
  readonly xserver: string | undefined;
  readonly bookmarks: readonly Bookmark[];
  readonly startHint: string | null;
}

function bookmark(id: string, name: string, icon: string, command: string): Bookmark {
  return {
    ...BookmarkText.parse({ name, icon, command }),
    id,
    kind: 'builtin',
    builtin: true,
    hidden: false,
    favourite: false,
    version: 1,
    changed: 0,
    by: '',
  };
}

/** Fills the session's window, follows its size, and has letters one can read all day. */
const TERMINAL = 'xterm -fullscreen -fa Monospace -fs 11';

export function lookAround(path: string, platform: NodeJS.Platform): Machine {
  const xserver = findProgram('Xvnc', path) ?? findProgram('Xtigervnc', path);
  const desktop = findDesktop(path);
  const bookmarks = [
    ...(findProgram('xterm', path) === undefined ? [] : [bookmark('terminal', 'Terminal', 'terminal', TERMINAL)]),
    ...(desktop === undefined ? [] : [bookmark('desktop', 'Desktop', 'desktop', desktop)]),
  ];
  const packages = 'tigervnc-standalone-server xterm openbox xauth';
  const startHint =
    xserver !== undefined
      ? null
      : platform === 'linux'
        ? `sudo apt-get install ${packages}`
        : 'Sessions need an X server (Xvnc), which this system does not offer. Run Casement on Linux.';
  return { xserver, bookmarks, startHint };
}
