/** What only administrators and managers see. */
import type { ADMIN_API } from '../../../src/contract/api-admin.ts';
import { CasementError } from '../../../src/contract/errors.ts';
import type { HttpContext } from '../context.ts';
import { querySessions } from '../session-query.ts';
import type { Handlers } from './handler.ts';

type Names = 'adminSessions' | keyof typeof ADMIN_API;

/** Refused until the rules are there. */
const notYet = () => {
  throw new CasementError('unavailable');
};

export function adminRoutes({ host }: HttpContext): Handlers<Names> {
  return {
    adminSessions: ({ input }) => querySessions(host.list(), input),
    adminAudit: notYet,
    adminPermissions: notYet,
    adminPermissionSave: notYet,
    adminPermissionDelete: notYet,
    adminPermissionDefaults: notYet,
    adminPermissionCheck: notYet,
    adminSettings: notYet,
    adminSettingsSave: notYet,
    adminSeats: notYet,
    adminServers: notYet,
    adminServerSave: notYet,
  };
}
