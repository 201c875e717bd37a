/** `casement start`: a session of one's own through the link alone, whether a web server runs or not. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownAccount } from '../server/auth/accounts.ts';
import { linkDirOf } from '../server/config.ts';
import { createSessionHost } from '../server/sessions/host.ts';
import { accountDataDir } from '../server/sessions/account-dir.ts';
import type { SessionHost } from '../server/sessions/port.ts';
import { knownProfile } from '../server/sessions/known-profiles.ts';
import { linkPaths, sessionPaths } from '../server/sessions/paths.ts';
import { CasementError } from '../src/contract/errors.ts';
import type { Session } from '../src/contract/session.ts';
import { jobVariables, ownJob } from './job.ts';
import type { Io } from './io.ts';
import { parseStartArguments, START_USAGE, type StartArguments } from './start-args.ts';

const built = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const COPY_MS = 50;
const NOBODY: Asked = { code: undefined, end: () => undefined };
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

function linkDirFor({ configPath, data }: StartArguments, env: Io['env']): string {
  if (configPath !== undefined) return resolve(configPath);
  if (data !== undefined) return linkDirOf(resolve(data));
  return env['FX_CONFIG_DIR'] ?? linkDirOf(accountDataDir());
}

/** Hands on what a file grows by. */
class Copier {
  readonly #path: string;
  readonly #write: (text: Buffer) => void;
  #at = 0;

  constructor(path: string, write: (text: Buffer) => void) {
    this.#path = path;
    this.#write = write;
  }

  copy(): void {
    let fd: number;
    try {
      fd = openSync(this.#path, 'r');
    } catch {
      return;
    }
    try {
      const piece = Buffer.alloc(65_536);
      for (let read = 1; read > 0;) {
        read = readSync(fd, piece, 0, piece.length, this.#at);
        this.#at += read;
        if (read > 0) this.#write(Buffer.from(piece.subarray(0, read)));
      }
    } finally {
      closeSync(fd);
    }
  }
}

/** The signal that this process was asked to end by; a second one of its kind ends it at once. */
interface Asked {
  code: number | undefined;
  /** Ends the session, once there is one. */
  end: () => void;
}

function heedSignals(): Asked {
  const asked: Asked = { code: undefined, end: () => undefined };
  for (const [name, code] of Object.entries(SIGNALS)) {
    process.once(name, () => {
      asked.code = code;
      asked.end();
    });
  }
  return asked;
}

/**
 * Resolves with the exit code, when the session is over. `again`: starts its command once more, for the link that wants
 * it; absent: the link does that itself.
 */
function untilOver(
  host: SessionHost,
  { session: started, again }: { session: Session; again?: () => Promise<void> },
  dir: string,
  asked: Asked,
): Promise<number> {
  const { id } = started;
  const paths = sessionPaths(linkPaths(dir), id);
  const copiers = [
    new Copier(paths.stdout, (text) => void process.stdout.write(text)),
    new Copier(paths.stderr, (text) => void process.stderr.write(text)),
  ];
  return new Promise((done) => {
    const timer = setInterval(() => copiers.forEach((one) => one.copy()), COPY_MS);
    let begun = 0;
    const look = (session: Session | null | undefined) => {
      const { restarts } = session ?? {};
      if (again && session?.status === 'running' && restarts && restarts.next === null && restarts.count > begun) {
        begun = restarts.count;
        // Where it fails, the session ends or is restarted once more, and the link says so.
        again().catch(() => undefined);
      }
      if (session && session.status !== 'ended' && session.status !== 'failed') return;
      clearInterval(timer);
      copiers.forEach((one) => one.copy());
      done(asked.code ?? session?.exitCode ?? 1);
    };
    host.subscribe((changed, session) => {
      if (changed === id) look(session);
    });
    asked.end = () => void host.terminate(id).catch(() => done(asked.code ?? 1));
    // While it was being started.
    if (asked.code !== undefined) asked.end();
    look(host.get(id) ?? started);
  });
}

export async function start(argv: readonly string[], io: Io): Promise<number> {
  const options = parseStartArguments(argv);
  if (options === 'help') {
    io.out(START_USAGE);
    return 0;
  }
  const dir = linkDirFor(options, io.env);
  const host = createSessionHost({
    linkDirFor: () => dir,
    linkScript: built('../server/link.mjs'),
    clientcommScript: built('./clientcomm.mjs'),
    log: { info: () => undefined, warn: () => undefined },
    serverId: 'casement',
    hostname: hostname(),
  });
  try {
    const { command, geometry, name, params, profile, keyboardLayout, variables, cli, restart } = options;
    const job = ownJob(io.env);
    // From here on: a session that is just being started must not be left to itself.
    const asked = cli ? heedSignals() : NOBODY;
    const limits = options.limits ?? (profile === null ? undefined : knownProfile(linkPaths(dir), profile));
    if (profile !== null && !limits) {
      io.err(
        `casement: nothing is known here of the profile “${profile}”, since no server has started a session with it: ` +
          `none of its limits and scripts apply\n`,
      );
    }
    if (job && !cli && restart !== 'never') {
      io.err('casement: in a job a command is started again only with --cli, by the process that then stays\n');
    }
    const wanted = {
      id: options.id ?? `s-${randomBytes(9).toString('hex')}`,
      command,
      geometry,
      name,
      params,
      profile,
      ...(limits ? { limits } : {}),
      keyboardLayout,
      variables,
      separate: cli,
      restart: job && !cli ? ('never' as const) : restart,
    };
    const inJob = { ...wanted, variables: { ...jobVariables(io.env), ...variables } };
    const started: { session: Session; again?: () => Promise<void> } = job
      ? await host.startHere(ownAccount(), { ...inJob, job }, io.env)
      : { session: await host.start(ownAccount(), wanted, { step: () => undefined }) };
    if (!cli) {
      io.out(`${JSON.stringify(started.session)}\n`);
      return 0;
    }
    return await untilOver(host, started, dir, asked);
  } catch (error) {
    if (!options.cli || !(error instanceof CasementError) || error.code !== 'command-not-found') throw error;
    // As a shell says it.
    io.err(`casement: ${error.message}\n`);
    return 127;
  } finally {
    await host.close();
  }
}
