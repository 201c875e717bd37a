/** Runs an executable in the account of the person who starts, through the process that owns their sessions. */
import type { SessionHost } from '../sessions/port.ts';
import type { RunAsUser } from './port.ts';

export function asUserThrough(host: Pick<SessionHost, 'run'>): RunAsUser {
  return async (user, { argv, stdin, timeoutMs, maxOutput }) => {
    let stderr = '';
    const { stdout, exitCode, timedOut, truncated } = await host.run(user, {
      argv,
      stdin,
      timeoutMs,
      maxBytes: maxOutput,
      onOutput: (stream, text) => {
        if (stream === 'err' && stderr.length < maxOutput) stderr += text;
      },
    });
    const end = { exitCode, stdout, stderr };
    if (timedOut) return { ...end, stopped: 'time' };
    return truncated ? { ...end, stopped: 'output' } : end;
  };
}
