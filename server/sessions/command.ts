/**
 * Running a session's command in the user's login shell, as after a real login (`/etc/profile` and what else that shell
 * reads, so that `module` is there),
 * a small shell that outlives the link and writes down the exit code. That one alone holds the FIFO, so that the FIFO's
 * end means its end, whatever the command leaves in the background.
 */
import { spawn } from 'node:child_process';
import { closeSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { CasementError } from '../../src/contract/errors.ts';
import type { Environment } from './environment.ts';
import { openFifo } from './fifo.ts';
import { identify, type ProcessIdentity } from './processes.ts';

// Arguments: file for the exit code, window manager or nothing, keyboard layout or nothing, umask, and the words that
// run the command. Descriptors: 3 is the FIFO, 4 and 5 are where the command's output goes.
// A window that is mapped while openbox starts may stay unmanaged (no frame, no focus), so the command waits for it.
// The traps let the shell outlive a signal to its group, so that the code is written; the command gets the default back.
const SHIM = `stopped=
trap stopped=1 HUP INT TERM
exit=$1 wm=$2 layout=$3
umask "$4"
shift 4
if [ -n "$layout" ]; then setxkbmap "$layout" 3>&- 4>&- 5>&-; fi
if [ -n "$wm" ]; then
  WM_READY="$exit.wm" "$wm" --sm-disable --startup 'sh -c ": >\\"$WM_READY\\""' 3>&- 4>&- 5>&- &
  tries=0
  while [ ! -e "$exit.wm" ] && [ $tries -lt 150 ] && kill -0 $! 2>/dev/null; do
    sleep 0.01 3>&- 4>&- 5>&-
    tries=$((tries + 1))
  done
fi
if [ -n "$stopped" ]; then
  code=143
else
  "$@" >&4 2>&5 3>&- 4>&- 5>&-
  code=$?
fi
echo "$code" >"$exit.part" && mv "$exit.part" "$exit"
`;

// Behind the login scripts: they may have set another display, as people's do, and have set the search path anew.
const PREPARE = `DISPLAY=$CASEMENT_DISPLAY XAUTHORITY=$CASEMENT_XAUTHORITY PATH=$CASEMENT_BIN:$PATH
export DISPLAY XAUTHORITY PATH
casement_ready=$CASEMENT_READY casement_command=$CASEMENT_COMMAND
unset CASEMENT_DISPLAY CASEMENT_XAUTHORITY CASEMENT_BIN CASEMENT_READY CASEMENT_COMMAND
: >"$casement_ready"
eval "$casement_command"`;

/** Shells that understand what `sh` does; in them a command finds the functions of the login scripts, like `module`. */
const POSIX_SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'ksh93', 'mksh', 'busybox']);
/** Take `-l` only when it is their one argument; by the name they are called they know a login, too. */
const C_SHELLS = new Set(['csh', 'tcsh']);

/** Without login scripts: whoever started the link has been through them. */
const PLAIN_SHELL = ['/bin/sh', '-c', PREPARE];

/**
 * Program and arguments that run `PREPARE` after the login scripts of `shell`. What is no Bourne shell sets the
 * environment up and hands over to one, since commands are written for that.
 */
export function loginShell(shell: string, prepare = PREPARE): string[] {
  const name = basename(shell);
  if (POSIX_SHELLS.has(name)) return [shell, '-l', '-c', prepare];
  const handOver = `exec /bin/sh -c '${prepare.replaceAll('\n', '; ')}'`;
  if (C_SHELLS.has(name)) return ['/bin/bash', '-c', 'exec -a "-$1" "$2" -c "$3"', 'bash', name, shell, handOver];
  return [shell, '-l', '-c', handOver];
}

/** As `loginShell`; without login scripts where there is no shell given. */
export function loginShellFor(shell: string | undefined, prepare: string): string[] {
  return shell === undefined ? ['/bin/sh', '-c', prepare] : loginShell(shell, prepare);
}

export interface CommandOptions {
  readonly command: string;
  /** Absolute path of the user's login shell; absent: no login scripts are run. */
  readonly shell: string | undefined;
  readonly umask: number;
  readonly exitFile: string;
  readonly windowManager: string | undefined;
  /** Set only where it differs from what the X server starts with. */
  readonly keyboardLayout: string | undefined;
  /** A folder that comes first in the search path. */
  readonly bin: string;
  readonly fifo: string;
  readonly logFd: number;
  /** For what the command writes, where that does not go to the log. */
  readonly outFd?: number;
  readonly errFd?: number;
  readonly env: Environment;
  readonly cwd: string;
}

export async function startCommand(
  options: CommandOptions,
): Promise<{ identity: ProcessIdentity | undefined; fifoFd: number }> {
  const { readFd, writeFd } = openFifo(options.fifo);
  const { env, logFd, outFd = logFd, errFd = logFd } = options;
  try {
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        SHIM,
        'casement-session',
        options.exitFile,
        options.windowManager ?? '',
        options.keyboardLayout ?? '',
        options.umask.toString(8),
        ...(options.shell === undefined ? PLAIN_SHELL : loginShell(options.shell)),
      ],
      {
        detached: true,
        stdio: ['ignore', logFd, logFd, writeFd, outFd, errFd],
        env: {
          ...env,
          CASEMENT_COMMAND: options.command,
          CASEMENT_READY: readyFile(options.exitFile),
          CASEMENT_DISPLAY: env['DISPLAY'] ?? '',
          CASEMENT_XAUTHORITY: env['XAUTHORITY'] ?? '',
          CASEMENT_BIN: options.bin,
        },
        cwd: options.cwd,
      },
    );
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    return { identity: child.pid === undefined ? undefined : identify(child.pid), fifoFd: readFd };
  } catch (cause) {
    closeSync(readFd);
    throw new CasementError('command-died', { cause });
  } finally {
    closeSync(writeFd);
  }
}

function readyFile(exitFile: string): string {
  return `${exitFile}.ready`;
}

/** Before the command is started again: what is said about the run before must not be taken for this one's. */
export function forgetRun(exitFile: string): void {
  for (const file of [exitFile, `${exitFile}.part`, `${exitFile}.wm`, readyFile(exitFile)])
    rmSync(file, { force: true });
}

/** When the login scripts were done, which is when the command began; `undefined` while they run, or if they never were. */
export function readReady(exitFile: string): number | undefined {
  return statSync(readyFile(exitFile), { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Whether the login shell knows the word as a program, function or alias. True where it cannot tell: what is wrong then
 * will be in the session's log.
 */
export function shellKnows(shell: string, word: string, env: Environment, cwd: string): Promise<boolean> {
  if (!POSIX_SHELLS.has(basename(shell))) return Promise.resolve(true);
  return new Promise((resolve) => {
    const child = spawn(shell, ['-l', '-c', `command -v -- ${word} >/dev/null 2>&1 || exit ${NOT_KNOWN}`], {
      env,
      cwd,
      stdio: 'ignore',
      detached: true,
    });
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, ASK_SHELL_MS);
    child.once('error', () => resolve(true));
    child.once('exit', (code) => {
      clearTimeout(timer);
      resolve(code !== NOT_KNOWN);
    });
  });
}

const NOT_KNOWN = 93;
const ASK_SHELL_MS = 3000;

/** What the shim wrote and when; `undefined` while the command runs, and when the shim was killed before it could. */
export function readExit(file: string): { code: number; at: number } | undefined {
  try {
    const code = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isInteger(code) ? { code, at: statSync(file).mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}
