/** Everybody's sessions, and the list of who did what. */
import type { HttpContext } from '../context.ts';
import { querySessions } from '../session-query.ts';
import type { Handlers } from './handler.ts';

export function adminRoutes({ host, policy }: HttpContext): Handlers<'adminSessions' | 'adminAudit'> {
  return {
    adminSessions: ({ input }) => querySessions(host.list(), input),
    adminAudit: ({ input }) => policy.audit.page(input),
  };
}
