/**
 * `casement link`: has the link of this account running, and tells it of the server that asks, which may run under
 * another account. Called by that server, through sudo or SSH; the order comes on standard input, and the report is one
 * marked line (`server/sessions/link-command.ts`). Run by hand it just starts the link.
 */
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkDirOf } from '../server/config.ts';
import { accountDataDir } from '../server/sessions/account-dir.ts';
import { baseEnvironment } from '../server/sessions/environment.ts';
import { systemCode, writeAtomically } from '../server/sessions/files.ts';
import { launchLink } from '../server/sessions/launch-link.ts';
import { makeLinkDirectory } from '../server/sessions/link.ts';
import { askLink } from '../server/sessions/link-client.ts';
import { formatReport, LinkOrder } from '../server/sessions/link-command.ts';
import { linkPaths } from '../server/sessions/paths.ts';
import { CasementError, type ErrorCode } from '../src/contract/errors.ts';
import type { Io } from './io.ts';

const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const MAX_ORDER = 16_384;
const ORDER_MS = 5000;
const CHAGE_MS = 3000;
const NO_SHELLS = ['nologin', 'false'];
/** As much as a session's files need to begin with; a full disk often still takes a few bytes. */
const PROBE_BYTES = 64 * 1024;

/** The first line of standard input; `undefined` where a person's terminal or nothing is there. */
async function readOrder(): Promise<LinkOrder | undefined> {
  const { stdin } = process;
  if (stdin.isTTY) return undefined;
  const text = await new Promise<string>((resolve, reject) => {
    let read = '';
    const timer = setTimeout(() => reject(new CasementError('bad-request')), ORDER_MS);
    const done = () => {
      clearTimeout(timer);
      stdin.pause();
      resolve(read);
    };
    stdin.setEncoding('utf8').on('data', (piece: string) => {
      read += piece;
      if (read.includes('\n') || read.length > MAX_ORDER) done();
    });
    stdin.on('end', done);
    stdin.on('error', done);
  });
  if (text.trim() === '') return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new CasementError('bad-request');
  }
  const order = LinkOrder.safeParse(json);
  if (!order.success) throw new CasementError('bad-request');
  return order.data;
}

const OF_THE_HOME: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'home-full',
  EDQUOT: 'home-full',
  EACCES: 'home-unwritable',
  EPERM: 'home-unwritable',
  EROFS: 'home-unwritable',
};

/** False also for accounts of a directory, which `chage` does not know; sshd and PAM are asked for those. */
function hasExpired(login: string): boolean {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
  const { stdout } = spawnSync('chage', ['-i', '-l', login], { encoding: 'utf8', env, timeout: CHAGE_MS });
  const date = /^Account expires\s*:\s*(\d{4}-\d\d-\d\d)\s*$/m.exec(stdout ?? '')?.[1];
  return date !== undefined && Date.parse(date) <= Date.now();
}

/** What would only be found out in the middle of a start. @throws CasementError */
function checkAccount(dir: string): void {
  const { username, shell, homedir: home } = userInfo();
  if (NO_SHELLS.includes(basename(shell ?? ''))) throw new CasementError('account-no-shell');
  // Sudo does not look at the account that it becomes.
  if (hasExpired(username)) throw new CasementError('account-expired');
  if (!statSync(home, { throwIfNoEntry: false })?.isDirectory()) throw new CasementError('account-no-home');
  const probe = join(dir, 'probe');
  try {
    makeLinkDirectory(linkPaths(dir));
    writeAtomically(probe, Buffer.alloc(PROBE_BYTES));
  } catch (cause) {
    throw new CasementError(OF_THE_HOME[systemCode(cause) ?? ''] ?? 'link-failed', { cause });
  } finally {
    rmSync(probe, { force: true });
    rmSync(`${probe}.part`, { force: true });
  }
}

/** Has a link running in this account's directory. @throws CasementError */
export async function ensureLink(dataDir: string): Promise<void> {
  const dir = linkDirOf(dataDir);
  checkAccount(dir);
  // Sudo hands its caller's on, which for a service may be a strict one.
  if (process.env['SUDO_UID'] !== undefined) process.umask(0o022);
  try {
    await launchLink({
      dir,
      linkScript: built('../server/link.mjs'),
      clientcommScript: built('./clientcomm.mjs'),
      execPath: process.execPath,
      env: baseEnvironment(process.env),
      cwd: homedir(),
      loginShell: true,
    });
  } catch (cause) {
    throw new CasementError('link-failed', { cause });
  }
}

export async function runLink(io: Io): Promise<number> {
  try {
    const order = await readOrder();
    const dataDir = accountDataDir();
    await ensureLink(dataDir);
    if (order?.server) await askLink(linkPaths(linkDirOf(dataDir)), 'serve', order.server);
    io.out(formatReport());
    return 0;
  } catch (error) {
    const known = error instanceof CasementError ? error : new CasementError('link-failed', { cause: error });
    const cause = known.cause instanceof Error ? ` (${known.cause.message})` : '';
    io.err(`casement: ${known.message}${cause}\n`);
    io.out(formatReport({ name: known.code, message: known.message }));
    return 1;
  }
}
