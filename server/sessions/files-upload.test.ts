/** Uploads, lists and downloads on a real disk, as far as they need no link: names, links, pipes, full disks. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Upload } from '../../src/contract/files.ts';
import { findFile, readPieces } from './files-download.ts';
import { listFolder } from './files-list.ts';
import { pathText } from './files-names.ts';
import { fileError } from './files-place.ts';
import { beginUpload, cancelUpload, finishUpload, UploadWriter } from './files-upload.ts';

const UMASK = 0o027;
let base: string;
let home: string;
let outside: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'casement-files-')));
  home = join(base, 'home');
  outside = join(base, 'elsewhere');
  mkdirSync(join(home, 'Downloads'), { recursive: true });
  mkdirSync(outside);
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const failsWith = (code: string, details?: object) =>
  expect.objectContaining({ code, ...(details ? { details } : {}) }) as Error;
const wish = (name: string, size: number, folder = '~/Downloads'): Upload => ({ folder, name, size, modified: 7 });
const parts = (folder = join(home, 'Downloads')) => readdirSync(folder).filter((name) => name.endsWith('.part'));

async function send(upload: Upload, text: string, offset = 0): Promise<number> {
  const writer = await UploadWriter.open(upload, offset, home);
  try {
    for (const byte of text) writer.push(Buffer.from(byte));
    return await writer.end();
  } finally {
    await writer.close();
  }
}
/** In pieces as they come from the network. */
async function sendAll(upload: Upload, bytes: Buffer, offset = 0): Promise<void> {
  const writer = await UploadWriter.open(upload, offset, home);
  try {
    for (let at = offset; at < bytes.length; at += 16_384) writer.push(bytes.subarray(at, at + 16_384));
    await writer.end();
  } catch (error) {
    throw fileError(error);
  } finally {
    await writer.close();
  }
}

const finish = (upload: Upload, exists?: 'replace' | 'keep-both') => finishUpload(upload, exists, home, UMASK);

async function put(name: string, text: string, folder?: string): Promise<void> {
  const upload = wish(name, Buffer.byteLength(text), folder);
  await beginUpload(upload, home);
  await send(upload, text);
  await finish(upload);
}

describe('an upload', () => {
  it('has its name, and the rights the user’s umask leaves, when all of it is there, and not before', async () => {
    const upload = wish('new.txt', 8);
    expect(await beginUpload(upload, home)).toEqual({ folder: join(home, 'Downloads'), offset: 0, exists: false });
    expect(await send(upload, 'half')).toBe(4);
    expect(existsSync(join(home, 'Downloads/new.txt'))).toBe(false);
    expect(statSync(join(home, 'Downloads', parts()[0] ?? '')).mode & 0o777).toBe(0o600);
    await expect(finish(upload)).rejects.toThrow(failsWith('file-offset', { offset: 4 }));
    expect(await beginUpload(upload, home)).toMatchObject({ offset: 4 });
    await expect(send(upload, 'x', 3)).rejects.toThrow(failsWith('file-offset', { offset: 4 }));
    await send(upload, 'half', 4);
    expect(await finish(upload)).toEqual({ folder: join(home, 'Downloads'), name: 'new.txt' });
    expect(readFileSync(join(home, 'Downloads/new.txt'), 'utf8')).toBe('halfhalf');
    expect(statSync(join(home, 'Downloads/new.txt')).mode & 0o777).toBe(0o640);
    expect(parts()).toEqual([]);
  });

  it('may be empty', async () => {
    await put('empty', '');
    expect(statSync(join(home, 'Downloads/empty')).size).toBe(0);
  });

  it('gets no more bytes than were announced', async () => {
    const upload = wish('small', 3);
    await expect(send(upload, 'four')).rejects.toThrow(failsWith('too-large'));
  });

  it('overwrites nothing unless told to; keeps both under a number', async () => {
    await put('a.txt', 'first');
    const upload = wish('a.txt', 6);
    expect(await beginUpload(upload, home)).toMatchObject({ exists: true });
    await send(upload, 'second');
    await expect(finish(upload)).rejects.toThrow(failsWith('file-exists'));
    expect(readFileSync(join(home, 'Downloads/a.txt'), 'utf8')).toBe('first');
    expect(await finish(upload, 'keep-both')).toMatchObject({ name: 'a (2).txt' });
    await send(upload, 'second');
    expect(await finish(upload, 'replace')).toMatchObject({ name: 'a.txt' });
    expect(readFileSync(join(home, 'Downloads/a.txt'), 'utf8')).toBe('second');
    expect(readdirSync(join(home, 'Downloads')).toSorted()).toEqual(['a (2).txt', 'a.txt']);
  });

  it('takes the place of a link, and not of what the link points to', async () => {
    writeFileSync(join(outside, 'target'), 'theirs');
    symlinkSync(join(outside, 'target'), join(home, 'Downloads/link'));
    const upload = wish('link', 4);
    await send(upload, 'mine');
    await expect(finish(upload)).rejects.toThrow(failsWith('file-exists'));
    await finish(upload, 'replace');
    expect(readFileSync(join(outside, 'target'), 'utf8')).toBe('theirs');
    expect(lstatSync(join(home, 'Downloads/link')).isFile()).toBe(true);
  });

  it('does not replace a folder', async () => {
    mkdirSync(join(home, 'Downloads/folder'));
    const upload = wish('folder', 1);
    await send(upload, 'x');
    await expect(finish(upload, 'replace')).rejects.toThrow(failsWith('file-kind'));
  });

  it.each(['..', '../evil', 'a/b', 'a\nb', '', '.'])(
    'is refused the name %j before anything is written',
    async (name) => {
      await expect(beginUpload(wish(name, 1), home)).rejects.toThrow(failsWith('file-name'));
      expect(parts()).toEqual([]);
    },
  );

  it.each(['/', '/tmp', '..', '~/..', '~/Downloads/../..', '../elsewhere'])(
    'does not leave the home by %s',
    async (to) => {
      await expect(beginUpload(wish('x', 1, to), home)).rejects.toThrow(failsWith('file-outside'));
      await expect(UploadWriter.open(wish('x', 1, to), 0, home)).rejects.toThrow(failsWith('file-outside'));
      await expect(finish(wish('x', 1, to))).rejects.toThrow(failsWith('file-outside'));
      await expect(cancelUpload(wish('x', 1, to), home)).rejects.toThrow(failsWith('file-outside'));
      await expect(listFolder(to, home)).rejects.toThrow(failsWith('file-outside'));
    },
  );

  it('does not leave the home by a link, nor by a sibling whose name begins alike', async () => {
    symlinkSync(outside, join(home, 'out'));
    mkdirSync(`${home}-2`);
    for (const to of ['~/out', `${home}-2`]) {
      await expect(beginUpload(wish('x', 1, to), home)).rejects.toThrow(failsWith('file-outside'));
    }
    expect(readdirSync(outside)).toEqual([]);
  });

  it('goes where the folder was when it was begun, though a link takes its place between two pieces', async () => {
    const upload = wish('moved', 6);
    const writer = await UploadWriter.open(upload, 0, home);
    writer.push(Buffer.from('one'));
    await writer.end();
    renameSync(join(home, 'Downloads'), join(home, 'was'));
    symlinkSync(outside, join(home, 'Downloads'));
    writer.push(Buffer.from('two'));
    expect(await writer.end()).toBe(6);
    await writer.close();
    await expect(finish(upload)).rejects.toThrow(failsWith('file-outside'));
    expect(readdirSync(outside)).toEqual([]);
    expect(readFileSync(join(home, 'was', parts(join(home, 'was'))[0] ?? ''), 'utf8')).toBe('onetwo');
  });

  it('is not written through a link, a pipe or another file that lies where its bytes are kept', async () => {
    const upload = wish('prey', 4);
    await send(upload, 'x');
    const part = join(home, 'Downloads', parts()[0] ?? '');
    writeFileSync(join(outside, 'victim'), '');
    const traps: [string, () => void][] = [
      ['file-denied', () => symlinkSync(join(outside, 'victim'), part)],
      ['file-kind', () => execFileSync('mkfifo', [part])],
      ['file-kind', () => linkSync(join(outside, 'victim'), part)],
      ['file-kind', () => mkdirSync(part)],
    ];
    for (const [code, trap] of traps) {
      rmSync(part, { recursive: true });
      trap();
      await expect(send(upload, 'gone')).rejects.toThrow(failsWith(code));
      await expect(finish(upload)).rejects.toThrow(failsWith(code));
    }
    expect(readFileSync(join(outside, 'victim'), 'utf8')).toBe('');
  });

  it('is written by one at a time, and taken over from who went away', async () => {
    const upload = wish('shared', 4);
    const first = await UploadWriter.open(upload, 0, home);
    await expect(UploadWriter.open(upload, 0, home)).rejects.toThrow(failsWith('busy'));
    await first.close();
    const second = await UploadWriter.open(upload, 0, home);
    await second.close();
  });

  it('leaves nothing when it is cancelled, and what was abandoned a week ago is removed by the next', async () => {
    const upload = wish('left', 9);
    await send(upload, 'some');
    await cancelUpload(upload, home);
    expect(parts()).toEqual([]);
    await cancelUpload(upload, home);
    await send(upload, 'some');
    const week = Date.now() / 1000 - 8 * 24 * 3600;
    utimesSync(join(home, 'Downloads', parts()[0] ?? ''), week, week);
    writeFileSync(join(home, 'Downloads/own.part'), '');
    utimesSync(join(home, 'Downloads/own.part'), week, week);
    await beginUpload(wish('other', 1), home);
    expect(parts()).toEqual(['own.part']);
  });

  it('says at once that it cannot fit', async () => {
    await expect(beginUpload(wish('huge', Number.MAX_SAFE_INTEGER), home)).rejects.toThrow(failsWith('disk-full'));
    expect(parts()).toEqual([]);
  });

  it('keeps what fitted when the disk is full, and goes on when there is room', async ({ skip }) => {
    const disk = join(home, 'Downloads');
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'casement', disk]);
    if (mount.status !== 0) skip('file systems cannot be mounted here');
    try {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(128 * 1024));
      const upload = wish('big', 200 * 1024);
      // There was room when it began, and then somebody else took it.
      rmSync(join(disk, 'ballast'));
      await beginUpload(upload, home);
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(128 * 1024));
      const bytes = Buffer.alloc(200 * 1024, 'casement');
      await expect(sendAll(upload, bytes)).rejects.toThrow(failsWith('disk-full'));
      await expect(beginUpload(upload, home)).rejects.toThrow(failsWith('disk-full'));
      rmSync(join(disk, 'ballast'));
      const { offset } = await beginUpload(upload, home);
      expect(offset).toBeGreaterThan(64 * 1024);
      await sendAll(upload, bytes, offset);
      await finish(upload);
      expect(readFileSync(join(disk, 'big')).equals(bytes)).toBe(true);
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  it('says that the folder is not there, or not to be written to', async () => {
    await expect(beginUpload(wish('x', 1, '~/none'), home)).rejects.toThrow(failsWith('file-unknown'));
    writeFileSync(join(home, 'file'), '');
    await expect(beginUpload(wish('x', 1, '~/file'), home)).rejects.toThrow(failsWith('file-unknown'));
    // Root may write anywhere.
    if (process.getuid?.() === 0) return;
    chmodSync(join(home, 'Downloads'), 0o500);
    await expect(send(wish('x', 1), 'x')).rejects.toThrow(failsWith('file-denied'));
  });
});

describe('a list', () => {
  it('has folders first, names in the order people count, and what is behind links', async () => {
    const at = join(home, 'Downloads');
    for (const name of ['b10.txt', 'b9.txt', 'A.txt']) writeFileSync(join(at, name), name);
    mkdirSync(join(at, 'z'));
    symlinkSync(home, join(at, 'y'));
    symlinkSync('nowhere', join(at, 'dangling'));
    execFileSync('mkfifo', [join(at, 'pipe')]);
    await send(wish('unfinished', 5), 'abc');
    const { path, home: top, entries, truncated } = await listFolder('~/Downloads', home);
    expect([path, top, truncated]).toEqual([at, home, false]);
    expect(entries.map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      'folder y',
      'folder z',
      'file A.txt',
      'file b9.txt',
      'file b10.txt',
      'other pipe',
    ]);
    expect(entries.find(({ name }) => name === 'b10.txt')).toMatchObject({ size: 7 });
  });

  it('gives names that are no text so that the file can be had', async () => {
    const name = Buffer.from('Gr\u00fc\u00dfe\n.txt', 'latin1');
    writeFileSync(Buffer.concat([Buffer.from(`${home}/Downloads/`), name]), 'hello');
    const { path, entries } = await listFolder('~/Downloads', home);
    const found = await findFile(`${path}/${entries[0]?.name}`, home);
    expect(found).toMatchObject({ name: pathText(name), size: 5 });
  });
});

async function read(path: string, offset = 0, length?: number): Promise<Buffer> {
  const found = await findFile(path, home);
  const pieces: Buffer[] = [];
  const all = { path: found.path, tag: found.tag, offset, length: length ?? found.size };
  for await (const piece of readPieces(all, home)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}

describe('a download', () => {
  it('reads any part of a file, by a path from the home or from the root', async () => {
    const bytes = Buffer.from(Array.from({ length: 700_000 }, (_, at) => at % 251));
    writeFileSync(join(outside, 'data'), bytes);
    expect((await read(join(outside, 'data'))).equals(bytes)).toBe(true);
    expect((await read('../elsewhere/data', 299_999, 300_001)).equals(bytes.subarray(299_999, 600_000))).toBe(true);
    symlinkSync(join(outside, 'data'), join(home, 'called'));
    expect(await findFile('~/called', home)).toMatchObject({ name: 'called', path: join(outside, 'data') });
  });

  it('never waits for a pipe, reads no device, opens no socket, and lets no writer of a pipe go on', async () => {
    execFileSync('mkfifo', [join(home, 'pipe')]);
    for (const path of ['~/pipe', '/dev/zero', '/dev/tty', '~/Downloads', '/']) {
      await expect(findFile(path, home), path).rejects.toThrow(failsWith('file-kind'));
    }
    await expect(findFile('~/none', home)).rejects.toThrow(failsWith('file-unknown'));
    await expect(findFile('~/pipe/x', home)).rejects.toThrow(failsWith('file-unknown'));
  });

  it('is of the file that was found, and of no other that came in its place', async () => {
    writeFileSync(join(home, 'a'), 'one');
    const { path, tag } = await findFile('~/a', home);
    writeFileSync(join(home, 'b'), 'two');
    renameSync(join(home, 'b'), join(home, 'a'));
    const wanted = { path, tag, offset: 0, length: 3 };
    await expect(readPieces(wanted, home).next()).rejects.toThrow(failsWith('file-changed'));
  });

  it('ends when the file becomes shorter while it is read', async () => {
    writeFileSync(join(home, 'a'), Buffer.alloc(600_000));
    const { path, tag } = await findFile('~/a', home);
    const pieces = readPieces({ path, tag, offset: 0, length: 600_000 }, home);
    expect((await pieces.next()).done).toBe(false);
    truncateSync(join(home, 'a'), 100_000);
    const rest = async () => {
      for await (const piece of pieces) expect(piece.length).toBeGreaterThan(0);
    };
    await expect(rest()).rejects.toThrow(failsWith('file-changed'));
  });
});
