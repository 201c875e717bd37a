/** A session host in memory for tests, harsher than the real one: it refuses, pauses and breaks off when told to. */
import { CasementError } from '../../src/contract/errors.ts';
import type { Params } from '../../src/contract/json.ts';
import type { Session } from '../../src/contract/session.ts';
import type { RunRequest, RunResult, SessionHost, SessionStart, ViewerClient, ViewerStream } from '../sessions/port.ts';
import { type FakeFiles, fakeFiles } from './fake-files.ts';

export class FakeStream implements ViewerStream {
  readonly received: (Buffer | string)[] = [];
  /** What `send…` return. */
  roomy = true;
  paused = false;
  closed = false;
  pauses = 0;
  onBinary: (chunk: Buffer) => void = () => {};
  onText: (text: string) => void = () => {};
  onDrain: () => void = () => {};
  onClose: (reason: 'ended' | 'lost' | 'kicked' | 'closed' | 'idle') => void = () => {};
  #wake: (() => void)[] = [];

  sendBinary(chunk: Uint8Array): boolean {
    this.received.push(Buffer.from(chunk));
    this.changed();
    return this.roomy;
  }
  sendText(text: string): boolean {
    this.received.push(text);
    this.changed();
    return this.roomy;
  }
  pause(): void {
    this.paused = true;
    this.pauses++;
    this.changed();
  }
  resume(): void {
    this.paused = false;
    this.changed();
  }
  close(): void {
    this.closed = true;
    this.changed();
  }
  changed(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
  /** Resolves when something has changed so that `test` holds. */
  async until(test: () => boolean): Promise<void> {
    while (!test()) await new Promise<void>((wake) => this.#wake.push(wake));
  }
}

export function sessionOf(id: string, more: Partial<Session> = {}): Session {
  return {
    id,
    name: id,
    status: 'running',
    geometry: '800x600',
    windowMode: 'desktop',
    command: 'xterm',
    profile: null,
    params: {},
    login: 'me',
    user: 'me',
    hostname: 'here',
    serverId: 'server-1',
    display: 7,
    serverPid: 100,
    appPid: 101,
    clients: [],
    started: 1,
    lastConnect: null,
    lastDisconnect: null,
    ended: null,
    exitCode: null,
    error: null,
    sharing: false,
    thumbnail: null,
    deadline: null,
    job: null,
    ...more,
  };
}

export interface FakeHost extends SessionHost {
  readonly files: FakeFiles;
  readonly starts: SessionStart[];
  readonly streams: { client: ViewerClient; stream: FakeStream }[];
  readonly calls: string[];
  /** Thrown by the next start, or the next stream that is opened. */
  failNext: CasementError | undefined;
  /** What programs that are run give. */
  nextRun: (request: RunRequest) => RunResult | Promise<RunResult>;
  put(session: Session): void;
  drop(id: string): void;
}

export function createFakeHost(): FakeHost {
  const sessions = new Map<string, Session>();
  const listeners = new Set<(id: string, data: Session | null) => void>();
  const tell = (id: string, data: Session | null) => {
    for (const listener of listeners) listener(id, data);
  };
  const take = () => {
    const error = host.failNext;
    host.failNext = undefined;
    return error;
  };
  const need = (id: string) => {
    const session = sessions.get(id);
    if (!session) throw new CasementError('session-unknown');
    return session;
  };
  const host: FakeHost = {
    files: fakeFiles(),
    starts: [],
    streams: [],
    calls: [],
    failNext: undefined,
    nextRun: () => ({ output: '', stdout: '', exitCode: 0, timedOut: false, truncated: false }),
    put(session) {
      sessions.set(session.id, session);
      tell(session.id, session);
    },
    drop(id) {
      sessions.delete(id);
      tell(id, null);
    },
    async start(user, start, observer) {
      host.starts.push(start);
      observer.step('link', 'running');
      await Promise.resolve();
      const error = take();
      if (error?.code === 'link-failed') {
        observer.step('link', 'failed', 1);
        throw error;
      }
      observer.step('link', 'done', 1);
      await observer.ready?.();
      observer.step('session', 'running');
      await Promise.resolve();
      const { id, name, command, geometry, params } = start;
      const windowMode = geometry === 'rootless' ? 'rootless' : 'desktop';
      const more = { name, command, geometry, params, login: start.owner ?? user.login, user: user.login } as const;
      if (error) {
        host.put(sessionOf(id, { ...more, windowMode, status: 'failed', error: error.toJSON() }));
        observer.step('session', 'failed', 2);
        throw error;
      }
      observer.step('session', 'done', 2);
      host.put(sessionOf(id, { ...more, windowMode }));
      return need(id);
    },
    async run(_user, request, observer) {
      host.calls.push(`run ${request.argv.join(' ')}`);
      for (const step of ['link', 'session'] as const) {
        observer?.step(step, 'running');
        observer?.step(step, 'done', 1);
      }
      const error = take();
      if (error) throw error;
      return host.nextRun(request);
    },
    list: () => [...sessions.values()].toReversed(),
    get: (id) => sessions.get(id),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async disconnect(id) {
      host.calls.push(`disconnect ${need(id).id}`);
      for (const { stream } of host.streams) stream.onClose('kicked');
    },
    async terminate(id) {
      const session = need(id);
      if (session.status !== 'running') throw new CasementError('session-not-running');
      host.put({ ...session, status: 'ended' });
    },
    async purge(id) {
      if (need(id).status === 'running') throw new CasementError('session-running');
      host.drop(id);
    },
    async setParams(id, params) {
      const session = need(id);
      const next: Params = { ...session.params };
      for (const [name, value] of Object.entries(params)) {
        if (value === null) delete next[name];
        else next[name] = value;
      }
      host.put({ ...session, params: next });
      return next;
    },
    async extend(id) {
      const session = need(id);
      if (!session.deadline?.extendable) throw new CasementError('extend-refused');
      const deadline = { ...session.deadline, at: session.deadline.at + 600_000 };
      host.put({ ...session, deadline });
      return deadline;
    },
    log: async (id, bytes) => ({ log: `log of ${need(id).id}`.slice(-bytes), truncated: false }),
    async openStream(id, client) {
      const error = take();
      if (error) throw error;
      const session = need(id);
      const stream = new FakeStream();
      host.streams.push({ client, stream });
      host.put({ ...session, params: { ...session.params, ...client.reservedParams } });
      return stream;
    },
    async clientcomm(id, message, clients) {
      need(id);
      host.calls.push(`clientcomm ${message.type} ${clients ?? '*'}`);
      if (clients === 'nobody') throw new CasementError('no-clients');
      return clients === undefined
        ? { delivered: 1 }
        : { delivered: 1, answer: { number: 1, data: `got ${message.data.length}` } };
    },
    adopt: async () => {},
    close: async () => {},
  };
  return host;
}
