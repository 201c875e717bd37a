/** Where a link keeps what. No zod here: the `clientcomm` program reads this too and must start at once. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** `sun_path` of `unix(7)` holds 108 bytes with the closing zero. */
export const MAX_SOCKET_PATH = 107;

export interface LinkPaths {
  readonly dir: string;
  /** Who the link is and where it listens; also the lock. */
  readonly info: string;
  readonly token: string;
  readonly log: string;
  readonly bin: string;
  readonly sessions: string;
  /** Servers that the link connects to, with its secrets for them. */
  readonly servers: string;
  /** The profiles of its sessions, as a server last said them. */
  readonly profiles: string;
}

export function linkPaths(dir: string): LinkPaths {
  return {
    dir,
    info: join(dir, 'link.json'),
    token: join(dir, 'token'),
    log: join(dir, 'link.log'),
    bin: join(dir, 'bin'),
    sessions: join(dir, 'sessions'),
    servers: join(dir, 'servers.json'),
    profiles: join(dir, 'profiles.json'),
  };
}

export interface SessionPaths {
  readonly dir: string;
  readonly state: string;
  readonly params: string;
  readonly log: string;
  /** What the command prints, where that was wanted apart from the log. */
  readonly stdout: string;
  readonly stderr: string;
  readonly xauth: string;
  /** Written by the shim: the command's exit code. */
  readonly exit: string;
  readonly serverFifo: string;
  readonly commandFifo: string;
  readonly rfbSocket: string;
}

/** `id` has been checked against `SessionId`, so it cannot leave the directory. */
export function sessionPaths(link: LinkPaths, id: string): SessionPaths {
  const dir = join(link.sessions, id);
  return {
    dir,
    state: join(dir, 'state.json'),
    params: join(dir, 'params.json'),
    log: join(dir, 'log'),
    stdout: join(dir, 'stdout'),
    stderr: join(dir, 'stderr'),
    xauth: join(dir, 'xauth'),
    exit: join(dir, 'exit'),
    serverFifo: join(dir, 'server.fifo'),
    commandFifo: join(dir, 'command.fifo'),
    rfbSocket: socketPath(join(dir, 'rfb.sock'), link.dir, `${id}.sock`),
  };
}

export function linkSocket(link: LinkPaths): string {
  return socketPath(join(link.dir, 'link.sock'), link.dir, 'link.sock');
}

/** `wanted` when it fits into a socket's address, else a place in the short directory of this link. */
function socketPath(wanted: string, linkDir: string, name: string): string {
  return Buffer.byteLength(wanted) <= MAX_SOCKET_PATH ? wanted : join(shortDirectory(linkDir), name);
}

/** Private to the user and to this link directory. Whoever makes a socket in it makes it first, and checks its owner. */
export function shortDirectory(linkDir: string): string {
  const uid = process.getuid?.() ?? 0;
  const hash = createHash('sha256').update(linkDir).digest('hex').slice(0, 12);
  const runtime = `/run/user/${uid}`;
  return existsSync(runtime) ? `${runtime}/casement-${hash}` : `/tmp/casement-${uid}-${hash}`;
}
