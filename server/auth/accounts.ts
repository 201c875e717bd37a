/**
 * Unix accounts of this machine, by the name service switch, so that directory services count as well. Programs are run
 * without a shell, and only for names that pass `isAccountName`.
 */
import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { basename } from 'node:path';
import { CasementError } from '../../src/contract/errors.ts';
import type { UnixUser } from '../sessions/port.ts';

export interface Account extends UnixUser {
  readonly shell: string;
  readonly groups: readonly string[];
}

export interface Accounts {
  /** `undefined`: there is none of this name. @throws Error when the machine cannot tell */
  find(login: string): Promise<Account | undefined>;
  /** Names of this process's own groups. */
  ownGroups(): Promise<string[]>;
}

export interface AccountsOptions {
  /** How long an answer is believed. Each call of the API asks for its caller. */
  readonly rememberMs?: number;
  readonly now?: () => number;
  readonly getent?: string;
  readonly id?: string;
}

const REMEMBER_MS = 30_000;
/** A directory service that is away must not hold calls for longer. */
const ASK_MS = 10_000;
const MOST_REMEMBERED = 2000;
/** `getent` found nothing. */
const NOT_FOUND = 2;

/**
 * Names of local accounts and of directories (`user@example.org`, `DOMAIN\user`). No blank, colon, slash or control
 * character, no leading dash, which a program would take for an option, and no bare number, which `getent` would take
 * for a user id.
 */
const NAME = /^(?!-)(?!\d+$)(?!\.{1,2}$)[\p{L}\p{N}._@\\+-]{1,128}\$?$/u;

export function isAccountName(name: string): boolean {
  return NAME.test(name);
}

/** Output of a program; `undefined` when it ended with `NOT_FOUND`. */
function ask(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const options = { timeout: ASK_MS, maxBuffer: 1024 * 1024, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
    execFile(program, [...args], options, (error, stdout) => {
      if (!error) resolve(stdout);
      else if (error.code === NOT_FOUND) resolve(undefined);
      else reject(error);
    });
  });
}

/** A line of the user database. @returns `undefined` for what is none */
export function parsePasswd(line: string): Omit<Account, 'groups'> | undefined {
  const [login, , uid, gid, , home, shell] = line.split('\n', 1)[0]?.split(':') ?? [];
  if (!login || uid === undefined || gid === undefined || home === undefined || shell === undefined) return undefined;
  if (!/^\d+$/.test(uid) || !/^\d+$/.test(gid)) return undefined;
  return { login, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' };
}

export function ownAccount(): UnixUser {
  const { username, uid, gid, homedir } = userInfo();
  return { login: username, uid, gid, home: homedir };
}

export function createAccounts(options: AccountsOptions = {}): Accounts {
  const { rememberMs = REMEMBER_MS, now = Date.now, getent = 'getent', id = 'id' } = options;
  const known = new Map<string, { until: number; account: Promise<Account | undefined> }>();

  async function look(login: string): Promise<Account | undefined> {
    const line = await ask(getent, ['passwd', '--', login]);
    const entry = line === undefined ? undefined : parsePasswd(line);
    if (!entry) return undefined;
    // With NUL between them: directories have groups with blanks in their names.
    const names = (await ask(id, ['-Gnz', '--', entry.login])) ?? '';
    return { ...entry, groups: names.split('\0').filter(Boolean) };
  }

  return {
    find(login) {
      if (!isAccountName(login)) return Promise.resolve(undefined);
      const time = now();
      const remembered = known.get(login);
      if (remembered && remembered.until > time) return remembered.account;
      const account = look(login);
      known.delete(login);
      known.set(login, { until: time + rememberMs, account });
      // What could not be asked is asked anew the next time.
      account.catch(() => known.delete(login));
      for (const name of known.keys()) {
        if (known.size <= MOST_REMEMBERED) break;
        known.delete(name);
      }
      return account;
    },
    async ownGroups() {
      return ((await ask(id, ['-Gnz'])) ?? '').split('\0').filter(Boolean);
    },
  };
}

/** Shells that end at once: how an account is kept from running anything. */
const NO_SHELLS = ['nologin', 'false'];

/** @throws CasementError `account-no-shell`, `account-no-home` */
export async function checkUsable({ shell, home }: Pick<Account, 'shell' | 'home'>): Promise<void> {
  if (NO_SHELLS.includes(basename(shell))) throw new CasementError('account-no-shell');
  const found = await stat(home).catch((cause: unknown) => {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    // Whatever else is in the way (a folder above it that only its owner may enter) does not mean it is missing.
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'hidden';
  });
  const usable = found === 'hidden' || (found !== 'missing' && found.isDirectory());
  if (!usable) throw new CasementError('account-no-home');
}
