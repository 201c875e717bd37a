/**
 * The executables that a profile names for what happens to a session. Run as the user, never through a shell: what they
 * are told stands as JSON on their standard input, what they say goes to the session's log.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync } from 'node:fs';
import { CasementError } from '../../src/contract/errors.ts';
import type { Params } from '../../src/contract/json.ts';
import type { ProfileEvent, ProfileScripts } from '../../src/contract/profile.ts';
import { baseEnvironment, type Environment } from './environment.ts';
import { systemCode } from './files.ts';
import { openLog } from './log-file.ts';

/** A script that takes longer is killed with everything it started in its process group. */
export const SCRIPT_MS = 10_000;
/** Events of one session that may wait for their scripts. Past it they are left out, and the log says so. */
const MAX_WAITING = 32;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What a script reads. */
export interface ScriptInput {
  readonly session: {
    readonly id: string;
    readonly name: string;
    readonly command: string;
    readonly geometry: string;
    readonly profile: string | null;
    readonly login: string;
    readonly display: number | null;
  };
  readonly params: Params;
  /** Who connected or left. */
  readonly client?: { readonly id: string; readonly login: string; readonly role: string; readonly ip?: string };
  /** With `terminate`: how it ended. */
  readonly end?: { readonly status: string; readonly exitCode: number | null; readonly reason: string };
}

export interface ScriptsOptions {
  readonly scripts: ProfileScripts;
  readonly log: string;
  readonly env: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
}

/** Little, and the same for every user; `PATH` is the system's, not what the user or the server has. */
export function scriptEnvironment(from: NodeJS.ProcessEnv, event: ProfileEvent, id: string): Environment {
  const env = baseEnvironment(from);
  const kept = ['HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TZ'].flatMap((name) =>
    env[name] === undefined ? [] : [[name, env[name]] as const],
  );
  return { ...Object.fromEntries(kept), PATH, CASEMENT_EVENT: event, FASTX_SESSION_ID: id };
}

/** The scripts of one session, run one after the other. */
export class SessionScripts {
  readonly #options: ScriptsOptions;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(options: ScriptsOptions) {
    this.#options = options;
  }

  /** Runs it at once. @throws CasementError `script-failed` */
  async run(event: ProfileEvent, input: ScriptInput): Promise<void> {
    const work = this.#run(event, input);
    // Events that come meanwhile wait for this one.
    this.#last = work.catch(() => undefined);
    await work;
  }

  async #run(event: ProfileEvent, input: ScriptInput): Promise<void> {
    const path = this.#options.scripts[event];
    if (path === undefined) return;
    const failure = await this.#execute(path, event, input);
    if (failure === undefined) return;
    this.#say(`The ${event} script ${path} ${failure}.`);
    throw new CasementError('script-failed', { details: { event } });
  }

  /** Runs it when those before it are done; a failure is the log's alone. */
  later(event: ProfileEvent, input: ScriptInput): void {
    if (this.#options.scripts[event] === undefined) return;
    // The last event is never left out.
    if (this.#waiting >= MAX_WAITING && event !== 'terminate') {
      this.#say(`Too many events wait for their scripts; this ${event} was left out.`);
      return;
    }
    this.#waiting++;
    this.#last = this.#last
      .then(() => this.#run(event, input))
      .catch(() => undefined)
      .finally(() => this.#waiting--);
  }

  #say(line: string): void {
    try {
      appendFileSync(this.#options.log, `${line}\n`, { mode: 0o600 });
    } catch {
      // Purged meanwhile, or the disk is full.
    }
  }

  /** What went wrong, as the end of a sentence. */
  #execute(path: string, event: ProfileEvent, input: ScriptInput): Promise<string | undefined> {
    const { env, log, timeoutMs = SCRIPT_MS } = this.#options;
    let logFd: number;
    try {
      logFd = openLog(log);
    } catch {
      return Promise.resolve('could not be run: there is no log');
    }
    return new Promise((resolve) => {
      const environment = scriptEnvironment(env, event, input.session.id);
      const child = spawn(path, [], {
        cwd: environment['HOME'] ?? '/',
        env: environment,
        detached: true,
        stdio: ['pipe', logFd, logFd],
      });
      closeSync(logFd);
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        if (child.pid !== undefined) killGroup(child.pid);
      }, timeoutMs);
      const done = (failure: string | undefined) => {
        clearTimeout(timer);
        resolve(failure);
      };
      child.once('error', (error) => done(`could not be run: ${REASONS[systemCode(error) ?? ''] ?? error.message}`));
      child.once('exit', (code, signal) => {
        if (late) done(`was not done after ${timeoutMs / 1000} s and was killed`);
        else if (code === 0) done(undefined);
        else done(code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with code ${code}`);
      });
      // A script need not read what it is told.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(`${JSON.stringify({ event, ...input })}\n`);
    });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it is not executable',
  ENOTDIR: 'there is no such file',
  ENOEXEC: 'it is no program, and has no line that says which one runs it',
};

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended in this moment.
  }
}
