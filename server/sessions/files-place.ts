/**
 * Where files are, on the session's side. Everything is done as the user and so cannot reach what the user cannot; over
 * that, uploads and lists stay below the home directory. A folder is opened once and then gone through by its
 * descriptor, so that nobody can swap it for a link after it was looked at.
 */
import { constants } from 'node:fs';
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import { systemCode } from './files.ts';
import { pathBytes, pathText } from './files-names.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'file-unknown',
  ENOTDIR: 'file-unknown',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
  EROFS: 'file-denied',
  ELOOP: 'file-denied',
  ENXIO: 'file-kind',
  EISDIR: 'file-kind',
  ENAMETOOLONG: 'file-name',
  EILSEQ: 'file-name',
  EINVAL: 'file-name',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  // A limit on the size of files that the user's processes may write.
  EFBIG: 'disk-full',
};

/** What a system call failed with, as the catalogue has it. */
export function fileError(error: unknown): CasementError {
  if (error instanceof CasementError) return error;
  const code = CODES[systemCode(error) ?? ''];
  return new CasementError(code ?? 'internal', { cause: error });
}

/** Absolute, with `~` and what is relative taken from the home. */
export function absolute(text: string, home: string): Buffer {
  const path = text === '~' ? home : text.startsWith('~/') ? `${home}/${text.slice(2)}` : text;
  return pathBytes(path.startsWith('/') ? path : `${home}/${path}`);
}

const SLASH = Buffer.from('/');

export class Folder {
  readonly handle: FileHandle;
  /** Without symbolic links. */
  readonly path: Buffer;
  readonly home: Buffer;

  private constructor(handle: FileHandle, path: Buffer, home: Buffer) {
    this.handle = handle;
    this.path = path;
    this.home = home;
  }

  /** @throws CasementError `file-unknown`, `file-denied`, `file-outside` */
  static async open(text: string, home: string): Promise<Folder> {
    let handle: FileHandle;
    try {
      handle = await open(absolute(text, home), constants.O_RDONLY | constants.O_DIRECTORY);
    } catch (error) {
      throw fileError(error);
    }
    try {
      const path = await readlink(`/proc/self/fd/${handle.fd}`, { encoding: 'buffer' });
      const top = await realpath(home, { encoding: 'buffer' });
      const inside = path.equals(top) || path.subarray(0, top.length + 1).equals(Buffer.concat([top, SLASH]));
      if (!inside) throw new CasementError('file-outside');
      return new Folder(handle, path, top);
    } catch (error) {
      await handle.close();
      throw fileError(error);
    }
  }

  /** To be handed to a system call while the folder is open. */
  entry(name: Uint8Array | string): Buffer {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${this.handle.fd}/`), Buffer.from(name)]);
  }

  get text(): string {
    return pathText(this.path);
  }

  close(): Promise<void> {
    return this.handle.close();
  }
}

/** Opens the folder, and closes it whatever becomes of `task`. */
export async function inFolder<Result>(
  text: string,
  home: string,
  task: (folder: Folder) => Promise<Result>,
): Promise<Result> {
  const folder = await Folder.open(text, home);
  try {
    return await task(folder);
  } catch (error) {
    throw fileError(error);
  } finally {
    await folder.close();
  }
}
