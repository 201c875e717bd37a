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

/** @throws CasementError `unauthenticated`, `csrf-missing`, `origin-denied` */
async function identify(auth: Auth, request: FastifyRequest): Promise<Caller> {
  const presented = presentedToken(request);
  if (!presented) throw new CasementError('unauthenticated');
  const caller = await auth.verify(presented.token);
  if (presented.byCookie && request.method !== 'GET' && request.method !== 'HEAD') {
    const { origin } = request.headers;
    if (origin !== undefined && !isOwnOrigin(request, origin)) throw new CasementError('origin-denied');
    if (request.headers['x-csrf-token'] !== caller.jti) throw new CasementError('csrf-missing');
  }
  return caller;
}

interface Refusing {
  readonly auth: Auth;
  readonly policy: Pick<Policy, 'audit'>;
}

/** Who lacks the action stands in the audit list. @throws CasementError `forbidden` */
export function requireAction(
  { auth, policy }: Refusing,
  caller: Caller,
  action: Action,
  request: FastifyRequest,
): void {
  const refusal = auth.refuses(caller, action);
  if (!refusal) return;
  const detail = `${action}: ${request.method} ${request.routeOptions.url ?? ''}`;
  const { login } = caller;
  policy.audit.record({ event: 'refused', login, address: request.ip, outcome: refusal, target: action, detail });
  throw new CasementError(refusal);
}

/** A hook for one route: login, then permission. */
export function requireCaller(context: Refusing, action: Action): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const caller = await identify(context.auth, request);
    requireAction(context, caller, action, request);
    request.caller = caller;
  };
}

/** The caller of a route that has passed `requireCaller`. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new CasementError('unauthenticated');
  return request.caller;
}
