/** Folders made on a real disk: what a page may send as names, what is in the way, and whose rights they have. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MAX_LEVELS } from '../../src/contract/files.ts';
import { makeFolders } from './files-folders.ts';

let base: string;
let home: string;
let at: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'casement-folders-')));
  home = join(base, 'home');
  at = join(home, 'Downloads');
  mkdirSync(at, { recursive: true });
  mkdirSync(join(base, 'elsewhere'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const make = (...below: string[]) => makeFolders('~/Downloads', below, home, 0o027);
const failsWith = (code: string, details?: object) =>
  expect.objectContaining({ code, ...(details ? { details } : {}) }) as Error;
const mode = (path: string) => statSync(path).mode & 0o7777;

it('makes what is not there, one in the other, with the rights the user’s umask leaves', async () => {
  expect(await make('project')).toEqual({ folder: join(at, 'project'), made: true });
  expect(await make('project', 'src', 'Grün')).toEqual({ folder: join(at, 'project/src/Grün'), made: true });
  expect(await make('project', 'src')).toEqual({ folder: join(at, 'project/src'), made: false });
  expect(['project', 'project/src', 'project/src/Grün'].map((name) => mode(join(at, name)))).toEqual([
    0o750, 0o750, 0o750,
  ]);
});

it('leaves the rights of what was there, and hands on the bit of a folder for a group', async () => {
  mkdirSync(join(at, 'shared'));
  chmodSync(join(at, 'shared'), 0o2775);
  await make('shared', 'new');
  expect(mode(join(at, 'shared'))).toBe(0o2775);
  expect(mode(join(at, 'shared/new'))).toBe(0o2750);
});

it('makes each once, whoever asks at the same time', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => make('a', 'b', 'c')));
  expect(new Set(all.map(({ folder }) => folder))).toEqual(new Set([join(at, 'a/b/c')]));
  expect(all.filter(({ made }) => made)).toHaveLength(1);
});

it.each(['..', '.', '', 'a/b', '../../elsewhere', '/tmp', 'a\nb', 'x'.repeat(256), 'nul\0', '\udc80'])(
  'takes %j for no name, in no place, and makes nothing before it',
  async (name) => {
    for (const below of [[name], ['first', name], ['first', name, 'last']]) {
      await expect(make(...below)).rejects.toThrow(failsWith('file-name'));
    }
    expect(readdirSync(at)).toEqual([]);
  },
);

it('follows no link, inside the home or out of it, and replaces nothing', async () => {
  symlinkSync(join(base, 'elsewhere'), join(at, 'out'));
  mkdirSync(join(home, 'other'));
  symlinkSync('../other', join(at, 'in'));
  symlinkSync('nowhere', join(at, 'dangling'));
  writeFileSync(join(at, 'file'), 'mine');
  execFileSync('mkfifo', [join(at, 'pipe')]);
  for (const name of ['out', 'in', 'dangling', 'file', 'pipe']) {
    await expect(make(name), name).rejects.toThrow(failsWith('folder-taken', { name }));
    await expect(make(name, 'x'), name).rejects.toThrow(failsWith('folder-taken', { name }));
  }
  expect(readdirSync(join(base, 'elsewhere'))).toEqual([]);
  expect(readdirSync(join(home, 'other'))).toEqual([]);
  expect(lstatSync(join(at, 'file')).size).toBe(4);
});

it('stays below the home, and says where a folder cannot be', async () => {
  for (const to of ['/', '/tmp', '~/..', '../elsewhere']) {
    await expect(makeFolders(to, ['x'], home, 0o022), to).rejects.toThrow(failsWith('file-outside'));
  }
  await expect(makeFolders('~/none', ['x'], home, 0o022)).rejects.toThrow(failsWith('file-unknown'));
  expect(existsSync(join(base, 'elsewhere/x'))).toBe(false);
});

it('goes no deeper than its limit', async () => {
  const levels = Array.from({ length: MAX_LEVELS }, (_, level) => `l${level}`);
  expect((await make(...levels)).folder).toBe(join(at, ...levels));
  await expect(make(...levels, 'one more')).rejects.toThrow(failsWith('folder-deep', { limit: MAX_LEVELS }));
});

it('holds no folder open', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  writeFileSync(join(at, 'file'), '');
  const before = open();
  for (let turn = 0; turn < 10; turn++) {
    await make('a', 'b', 'c');
    await expect(make('a', 'b', '..')).rejects.toThrow(failsWith('file-name'));
    await expect(make('file')).rejects.toThrow(failsWith('folder-taken'));
  }
  expect(open()).toBe(before);
});
