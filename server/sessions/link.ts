/** All sessions of one link directory, and what may be done with them. Knows nothing of sockets. */
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { CasementError } from '../../src/contract/errors.ts';
import { SessionId } from '../../src/contract/session.ts';
import { FifoStore } from './fifo.ts';
import { makePrivateDirectory } from './files.ts';
import { LinkFiles } from './files-link.ts';
import { readTail } from './log-file.ts';
import { LinkSession, type SessionContext } from './link-session.ts';
import { type LinkPaths, shortDirectory } from './paths.ts';
import { type OnOutput, runProgram, type Running } from './run.ts';
import type { RunCall } from './wire.ts';
import type { CallInput, CallName, CallResult } from './wire.ts';

/** `serve` and `dial` are about connections, which are not known here; `run` gives more than one answer. */
type Calls = {
  [Name in Exclude<CallName, 'serve' | 'dial' | 'run'>]: (input: CallInput<Name>) => Promise<CallResult<Name>>;
};

export class Link {
  readonly #sessions = new Map<string, LinkSession>();
  readonly #listeners = new Set<(id: string, session: LinkSession | null) => void>();
  readonly #context: SessionContext;
  readonly calls: Calls;
  readonly files: LinkFiles;

  /** Takes over what runs. */
  constructor(paths: LinkPaths, surroundings: Pick<SessionContext, 'env' | 'umask' | 'profileMs'>) {
    makePrivateDirectory(paths.sessions);
    for (const entry of readdirSync(paths.sessions)) {
      // Of a link that was killed before it used them.
      if (entry.startsWith('.fifo-')) rmSync(`${paths.sessions}/${entry}`, { force: true });
    }
    this.#context = {
      link: paths,
      ...surroundings,
      fifos: new FifoStore(paths.sessions),
      changed: (session) => this.#tell(session.id, session),
    };
    this.files = new LinkFiles({
      session: (id) => this.get(id),
      home: surroundings.env['HOME'] ?? homedir(),
      umask: surroundings.umask,
    });
    for (const entry of readdirSync(paths.sessions)) {
      if (!SessionId.safeParse(entry).success) continue;
      const session = LinkSession.adopt(this.#context, entry);
      if (session) this.#sessions.set(entry, session);
    }
    this.calls = {
      start: (input) => this.#start(input),
      disconnect: async (input) => {
        this.get(input.id).disconnectAll();
        return null;
      },
      terminate: async (input) => {
        const session = this.get(input.id);
        if (session.isOver) throw new CasementError('session-not-running');
        await session.terminate();
        return null;
      },
      purge: async (input) => {
        const session = this.get(input.id);
        if (!session.isOver) throw new CasementError('session-running');
        this.#sessions.delete(session.id);
        rmSync(session.paths.rfbSocket, { force: true });
        rmSync(session.paths.dir, { recursive: true, force: true });
        this.#tell(session.id, null);
        return null;
      },
      params: async (input) => this.get(input.id).setParams(input.params),
      extend: async (input) => this.get(input.id).extend(),
      log: async (input) => readTail(this.get(input.id).paths.log, input.bytes),
      adopt: async (input) => this.#adopt(input.id),
      begun: async (input) => {
        this.get(input.id).begunElsewhere(input.app);
        return null;
      },
      files: (input) => this.files.call(input),
      clientcomm: (input) => this.get(input.id).clientcomm.send(toOutgoing(input)),
    };
  }

  get sessions(): LinkSession[] {
    return [...this.#sessions.values()];
  }

  /** Throws `session-unknown`. */
  get(id: string): LinkSession {
    const session = this.#sessions.get(id);
    if (!session) throw new CasementError('session-unknown');
    return session;
  }

  /** `null` when a session was purged. Returns the way to stop. */
  subscribe(listener: (id: string, session: LinkSession | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** As the link's user. Counts as use of the link, so that it does not stop meanwhile. */
  run(call: RunCall, onOutput: OnOutput): Running {
    const running = runProgram(call, this.#context, onOutput);
    this.onUse();
    return running;
  }

  /** Told when it was of use although no session has changed. */
  onUse: () => void = () => undefined;

  #adopt(id: string): CallResult<'adopt'> {
    if (this.#sessions.has(id)) throw new CasementError('bad-request', { details: { field: 'id' } });
    const session = LinkSession.adopt(this.#context, id);
    if (!session) throw new CasementError('session-unknown');
    this.#sessions.set(id, session);
    this.#tell(id, session);
    return session.describe();
  }

  async #start(input: CallInput<'start'>): Promise<CallResult<'start'>> {
    if (this.#sessions.has(input.id)) {
      throw new CasementError('bad-request', { message: 'A session of this id exists.', details: { field: 'id' } });
    }
    const session = LinkSession.create(this.#context, input);
    this.#sessions.set(session.id, session);
    const short = shortDirectory(this.#context.link.dir);
    if (session.paths.rfbSocket.startsWith(`${short}/`)) makePrivateDirectory(short);
    this.#tell(session.id, session);
    await session.run();
    this.#tell(session.id, session);
    return session.describe();
  }

  #tell(id: string, session: LinkSession | null): void {
    for (const listener of this.#listeners) listener(id, session);
  }
}

export function toOutgoing(input: CallInput<'clientcomm'>): Parameters<LinkSession['clientcomm']['send']>[0] {
  return { type: input.type, data: input.data, clients: input.clients, timeoutMs: input.timeoutMs };
}

/** The link directory with what every link has in it. */
export function makeLinkDirectory(paths: LinkPaths): void {
  makePrivateDirectory(paths.dir);
  mkdirSync(paths.bin, { recursive: true, mode: 0o700 });
}
