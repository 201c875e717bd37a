/** Ways to get a link running as a user, in the order in which they are tried. */
import { spawn } from 'node:child_process';
import type { Client, ClientChannel } from 'ssh2';
import { CasementError } from '../../src/contract/errors.ts';
import type { StartStep } from '../../src/contract/start.ts';
import { baseEnvironment } from './environment.ts';
import { launchLink } from './launch-link.ts';
import { converse } from './link-command.ts';
import type { AskPerson, UnixUser } from './port.ts';
import type { ServerInvitation } from './wire.ts';

export interface LaunchRequest {
  readonly user: UnixUser;
  /** For a link that has to connect by itself. */
  readonly invitation: ServerInvitation | undefined;
  /** Puts the session server's questions to the person; absent where nobody is there to answer. */
  readonly ask?: AskPerson;
}

export interface Launcher {
  readonly step: Extract<StartStep, 'link' | 'sudo' | 'ssh'>;
  /** Whether this way is open to this server for this user at all. */
  applies(user: UnixUser): boolean;
  /** Resolves when a link runs, this one or one that was there first. */
  launch(request: LaunchRequest): Promise<void>;
}

export interface OwnAccountOptions {
  dirFor(user: UnixUser): string;
  readonly linkScript: string;
  readonly clientcommScript: string;
  readonly execPath: string;
}

/** The server runs as the user itself: no rights are needed. */
export function ownAccountLauncher({ dirFor, ...programs }: OwnAccountOptions): Launcher {
  return {
    step: 'link',
    applies: (user) => user.uid === process.getuid?.(),
    launch: ({ user }) =>
      launchLink({ ...programs, dir: dirFor(user), env: baseEnvironment(process.env), cwd: user.home }),
  };
}

/**
 * `sudo -n -u USER COMMAND link`. The rule in `sudoers` names exactly that; without it this fails in milliseconds, and
 * the next way is tried.
 */
export function sudoLauncher(linkCommand: readonly string[], sudo = 'sudo'): Launcher {
  return {
    step: 'sudo',
    applies: (user) => user.uid !== process.getuid?.() && user.uid !== 0,
    async launch({ user, invitation }) {
      const child = spawn(sudo, ['-n', '-u', user.login, '--', ...linkCommand, 'link'], {
        stdio: 'pipe',
        env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
        cwd: '/',
      });
      await converse(invitation, {
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        onEnd: (ended) => {
          child.on('error', (error) => ended(error.message));
          child.once('close', (code) => ended(`it ended with code ${code}`));
        },
      });
    },
  };
}

/** Logs in at the session server as the user. */
export type SshLogin = (user: UnixUser, ask: AskPerson) => Promise<Client>;

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

/** For the shells there are: Bourne's family, csh's and fish take single quotes alike. */
function shellLine(linkCommand: readonly string[]): string {
  return [...linkCommand.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : quote(word))), 'link'].join(' ');
}

/**
 * Over an SSH connection as the user: one that they logged in on a while ago, or a new one, for which they may be asked.
 * The newest connection of each user is kept, so that a link that dies can be started again without asking.
 */
export class SshLauncher implements Launcher {
  readonly step = 'ssh';
  readonly #linkCommand: readonly string[];
  readonly #login: SshLogin | undefined;
  readonly #kept = new Map<string, { connection: Client; timer: NodeJS.Timeout }>();

  constructor(linkCommand: readonly string[], login: SshLogin | undefined) {
    this.#linkCommand = linkCommand;
    this.#login = login;
  }

  applies(user: UnixUser): boolean {
    return user.uid !== process.getuid?.() && (this.#login !== undefined || this.#kept.has(user.login));
  }

  /** Takes over a connection on which the user is logged in. */
  keep({ login }: UnixUser, connection: Client): void {
    this.forget(login);
    const timer = setTimeout(() => this.forget(login), KEEP_MS);
    timer.unref();
    this.#kept.set(login, { connection, timer });
    connection.on('close', () => {
      if (this.#kept.get(login)?.connection === connection) this.forget(login);
    });
  }

  forget(login: string): void {
    const kept = this.#kept.get(login);
    if (!kept) return;
    this.#kept.delete(login);
    clearTimeout(kept.timer);
    kept.connection.end();
  }

  async launch(request: LaunchRequest): Promise<void> {
    const { user, ask, invitation } = request;
    const kept = this.#kept.get(user.login);
    let reason: unknown;
    if (kept) {
      try {
        await this.#run(kept.connection, invitation);
        return;
      } catch (error) {
        // The account itself is in the way: another connection would change nothing.
        if (error instanceof CasementError) throw error;
        reason = error;
        this.forget(user.login);
      }
    }
    if (!ask || !this.#login) throw new CasementError('link-login-needed', { cause: reason });
    const connection = await this.#login(user, ask);
    this.keep(user, connection);
    await this.#run(connection, invitation);
  }

  close(): void {
    for (const login of this.#kept.keys()) this.forget(login);
  }

  async #run(connection: Client, invitation: ServerInvitation | undefined): Promise<void> {
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the session server does not answer')), CHANNEL_MS);
      connection.exec(shellLine(this.#linkCommand), (error, opened) => {
        clearTimeout(timer);
        if (error) reject(error);
        else resolve(opened);
      });
    });
    await converse(invitation, {
      stdin: channel,
      stdout: channel,
      stderr: channel.stderr,
      onEnd: (ended) => {
        channel.once('close', (code: unknown) =>
          ended(typeof code === 'number' ? `it ended with code ${code}` : 'it ended'),
        );
      },
    });
  }
}

/** A day's work: afterwards the person is asked again, if it should ever be needed. */
const KEEP_MS = 12 * 3600 * 1000;
const CHANNEL_MS = 10_000;
