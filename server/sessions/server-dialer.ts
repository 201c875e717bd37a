/**
 * The link's connections to servers that may not open its socket, because they run under another account. The link
 * connects to them instead, and again after they were restarted: with a secret of its own that only this directory and
 * the server (as a hash) hold.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { CasementError } from '../../src/contract/errors.ts';
import { readJson, writeAtomically } from './files.ts';
import { encodeText, FrameKind } from './frames.ts';
import type { Outgoing } from './link-server.ts';
import { LINK_VERSION, type LinkDial, ServerAddress, type ServerInvitation } from './wire.ts';

const FIRST_RETRY_MS = 50;
/** A restart of a server takes a second or two; nobody should have to wait for their list much longer. */
const LAST_RETRY_MS = 2000;
/** A server that has been away for this long may never come back. */
const PATIENT_MS = 10 * 60_000;
const PATIENT_RETRY_MS = 30_000;
const INVITED_MS = 5000;
/** The newest are kept. */
const MOST_SERVERS = 8;

const KnownServer = z.extend(ServerAddress, { secret: z.string() });
type KnownServer = z.infer<typeof KnownServer>;
const File = z.object({ servers: z.array(KnownServer) });

export interface ServerDialerOptions {
  /** Where the servers are remembered. */
  readonly file: string;
  readonly log: (line: string) => void;
  /** Takes over a connection on which the server speaks first. */
  accept(socket: Socket, outgoing: Outgoing): void;
}

/** Anybody may listen on a path they may write to; a folder that is the server's alone holds its own socket. */
function checkOwner({ socket, uid }: ServerAddress): void {
  const folder = lstatSync(dirname(socket));
  if (!folder.isDirectory() || folder.uid !== uid || (folder.mode & 0o022) !== 0) {
    throw new Error(`the folder of ${socket} does not belong to its server alone`);
  }
  const own = lstatSync(socket);
  if (!own.isSocket() || own.uid !== uid) throw new Error(`${socket} is not its server's`);
}

export class ServerDialer {
  readonly #options: ServerDialerOptions;
  readonly #servers = new Map<string, ServerConnection>();

  constructor(options: ServerDialerOptions) {
    this.#options = options;
  }

  /** Connects to the servers that the link before this one knew. */
  start(): void {
    const known = File.safeParse(readJson(this.#options.file));
    for (const server of known.success ? known.data.servers : []) this.#add(server).dial();
  }

  /** Resolves when the server has said hello. Rejects with `link-failed`. */
  invite({ socket, uid, token }: ServerInvitation): Promise<null> {
    const known = this.#servers.get(socket);
    if (known?.known.uid === uid) return known.invited(token);
    known?.stop();
    this.#servers.delete(socket);
    const server = this.#add({ socket, uid, secret: randomBytes(32).toString('hex') });
    for (const path of this.#servers.keys()) {
      if (this.#servers.size <= MOST_SERVERS) break;
      this.#servers.get(path)?.stop();
      this.#servers.delete(path);
    }
    this.#save();
    return server.invited(token);
  }

  stop(): void {
    for (const server of this.#servers.values()) server.stop();
  }

  #add(known: KnownServer): ServerConnection {
    const server = new ServerConnection(known, this.#options, () => {
      this.#servers.delete(known.socket);
      this.#save();
    });
    this.#servers.set(known.socket, server);
    return server;
  }

  #save(): void {
    const servers = [...this.#servers.values()].map(({ known }) => known);
    writeAtomically(this.#options.file, `${JSON.stringify({ servers })}\n`);
  }
}

class ServerConnection {
  readonly known: KnownServer;
  readonly #options: ServerDialerOptions;
  readonly #forget: () => void;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #awaySince = Date.now();
  #stopped = false;
  /** The server has said hello on the present connection. */
  #welcomed = false;
  /** Waits for the first hello. */
  #asker: { resolve(): void; reject(error: Error): void } | undefined;
  /** Good once: gone with the first connection that used it. */
  #token: string | undefined;

  constructor(known: KnownServer, options: ServerDialerOptions, forget: () => void) {
    this.known = known;
    this.#options = options;
    this.#forget = forget;
  }

  /** Resolves when the server has said hello, be it on a connection that was on its way already. */
  async invited(token: string): Promise<null> {
    if (this.#welcomed) return null;
    this.#token = token;
    this.#asker?.reject(new CasementError('link-failed'));
    const welcomed = new Promise<void>((resolve, reject) => (this.#asker = { resolve, reject }));
    const timer = setTimeout(() => this.#giveUp(new CasementError('link-failed')), INVITED_MS);
    if (!this.#socket) {
      clearTimeout(this.#timer);
      this.dial();
    }
    try {
      await welcomed;
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  dial(): void {
    const token = this.#token;
    const { secret } = this.known;
    const hello = { kind: 'control', v: LINK_VERSION, secret, ...(token === undefined ? {} : { token }) } as const;
    let socket: Socket;
    try {
      socket = this.#connect(hello);
    } catch (error) {
      if (this.#asker) this.#giveUp(new CasementError('link-failed', { cause: error }));
      else this.#again();
      return;
    }
    this.#socket = socket;
    let refused = false;
    this.#options.accept(socket, {
      welcomed: () => {
        this.#welcomed = true;
        this.#retryMs = FIRST_RETRY_MS;
        this.#token = undefined;
        this.#asker?.resolve();
        this.#asker = undefined;
      },
      refused: () => {
        if (this.#token !== token) {
          // An invitation came while this one was on its way without.
          refused = true;
          return;
        }
        this.#options.log(`the server at ${this.known.socket} does not know this link`);
        this.#giveUp(new CasementError('link-failed'));
      },
      dial: (nonce) => this.#stream(nonce),
    });
    socket.on('close', () => {
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#welcomed = false;
      if (refused) {
        this.dial();
        return;
      }
      this.#awaySince = this.#retryMs === FIRST_RETRY_MS ? Date.now() : this.#awaySince;
      this.#again();
    });
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.destroy();
    this.#asker?.reject(new CasementError('link-failed'));
    this.#asker = undefined;
  }

  #giveUp(error: Error): void {
    this.#asker?.reject(error);
    this.#asker = undefined;
    this.stop();
    this.#forget();
  }

  #stream(nonce: string): void {
    try {
      const socket = this.#connect({ kind: 'stream', v: LINK_VERSION, nonce });
      this.#options.accept(socket, { welcomed: () => undefined, refused: () => undefined, dial: () => undefined });
    } catch (error) {
      this.#options.log(`no stream to the server: ${String(error)}`);
    }
  }

  #connect(hello: LinkDial): Socket {
    checkOwner(this.known);
    const socket = connect(this.known.socket);
    // Taken over below, also for a connection that never came to be.
    socket.on('error', () => undefined);
    socket.write(encodeText(JSON.stringify(hello), FrameKind.link));
    return socket;
  }

  #again(): void {
    if (this.#stopped) return;
    const patient = Date.now() - this.#awaySince > PATIENT_MS;
    this.#timer = setTimeout(() => this.dial(), patient ? PATIENT_RETRY_MS : this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }
}
