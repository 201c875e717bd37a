/**
 * A file of the person's that arrives piece by piece. What has arrived lies beside its target under a name made from
 * what the file is, so that it is found again by whoever sends the same file, after whatever ended the first attempt;
 * nothing else is kept. At the end it is given its name in one step.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, open, readdir, rename, statfs, unlink, type FileHandle } from 'node:fs/promises';
import { CasementError } from '../../src/contract/errors.ts';
import type { IfExists, Upload } from '../../src/contract/files.ts';
import { systemCode } from './files.ts';
import { newName, numbered } from './files-names.ts';
import { type Folder, inFolder } from './files-place.ts';

const PART = /^\.casement-[0-9a-f]{32}\.part$/;
/** Nobody has gone on with it for this long. */
const ABANDONED_MS = 7 * 24 * 3600_000;
/** Who writes nothing for this long has lost the connection, whatever the kernel says of it. */
const SILENT_MS = 5000;
const MAX_NUMBER = 1000;

export const isPart = (name: Uint8Array): boolean => PART.test(Buffer.from(name).toString('latin1'));

function partName(folder: Folder, { name, size, modified }: Upload): string {
  const what = JSON.stringify([folder.path.toString('latin1'), name, size, modified]);
  return `.casement-${createHash('sha256').update(what).digest('hex').slice(0, 32)}.part`;
}

async function sizeOf(path: Buffer): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function exists(path: Buffer): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** By folder, when it was looked through last: not for each of the thousand small files that go into it. */
const swept = new Map<string, number>();
const SWEPT_FOR_MS = 60_000;

async function sweep(folder: Folder, own: string): Promise<void> {
  const now = Date.now();
  const key = folder.path.toString('latin1');
  if (now - (swept.get(key) ?? 0) < SWEPT_FOR_MS) return;
  for (const [path, at] of swept) if (now - at >= SWEPT_FOR_MS) swept.delete(path);
  swept.set(key, now);
  const limit = now - ABANDONED_MS;
  for (const name of await readdir(folder.entry(''), { encoding: 'buffer' })) {
    if (!isPart(name) || name.toString('latin1') === own) continue;
    const path = folder.entry(name);
    const found = await lstat(path).catch(() => undefined);
    if (found && found.mtimeMs < limit) await unlink(path).catch(() => undefined);
  }
}

/** What of it is there. Says at once when the rest cannot fit. @throws CasementError `disk-full` and those of folders */
export async function beginUpload(upload: Upload, home: string) {
  const name = newName(upload.name);
  return inFolder(upload.folder, home, async (folder) => {
    const part = partName(folder, upload);
    await sweep(folder, part);
    const offset = (await sizeOf(folder.entry(part))) ?? 0;
    const room = await statfs(folder.entry(''), { bigint: true });
    if (room.blocks > 0n && BigInt(upload.size - offset) > room.bavail * room.bsize)
      throw new CasementError('disk-full');
    return { folder: folder.text, offset, exists: await exists(folder.entry(name)) };
  });
}

export function cancelUpload(upload: Upload, home: string): Promise<null> {
  return inFolder(upload.folder, home, async (folder) => {
    await unlink(folder.entry(partName(folder, upload))).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw error;
    });
    return null;
  });
}

/** Opens what has arrived. Never through a link, and never a pipe or device that somebody put there. */
async function openPart(folder: Folder, upload: Upload, flags: number): Promise<FileHandle> {
  const { O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  const path = folder.entry(partName(folder, upload));
  const handle = await open(path, flags | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
  const found = await handle.stat();
  if (found.isFile() && found.nlink === 1 && found.uid === process.getuid?.()) return handle;
  await handle.close();
  throw new CasementError('file-kind');
}

/** @throws CasementError `file-exists`, `file-offset`, and those of folders */
export async function finishUpload(upload: Upload, ifExists: IfExists | undefined, home: string, umask: number) {
  const wanted = newName(upload.name);
  return inFolder(upload.folder, home, async (folder) => {
    const handle = await openPart(folder, upload, constants.O_WRONLY);
    try {
      const { size } = await handle.stat();
      if (size !== upload.size) throw new CasementError('file-offset', { details: { offset: size } });
      await handle.chmod(0o666 & ~umask);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const part = folder.entry(partName(folder, upload));
    if (ifExists === 'replace') {
      await rename(part, folder.entry(wanted));
      return { folder: folder.text, name: upload.name };
    }
    for (let number = 1; number <= (ifExists === 'keep-both' ? MAX_NUMBER : 1); number++) {
      const name = number === 1 ? upload.name : numbered(upload.name, number);
      if (await settle(part, folder.entry(name))) return { folder: folder.text, name };
    }
    throw new CasementError('file-exists');
  });
}

/** Gives it the name if nothing has that. */
async function settle(part: Buffer, target: Buffer): Promise<boolean> {
  try {
    // Unlike a rename, a link never takes another file's place.
    await link(part, target);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    // File systems without hard links.
    if (await exists(target)) return false;
    await rename(part, target);
    return true;
  }
  await unlink(part);
  return true;
}

/** Who writes to which file at this moment. */
const writers = new Map<string, UploadWriter>();

/** Appends what comes, in order. Pieces are written by one call at a time and belong to the writer until then. */
export class UploadWriter {
  readonly #handle: FileHandle;
  readonly #key: string;
  readonly #limit: number;
  #offset: number;
  #queued = 0;
  #heard = Date.now();
  #tail: Promise<void> = Promise.resolve();
  #failure: unknown;
  #closed = false;
  /** Called after each piece. */
  onWritten: () => void = () => undefined;

  private constructor(handle: FileHandle, key: string, offset: number, limit: number) {
    this.#handle = handle;
    this.#key = key;
    this.#offset = offset;
    this.#limit = limit;
  }

  /** @throws CasementError `busy` where somebody writes it just now, `file-offset` with where to go on, those of folders */
  static open(upload: Upload, offset: number, home: string): Promise<UploadWriter> {
    return inFolder(upload.folder, home, async (folder) => {
      const handle = await openPart(folder, upload, constants.O_WRONLY);
      try {
        const { dev, ino } = await handle.stat();
        const key = `${dev}:${ino}`;
        const other = writers.get(key);
        if (other && Date.now() - other.#heard < SILENT_MS) throw new CasementError('busy');
        await other?.close();
        const { size } = await handle.stat();
        if (size !== offset) throw new CasementError('file-offset', { details: { offset: size } });
        if (writers.has(key)) throw new CasementError('busy');
        const writer = new UploadWriter(handle, key, offset, upload.size);
        writers.set(key, writer);
        return writer;
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  /** Bytes that wait to be written. */
  get queued(): number {
    return this.#queued;
  }

  /** What a write failed with; what came after that is dropped. */
  get failed(): unknown {
    return this.#failure;
  }

  push(piece: Uint8Array): void {
    this.#heard = Date.now();
    if (this.#closed) return;
    this.#queued += piece.length;
    this.#tail = this.#tail.then(async () => {
      try {
        if (this.#failure === undefined) await this.#write(piece);
      } catch (error) {
        this.#failure = error;
      }
      this.#queued -= piece.length;
      this.onWritten();
    });
  }

  /** When all that was pushed is written: where the file ends now. Rejects with what a write failed with. */
  async end(): Promise<number> {
    await this.#tail;
    if (this.#failure !== undefined) throw this.#failure;
    return this.#offset;
  }

  /** What was pushed is still written. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#tail;
    if (writers.get(this.#key) === this) writers.delete(this.#key);
    await this.#handle.close();
  }

  async #write(piece: Uint8Array): Promise<void> {
    if (this.#offset + piece.length > this.#limit) throw new CasementError('too-large');
    for (let at = 0; at < piece.length;) {
      const { bytesWritten } = await this.#handle.write(piece, at, piece.length - at, this.#offset);
      at += bytesWritten;
      this.#offset += bytesWritten;
    }
  }
}
