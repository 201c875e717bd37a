/**
 * A FIFO that a process inherits open for writing and never writes to: its reader sees the end of file when that
 * process is gone, however it went, and whoever its parent is. Works again for a link that was started later.
 */
import { execFile } from 'node:child_process';
import { closeSync, constants, openSync, readSync, renameSync } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);

export async function makeFifos(paths: readonly string[]): Promise<void> {
  await run('mkfifo', ['-m', '0600', '--', ...paths]);
}

/** Keeps one pair of FIFOs in store: making them costs a process, which a start should not wait for. */
export class FifoStore {
  readonly #dir: string;
  #ready: Promise<string[]> | undefined;
  #made = 0;

  constructor(dir: string) {
    this.#dir = dir;
    this.#refill();
  }

  async take(first: string, second: string): Promise<void> {
    const ready = this.#ready;
    this.#ready = undefined;
    let pair: string[] = [];
    try {
      pair = (await ready) ?? [];
    } catch {
      // Told by the attempt below, if it fails as well.
    }
    if (pair[0] !== undefined && pair[1] !== undefined) {
      renameSync(pair[0], first);
      renameSync(pair[1], second);
    } else {
      await makeFifos([first, second]);
    }
    setTimeout(() => this.#refill(), 500).unref();
  }

  #refill(): void {
    if (this.#ready) return;
    const stem = `${this.#dir}/.fifo-${process.pid}-${this.#made++}`;
    const pair = [`${stem}-a`, `${stem}-b`];
    this.#ready = makeFifos(pair).then(() => pair);
    this.#ready.catch(() => undefined);
  }
}

/** The descriptor to hand to a process, and the reader. Whoever spawned must close `writeFd`, or the end is never seen. */
export function openFifo(path: string): { readFd: number; writeFd: number } {
  // The reader first: opening a FIFO for writing waits for one.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return { readFd, writeFd: openSync(path, constants.O_WRONLY) };
  } catch (error) {
    closeSync(readFd);
    throw error;
  }
}

/** Opens the FIFO of a process that was started earlier; `undefined` when nobody holds its other end any more. */
export function reopenFifo(path: string): number | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    // 0 bytes: no writer. EAGAIN: there is one.
    readSync(fd, Buffer.alloc(1));
    closeSync(fd);
    return undefined;
  } catch {
    return fd;
  }
}

/** Calls back once, when the last writer is gone. Owns `readFd` from here on. Returns the way to stop. */
export function onWritersGone(readFd: number, callback: () => void): () => void {
  const socket = new Socket({ fd: readFd, readable: true, writable: false });
  let done = false;
  const finish = () => {
    if (done) return;
    done = true;
    socket.destroy();
    callback();
  };
  socket.on('end', finish);
  socket.on('error', finish);
  socket.on('close', finish);
  socket.resume();
  return () => {
    done = true;
    socket.destroy();
  };
}
