/**
 * Where links of other accounts connect to the server, which may not open their sockets: a unix socket that everybody
 * may connect to, and that lets in whoever proves to be the link of an account. The first time by a token that was
 * handed to that account's own process, later by the secret the link brought with it then, of which a hash is kept.
 */
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { readJson, writeAtomically } from './files.ts';
import { encodeText, FrameDecoder, FrameKind } from './frames.ts';
import type { UnixUser } from './port.ts';
import { LinkDial, type ServerInvitation } from './wire.ts';

/** Between the invitation and the link's coming: a launch, at most. */
const INVITATION_MS = 60_000;
const HELLO_MS = 5000;
const STREAM_MS = 5000;
/** Longer is no `LinkDial`. */
const MAX_HELLO_BYTES = 4096;
/** Connections that have not said who they are yet. */
const MOST_STRANGERS = 1024;
/** Links that were there before a restart of the server are back within this time. */
const RETURN_MS = 4000;

const KnownLink = z.object({
  login: z.string(),
  uid: z.int(),
  gid: z.int(),
  home: z.string(),
  /** SHA-256 of the link's secret. */
  hash: z.string(),
});
const File = z.object({ links: z.array(KnownLink) });
type KnownLink = z.infer<typeof KnownLink>;

export interface LinkDoorOptions {
  /** Absolute path of the socket. Its folder is made, and is this account's alone. */
  readonly path: string;
  /** Where the hashes are kept. */
  readonly file: string;
  readonly warn: (message: string) => void;
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

export class LinkDoor {
  readonly #options: LinkDoorOptions;
  readonly #server: Server;
  readonly #links = new Map<string, KnownLink>();
  readonly #invitations = new Map<string, { user: UnixUser; timer: NodeJS.Timeout }>();
  readonly #streams = new Map<string, (socket: Socket) => void>();
  readonly #sockets = new Set<Socket>();
  /** Whose link has come since the door was opened: if that goes, it does not come back by itself. */
  readonly #met = new Set<string>();
  #strangers = 0;
  #openSince = 0;
  /** A link's control connection, on which the server speaks first. */
  onLink: (user: UnixUser, socket: Socket) => void = (_user, socket) => void socket.destroy();

  constructor(options: LinkDoorOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#greet(socket));
    const known = File.safeParse(readJson(options.file));
    for (const link of known.success ? known.data.links : []) this.#links.set(link.login, link);
  }

  /** @throws Error when the folder is not this account's alone, or the socket cannot be made */
  async open(): Promise<void> {
    const { path } = this.#options;
    const folder = dirname(path);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const stat = lstatSync(folder);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o022) !== 0) {
      throw new Error(`${folder} must be a directory that only the account of the server may write to`);
    }
    // Whoever served here before is gone: the data directory is locked.
    rmSync(path, { force: true });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ path, backlog: 511 }, () => resolve());
    });
    // The folder's way in, and the socket itself, are everybody's; what they may do there is decided by `#greet`.
    chmodSync(folder, 0o755);
    chmodSync(path, 0o666);
    this.#openSince = Date.now();
  }

  /** What a link of this account needs to connect. Good once, and for a minute. */
  invite(user: UnixUser): ServerInvitation {
    const token = randomBytes(32).toString('base64url');
    const timer = setTimeout(() => this.#invitations.delete(hashOf(token)), INVITATION_MS);
    timer.unref();
    this.#invitations.set(hashOf(token), { user, timer });
    return { socket: this.#options.path, uid: process.getuid?.() ?? 0, token };
  }

  /** Milliseconds in which a link that was here before may still come back by itself. */
  returnsWithin(login: string): number {
    if (!this.#links.has(login) || this.#met.has(login)) return 0;
    return Math.max(0, this.#openSince + RETURN_MS - Date.now());
  }

  /** One more connection, which `ask` has the link make. */
  async stream(ask: (nonce: string) => Promise<unknown>): Promise<Socket> {
    const nonce = randomBytes(24).toString('base64url');
    const came = new Promise<Socket>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the link did not connect')), STREAM_MS);
      this.#streams.set(nonce, (socket) => {
        clearTimeout(timer);
        resolve(socket);
      });
    });
    try {
      const [socket] = await Promise.all([came, ask(nonce)]);
      return socket;
    } finally {
      this.#streams.delete(nonce);
    }
  }

  close(): Promise<void> {
    for (const { timer } of this.#invitations.values()) clearTimeout(timer);
    for (const socket of this.#sockets) socket.destroy();
    return new Promise((resolve) => {
      this.#server.close(() => {
        try {
          rmdirSync(dirname(this.#options.path));
        } catch {
          // It was made by somebody else, as systemd does, and stays.
        }
        resolve();
      });
    });
  }

  #greet(socket: Socket): void {
    if (this.#strangers >= MOST_STRANGERS) {
      socket.destroy();
      return;
    }
    this.#strangers++;
    this.#sockets.add(socket);
    let known = false;
    const timer = setTimeout(() => socket.destroy(), HELLO_MS);
    const met = () => {
      if (known) return;
      known = true;
      this.#strangers--;
      clearTimeout(timer);
    };
    socket.on('error', () => undefined);
    socket.on('close', () => {
      met();
      this.#sockets.delete(socket);
    });
    const decoder = new FrameDecoder(
      {
        text: (_kind, text) => {
          // The server speaks next, so nothing may follow.
          if (known) throw new Error('more than one frame');
          met();
          socket.off('data', onData);
          socket.pause();
          this.#admit(socket, text);
        },
        binary: () => {
          throw new Error('not a hello');
        },
      },
      MAX_HELLO_BYTES,
    );
    const onData = (chunk: Buffer) => {
      try {
        decoder.push(chunk);
      } catch {
        socket.destroy();
      }
    };
    socket.on('data', onData);
  }

  #admit(socket: Socket, text: string): void {
    const hello = LinkDial.safeParse(parse(text));
    if (!hello.success) {
      socket.destroy();
      return;
    }
    if (hello.data.kind === 'stream') {
      const wanted = this.#streams.get(hello.data.nonce);
      this.#streams.delete(hello.data.nonce);
      if (wanted) wanted(socket);
      else this.#refuse(socket);
      return;
    }
    const hash = hashOf(hello.data.secret);
    const user = hello.data.token === undefined ? this.#byHash(hash) : this.#byToken(hello.data.token, hash);
    if (!user) {
      this.#refuse(socket);
      return;
    }
    this.#met.add(user.login);
    this.onLink(user, socket);
  }

  #byHash(hash: string): UnixUser | undefined {
    // By its hash, so how long it takes says nothing about the secret.
    const found = [...this.#links.values()].find((link) => link.hash === hash);
    return found && { login: found.login, uid: found.uid, gid: found.gid, home: found.home };
  }

  #byToken(token: string, hash: string): UnixUser | undefined {
    const key = hashOf(token);
    const invitation = this.#invitations.get(key);
    if (!invitation) return undefined;
    clearTimeout(invitation.timer);
    this.#invitations.delete(key);
    const { login, uid, gid, home } = invitation.user;
    this.#links.set(login, { login, uid, gid, home, hash });
    try {
      writeAtomically(this.#options.file, `${JSON.stringify({ links: [...this.#links.values()] })}\n`);
    } catch (error) {
      this.#options.warn(`links will not find back after a restart: ${String(error)}`);
    }
    return invitation.user;
  }

  #refuse(socket: Socket): void {
    socket.end(encodeText(JSON.stringify({ t: 'refused' }), FrameKind.link));
    socket.resume();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
