/**
 * Where `ssh2` (1.17) keeps to itself what a login page needs. Each place is looked for, never assumed: where a later
 * version lacks one, the login works on without.
 */
import type { Client } from 'ssh2';

function member(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? Reflect.get(holder, name) : undefined;
}

/** Hears a packet's fields before `ssh2` does. The first argument, its protocol object, is left out. */
function hear(client: Client, packet: string, listener: (fields: readonly unknown[]) => void): void {
  const handlers = member(member(client, '_protocol'), '_handlers');
  const original = member(handlers, packet);
  if (typeof handlers !== 'object' || handlers === null || typeof original !== 'function') return;
  Reflect.set(handlers, packet, (...args: unknown[]) => {
    listener(args.slice(1));
    Reflect.apply(original, undefined, args);
  });
}

/**
 * Requests for information without any prompt: that is how OpenSSH hands on what a PAM module says before it refuses
 * ("account locked after 3 tries"). `ssh2` acknowledges those without telling anybody. Call it after `connect()`.
 */
export function hearSilentRequests(client: Client, heard: (instruction: string) => void): void {
  hear(client, 'USERAUTH_INFO_REQUEST', ([, instruction, prompts]) => {
    const silent = !Array.isArray(prompts) || prompts.length === 0;
    if (silent && typeof instruction === 'string') heard(instruction);
  });
}

/**
 * What sshd says after each method: those that can go on, and whether this one was passed. `ssh2` drops both where the
 * method was an agent's key. Call it after `connect()`.
 */
export function hearVerdicts(client: Client, heard: (left: readonly string[], partial: boolean) => void): void {
  hear(client, 'USERAUTH_FAILURE', ([left, partial]) => {
    if (Array.isArray(left)) heard(left.map(String), partial === true);
  });
}

/** What `ssh2` sends as the old password with a new one; `undefined` makes it forget. */
export function setOldPassword(client: Client, password: string | undefined): void {
  const config = member(client, 'config');
  if (typeof config === 'object' && config !== null) Reflect.set(config, 'password', password);
}
