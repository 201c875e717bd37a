/**
 * The link: one process a user, which owns that user's sessions on this machine.
 *
 * `link --dir DIR [--clientcomm SCRIPT] [--idle SECONDS]
 * [--login-shell SECONDS]`. Writes `ready` on file descriptor 3 (where there is one) when it listens, and
 * ends with code 3 when another link has the directory; one of another version is replaced. Its sessions do not depend
 * on it. Without any that runs it stops after a while. With `--login-shell` commands run after the user's login scripts,
 * which may take that long.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { makePrivateDirectory, writeAtomically } from './files.ts';
import { Link, makeLinkDirectory } from './link.ts';
import { LinkRunning, lockLink, readRunningLink } from './link-lock.ts';
import { accept, createLinkServer, type LinkServerOptions } from './link-server.ts';
import { cutLog } from './log-file.ts';
import { type LinkPaths, linkPaths, linkSocket } from './paths.ts';
import { isAlive, signal } from './processes.ts';
import { ServerDialer } from './server-dialer.ts';
import { LINK_VERSION } from './wire.ts';

const EXIT_RUNNING = 3;
const DEFAULT_IDLE_SECONDS = 1800;
/** A link of another version gets this long to let go. */
const REPLACED_MS = 3000;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      clientcomm: { type: 'string' },
      idle: { type: 'string' },
      'login-shell': { type: 'string' },
    },
  });
  const idleSeconds = Number(values.idle ?? DEFAULT_IDLE_SECONDS);
  const profileMs = values['login-shell'] === undefined ? undefined : Number(values['login-shell']) * 1000;
  if (!values.dir || !(idleSeconds > 0) || (profileMs !== undefined && !(profileMs > 0))) {
    process.stderr.write('usage: link --dir DIR [--clientcomm SCRIPT] [--idle SECONDS] [--login-shell SECONDS]\n');
    process.exit(2);
  }
  // Everything of the link's is its user's alone; commands get back what the user came with.
  const umask = process.umask(0o077);
  const paths = linkPaths(values.dir);
  makeLinkDirectory(paths);
  const socket = linkSocket(paths);
  if (dirname(socket) !== paths.dir) makePrivateDirectory(dirname(socket));

  await replaceOther(paths);
  let unlock: () => void;
  try {
    unlock = lockLink(paths, LINK_VERSION, socket);
  } catch (error) {
    if (!(error instanceof LinkRunning)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_RUNNING);
  }

  const log = (line: string) => appendFileSync(paths.log, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
  if (existsSync(paths.log)) cutLog(paths.log);
  if (values.clientcomm !== undefined) {
    installProgram(`${paths.bin}/clientcomm`, [values.clientcomm]);
    const casement = join(dirname(values.clientcomm), 'casement.mjs');
    installProgram(`${paths.bin}/start`, [casement, 'start']);
    installProgram(`${paths.bin}/casement`, [casement]);
  }
  // The lock is ours, so whoever listened here is gone.
  if (existsSync(socket)) unlinkSync(socket);

  const link = new Link(paths, { env: process.env, umask, profileMs });
  const options: LinkServerOptions = {
    link,
    token: readToken(paths.token),
    log,
    serve: (invitation) => dialer.invite(invitation),
  };
  const dialer = new ServerDialer({
    file: paths.servers,
    log,
    accept: (socket, outgoing) => accept(socket, options, outgoing),
  });
  const server = createLinkServer(options);
  const stop = () => {
    dialer.stop();
    server.close();
    unlock();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A limit on the size of files (`ulimit -f`) shall be an error of that write, and not the end of the link.
  process.on('SIGXFSZ', () => undefined);
  // The terminal it may have been started from is none of its business.
  process.on('SIGHUP', () => undefined);
  stopWhenIdle(link, idleSeconds * 1000, () => {
    log(`no session ran for ${idleSeconds} s`);
    stop();
  });
  process.on('uncaughtException', (error) => log(`internal: ${error.stack ?? error.message}`));
  process.on('unhandledRejection', (error) => log(`internal: ${String(error)}`));
  server.listen(socket, () => {
    log(`pid ${process.pid} listens, ${link.sessions.filter((session) => !session.isOver).length} sessions run`);
    dialer.start();
    try {
      writeSync(3, 'ready\n');
    } catch {
      // Nobody waits for it.
    }
  });
}

/** Host and link of different versions do not understand each other, and sessions outlive their link. */
async function replaceOther(paths: LinkPaths): Promise<void> {
  const other = readRunningLink(paths);
  if (!other || other.v === LINK_VERSION) return;
  signal(other.process, 'SIGTERM');
  for (const end = Date.now() + REPLACED_MS; isAlive(other.process);) {
    if (Date.now() > end) signal(other.process, 'SIGKILL');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function stopWhenIdle(link: Link, ms: number, stop: () => void): void {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const idle = link.sessions.every((session) => session.isOver);
    if (!idle) clearTimeout(timer);
    else timer ??= setTimeout(stop, ms);
    if (!idle) timer = undefined;
  };
  link.onUse = () => {
    clearTimeout(timer);
    timer = undefined;
    look();
  };
  link.subscribe(look);
  look();
}

/** Kept over restarts, so that programs in a session need not read it again. */
function readToken(path: string): string {
  try {
    const token = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{64}$/.test(token)) return token;
  } catch {
    // The first link here.
  }
  const token = randomBytes(32).toString('hex');
  writeAtomically(path, `${token}\n`);
  return token;
}

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** What a program in the session has set for its own Node must neither break nor listen in on ours. */
function installProgram(path: string, words: readonly string[]): void {
  const command = [process.execPath, ...words].map(quote).join(' ');
  const text = `#!/bin/sh\nunset NODE_OPTIONS NODE_EXTRA_CA_CERTS\nexec ${command} "$@"\n`;
  writeAtomically(path, text, 0o700);
}

await main();
