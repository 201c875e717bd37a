/** `process.kill`, for a process id that may be missing: 0 would be the test itself and all that was started with it. */
export function kill(pid: number | null | undefined): void {
  if (pid === null || pid === undefined || pid <= 1) throw new Error(`no process to kill: ${pid}`);
  process.kill(pid, 'SIGKILL');
}
