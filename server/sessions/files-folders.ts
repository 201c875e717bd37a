/** Folders of the person's that are made in the session, one in the other, as a tree of files needs them. */
import { constants } from 'node:fs';
import { mkdir, open, readlink, type FileHandle } from 'node:fs/promises';
import { CasementError } from '../../src/contract/errors.ts';
import { type FolderMade, MAX_LEVELS } from '../../src/contract/files.ts';
import { systemCode } from './files.ts';
import { newName, pathText } from './files-names.ts';
import { inFolder } from './files-place.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/** A folder and nothing that leads to one; `undefined` where nothing has the name. */
async function openBelow(path: Buffer, name: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    // A link is told as one of the two, by the kind of file system.
    if (code === 'ENOTDIR' || code === 'ELOOP') throw new CasementError('folder-taken', { details: { name } });
    throw error;
  }
}

/** What the user's umask leaves; the bits that a folder inherits, such as that for the group of a project, stay. */
async function settleMode(folder: FileHandle, umask: number): Promise<void> {
  const { mode } = await folder.stat();
  await folder.chmod((mode & 0o7000) | (0o777 & ~umask));
}

async function stepInto(at: FileHandle, name: string, umask: number): Promise<{ next: FileHandle; made: boolean }> {
  const path = Buffer.concat([Buffer.from(`/proc/self/fd/${at.fd}/`), newName(name)]);
  const there = await openBelow(path, name);
  if (there) return { next: there, made: false };
  let made = true;
  try {
    await mkdir(path, 0o700);
  } catch (error) {
    // Somebody was quicker, perhaps another file of the same upload.
    if (systemCode(error) !== 'EEXIST') throw error;
    made = false;
  }
  const next = await openBelow(path, name);
  if (!next) throw new CasementError('file-unknown');
  try {
    if (made) await settleMode(next, umask);
    return { next, made };
  } catch (error) {
    await next.close();
    throw error;
  }
}

/**
 * Goes down from `folder` by `below`, each name by the descriptor of the folder before: what a page sends as a name can
 * be no way out, and no link is followed, also none that is put there meanwhile.
 *
 * @throws CasementError `folder-deep`, `file-name`, `folder-taken`, and those of folders
 */
export async function makeFolders(
  folder: string,
  below: readonly string[],
  home: string,
  umask: number,
): Promise<FolderMade> {
  if (below.length > MAX_LEVELS) throw new CasementError('folder-deep', { details: { limit: MAX_LEVELS } });
  // All are looked at before the first is made.
  for (const name of below) newName(name);
  return inFolder(folder, home, async (base) => {
    let at = base.handle;
    let made = false;
    try {
      for (const name of below) {
        const step = await stepInto(at, name, umask);
        if (at !== base.handle) await at.close();
        ({ next: at, made } = step);
      }
      return { folder: pathText(await readlink(`/proc/self/fd/${at.fd}`, { encoding: 'buffer' })), made };
    } finally {
      if (at !== base.handle) await at.close();
    }
  });
}
