/** Under which accounts a bookmark may start sessions for others: those of people and services, never the system's. */
import { readFileSync } from 'node:fs';
import { CasementError } from '../../src/contract/errors.ts';
import type { UnixUser } from '../sessions/port.ts';
import { checkUsable, type Account, type Accounts } from './accounts.ts';

/** `nobody` and 16- and 32-bit "no such user": what runs as they belongs to whatever failed to find an account. */
const NO_IDS: readonly number[] = [65_534, 65_535, 4_294_967_294, 4_294_967_295];
const DEFAULT_UID_MIN = 1000;

/** The first id that the machine gives to people; below are root and the system's own. */
export function uidMin(loginDefs = '/etc/login.defs'): number {
  try {
    const found = /^\s*UID_MIN\s+(\d+)/m.exec(readFileSync(loginDefs, 'utf8'))?.[1];
    return found === undefined ? DEFAULT_UID_MIN : Math.max(1, Number(found));
  } catch {
    return DEFAULT_UID_MIN;
  }
}

function refused(account: string, why: string, cause?: unknown): CasementError {
  const reason = new Error(`${account}: ${why}`, cause === undefined ? undefined : { cause });
  return new CasementError('run-as-failed', { cause: reason });
}

export interface LendingOptions {
  readonly accounts: Pick<Accounts, 'find'> | undefined;
  /** The account of this server, which holds what everybody's logins are checked with. */
  readonly own: Pick<UnixUser, 'uid'>;
  readonly uidMin: number;
}

/** @throws CasementError `run-as-failed`; its cause says why, for administrators */
export async function lendable(name: string, { accounts, own, uidMin: least }: LendingOptions): Promise<UnixUser> {
  let account: Account | undefined;
  try {
    account = await accounts?.find(name);
  } catch (cause) {
    throw refused(name, 'the machine could not be asked for it', cause);
  }
  if (account?.login !== name) throw refused(name, 'there is no such account');
  const { login, uid, gid, home } = account;
  if (uid === own.uid) throw refused(name, 'this server itself runs as it');
  if (uid < least || NO_IDS.includes(uid)) throw refused(name, `its id ${uid} is one of the system's`);
  try {
    await checkUsable(account);
  } catch (cause) {
    throw refused(name, 'it cannot log in', cause);
  }
  return { login, uid, gid, home };
}
