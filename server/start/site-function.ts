/** Calls a function of the site. Whatever goes wrong in it is the log's business; the caller gets one plain sentence. */
import { CasementError } from '../../src/contract/errors.ts';
import type { Caller } from '../auth/port.ts';
import type { FormFilterInput } from '../functions/port.ts';
import type { StartDeps } from './deps.ts';

/** @throws CasementError `function-failed`, or the one the function itself threw */
export async function callFunction<Value>(
  name: string,
  deps: Pick<StartDeps, 'warn'>,
  call: () => Promise<Value>,
): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof CasementError) throw cause;
    deps.warn(cause, `the ${name} function failed`);
    throw new CasementError('function-failed', { cause });
  }
}

/** The members that say who starts, by the documents' names. */
export function who(caller: Caller): Pick<FormFilterInput, 'user' | 'isAdmin' | 'isManager' | 'userGroups'> {
  return {
    user: { login: caller.login, sub: caller.login },
    isAdmin: caller.level === 'admin',
    isManager: caller.level === 'admin' || caller.level === 'manager',
    userGroups: caller.groups,
  };
}
