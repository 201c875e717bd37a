/**
 * A function that is a program: the input as JSON on its standard input, the result as JSON on its standard output, its
 * messages on standard error. For what needs files or the network, which functions in JavaScript have not.
 */
import { spawn } from 'node:child_process';
import { MAX_FUNCTION_RESULT, type FunctionBody, type FunctionFailure } from '../../src/contract/functions.ts';
import { LOG_LINE, LOG_LINES } from '../../src/sandbox/limits.ts';
import { plainText, readResult } from '../../src/sandbox/result.ts';
import type { FunctionCaller, ProgramCall, ProgramEnd, RunAsUser } from './port.ts';
import type { EngineRun } from './runner.ts';

/**
 * Milliseconds. Longer than a function in JavaScript has, since a program exists to ask somebody else, and shorter than
 * people wait for a start.
 */
export const EXECUTABLE_MS = 10_000;

/** Runs a program as the account of this server, in an environment that holds nothing of this server's. */
export function runAsService({ argv: [file, ...args], stdin, timeoutMs, maxOutput }: ProgramCall): Promise<ProgramEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' },
      cwd: '/',
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that what it started ends with it.
      detached: true,
    });
    let stopped: ProgramEnd['stopped'];
    const stop = (why: ProgramEnd['stopped']) => {
      stopped ??= why;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended by itself in the meantime.
      }
      // A grandchild that left the group may still hold the pipes open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const timer = setTimeout(() => stop('time'), timeoutMs);
    const collect = (stream: NodeJS.ReadableStream) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > maxOutput) stop('output');
        else parts.push(part);
      });
      return () => Buffer.concat(parts).toString('utf8');
    };
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    // A program need not read its input.
    child.stdin.on('error', () => undefined);
    child.stdin.end(stdin);
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(cause);
    });
    child.on('close', (exitCode) => {
      clearTimeout(timer);
      const end = { exitCode, stdout: stdout(), stderr: stderr() };
      resolve(stopped === undefined ? end : { ...end, stopped });
    });
  });
}

function logsOf(stderr: string): string[] {
  const lines = stderr.split('\n').filter((line) => line !== '');
  const kept = lines.slice(0, LOG_LINES).map((line) => plainText(line, LOG_LINE));
  return lines.length > LOG_LINES ? [...kept, '…'] : kept;
}

/** By exit code 3 a program says what a thrown error says in JavaScript: its last message is for the person who starts. */
export const REFUSED = 3;

function failureOf({ exitCode, stopped }: ProgramEnd, logs: readonly string[]): FunctionFailure | undefined {
  if (stopped === 'time') return { cause: 'time', message: `more than ${EXECUTABLE_MS} ms` };
  if (stopped === 'output') return { cause: 'result-too-large', message: `more than ${MAX_FUNCTION_RESULT} bytes` };
  if (exitCode === 0) return undefined;
  if (exitCode === REFUSED) return { cause: 'threw', message: logs.at(-1) ?? '' };
  return { cause: 'executable', message: exitCode === null ? 'ended by a signal' : `exit code ${exitCode}` };
}

/** `asUser`: absent where there is no way to run something as somebody else. */
export async function runExecutable(
  { path, as }: Extract<FunctionBody, { kind: 'executable' }>,
  input: string,
  by: FunctionCaller | undefined,
  asUser: RunAsUser | undefined,
): Promise<EngineRun> {
  const began = performance.now();
  const failed = (failure: FunctionFailure, logs: string[] = []): EngineRun => ({
    outcome: { state: 'failed', failure },
    logs,
    ms: performance.now() - began,
  });
  const call: ProgramCall = {
    argv: [path],
    stdin: `${input}\n`,
    timeoutMs: EXECUTABLE_MS,
    maxOutput: MAX_FUNCTION_RESULT + 1024,
  };
  try {
    if (as === 'user' && (!asUser || !by)) {
      return failed({ cause: 'executable', message: 'programs cannot be run as the user on this server' });
    }
    const end = as === 'user' && asUser && by ? await asUser(by.user, call) : await runAsService(call);
    const logs = logsOf(end.stderr);
    const failure = failureOf(end, logs);
    if (failure) return failed(failure, logs);
    const text = end.stdout.trim();
    return { outcome: readResult(text === '' ? 'null' : text), logs, ms: performance.now() - began };
  } catch (cause) {
    return failed({ cause: 'executable', message: cause instanceof Error ? plainText(cause.message) : String(cause) });
  }
}
