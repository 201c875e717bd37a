/** Rules about who may do what, settings and servers: what was changed stands in the audit list, before and after. */
import type { FastifyRequest } from 'fastify';
import { CasementError } from '../../../src/contract/errors.ts';
import { Subject } from '../../../src/contract/permissions.ts';
import { callerOf } from '../authenticate.ts';
import { changing } from '../changing.ts';
import { pathId, type HttpContext } from '../context.ts';
import type { Handlers } from './handler.ts';

type Names =
  | 'adminPermissions'
  | 'adminPermissionSave'
  | 'adminPermissionDelete'
  | 'adminPermissionDefaults'
  | 'adminPermissionCheck'
  | 'adminSettings'
  | 'adminSettingsSave'
  | 'adminSeats'
  | 'adminServers'
  | 'adminServerSave';

/** @throws CasementError `bad-request` */
function subjectOf(request: FastifyRequest): string {
  const parsed = Subject.safeParse(pathId(request));
  if (!parsed.success) throw new CasementError('bad-request', { details: { field: 'id' } });
  return parsed.data;
}

export function permissionRoutes(context: HttpContext): Handlers<Names> {
  const { auth, policy } = context;
  const { permissions, settings, seats, servers, audit } = policy;

  return {
    adminPermissions() {
      const { admins, managers } = auth.fixed;
      return {
        defaults: permissions.defaults(),
        entries: permissions.entries(),
        fixed: { admins: [...admins], managers: [...managers] },
      };
    },

    adminPermissionSave({ input, request }) {
      const id = subjectOf(request);
      const before = permissions.entries().find((entry) => entry.id === id);
      const change = { event: 'permission-changed', target: id, before } as const;
      return changing(audit, request, change, () => permissions.save(callerOf(request), id, input));
    },

    async adminPermissionDelete({ input, request }) {
      const id = subjectOf(request);
      const before = permissions.entries().find((entry) => entry.id === id);
      const remove = () => permissions.remove(callerOf(request), id, input.version);
      await changing(audit, request, { event: 'permission-changed', target: id, before, after: () => null }, remove);
      return {};
    },

    adminPermissionDefaults: ({ input, request }) =>
      changing(audit, request, { event: 'permission-changed', target: '', before: permissions.defaults() }, () =>
        permissions.saveDefaults(callerOf(request), input),
      ),

    adminPermissionCheck: ({ input }) => auth.check(input.login),

    adminSettings: () => settings.get(),

    adminSettingsSave: ({ input, request }) =>
      changing(audit, request, { event: 'settings-changed', target: '', before: settings.get() }, () =>
        settings.save(input),
      ),

    adminSeats: () => seats.taken(),

    adminServers: () => servers.all(),

    adminServerSave({ input, request }) {
      const id = pathId(request);
      const accepts = servers.all().find(({ info }) => info.serverId === id)?.accepts;
      return changing(audit, request, { event: 'server-changed', target: id, before: accepts }, () =>
        servers.save(id, input.accepts, input.version),
      );
    },
  };
}
