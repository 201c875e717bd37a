import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findDesktop, findProgram, lookAround } from './machine.ts';

let dir: string;
let bin: string;
let sessions: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-machine-'));
  [bin, sessions] = [join(dir, 'bin'), join(dir, 'xsessions')];
  mkdirSync(bin);
  mkdirSync(sessions);
});
afterEach(() => rmSync(dir, { recursive: true }));

function install(name: string, mode = 0o755): void {
  writeFileSync(join(bin, name), '#!/bin/sh\n');
  chmodSync(join(bin, name), mode);
}
const session = (name: string, exec: string) =>
  writeFileSync(join(sessions, name), `[Desktop Entry]\nName=x\nExec=${exec}\n`);

it('finds programs that can be executed, on the path alone', () => {
  install('there');
  expect(findProgram('there', `/nowhere:${bin}`)).toBe(join(bin, 'there'));
  expect(findProgram('missing', bin)).toBeUndefined();
});

it('offers a full desktop before a bare window manager, and none where there is none', () => {
  expect(findDesktop(bin, [sessions])).toBeUndefined();
  install('openbox-session');
  session('openbox.desktop', 'openbox-session');
  expect(findDesktop(bin, [sessions])).toBeUndefined();
  install('special');
  session('special.desktop', 'special --login');
  expect(findDesktop(bin, [sessions])).toBe('special --login');
  install('mate-session');
  install('startxfce4');
  expect(findDesktop(bin, [sessions])).toBe('startxfce4');
});

it('leaves out installed sessions whose program is gone or whose command a shell would expand', () => {
  session('a-gone.desktop', 'gone');
  install('odd');
  session('b-odd.desktop', 'odd $(date)');
  expect(findDesktop(bin, [sessions, join(dir, 'missing')])).toBeUndefined();
});

it('says how to get an X server where there is none', () => {
  install('xterm');
  expect(lookAround(bin, 'linux')).toMatchObject({
    xserver: undefined,
    startHint: expect.stringContaining('apt-get install tigervnc-standalone-server'),
    bookmarks: [{ id: 'terminal', command: 'xterm -fullscreen -fa Monospace -fs 11', builtin: true }],
  });
  install('Xvnc');
  expect(lookAround(bin, 'linux').startHint).toBeNull();
});
