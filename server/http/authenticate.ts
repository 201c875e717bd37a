/** Finds out who calls, and whether they may. Runs before a body is read. */
import type { FastifyRequest } from 'fastify';
import { CasementError } from '../../src/contract/errors.ts';
import type { Action, Auth, Caller } from '../auth/port.ts';
import type { Policy } from '../policy/port.ts';
import { isOwnOrigin } from './origin.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | undefined;
  }
}

export const COOKIE = 'token';

interface Presented {
  readonly token: string;
  /** Sent by the browser on its own, so that the call has to prove that a page of ours made it. */
  readonly byCookie: boolean;
}

/** Bearer, then the old header, then the last path segment of a v2 call, then the cookie. Never the query. */
function presentedToken(request: FastifyRequest): Presented | undefined {
  const { authorization } = request.headers;
  const bearer = /^Bearer ([\w.~+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, byCookie: false };
  const old = request.headers['x-fastx-token'];
  if (typeof old === 'string' && old !== '') return { token: old, byCookie: false };
  const { params } = request;
  if (typeof params === 'object' && params !== null && 'token' in params && typeof params.token === 'string') {
    return { token: params.token, byCookie: false };
  }
  const cookie = request.cookies[COOKIE];
  return cookie === undefined ? undefined : { token: cookie, byCookie: true };
}

interface Refusing {
  readonly auth: Auth;
  readonly policy: Pick<Policy, 'audit'>;
}

/** Refusals that stand in the audit list already. */
const noted = new WeakSet<CasementError>();

/** What somebody who is logged in may not do stands in the audit list. The address of the call is its pattern. */
function refused(
  { policy }: Pick<Refusing, 'policy'>,
  { login }: Pick<Caller, 'login'>,
  target: string,
  request: FastifyRequest,
  error: CasementError,
): CasementError {
  const what = `${request.method} ${request.routeOptions.url ?? ''}`;
  const detail = target === '' ? what : `${target}: ${what}`;
  policy.audit.record({ event: 'refused', login, address: request.ip, outcome: error.code, target, detail });
  noted.add(error);
  return error;
}

/** @throws CasementError `unauthenticated`, `csrf-missing`, `origin-denied` */
async function identify(context: Refusing, request: FastifyRequest): Promise<Caller> {
  const presented = presentedToken(request);
  if (!presented) throw new CasementError('unauthenticated');
  const caller = await context.auth.verify(presented.token);
  if (presented.byCookie && request.method !== 'GET' && request.method !== 'HEAD') {
    const { origin } = request.headers;
    // Somebody's page uses the login of a person who looks at it, or tries to.
    const forged = (code: 'origin-denied' | 'csrf-missing') =>
      refused(context, caller, '', request, new CasementError(code));
    if (origin !== undefined && !isOwnOrigin(request, origin)) throw forged('origin-denied');
    if (request.headers['x-csrf-token'] !== caller.jti) throw forged('csrf-missing');
  }
  return caller;
}

/** Who lacks the action stands in the audit list. @throws CasementError `forbidden` */
export function requireAction(context: Refusing, caller: Caller, action: Action, request: FastifyRequest): void {
  const refusal = context.auth.refuses(caller, action);
  if (refusal) throw refused(context, caller, action, request, new CasementError(refusal));
}

/** Runs what may turn out to be forbidden only in the middle of it; that stands in the audit list as well, once. */
export async function noteForbidden<Result>(
  context: Pick<Refusing, 'policy'>,
  caller: Caller,
  request: FastifyRequest,
  target: string,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (thrown) {
    if (thrown instanceof CasementError && thrown.code === 'forbidden' && !noted.has(thrown)) {
      refused(context, caller, target, request, thrown);
    }
    throw thrown;
  }
}

/** A hook for one route: login, then permission. */
export function requireCaller(context: Refusing, action: Action): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const caller = await identify(context, request);
    requireAction(context, caller, action, request);
    request.caller = caller;
  };
}

/** The caller of a route that has passed `requireCaller`. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new CasementError('unauthenticated');
  return request.caller;
}
