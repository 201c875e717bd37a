/** Calls a function of the site. Whatever goes wrong in it is the log's business; the caller gets one plain sentence. */
import { CasementError } from '../../src/contract/errors.ts';
import type { FunctionFailure, ResultProblem } from '../../src/contract/functions.ts';
import { isSecretName, MASK } from '../../src/contract/secret-names.ts';
import type { Caller } from '../auth/port.ts';
import { FunctionError, type FormFilterInput, type FunctionCaller } from '../functions/port.ts';
import type { StartCall, StartDeps } from './deps.ts';
import { programOf } from './program-of.ts';

/** Characters of a message that a function throws at the person who starts. */
const MAX_REFUSAL = 500;
/** Characters of what a function returned, in the log. */
const MAX_LOGGED = 1000;

/** What lies behind a failed function, for administrators; others are told that there is something. */
function failed(caller: Pick<Caller, 'level'>, failure: FunctionFailure | { problem: ResultProblem }, cause: unknown) {
  return new CasementError('function-failed', {
    cause,
    ...(caller.level === 'admin' ? { details: 'problem' in failure ? failure : { failure } } : {}),
  });
}

/**
 * `throws`: what the function throws is for the person who starts, as contract section 3 says of some.
 *
 * @throws CasementError `function-failed`, `start-refused`, or the one the function itself threw
 */
export async function callFunction<Value>(
  name: string,
  caller: Pick<Caller, 'level'>,
  deps: Pick<StartDeps, 'warn'>,
  call: () => Promise<Value>,
  throws: 'refuse' | 'fail' = 'fail',
): Promise<Value> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof CasementError) throw cause;
    if (cause instanceof FunctionError && cause.failure.cause === 'threw' && throws === 'refuse') {
      const message = cause.failure.message.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_REFUSAL);
      throw new CasementError('start-refused', message === '' ? { cause } : { message, cause });
    }
    deps.warn(cause, `the ${name} function failed`);
    const failure: FunctionFailure =
      cause instanceof FunctionError
        ? cause.failure
        : { cause: 'engine', message: cause instanceof Error ? cause.message : String(cause) };
    throw failed(caller, failure, cause);
  }
}

/** For a result that the step cannot use. Tells the log, and gives what to throw. */
export function unusable(
  name: string,
  problem: ResultProblem,
  returned: unknown,
  caller: Pick<Caller, 'level'>,
  deps: Pick<StartDeps, 'warn'>,
): CasementError {
  deps.warn(
    written(returned).slice(0, MAX_LOGGED),
    `the ${name} function returned something that cannot be used: ${problem}`,
  );
  return failed(caller, { problem }, new Error(`the ${name} function: ${problem}`));
}

/** What a function returned, as text: without what is called like a secret, and of commands the program. The trace clips it. */
export function written(returned: unknown): string {
  const masked = (key: string, value: unknown) => {
    if (isSecretName(key) && value !== null && value !== '') return MASK;
    if (key !== 'command' || typeof value !== 'string') return value;
    const program = programOf(value);
    return program === value ? value : `${program} …`;
  };
  return JSON.stringify(returned, masked) ?? 'undefined';
}

export function callerFor({
  caller: { login, user },
  secrets = [],
}: Pick<StartCall, 'caller' | 'secrets'>): FunctionCaller {
  return { login, user, secrets };
}

/** The members that say who starts, by the documents' names. */
export function who(caller: Caller): Pick<FormFilterInput, 'user' | 'isAdmin' | 'isManager' | 'userGroups'> {
  return {
    user: { login: caller.login, sub: caller.login },
    isAdmin: caller.level === 'admin',
    isManager: caller.level === 'manager' || caller.level === 'admin',
    userGroups: caller.groups,
  };
}
