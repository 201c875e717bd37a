/**
 * The link of one user, from the host: found or started, reconnected when it died, its sessions mirrored.
 *
 * States: no link yet → connecting → connected → (it went away) → connecting … → closed.
 */
import type { Socket } from 'node:net';
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';
import { encodeText } from './frames.ts';
import { FilePipe } from './files-host.ts';
import { HostStream } from './host-stream.ts';
import type { Launcher } from './launchers.ts';
import { fromApiError, NoLink } from './link-client.ts';
import type { AskPerson, StartObserver, UnixUser, ViewerClient } from './port.ts';
import type { Road } from './roads.ts';
import {
  type CallInput,
  type CallName,
  type CallResult,
  CallResults,
  type FileClient,
  type FileStream,
  LinkFrame,
} from './wire.ts';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 5000;
const STREAM_ATTEMPTS = 3;

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface UserLinkOptions {
  readonly user: UnixUser;
  readonly road: Road;
  /** In the order in which they are tried. */
  readonly launchers: readonly Launcher[];
  readonly log: Log;
  /** `null`: the session is gone. */
  changed(id: string, session: Session | null): void;
  /** What the link has, said at the beginning of a connection. */
  mirrored?(ids: ReadonlySet<string>): void;
}

interface Question {
  resolve(result: unknown): void;
  reject(error: Error): void;
  output?: ((stream: 'out' | 'err', text: string) => void) | undefined;
}

/** Failures of the account, which no other way to start a link would change. */
const OF_THE_ACCOUNT: readonly string[] = [
  'account-no-shell',
  'account-expired',
  'account-no-home',
  'home-full',
  'home-unwritable',
];

const quiet: StartObserver = { step: () => undefined };

/** With what lies behind it: sentences for people leave out what an administrator needs. */
export function reasonOf(error: Error): string {
  const own = error instanceof CasementError ? `${error.code}: ${error.message}` : error.message;
  return error.cause instanceof Error ? `${own} (${reasonOf(error.cause)})` : own;
}

export class UserLink {
  readonly #options: UserLinkOptions;
  readonly #sessions = new Map<string, Session>();
  readonly #questions = new Map<number, Question>();
  #socket: Socket | undefined;
  #connecting: Promise<void> | undefined;
  #nextQuestion = 1;
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  #interrupt: ((arrived: boolean) => void) | undefined;
  #asking = false;

  constructor(options: UserLinkOptions) {
    this.#options = options;
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
      this.#reached(observer, 'link', began);
      return;
    }
    // Whoever was asked for a password in another window, and left it, keeps nobody waiting.
    if (observer.ask && this.#asking) this.#interrupt?.(false);
    // One attempt at a time; who comes meanwhile waits for it and then looks for themselves.
    while (this.#connecting) await this.#connecting.catch(() => undefined);
    if (this.#socket) {
      observer.step('link', 'running');
      this.#reached(observer, 'link', began);
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
      this.#dropQuestions();
    }
    this.#interrupt?.(true);
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
  async call<Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    output?: Question['output'],
  ): Promise<CallResult<Name>> {
    if (!this.#socket) await this.ready(true);
    const socket = this.#socket;
    if (!socket) throw new CasementError('link-failed');
    const n = this.#nextQuestion++;
    const result = await new Promise<unknown>((resolve, reject) => {
      this.#questions.set(n, { resolve, reject, output });
      socket.write(encodeText(JSON.stringify({ n, call: name, input })));
    });
    const parsed = CallResults[name].safeParse(result);
    if (!parsed.success) throw new CasementError('link-failed', { cause: parsed.error });
    return parsed.data as CallResult<Name>;
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
    const { user, launchers, road, log } = this.#options;
    const fail = (step: Launcher['step'], since: number, error: unknown) => {
      const reason = error instanceof Error ? error : new Error(String(error));
      log.warn({ step, user: user.login, reason: reasonOf(reason) }, 'no link');
      observer.step(step, 'failed', performance.now() - since, reason);
      return reason;
    };
    let failure: Error;
    try {
      await this.#connect(false);
      this.#reached(observer, 'link', began);
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
    for (const step of ['link', 'sudo', 'ssh'] as const) {
      const launcher = launchers.find((one) => one.step === step && one.applies(user));
      if (!launcher) {
        if (step === 'link') observer.step(step, 'failed', performance.now() - began, failure);
        else observer.step(step, 'skipped');
        continue;
      }
      const stepBegan = performance.now();
      if (step !== 'link') observer.step(step, 'running');
      try {
        const { ask } = observer;
        const asking: AskPerson | undefined =
          ask &&
          ((stage) => {
            this.#asking = true;
            return ask(stage);
          });
        await this.#unlessInterrupted(
          launcher.launch({ user, invitation: road.invitation(), ...(asking ? { ask: asking } : {}) }),
        );
        await this.#connect(true);
        this.#reached(observer, step, stepBegan);
        return;
      } catch (error) {
        failure = fail(step, stepBegan, error);
        if (failure instanceof CasementError && OF_THE_ACCOUNT.includes(failure.code)) break;
      }
    }
    throw failure instanceof CasementError ? failure : new CasementError('link-failed', { cause: failure });
  }

  /**
   * Waits for a launch, or for a link that connects meanwhile, by this launch or by another. One that waits for a person
   * is given up when the same person starts something in another window.
   */
  async #unlessInterrupted(launched: Promise<void>): Promise<void> {
    const interrupted = new Promise<void>((resolve, reject) => {
      this.#interrupt = (arrived) => (arrived ? resolve() : reject(new CasementError('login-expired')));
    });
    try {
      await Promise.race([launched, interrupted]);
    } finally {
      this.#interrupt = undefined;
      this.#asking = false;
    }
  }

  /** The ways behind the one that worked are not needed. */
  #reached(observer: StartObserver, by: 'link' | 'sudo' | 'ssh', began: number): void {
    observer.step(by, 'done', performance.now() - began);
    if (by === 'link') observer.step('sudo', 'skipped');
    if (by !== 'ssh') observer.step('ssh', 'skipped');
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
        this.#questions.get(frame.n)?.output?.(frame.stream, frame.text);
        return;
      case 'result':
      case 'failure': {
        const question = this.#questions.get(frame.n);
        this.#questions.delete(frame.n);
        if (frame.t === 'result') question?.resolve(frame.result);
        else question?.reject(fromApiError(frame.error));
        return;
      }
      case 'welcome':
      case 'error':
      case 'done':
      case 'bye':
        return;
    }
  }

  #onLost(): void {
    this.#socket = undefined;
    this.#dropQuestions();
    if (this.#closed) return;
    this.#options.log.warn({ user: this.#options.user.login }, 'link lost');
    this.#scheduleReturn(0);
  }

  #dropQuestions(): void {
    for (const question of this.#questions.values()) question.reject(new CasementError('link-failed'));
    this.#questions.clear();
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
