/** Files that only their owner may read, and that are never seen half written. */
import { lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Makes the directory and those above it; refuses one that somebody else owns or may look into. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) {
    throw new Error(`${path} must be a directory of mode 0700 that belongs to the user who runs this`);
  }
}

/** Replaces the file in one step, so that a reader, and a start after a crash, see the old or the new content. */
export function writeAtomically(path: string, content: string | Uint8Array, mode = 0o600): void {
  const part = `${path}.part`;
  writeFileSync(part, content, { mode });
  renameSync(part, path);
}

/** Node's code of a failed system call, such as `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The parsed content; `undefined` when there is no such file or it is not JSON. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
