/** What the routes share: the options, and what belongs to this one server instance. */
import type { FastifyRequest } from 'fastify';
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';
import type { Caller } from '../auth/port.ts';
import type { ServerOptions } from './options.ts';
import type { Tickets } from './tickets.ts';

export interface HttpContext extends ServerOptions {
  readonly tickets: Tickets;
}

/** @throws CasementError `session-unknown`, the same whether it does not exist or is somebody else's */
export function ownSession(context: Pick<HttpContext, 'host'>, caller: Caller, id: string): Session {
  const session = context.host.get(id);
  if (!session || session.login !== caller.login) throw new CasementError('session-unknown');
  return session;
}

/**
 * Somebody else's session, for those who may see everybody's: `action` is what it takes for this.
 *
 * @throws CasementError `session-unknown`, the same for whoever may not
 */
export function anySession(
  context: Pick<HttpContext, 'auth' | 'host'>,
  caller: Caller,
  id: string,
  action: 'sessions-all' | 'admin',
): Session {
  const session = context.host.get(id);
  if (session && session.login !== caller.login && context.auth.refuses(caller, action) === undefined) return session;
  return ownSession(context, caller, id);
}

/** The `:id` of the address. @throws CasementError `bad-request` */
export function pathId(request: FastifyRequest): string {
  const { params } = request;
  if (typeof params === 'object' && params !== null && 'id' in params && typeof params.id === 'string')
    return params.id;
  throw new CasementError('bad-request', { details: { field: 'id' } });
}
