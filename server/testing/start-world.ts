/**
 * Everything a start goes through, all of it real: links and X servers, the runner of functions, the store, seats and a
 * scheduler's folder; and a way to see what is left of it afterwards.
 */
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { type Bookmark, BookmarkText } from '../../src/contract/bookmark.ts';
import type { FunctionName } from '../../src/contract/functions.ts';
import type { Action } from '../../src/contract/permissions.ts';
import type { Session } from '../../src/contract/session.ts';
import type { StartProgress, StartResult } from '../../src/contract/start.ts';
import { checkAnswers, deriveFields } from '../../src/forms/fields/index.ts';
import { lendable } from '../auth/lendable.ts';
import type { Caller } from '../auth/port.ts';
import { Runner } from '../functions/runner.ts';
import { createSiteFunctions } from '../functions/site-functions.ts';
import { createPolicy } from '../policy/assemble.ts';
import type { Policy } from '../policy/port.ts';
import { createScheduler } from '../schedule/scheduler.ts';
import { createSessionHost } from '../sessions/host.ts';
import { TestMachine } from '../sessions/link.test-support.ts';
import type { SessionHost, UnixUser } from '../sessions/port.ts';
import type { Conversation } from '../sessions/ssh-login.ts';
import type { StartDeps } from '../start/deps.ts';
import { EXAMPLE_FORMS } from '../start/example-forms.ts';
import { runStart } from '../start/order.ts';
import { openDatabase } from '../store/open.ts';
import type { StartTrace, Store } from '../store/port.ts';
import { createSqliteStore } from '../store/sqlite.ts';

/** What a session needs of the machine beside an X server. */
const PROGRAMS = ['sh', 'bash', 'cat', 'mv', 'sleep', 'mkfifo', 'setxkbmap'];
const silent = { info: () => undefined, warn: () => undefined };

/** A scheduler’s folder for each way in which one can fail. */
const SCHEDULERS: Record<string, Record<string, string>> = {
  refuses: { submit: '#!/bin/sh\necho "no such queue: $1" >&2\nexit 3' },
  mute: { submit: '#!/bin/sh\nexit 0' },
};

/** An account that bookmarks may name. */
export const LENT: UnixUser = { login: 'sim', uid: 65_533, gid: 65_533, home: '/nonexistent' };

/** What is still there of starts that are over. */
export interface Leftovers {
  /** Command lines. */
  readonly processes: readonly string[];
  /** Of sessions that no card tells of. */
  readonly directories: readonly string[];
  readonly jobs: number;
  readonly seats: number;
  readonly open: readonly string[];
}
export const NOTHING: Leftovers = { processes: [], directories: [], jobs: 0, seats: 0, open: [] };

export class StartMachine {
  readonly machine = new TestMachine();
  readonly schedulers = join(this.machine.base, 'schedulers');
  #runner: Runner | undefined;
  #hosts = new Map<string, SessionHost>();
  #linkDirs: string[] = [];
  #stores: Store[] = [];
  #next = 1;

  async build(): Promise<void> {
    const { machine } = this;
    const dist = join(machine.base, 'dist');
    await Promise.all([machine.build(), bundlePrograms(dist, ['server/functions'])]);
    this.#runner = new Runner({
      script: join(dist, 'server/functions.mjs'),
      wasm: join(dist, 'server/quickjs.wasm'),
      warn: () => undefined,
    });
    for (const [name, programs] of Object.entries(SCHEDULERS)) {
      for (const program of ['submit', 'status', 'cancel', 'log']) {
        this.write(join('schedulers', name, program), programs[program] ?? '#!/bin/sh\nexit 0');
      }
    }
  }

  /** An executable below this machine's own directory. */
  write(path: string, text: string): string {
    const file = join(this.machine.base, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `${text}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** Programs may be there, be missing, or be something else than their name says. */
  path(name: string, more: Record<string, string> = {}): string {
    const dir = join(this.machine.base, name);
    mkdirSync(dir, { recursive: true });
    for (const program of PROGRAMS) symlinkSync(join('/usr/bin', program), join(dir, program));
    for (const [program, text] of Object.entries(more)) this.write(join(name, program), text);
    return dir;
  }

  /** The account's own link, in a directory of this name; started with this search path. */
  host(name = 'link', path?: string): SessionHost {
    const known = this.#hosts.get(name);
    if (known) return known;
    const dir = this.machine.directory(name);
    this.#linkDirs.push(dir);
    const plain = this.machine.host(dir);
    const host: SessionHost =
      path === undefined
        ? plain
        : {
            ...plain,
            async start(user, start, observer) {
              const before = process.env['PATH'];
              process.env['PATH'] = path;
              try {
                return await plain.start(user, start, observer);
              } finally {
                process.env['PATH'] = before;
              }
            },
          };
    this.#hosts.set(name, host);
    return host;
  }

  /** A host whose links cannot be started: of its own account, or of others by sudo and by logging in. */
  async brokenHost(conversation?: () => Conversation): Promise<SessionHost> {
    const dir = this.machine.directory(`broken-${this.#next++}`);
    const host = createSessionHost({
      linkDirFor: () => dir,
      linkScript: join(this.machine.base, 'no-such-link.mjs'),
      clientcommScript: join(this.machine.base, 'dist/cli/clientcomm.mjs'),
      log: silent,
      serverId: 'here',
      hostname: 'here.example',
      others: {
        doorPath: join(dir, 'door.sock'),
        doorFile: join(dir, 'links.json'),
        linkCommand: ['/bin/false'],
        sudo: true,
        ...(conversation ? { conversation } : {}),
      },
    });
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    await host.open();
    this.#hosts.set(dir, host);
    return host;
  }

  async world(host: SessionHost = this.host()): Promise<StartWorld> {
    const { machine } = this;
    const dir = join(machine.base, `store-${this.#next++}`);
    mkdirSync(dir);
    const store = createSqliteStore(openDatabase(dir));
    this.#stores.push(store);
    for (const form of EXAMPLE_FORMS) {
      await store.forms.addMissing({ ...form, version: 1, fields: deriveFields(form.html).fields });
    }
    if (!this.#runner) throw new Error('not built');
    return createWorld(this, store, host, this.#runner);
  }

  /** Processes and directories of sessions, whoever started them. */
  remains(cards: ReadonlySet<string>): Pick<Leftovers, 'processes' | 'directories'> {
    const { base } = this.machine;
    const processes: string[] = [];
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const read = (file: string) => {
        try {
          return readFileSync(`/proc/${pid}/${file}`, 'utf8');
        } catch {
          return '';
        }
      };
      const words = read('cmdline');
      // Links and the runner are there for whoever starts next.
      if (Number(pid) === process.pid || /\/dist\/server\/(link|functions)\.mjs/.test(words)) continue;
      if (words.includes(base) || read('environ').includes(`FASTX_SESSION_DIR=${base}`)) {
        processes.push(words.replaceAll('\0', ' '));
      }
    }
    const directories = this.#linkDirs.flatMap((dir) => {
      try {
        return readdirSync(join(dir, 'sessions'));
      } catch {
        return [];
      }
    });
    return { processes, directories: directories.filter((name) => !name.startsWith('.fifo') && !cards.has(name)) };
  }

  async dispose(): Promise<void> {
    for (const host of this.#hosts.values()) await host.close();
    for (const store of this.#stores) await store.close();
    await this.#runner?.close();
    await this.machine.dispose();
  }
}

export interface StartWorld {
  readonly host: SessionHost;
  readonly store: Store;
  readonly policy: Policy;
  readonly progress: StartProgress[];
  readonly traces: Omit<StartTrace, 'login'>[];
  /** What the session server says of itself. */
  readonly server: { accepts: boolean; xserver: boolean; reached: boolean };
  /** What the caller may not do. */
  readonly refused: Set<Action>;
  readonly caller: Caller;
  /** What an administrator has put into the list, by its id. */
  readonly bookmarks: Map<string, Bookmark>;
  publish(name: FunctionName, text: string): Promise<void>;
  start(data: object): Promise<StartResult>;
  /** Cards of sessions that have failed or ended. */
  cards(): Session[];
  leftovers(): Promise<Leftovers>;
  /** Ends and forgets what there still is, so that a test that failed leaves nothing for the next. */
  close(): Promise<void>;
}

async function createWorld(
  machine: StartMachine,
  store: Store,
  linkHost: SessionHost,
  runner: Runner,
): Promise<StartWorld> {
  const user: UnixUser = machine.machine.user;
  const caller = { user, login: user.login, groups: [], level: 'full' as const, jti: 'j', expires: 0 };
  const server = { accepts: true, xserver: true, reached: true };
  const scheduler = createScheduler({
    host: linkHost,
    jobs: store.jobs,
    dirs: [machine.schedulers],
    serverId: 'here',
    hostname: 'here.example',
    warn: () => undefined,
  });
  const { host } = scheduler;
  const info = (serverId: string, serverPool: string) => () => ({
    serverId,
    id: serverId,
    serverPool,
    hostname: `${serverId}.example`,
    url: '',
    cpu: 1,
    freemem: 1,
    totalmem: 1,
    loggedInUsers: 0,
    sessions: 0,
    uptime: 1,
    loadavg: [0, 0, 0] as [number, number, number],
    accepts: { login: true, start: true },
    staticData: {},
  });
  const canStart = () => server;
  const failed = (cause: unknown) => {
    throw cause;
  };
  const servers = [
    { info: info('here', 'pool-a'), host, canStart },
    { info: info('there', 'pool-b'), host, canStart },
  ];
  const policy = await createPolicy({ store, localId: 'here', servers, failed });
  const functions = createSiteFunctions({ library: store.functions, runner, log: silent });
  const progress: StartProgress[] = [];
  const traces: Omit<StartTrace, 'login'>[] = [];
  const refused = new Set<Action>();
  const bookmarks = new Map<string, Bookmark>();
  const auth: StartDeps['auth'] = {
    refuses: (_caller, action) => (refused.has(action) ? 'forbidden' : undefined),
    runAs: async (_caller, name) =>
      name === LENT.login ? LENT : lendable(name, { accounts: undefined, own: { uid: user.uid }, uidMin: 1000 }),
  };
  const cards = () => host.list().filter(({ status }) => status === 'failed' || status === 'ended');
  return {
    host,
    store,
    policy,
    progress,
    traces,
    server,
    refused,
    caller,
    bookmarks,
    async publish(name, text) {
      const { revision } = await store.functions.get(name);
      await store.functions.save(name, revision, { kind: 'javascript', text }, 'admin');
      await store.functions.publish(name, revision + 1, 'admin');
    },
    start: (data) =>
      runStart(
        { caller, data, startId: 's', ip: '10.0.0.1' },
        {
          auth,
          forms: store.forms,
          profiles: store.profiles,
          functions,
          scheduling: scheduler,
          checkAnswers: (fields, answers) => checkAnswers([...fields], answers),
          bookmark: async (id) => bookmarks.get(id),
          servers: () => policy.servers.list(),
          localServerId: 'here',
          server: (id) => (server.reached ? policy.servers.get(id) : undefined),
          seats: policy.seats,
          progress: (one) => progress.push(one),
          trace: (one) => traces.push(one),
          warn: () => undefined,
        },
      ),
    cards,
    async leftovers() {
      const { processes, directories } = machine.remains(new Set(cards().map(({ id }) => id)));
      const open = host.list().flatMap((one) => (cards().some(({ id }) => id === one.id) ? [] : [one.status]));
      const [jobs, seats] = [(await store.jobs.all()).length, policy.seats.taken().total];
      return { processes, directories, jobs, seats, open };
    },
    async close() {
      for (const { id, status } of host.list()) {
        if (status === 'running' || status === 'starting') await host.terminate(id);
        await host.purge(id);
      }
      scheduler.close();
    },
  };
}

export function bookmarkOf(id: string, text: object): Bookmark {
  return {
    ...BookmarkText.parse({ name: id, command: 'sleep 600', ...text }),
    id,
    kind: 'system',
    builtin: false,
    hidden: false,
    favourite: false,
    version: 1,
    changed: 0,
    by: 'admin',
  };
}
