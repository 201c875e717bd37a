/** The folders of schedulers: each has the executables `submit`, `status`, `cancel`, `log`, and maybe `find`. */
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { CasementError } from '../../src/contract/errors.ts';

const NEEDED = ['submit', 'status', 'cancel', 'log'] as const;
export type Executable = (typeof NEEDED)[number];

export interface SchedulerFolder {
  readonly name: string;
  path(executable: Executable): string;
  /** Absent where the folder has none. */
  readonly find: string | undefined;
}

function runnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first of `dirs` that has it counts, so that a site's own stands before a shipped one. @throws CasementError `scheduler-unknown` */
export function findFolder(dirs: readonly string[], name: string): SchedulerFolder {
  for (const dir of dirs) {
    const folder = join(dir, name);
    if (!NEEDED.every((one) => runnable(join(folder, one)))) continue;
    const find = join(folder, 'find');
    return { name, path: (executable) => join(folder, executable), find: runnable(find) ? find : undefined };
  }
  throw new CasementError('scheduler-unknown', { details: { scheduler: name } });
}
