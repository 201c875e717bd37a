/** What only administrators see. */
import type { HttpContext } from '../context.ts';
import { querySessions } from '../session-query.ts';
import type { Handlers } from './handler.ts';

const AUDIT_LINES = 200;

export function adminRoutes({ host, store }: HttpContext): Handlers<'adminSessions' | 'adminAudit'> {
  return {
    adminSessions: ({ input }) => querySessions(host.list(), input),
    adminAudit: ({ input }) => store.audit.recent(input.limit ?? AUDIT_LINES),
  };
}
