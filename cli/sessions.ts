/**
 * `casement sessions` and `casement terminate`: past the web server, straight to the link that owns the sessions, so
 * that they work while no server runs.
 */
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { ownAccount } from '../server/auth/accounts.ts';
import { linkDirOf } from '../server/config.ts';
import { createSessionHost } from '../server/sessions/host.ts';
import type { SessionHost } from '../server/sessions/port.ts';
import { CasementError } from '../src/contract/errors.ts';
import { parseDataArgs } from './data-dir.ts';
import type { Io } from './io.ts';

const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const alive = new Set(['pending', 'starting', 'running']);

/** Opens the sessions of this account, lends them, and lets go of them again. Ends no session. */
async function withHost<Value>(dataDir: string, work: (host: SessionHost) => Promise<Value>): Promise<Value> {
  const host = createSessionHost({
    linkDirFor: () => linkDirOf(dataDir),
    linkScript: built('../server/link.mjs'),
    clientcommScript: built('./clientcomm.mjs'),
    log: pino({ level: 'silent' }),
    serverId: 'casement',
    hostname: hostname(),
  });
  try {
    await host.adopt([ownAccount()]);
    return await work(host);
  } finally {
    await host.close();
  }
}

export async function listSessions(argv: readonly string[], io: Io): Promise<number> {
  const { dataDir, json } = parseDataArgs(argv, io);
  return withHost(dataDir, async (host) => {
    const sessions = host.list();
    if (json) {
      io.out(`${JSON.stringify(sessions, null, 2)}\n`);
    } else if (sessions.length === 0) {
      io.out('There are no sessions.\n');
    } else {
      for (const { id, status, name, started } of sessions) {
        io.out(`${id}  ${status.padEnd(8)}  ${new Date(started).toISOString()}  ${name}\n`);
      }
    }
    return 0;
  });
}

export async function terminateSession(argv: readonly string[], io: Io): Promise<number> {
  const { dataDir, positionals, all } = parseDataArgs(argv, io);
  if (positionals.length === 0 && !all) {
    io.err('casement: terminate needs the id of a session, or --all; "casement sessions" lists them\n');
    return 2;
  }
  return withHost(dataDir, async (host) => {
    const running = host.list().filter(({ status }) => alive.has(status));
    const ids = all ? running.map(({ id }) => id) : positionals;
    return terminateAll(host, ids, all, io);
  });
}

/** It ended by itself since it was listed, which is what was wanted. */
const OVER: readonly string[] = ['session-not-running', 'session-unknown'];

/** Each of them, whatever becomes of the others. `listed`: nobody named them, so one that is over is none that failed. */
export async function terminateAll(
  host: Pick<SessionHost, 'terminate'>,
  ids: readonly string[],
  listed: boolean,
  io: Io,
): Promise<number> {
  let code = 0;
  for (const id of ids) {
    try {
      await host.terminate(id);
      io.out(`${id} ended\n`);
    } catch (cause) {
      if (!(cause instanceof CasementError)) throw cause;
      if (listed && OVER.includes(cause.code)) continue;
      io.err(`casement: ${id}: ${cause.message} (${cause.code})\n`);
      code = 1;
    }
  }
  return code;
}
