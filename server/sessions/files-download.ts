/** A file of the session's on its way to the person: whatever the user may read, wherever it is. */
import { constants } from 'node:fs';
import { open, readlink, stat, type FileHandle } from 'node:fs/promises';
import { CasementError } from '../../src/contract/errors.ts';
import type { FileFound } from '../../src/contract/files.ts';
import { pathText } from './files-names.ts';
import { absolute, fileError } from './files-place.ts';

const PIECE_BYTES = 256 * 1024;

/** Opens only what is a file: a pipe would wait for ever, a device has no end. @throws CasementError */
async function openFile(path: string, home: string): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    const found = absolute(path, home);
    // Looked at before, since opening alone has effects: whoever waits to write into a pipe would go on. And after, by
    // what was really opened.
    if (!(await stat(found)).isFile()) throw new CasementError('file-kind');
    handle = await open(found, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    throw fileError(error);
  }
  try {
    if (!(await handle.stat()).isFile()) throw new CasementError('file-kind');
    return handle;
  } catch (error) {
    await handle.close();
    throw fileError(error);
  }
}

async function tagOf(handle: FileHandle): Promise<string> {
  const { dev, ino, size, mtimeNs } = await handle.stat({ bigint: true });
  return [dev, ino, size, mtimeNs].map((part) => part.toString(36)).join('-');
}

export async function findFile(path: string, home: string): Promise<FileFound> {
  const handle = await openFile(path, home);
  try {
    const { size, mtimeMs } = await handle.stat();
    const real = await readlink(`/proc/self/fd/${handle.fd}`, { encoding: 'buffer' });
    // Called as it was asked for: a link's name says more than that of what it points to.
    const name = path.slice(path.lastIndexOf('/') + 1) || 'file';
    return { path: pathText(real), name, size, modified: Math.round(mtimeMs), tag: await tagOf(handle) };
  } finally {
    await handle.close();
  }
}

export interface ReadWish {
  readonly path: string;
  readonly tag: string;
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads into two buffers in turn, so that a file of any size takes no more. A piece is good until the one after the
 * next is asked for: whoever takes it has written it out by then.
 *
 * @throws CasementError `file-changed` when it is not what was found any more, and those of opening
 */
export async function* readPieces(wish: ReadWish, home: string): AsyncGenerator<Buffer> {
  const handle = await openFile(wish.path, home);
  try {
    if ((await tagOf(handle)) !== wish.tag) throw new CasementError('file-changed');
    const buffers = [Buffer.allocUnsafe(PIECE_BYTES), Buffer.allocUnsafe(PIECE_BYTES)];
    let [at, left] = [wish.offset, wish.length];
    for (let turn = 0; left > 0; turn++) {
      const buffer = buffers[turn % 2] ?? Buffer.alloc(0);
      const { bytesRead } = await handle.read(buffer, 0, Math.min(left, PIECE_BYTES), at);
      if (bytesRead === 0) throw new CasementError('file-changed');
      at += bytesRead;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw fileError(error);
  } finally {
    await handle.close();
  }
}
