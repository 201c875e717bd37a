/**
 * The link of one user, from the host: found or started, reconnected when it died, its sessions mirrored.
 *
 * States: no link yet → connecting → connected → (it went away) → connecting … → closed.
 */
import type { Socket } from 'node:net';
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';
import { FilePipe } from './files-host.ts';
import { HostStream } from './host-stream.ts';
import { NoLink } from './link-client.ts';
import { LinkQuestions } from './link-questions.ts';
import { LinkStarter, type LinkStarterOptions, reached } from './link-starter.ts';
import type { StartObserver, UnixUser, ViewerClient } from './port.ts';
import type { OnOutput } from './run.ts';
import { type CallInput, type CallName, type CallResult, type FileClient, type FileStream, LinkFrame } from './wire.ts';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5000;
const STREAM_ATTEMPTS = 3;

export interface UserLinkOptions extends LinkStarterOptions {
  /** `null`: the session is gone. */
  changed(id: string, session: Session | null): void;
  /** What the link has, said at the beginning of a connection. */
  mirrored?(ids: ReadonlySet<string>): void;
}

const quiet: StartObserver = { step: () => undefined };

export class UserLink {
  readonly #options: UserLinkOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #questions = new LinkQuestions();
  readonly #starter: LinkStarter;
  #socket: Socket | undefined;
  #connecting: Promise<void> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: UserLinkOptions) {
    this.#options = options;
    this.#starter = new LinkStarter(options, () => this.#connect(true));
  }

  get user(): UnixUser {
    return this.#options.user;
  }

  get sessions(): ReadonlyMap<string, Session> {
    return this.#sessions;
  }

  /** Connects to the link, starting it when `launch` says so. Rejects with `link-failed`. */
  async ready(launch: boolean, observer: StartObserver = quiet): Promise<void> {
    if (this.#closed) throw new CasementError('unavailable');
    const began = performance.now();
    if (this.#socket) {
      observer.step('link', 'running');
      reached(observer, 'link', began);
      return;
    }
    if (observer.ask) this.#starter.stopAsking();
    // One attempt at a time; who comes meanwhile waits for it and then looks for themselves.
    while (this.#connecting) await this.#connecting.catch(() => undefined);
    if (this.#socket) {
      observer.step('link', 'running');
      reached(observer, 'link', began);
      return;
    }
    this.#connecting = this.#reach(launch, observer);
    try {
      await this.#connecting;
    } finally {
      this.#connecting = undefined;
    }
  }

  /** The link has connected by itself: it is back, or one more was started. */
  arrived(): void {
    if (this.#closed) return;
    const before = this.#socket;
    if (before) {
      // The newest counts. What was asked of the one before goes unanswered.
      this.#socket = undefined;
      before.destroy();
      this.#questions.drop();
    }
    this.#starter.arrived();
    this.ready(false).catch((error: unknown) => {
      this.#options.log.warn({ user: this.user.login, reason: String(error) }, 'a link came and went');
    });
  }

  /** Connects to the link if it runs, or if sessions of it may have outlived it. Rejects with `link-failed`. */
  async adopt(): Promise<void> {
    try {
      await this.ready(this.#options.road.mayHaveSessions());
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof NoLink)) throw error;
    }
  }

  /** Rejects with the link's `CasementError`; with `link-failed` when it goes away meanwhile. */
  async call<Name extends CallName>(name: Name, input: CallInput<Name>, output?: OnOutput): Promise<CallResult<Name>> {
    if (!this.#socket) await this.ready(true);
    const socket = this.#socket;
    if (!socket) throw new CasementError('link-failed');
    return this.#questions.ask(socket, name, input, output);
  }

  async openStream(session: string, client: ViewerClient): Promise<HostStream> {
    return this.#insist(() => this.#connectStream(session, client));
  }

  async openFile(client: FileClient, stream: FileStream): Promise<FilePipe> {
    return this.#insist(async () => {
      const pipe = new FilePipe();
      const { socket } = await this.#options.road.stream({ kind: 'file', client, stream }, pipe, (nonce) =>
        this.call('dial', { nonce }),
      );
      pipe.attach(socket);
      return pipe;
    });
  }

  async #insist<Opened>(connect: () => Promise<Opened>): Promise<Opened> {
    for (let attempt = 1; ; attempt++) {
      // A viewer that reconnects may be faster than the next link.
      if (!this.#socket) await this.ready(true);
      try {
        return await connect();
      } catch (error) {
        if (error instanceof CasementError) throw error;
        if (attempt === STREAM_ATTEMPTS) throw new CasementError('link-failed', { cause: error });
        // The link is gone and its control connection has not noticed yet.
        this.#socket?.destroy();
        this.#onLost();
      }
    }
  }

  async #connectStream(session: string, client: ViewerClient): Promise<HostStream> {
    const stream = new HostStream();
    const { clientId, login, role, ip, clipboard = false } = client;
    const { socket } = await this.#options.road.stream(
      { kind: 'stream', session, client: { clientId, login, role, ip, clipboard }, params: client.reservedParams },
      stream,
      (nonce) => this.call('dial', { nonce }),
    );
    stream.attach(socket);
    return stream;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#socket?.destroy();
  }

  async #reach(launch: boolean, observer: StartObserver): Promise<void> {
    const began = performance.now();
    observer.step('link', 'running');
    let failure: Error;
    try {
      await this.#connect(false);
      reached(observer, 'link', began);
      return;
    } catch (error) {
      const replaceable =
        error instanceof NoLink || (error instanceof CasementError && error.code === 'version-mismatch');
      if (!replaceable) throw error;
      failure = error;
      if (!launch) {
        observer.step('link', 'failed', performance.now() - began, error);
        throw new CasementError('link-failed', { cause: error });
      }
    }
    await this.#starter.start(observer, began, failure);
  }

  async #connect(launched: boolean): Promise<void> {
    // What comes in one piece with the welcome is newer than what the welcome says.
    let early: string[] | undefined = [];
    const connection = await this.#options.road.control(
      {
        link: (text) => void (early?.push(text) ?? this.#onFrame(text)),
        text: () => undefined,
        binary: () => undefined,
        closed: () => {
          if (this.#socket === connection.socket) this.#onLost();
        },
      },
      launched,
    );
    if (this.#closed) {
      connection.socket.destroy();
      throw new CasementError('unavailable');
    }
    this.#socket = connection.socket;
    this.#retryMs = FIRST_RETRY_MS;
    this.#mirror(connection.welcome.sessions ?? []);
    const waiting = early;
    early = undefined;
    for (const text of waiting) this.#onFrame(text);
  }

  #mirror(sessions: readonly Session[]): void {
    const seen = new Set(sessions.map((session) => session.id));
    for (const id of this.#sessions.keys()) if (!seen.has(id)) this.#set(id, null);
    for (const session of sessions) this.#set(session.id, session);
    this.#options.mirrored?.(seen);
  }

  #set(id: string, session: Session | null): void {
    if (session) this.#sessions.set(id, session);
    else this.#sessions.delete(id);
    this.#options.changed(id, session);
  }

  #onFrame(text: string): void {
    const parsed = LinkFrame.safeParse(JSON.parse(text));
    if (!parsed.success) return;
    const frame = parsed.data;
    switch (frame.t) {
      case 'session':
        // Of one under the id of another: nothing that a link of ours says.
        if (frame.session && frame.session.id !== frame.id) return;
        this.#set(frame.id, frame.session);
        return;
      case 'output':
      case 'result':
      case 'failure':
        this.#questions.answer(frame);
        return;
      case 'welcome':
      case 'error':
      case 'done':
      case 'bye':
        return;
    }
  }

  #onLost(): void {
    this.#socket = undefined;
    this.#questions.drop();
    if (this.#closed) return;
    this.#options.log.warn({ user: this.#options.user.login }, 'link lost');
    this.#scheduleReturn(0);
  }

  /** With sessions that run the link is wanted back at once; without, the next start will bring it. */
  #scheduleReturn(ms: number): void {
    const runs = [...this.#sessions.values()].some(({ status }) => status === 'running' || status === 'starting');
    if (this.#closed || !runs) return;
    this.#retry = setTimeout(() => {
      this.ready(true).then(
        () => this.#options.log.info({ user: this.#options.user.login }, 'link is back'),
        (error: unknown) => {
          // Nothing changes until they log in again, or start something.
          if (error instanceof CasementError && error.code === 'link-login-needed') return;
          this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
          this.#scheduleReturn(this.#retryMs);
        },
      );
    }, ms);
  }
}
