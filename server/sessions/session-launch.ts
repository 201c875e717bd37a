/** Starting the processes of a session: what its X server and its command are started with. */
import { closeSync } from 'node:fs';
import { CasementError } from '../../src/contract/errors.ts';
import { shellKnows, startCommand } from './command.ts';
import { baseEnvironment, type Environment, sessionEnvironment } from './environment.ts';
import { openLog, say } from './log-file.ts';
import type { LinkPaths, SessionPaths } from './paths.ts';
import type { ProcessIdentity } from './processes.ts';
import { bringsWindowManager, findProgram, firstProgram } from './programs.ts';
import type { SessionRecord } from './record.ts';
import { type StartedXvnc, startXvnc } from './xvnc.ts';

export const NOT_FOUND = 127;
const DEFAULT_LAYOUT = 'us';

/** Where and as what the processes of one session run. */
export interface LaunchPlace {
  readonly paths: SessionPaths;
  readonly link: LinkPaths;
  readonly env: NodeJS.ProcessEnv;
  /** What commands begin with; the link's own is stricter. */
  readonly umask: number;
  /** Login scripts are run before the command. */
  readonly login: boolean;
}

const loginShell = (place: LaunchPlace, env: Environment) => (place.login ? env['SHELL'] : undefined);

/** Looks for the program before anything is started. @throws CasementError `command-not-found`, said in the log */
export async function requireProgram(place: LaunchPlace, command: string): Promise<void> {
  const env = baseEnvironment(place.env);
  const cwd = env['HOME'] ?? '/';
  const program = firstProgram(command);
  const shell = loginShell(place, env);
  const known =
    program === undefined ||
    program === 'clientcomm' ||
    findProgram(program, env['PATH'], cwd) !== undefined ||
    // Login scripts may have put it in reach.
    (shell !== undefined && !program.includes('/') && (await shellKnows(shell, program, env, cwd)));
  if (known) return;
  say(place.paths.log, `sh: 1: ${program}: not found`);
  throw new CasementError('command-not-found');
}

/** @throws CasementError `xserver-missing`, `xserver-failed` */
export async function launchServer(place: LaunchPlace, record: SessionRecord, logFd: number): Promise<StartedXvnc> {
  const env = baseEnvironment(place.env);
  const cwd = env['HOME'] ?? '/';
  const xvnc = findProgram('Xvnc', env['PATH'], cwd);
  if (!xvnc) throw new CasementError('xserver-missing');
  const { paths } = place;
  const { id, name, geometry, limits } = record;
  return startXvnc(xvnc, {
    id,
    name,
    geometry,
    maxGeometry: limits?.maxGeometry ?? null,
    rfbSocket: paths.rfbSocket,
    xauth: paths.xauth,
    fifo: paths.serverFifo,
    logFd,
    env,
    cwd,
  });
}

export interface CommandExtras {
  readonly variables: Readonly<Record<string, string>>;
  /** What the command prints goes to files of its own. */
  readonly separate: boolean;
}

/** @throws CasementError `command-died` */
export async function launchCommand(
  place: LaunchPlace,
  record: SessionRecord,
  extras: CommandExtras,
  at: { readonly logFd: number; readonly display: number },
): Promise<{ identity: ProcessIdentity | undefined; fifoFd: number }> {
  const { paths, link } = place;
  const environment = sessionEnvironment(place.env, {
    display: at.display,
    xauth: paths.xauth,
    id: record.id,
    sessionDir: paths.dir,
    linkDir: link.dir,
    bin: link.bin,
    paramsFile: paths.params,
  });
  const cwd = environment['HOME'] ?? '/';
  const { command, keyboardLayout } = record;
  const output = extras.separate ? { outFd: openLog(paths.stdout), errFd: openLog(paths.stderr) } : undefined;
  return startCommand({
    command,
    shell: loginShell(place, environment),
    umask: place.umask,
    bin: link.bin,
    exitFile: paths.exit,
    fifo: paths.commandFifo,
    logFd: at.logFd,
    ...output,
    env: {
      ...environment,
      ...extras.variables,
      DISPLAY: environment['DISPLAY'] ?? '',
      XAUTHORITY: environment['XAUTHORITY'] ?? '',
    },
    cwd,
    // Without a window manager a single program's windows could be neither moved nor given the keyboard.
    windowManager: bringsWindowManager(command) ? undefined : findProgram('openbox', environment['PATH'], cwd),
    keyboardLayout: keyboardLayout === DEFAULT_LAYOUT ? undefined : keyboardLayout,
  }).finally(() => {
    if (output) for (const fd of Object.values(output)) closeSync(fd);
  });
}
