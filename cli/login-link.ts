/** `casement login-link`: a new one-time link for a server that runs, for whoever has used or lost the printed one. */
import { join } from 'node:path';
import { existsSync } from 'node:fs';
import { addLoginLink } from '../server/auth/local.ts';
import { openDatabase, StoreError } from '../server/store/open.ts';
import { createSqliteStore } from '../server/store/sqlite.ts';
import { parseDataArgs } from './data-dir.ts';
import type { Io } from './io.ts';

export async function loginLink(argv: readonly string[], io: Io): Promise<number> {
  const { dataDir } = parseDataArgs(argv, io);
  if (!existsSync(join(dataDir, 'casement.db'))) {
    io.err(`casement: no server has used the data directory ${dataDir} yet\n`);
    return 1;
  }
  try {
    const store = createSqliteStore(openDatabase(dataDir));
    try {
      const url = await store.settings.get('server.url');
      if (url === undefined) {
        io.err('casement: no server runs with this data directory\n');
        return 1;
      }
      io.out(`${url}/login#${await addLoginLink(store)}\n`);
      return 0;
    } finally {
      await store.close();
    }
  } catch (cause) {
    if (!(cause instanceof StoreError)) throw cause;
    io.err(`casement: ${cause.message}\n`);
    return 1;
  }
}
