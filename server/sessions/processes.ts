/** Which process is meant by a pid, across reuse of pids and restarts of the machine (Linux, `proc(5)`). */
import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod/mini';

export const ProcessIdentity = z.object({
  pid: z.int().check(z.minimum(2)),
  /** Clock ticks since boot, field 22 of `/proc/PID/stat`. */
  start: z.string(),
  boot: z.string(),
});
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;

let boot: string | undefined;

function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}

/** State letter and start time; `undefined` when there is no such process. */
function readStat(pid: number): { state: string; start: string } | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The program's name stands in parentheses and may hold blanks and parentheses itself: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

/** `undefined` when the process is gone already. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && { pid, start: stat.start, boot: bootId() };
}

/** A zombie is dead: nothing of it runs, only its parent has not looked yet. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.boot !== bootId()) return false;
  const stat = readStat(identity.pid);
  return stat !== undefined && stat.start === identity.start && stat.state !== 'Z' && stat.state !== 'X';
}

/** Sends a signal to this process, and to nobody else who got its pid since. `group` sends it to the process group it leads. */
export function signal(identity: ProcessIdentity, name: NodeJS.Signals, group = false): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(group ? -identity.pid : identity.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** As `signal` to its group, also when the process itself has ended and others of the group go on. */
export function signalGroup(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (identity.boot !== bootId()) return;
  const stat = readStat(identity.pid);
  // While any of the group is left, nobody else gets the number.
  if (stat && stat.start !== identity.start) return;
  try {
    process.kill(-identity.pid, name);
  } catch {
    // Nobody is left.
  }
}

/** Processes with `word` among their arguments; only those of this user are readable enough to matter. */
export function findByArgument(word: string): ProcessIdentity[] {
  const found: ProcessIdentity[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      if (!readFileSync(`/proc/${entry}/cmdline`, 'utf8').split('\0').includes(word)) continue;
    } catch {
      continue;
    }
    const identity = identify(Number(entry));
    if (identity) found.push(identity);
  }
  return found;
}
