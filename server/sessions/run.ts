/**
 * Running a program as the link's user, for the server: input, output, time and size are bounded, and it ends with
 * whoever asked. What it leaves in the background is left alone.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { CasementError } from '../../src/contract/errors.ts';
import { loginShellFor } from './command.ts';
import { baseEnvironment } from './environment.ts';
import type { LinkPaths } from './paths.ts';
import { findProgram } from './programs.ts';
import type { CallResult, RunCall } from './wire.ts';

/** Between a request to end and the kill. */
const GOODBYE_MS = 1000;
/** What was written before a program ended may arrive after its end. */
const LAST_WORDS_MS = 250;

// The login scripts may print; what the program prints goes past them, to the descriptors 3 and 4.
const PREPARE = `PATH=$CASEMENT_BIN:$PATH
export PATH
umask "$CASEMENT_UMASK"
casement_run=$CASEMENT_RUN
unset CASEMENT_BIN CASEMENT_RUN CASEMENT_UMASK
eval "exec $casement_run >&3 2>&4 3>&- 4>&-"`;

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`;

export interface RunSurroundings {
  readonly link: LinkPaths;
  readonly env: NodeJS.ProcessEnv;
  readonly umask: number;
  /** Given where login scripts are to be run first. */
  readonly profileMs: number | undefined;
}

export interface Running {
  readonly result: Promise<CallResult<'run'>>;
  cancel(): void;
}

export type OnOutput = (stream: 'out' | 'err', text: string) => void;

/** The result rejects with `run-failed` where the program cannot be started at all. */
export function runProgram(call: RunCall, around: RunSurroundings, onOutput: OnOutput): Running {
  const own = baseEnvironment(around.env);
  const home = own['HOME'] ?? '/';
  const cwd = existsSync(home) ? home : '/';
  const program = call.argv[0] ?? '';
  const shell = around.profileMs === undefined ? undefined : own['SHELL'];
  const path = [around.link.bin, own['PATH'] ?? ''].join(delimiter);
  // Login scripts may have put it in reach; then the shell says so.
  if (shell === undefined && !findProgram(program, path, cwd)) {
    const failed = new CasementError('run-failed', { details: { reason: `${program}: not found` } });
    return { result: Promise.reject(failed), cancel: () => undefined };
  }
  const [file = '/bin/sh', ...args] = loginShellFor(shell, PREPARE);
  const child = spawn(file, args, {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore', 'pipe', 'pipe'],
    env: {
      ...own,
      FX_CONFIG_DIR: around.link.dir,
      ...call.env,
      CASEMENT_BIN: around.link.bin,
      CASEMENT_UMASK: around.umask.toString(8),
      CASEMENT_RUN: call.argv.map(quote).join(' '),
    },
    cwd,
  });
  return follow(child, call, onOutput);
}

function follow(child: ChildProcess, call: RunCall, onOutput: OnOutput): Running {
  let room = call.maxBytes;
  let [truncated, timedOut, settled] = [false, false, false];
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has just gone.
    }
  };
  const cancel = () => {
    kill('SIGTERM');
    setTimeout(() => kill('SIGKILL'), GOODBYE_MS).unref();
  };
  const timer = setTimeout(() => {
    timedOut = true;
    cancel();
  }, call.timeoutMs);

  const read = (pipe: Readable, stream: 'out' | 'err') => {
    const decoder = new StringDecoder('utf8');
    pipe.on('error', () => undefined);
    pipe.on('data', (chunk: Buffer) => {
      // Read on all the same: a program must not hang, nor end by a broken pipe, because nobody wants more.
      if (settled || chunk.length === 0) return;
      const piece = chunk.subarray(0, room);
      truncated ||= piece.length < chunk.length;
      room -= piece.length;
      const text = decoder.write(piece);
      if (text !== '') onOutput(stream, text);
    });
    return new Promise<void>((resolve) => pipe.once('close', resolve));
  };
  const pipes = [child.stdio[3], child.stdio[4]].filter(
    (pipe): pipe is Readable => pipe !== null && pipe !== undefined && 'read' in pipe,
  );
  const readers = pipes.map((pipe, index) => read(pipe, index === 0 ? 'out' : 'err'));

  child.stdin?.on('error', () => undefined);
  child.stdin?.end(call.stdin);
  const result = new Promise<CallResult<'run'>>((resolve, reject) => {
    child.once('error', (cause) => {
      clearTimeout(timer);
      reject(new CasementError('run-failed', { cause }));
    });
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      let late: NodeJS.Timeout | undefined;
      const spoken = new Promise<void>((done) => (late = setTimeout(done, LAST_WORDS_MS)));
      void Promise.race([Promise.all(readers), spoken]).then(() => {
        clearTimeout(late);
        settled = true;
        resolve({ exitCode: code, signal, timedOut, truncated });
      });
    });
  });
  return { result, cancel };
}
