/** The server that the demo and the tests play: sessions that change state, and those who listen to them. */
import { BookmarkText, type Bookmark } from '../../src/contract/bookmark.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { Me, PublicConfig } from '../../src/contract/api.ts';
import type { Action } from '../../src/contract/permissions.ts';
import type { Params } from '../../src/contract/json.ts';
import type { PushMessage } from '../../src/contract/push.ts';
import { parseGeometry, type Session, type SessionStatus } from '../../src/contract/session.ts';
import type { StartData } from '../../src/contract/start.ts';
import { BookmarkShelf } from './bookmark-shelf.ts';
import { FormShelf } from './form-shelf.ts';
import { FORMS } from './forms.ts';
import { MockPolicy } from './policy.ts';
import { PROFILES, ProfileShelf } from './profile-shelf.ts';
import { FunctionShelf } from './function-shelf.ts';

export const LOGIN = 'demo';
export const SERVER_ID = 'demo-server';
/** The one-time secret of this server's login link. */
export const SECRET = 'let-me-in';

/** The bookmark whose start asks for a server, as a site's form filter decides on a real one. */
export const CHOOSES_SERVER = 'elsewhere';

export const BOOKMARKS: readonly Bookmark[] = [
  bookmark('terminal', 'Terminal', 'terminal', 'xterm', []),
  bookmark('desktop', 'Desktop', 'desktop', 'openbox-session', []),
  bookmark('simulation', 'Simulation', 'window', 'xterm -T Simulation', ['resources', 'project']),
  bookmark(CHOOSES_SERVER, 'Choose a server', 'terminal', 'xterm', []),
];

function bookmark(id: string, name: string, icon: string, command: string, forms: string[]): Bookmark {
  return {
    ...BookmarkText.parse({ name, icon, command, geometry: '1280x800', forms }),
    id,
    kind: 'builtin',
    builtin: true,
    hidden: false,
    favourite: false,
    version: 1,
    changed: 0,
    by: '',
  };
}

/** Programs that this machine has; any other command fails as it does on a real one. */
const INSTALLED = ['xterm', 'openbox-session', 'openbox', 'xclock', 'xeyes', 'sleep', 'sh', 'true', 'false'];

export interface WorldOptions {
  /** Milliseconds of each step of a start. */
  readonly stepMs: number;
  readonly loggedIn: boolean;
  /** The viewer's page, for the addresses that `connect` gives out. */
  readonly viewerPath: string;
}

export class World {
  readonly sessions = new Map<string, Session>();
  readonly logs = new Map<string, string>();
  readonly options: WorldOptions;
  loggedIn: boolean;
  secretUsed = false;
  sshRound: 'password' | 'code' | undefined;
  sshName: string | undefined;
  failedTries = 0;
  /** Ways to log in; over SSH it is `ada`, with the password `analytical` and then the code `1843`. */
  login: PublicConfig['login'] = ['local'];
  /** Milliseconds since 1970. */
  readonly began = Date.now();
  canStart = true;
  level: Me['level'] = 'full';
  /** Single actions that are taken away. */
  readonly denied = new Set<Action>();
  readonly policy = new MockPolicy(LOGIN, SERVER_ID);
  readonly forms = new FormShelf(FORMS, LOGIN);
  readonly profiles = new ProfileShelf(PROFILES, LOGIN);
  readonly functions = new FunctionShelf(LOGIN);
  readonly bookmarks = new BookmarkShelf(BOOKMARKS);
  readonly #listeners = new Set<(message: PushMessage) => void>();
  #count = 0;

  constructor(options: Partial<WorldOptions> = {}) {
    this.options = { stepMs: 25, loggedIn: true, viewerPath: '/xrdp', ...options };
    this.loggedIn = this.options.loggedIn;
  }

  get me(): string {
    return LOGIN;
  }

  get actions(): Action[] {
    return this.policy.actions(this.level).filter((action) => !this.denied.has(action));
  }

  /** @throws CasementError `forbidden` */
  allow(action: Action): void {
    if (!this.actions.includes(action)) throw new CasementError('forbidden');
  }

  /** @throws CasementError `seats-taken` */
  takeSeat(): void {
    const { perUser: limit } = this.policy.settings().seats;
    const own = [...this.sessions.values()].filter(({ status }) => status === 'running' || status === 'starting');
    if (limit === 0 || own.length < limit) return;
    const sessions = own.map(({ id, name, status, started }) => ({ id, name, status, started }));
    throw new CasementError('seats-taken', { details: { scope: 'user', limit, taken: own.length, sessions } });
  }

  /** Returns the way to stop listening. */
  subscribe(listener: (message: PushMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  publish(message: PushMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  /** All there is, as a push connection begins with it. */
  present(): PushMessage[] {
    return [
      ...[...this.sessions.values()].map((data) => ({ event: 'session', id: data.id, data }) as const),
      { event: 'ready', id: '', data: null },
    ];
  }

  newId(): string {
    this.#count += 1;
    return `demo-session-${String(this.#count).padStart(4, '0')}`;
  }

  /** Adds a session that starts from `data`, or any other that a test wants. */
  add(data: Pick<StartData, 'command' | 'geometry'> & Partial<StartData>, change: Partial<Session> = {}): Session {
    const id = change.id ?? this.newId();
    const known = this.bookmarks.byId(data.bookmarkId);
    const size = parseGeometry(data.geometry);
    const rootless = size === 'rootless';
    const name = data.name ?? known?.name ?? (data.command.split(/\s+/)[0] || data.command);
    const session: Session = {
      id,
      name,
      status: 'starting',
      geometry: rootless || size === 'fullscreen' ? '1280x800' : data.geometry,
      windowMode: rootless ? 'rootless' : 'desktop',
      command: data.command,
      profile: data.profile ?? null,
      params: { ...data.params, name, ...(known ? { bookmarkId: known.id, icon: known.icon } : {}) },
      login: LOGIN,
      user: LOGIN,
      hostname: 'demo.local',
      serverId: SERVER_ID,
      display: null,
      serverPid: null,
      appPid: null,
      clients: [],
      started: Date.now(),
      lastConnect: null,
      lastDisconnect: null,
      ended: null,
      exitCode: null,
      error: null,
      sharing: false,
      thumbnail: null,
      deadline: null,
      job: null,
      ...change,
    };
    this.logs.set(id, `[session] ${data.command}\n`);
    this.#put(session);
    return session;
  }

  get(id: string): Session {
    const session = this.sessions.get(id);
    if (!session) throw new CasementError('session-unknown');
    return session;
  }

  change(id: string, change: Partial<Session>): Session {
    const session = { ...this.get(id), ...change };
    this.#put(session);
    return session;
  }

  /** Puts a deadline off by ten minutes, where the session has one that can be. */
  extend(id: string): Session['deadline'] {
    const { deadline } = this.running(id);
    if (!deadline?.extendable) throw new CasementError('extend-refused');
    return this.change(id, { deadline: { ...deadline, at: deadline.at + 600_000 } }).deadline;
  }

  setParams(id: string, change: Params): Params {
    const { params } = this.running(id);
    const next = Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== null));
    return this.change(id, { params: next }).params;
  }

  running(id: string): Session {
    const session = this.get(id);
    if (session.status !== 'running') throw new CasementError('session-not-running');
    return session;
  }

  end(id: string, status: Extract<SessionStatus, 'ended' | 'failed'>, change: Partial<Session> = {}): void {
    this.change(id, { status, ended: Date.now(), clients: [], ...change });
  }

  purge(id: string): void {
    const { status } = this.get(id);
    if (status !== 'ended' && status !== 'failed') throw new CasementError('session-running');
    this.sessions.delete(id);
    this.logs.delete(id);
    this.publish({ event: 'session', id, data: null });
  }

  /** Runs a session's command, as far as this machine has it. */
  run(session: Session): void {
    const program = session.command.trim().split(/\s+/)[0] ?? '';
    if (program === 'false' || !INSTALLED.includes(program)) {
      const code = program === 'false' ? 'command-died' : 'command-not-found';
      const said = program === 'false' ? '' : `sh: 1: ${program}: not found\n`;
      this.logs.set(session.id, `${this.logs.get(session.id) ?? ''}${said}`);
      const error = new CasementError(code, { details: { command: program } });
      this.end(session.id, 'failed', { exitCode: program === 'false' ? 1 : 127, error: error.toJSON() });
      throw error;
    }
    this.change(session.id, { status: 'running', display: 100 + this.#count });
  }

  #put(session: Session): void {
    this.sessions.set(session.id, session);
    this.publish({ event: 'session', id: session.id, data: session });
  }
}
