/**
 * A session's log. X server and command write to it directly, since they outlive the link; so all a link can do about
 * its length is to cut it from time to time.
 */
import { appendFileSync, closeSync, fstatSync, ftruncateSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/** A log longer than this is cut. */
const MAX_BYTES = 4 * 1024 * 1024;
/** What is left of it: the end. */
const KEEP_BYTES = 1024 * 1024;
/** A program that prints 100 MB/s can get this far ahead, times that. */
const CHECK_MS = 2000;

/** Open for appending, so that what is written after a cut goes to the new end. */
export function openLog(path: string): number {
  return openSync(path, 'a', 0o600);
}

/** A line of the link's own. */
export function say(path: string, line: string): void {
  appendFileSync(path, `${line}\n`, { mode: 0o600 });
}

export function readTail(path: string, bytes: number): { log: string; truncated: boolean } {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return { log: '', truncated: false };
  }
  try {
    const { size } = fstatSync(fd);
    const length = Math.min(size, Math.max(0, bytes));
    const buffer = Buffer.alloc(length);
    const read = readSync(fd, buffer, 0, length, size - length);
    return { log: withoutSplitCharacter(buffer.subarray(0, read), length < size), truncated: length < size };
  } finally {
    closeSync(fd);
  }
}

/** A cut may fall inside a UTF-8 sequence; its continuation bytes at the beginning say nothing. */
function withoutSplitCharacter(bytes: Buffer, cut: boolean): string {
  let from = 0;
  if (!cut) return bytes.toString('utf8');
  while (from < 3 && from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from++;
  return bytes.toString('utf8', from);
}

/** Returns whether it was too long. Lines written while it is cut may be lost. */
export function cutLog(path: string, maxBytes = MAX_BYTES, keepBytes = KEEP_BYTES): boolean {
  if (statSync(path).size <= maxBytes) return false;
  const fd = openSync(path, 'r+');
  try {
    const { size } = fstatSync(fd);
    const tail = Buffer.alloc(keepBytes);
    const read = readSync(fd, tail, 0, keepBytes, size - keepBytes);
    ftruncateSync(fd, 0);
    const append = openSync(path, 'a');
    try {
      writeSync(append, '[the log was too long; its beginning was removed]\n');
      writeSync(append, tail, 0, read);
    } finally {
      closeSync(append);
    }
    return true;
  } finally {
    closeSync(fd);
  }
}

/** Cuts the log whenever it has grown too long. Returns the way to stop. */
export function watchLog(path: string): () => void {
  const timer = setInterval(() => {
    try {
      cutLog(path);
    } catch {
      // Purged meanwhile, or the disk is full: nothing a link could do about it.
    }
  }, CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}
