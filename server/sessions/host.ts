/** `SessionHost` over the links of this machine: one `UserLink` a user, and a mirror of all their sessions. */
import { constants } from 'node:os';
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';
import { FailedStarts } from './failed-starts.ts';
import { hostFiles } from './files-host.ts';
import type { LentStore } from './lent.ts';
import { fromApiError } from './link-client.ts';
import { LinkDoor } from './link-door.ts';
import { type Launcher, ownAccountLauncher, SshLauncher, sudoLauncher } from './launchers.ts';
import type { SessionHost, SessionStart, StartObserver, UnixUser } from './port.ts';
import { linkPaths } from './paths.ts';
import { signal } from './processes.ts';
import { startHere } from './start-here.ts';
import { DirectRoad, DoorRoad, type Road } from './roads.ts';
import { type Refusal, SessionOwners } from './session-owners.ts';
import { type Conversation, sshLogin } from './ssh-login.ts';
import { reasonOf } from '../../src/contract/reason.ts';
import type { Log } from './server-log.ts';
import { UserLink } from './user-link.ts';

/** How links of other accounts are started, and where they connect. */
export interface OtherAccounts {
  /** The socket that links connect to, in a folder that is this account's alone; and the file with their hashes. */
  readonly doorPath: string;
  readonly doorFile: string;
  /** The program (and its first arguments) that, followed by `link`, starts a link as whoever runs it. */
  readonly linkCommand: readonly string[];
  readonly sudo: boolean;
  /** A conversation with the session server's sshd, not begun; absent: nobody is asked to log in for a start. */
  readonly conversation?: (user: UnixUser) => Conversation;
}

export interface SessionHostOptions {
  /** The link directory of this account: absolute, on a local disk, its own. */
  linkDirFor(user: UnixUser): string;
  /** Paths of the bundled programs. */
  readonly linkScript: string;
  readonly clientcommScript: string;
  /** The Node that runs them; default: this one. */
  readonly execPath?: string;
  readonly log: Log;
  readonly serverId: string;
  readonly hostname: string;
  /** Where it is kept whose the sessions are that run under another account. Absent: as long as this host lives. */
  readonly lent?: LentStore;
  /** An account by its name. */
  readonly account?: (login: string) => Promise<UnixUser | undefined>;
  /** Under which account a session may come that has not begun yet, such as one that waits for a scheduler. */
  readonly expected?: (id: string) => string | undefined;
  /** The link of an account has announced a session whose id is another account's. */
  readonly refused?: (refusal: Refusal) => void;
  /** Absent: the server is for its own account alone. */
  readonly others?: OtherAccounts;
}

const OF_THE_LINK: readonly string[] = ['link-failed', 'run-as-failed'];
/** Failures that say nothing about a session: it was not begun, and the person knows why. */
const NOT_WORTH_A_CARD: readonly string[] = ['login-failed', 'login-expired', 'bad-request'];

export interface HereStarted {
  readonly session: Session;
  /** Its command once more, which its link has asked for by counting another restart. */
  readonly again: () => Promise<void>;
}

/** The host, and the door it opens for links of other accounts. */
export interface OpenHost extends SessionHost {
  /**
   * For a process that is not the server: starts the session as this process's own child, and has the link of this
   * account take it over.
   */
  startHere(user: UnixUser, start: SessionStart, env: NodeJS.ProcessEnv): Promise<HereStarted>;
  /** Lets links connect; nothing to do where there are no other accounts. @throws Error as `LinkDoor.open` */
  open(): Promise<void>;
}

export function createSessionHost(options: SessionHostOptions): OpenHost {
  const { others, log } = options;
  const place = { hostname: options.hostname, serverId: options.serverId };
  const links = new Map<string, UserLink>();
  const doors = new Map<string, DoorRoad>();
  const door =
    others && new LinkDoor({ path: others.doorPath, file: others.doorFile, warn: (message) => log.warn({}, message) });
  const ssh = others && new SshLauncher(others.linkCommand, others.conversation && sshLogin(others.conversation));
  const launchers: readonly Launcher[] = [
    ownAccountLauncher({
      dirFor: (user) => options.linkDirFor(user),
      linkScript: options.linkScript,
      clientcommScript: options.clientcommScript,
      execPath: options.execPath ?? process.execPath,
    }),
    ...(others?.sudo ? [sudoLauncher(others.linkCommand)] : []),
    ...(ssh ? [ssh] : []),
  ];
  const listeners = new Set<(id: string, data: Session | null) => void>();
  const tell = (id: string, session: Session | null) => {
    for (const listener of listeners) listener(id, session);
  };
  const failed = new FailedStarts(tell);
  const owners = new SessionOwners({
    lent: options.lent,
    place,
    elsewhere(id) {
      const start = failed.get(id)?.session;
      if (start) return { account: start.user, login: start.login };
      const account = options.expected?.(id);
      return account === undefined ? undefined : { account, login: account };
    },
    refused(refusal) {
      log.warn(refusal, 'a link announced a session that is not its own');
      options.refused?.(refusal);
    },
    failed: (error) => log.warn({ err: error }, 'a session that is gone could not be forgotten'),
  });

  function roadTo(user: UnixUser): Road {
    if (!door || user.uid === process.getuid?.()) return new DirectRoad(options.linkDirFor(user));
    const road = new DoorRoad(door, user);
    doors.set(user.login, road);
    return road;
  }

  function linkOf(user: UnixUser): UserLink {
    const known = links.get(user.login);
    if (known) return known;
    const link: UserLink = new UserLink({
      user,
      road: roadTo(user),
      launchers,
      log,
      changed: (id, session) => {
        if (!session) {
          if (owners.drop(link, id)) tell(id, null);
        } else if (owners.take(link, id)) {
          // It was begun after all, by a link that was lost.
          failed.purge(id);
          tell(id, owners.complete(link, id, session));
        }
      },
      mirrored: (ids) => owners.keepOnly(link, ids),
    });
    links.set(user.login, link);
    return link;
  }

  function get(id: string): Session | undefined {
    const link = owners.linkOf(id);
    const session = link?.sessions.get(id);
    return link && session ? owners.complete(link, id, session) : failed.get(id)?.session;
  }

  function owner(id: string): UserLink {
    const link = owners.linkOf(id);
    if (!link) throw new CasementError(failed.get(id) ? 'session-not-running' : 'session-unknown');
    return link;
  }

  if (door) {
    door.onLink = (user, socket) => {
      const link = linkOf(user);
      const road = doors.get(user.login);
      if (!road) {
        socket.destroy();
        return;
      }
      road.arrive(socket);
      link.arrived();
    };
  }

  /** Finds or starts the link. What each way said is kept for the owner of the session that could not be started. */
  async function reach(link: UserLink, start: SessionStart, observer: StartObserver): Promise<void> {
    let said = '';
    const isLent = start.owner !== undefined && start.owner !== link.user.login;
    // Nobody is asked for the password of an account that is not theirs.
    const { ask: _ask, ...unasked } = observer;
    try {
      await link.ready(true, {
        ...(isLent ? unasked : observer),
        step: (step, state, ms, error) => {
          if (error) said += `${step}: ${reasonOf(error)}\n`;
          observer.step(step, state, ms, error);
        },
      });
    } catch (error) {
      let known = error instanceof CasementError ? error : new CasementError('link-failed', { cause: error });
      // Which of the account's parts is in the way is not for the person who may use it; the log has it.
      if (isLent) known = new CasementError('run-as-failed', { cause: known });
      if (!NOT_WORTH_A_CARD.includes(known.code)) failed.add(link.user, start, place, known, said);
      throw known;
    }
  }

  async function begin(user: UnixUser, start: SessionStart, observer: StartObserver): Promise<Session> {
    const link = linkOf(user);
    await reach(link, start, observer);
    await observer.ready?.();
    const began = performance.now();
    observer.step('session', 'running');
    try {
      const { owner = user.login, ...rest } = start;
      const input = { ...rest, login: owner };
      const session = await link.call('start', input).catch(async (error: unknown) => {
        if (!(error instanceof CasementError) || error.code !== 'link-failed') throw error;
        // The link died on the way. The next one knows whether the session was begun.
        await reach(link, start, observer);
        return link.sessions.get(start.id) ?? link.call('start', input);
      });
      if (session.error && session.status === 'failed') throw fromApiError(session.error);
      observer.step('session', 'done', performance.now() - began);
      return owners.complete(link, start.id, session);
    } catch (error) {
      const reason = error instanceof Error ? error : new Error(String(error));
      observer.step('session', 'failed', performance.now() - began, reason);
      throw error;
    }
  }

  /** Nobody logs in as such an account, which would bring its link back. */
  async function adoptLent(): Promise<void> {
    for (const login of owners.lent.accounts) {
      try {
        const user = await options.account?.(login);
        if (user) await linkOf(user).ready(true);
      } catch (error) {
        log.warn({ user: login, reason: error instanceof Error ? reasonOf(error) : '' }, 'no link of a lent account');
      }
    }
  }

  return {
    async open() {
      // First: a link that comes back at once must find whose its sessions are.
      await owners.lent.load();
      await door?.open();
    },
    async start(user, start, observer) {
      if (get(start.id)) throw new CasementError('bad-request', { details: { field: 'id' } });
      const { id, owner = user.login } = start;
      if (owner === user.login) return begin(user, start, observer);
      // Without a way to other accounts there is only this one, whatever was asked for.
      if (!others && user.uid !== process.getuid?.()) throw new CasementError('run-as-failed');
      // After a link that was lost the next one says whether it was begun.
      const isUnknown = (error: unknown) => error instanceof CasementError && OF_THE_LINK.includes(error.code);
      return owners.whileLending(id, user.login, owner, () => begin(user, start, observer), isUnknown);
    },
    async startHere(user, start, env) {
      const link = linkOf(user);
      // It is there before the session is: one that came later would take a session that is starting for one of the dead.
      await link.ready(true);
      if (get(start.id)) throw new CasementError('bad-request', { details: { field: 'id' } });
      const { id } = start;
      const begun = startHere(linkPaths(options.linkDirFor(user)), { ...start, login: user.login }, env);
      const begin = await begun.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      const session = await link.call('adopt', { id });
      if (begin instanceof Error) throw begin;
      const again = async () => {
        const app = await begin().catch(() => null);
        try {
          await link.call('begun', { id, app }).catch(async (error: unknown) => {
            if (!(error instanceof CasementError) || error.code !== 'link-failed') throw error;
            // It died on the way. The next one looks for the command where this one has put it.
            await link.ready(true);
            return link.call('begun', { id, app });
          });
        } catch (error) {
          // The session was ended meanwhile.
          if (app) signal(app, 'SIGKILL', true);
          throw error;
        }
      };
      return { session: owners.complete(link, id, session), again };
    },
    async run(user, request, observer = { step: () => undefined }) {
      const link = linkOf(user);
      await link.ready(true, observer);
      const began = performance.now();
      observer.step('session', 'running');
      const { argv, stdin = '', env = {}, timeoutMs, maxBytes } = request;
      let [output, stdout] = ['', ''];
      try {
        const ended = await link.call(
          'run',
          { argv: [...argv], stdin, env: { ...env }, timeoutMs, maxBytes },
          (stream, text) => {
            output += text;
            if (stream === 'out') stdout += text;
            request.onOutput?.(stream, text);
          },
        );
        observer.step('session', 'done', performance.now() - began);
        const { exitCode, signal, timedOut, truncated } = ended;
        const bySignal = Object.entries(constants.signals).find(([name]) => name === signal)?.[1] ?? 127;
        return { output, stdout, exitCode: exitCode ?? 128 + bySignal, timedOut, truncated };
      } catch (error) {
        const reason = error instanceof Error ? error : new Error(String(error));
        observer.step('session', 'failed', performance.now() - began, reason);
        throw error;
      }
    },
    list() {
      const sessions = [...owners.ids].map(get).filter((session) => session !== undefined);
      return [...sessions, ...failed.sessions].toSorted((a, b) => b.started - a.started);
    },
    get,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async disconnect(id) {
      await owner(id).call('disconnect', { id });
    },
    async terminate(id) {
      await owner(id).call('terminate', { id });
    },
    async purge(id) {
      if (failed.purge(id)) return;
      await owner(id).call('purge', { id });
    },
    async setParams(id, params) {
      return owner(id).call('params', { id, params });
    },
    async extend(id) {
      return owner(id).call('extend', { id });
    },
    async log(id, bytes) {
      const start = failed.get(id);
      if (start) return { log: start.log.slice(-bytes), truncated: start.log.length > bytes };
      return owner(id).call('log', { id, bytes });
    },
    async openStream(id, client) {
      return owner(id).openStream(id, client);
    },
    files: hostFiles(owner),
    async clientcomm(id, message, clients, timeoutMs) {
      const { delivered, answer } = await owner(id).call('clientcomm', {
        id,
        ...message,
        ...(clients === undefined ? {} : { clients }),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      return answer ? { delivered, answer } : { delivered };
    },
    adoptConnection(user, connection) {
      const link = linkOf(user);
      if (!ssh?.applies(user)) {
        connection.end();
      } else {
        ssh.keep(user, connection);
      }
      // It runs before they have looked at their list, and their sessions are on it.
      link.ready(true).catch((error: unknown) => {
        log.warn({ user: user.login, reason: error instanceof Error ? reasonOf(error) : '' }, 'no link after a login');
      });
    },
    async adopt(users) {
      // A user without a running link has nothing to list yet, unless sessions outlived it.
      void adoptLent();
      await Promise.all(users.map((user) => linkOf(user).adopt()));
    },
    async close() {
      for (const link of links.values()) link.close();
      ssh?.close();
      await door?.close();
    },
  };
}
