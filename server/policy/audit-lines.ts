/** The audit list as JSON lines beside the database, for whatever collects logs: a file that is rotated, or stdout. */
import { appendFile, rename, stat } from 'node:fs/promises';

export interface LineSink {
  write(line: string): Promise<void>;
}

export interface FileSinkOptions {
  /** Absolute; older ones are called `PATH.1` and so on. */
  readonly path: string;
  readonly maxBytes: number;
  /** Files beside the one that is written. */
  readonly keep: number;
}

const isMissing = (cause: unknown) => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
  }
}

/** Lines come one after the other; whoever writes waits for the one before. */
export function fileSink({ path, maxBytes, keep }: FileSinkOptions): LineSink {
  let size: number | undefined;
  return {
    async write(line) {
      const bytes = Buffer.byteLength(line);
      size ??= await stat(path).then(
        (found) => found.size,
        (cause: unknown) => {
          if (isMissing(cause)) return 0;
          throw cause;
        },
      );
      if (size > 0 && size + bytes > maxBytes) {
        for (let n = keep; n > 1; n--) await move(`${path}.${n - 1}`, `${path}.${n}`);
        await move(path, `${path}.1`);
        size = 0;
      }
      await appendFile(path, line, { mode: 0o600 });
      size += bytes;
    },
  };
}

/** One line after the other on a stream that somebody else collects. */
export function stdoutSink(print: (line: string) => void): LineSink {
  return {
    async write(line) {
      print(line);
    },
  };
}
