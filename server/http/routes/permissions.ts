/** Rules about who may do what, settings and servers: what was changed stands in the audit list, before and after. */
import type { AuditEvent } from '../../../src/contract/audit.ts';
import type { FastifyRequest } from 'fastify';
import { CasementError } from '../../../src/contract/errors.ts';
import type { JsonValue } from '../../../src/contract/json.ts';
import { Subject } from '../../../src/contract/permissions.ts';
import { callerOf } from '../authenticate.ts';
import { pathId, type HttpContext } from '../context.ts';
import { toCasementError } from '../errors.ts';
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

/** As JSON has it: what is `undefined` is left out. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what comes of JSON is JSON
const asJson = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value ?? null)) as JsonValue;

export function permissionRoutes(context: HttpContext): Handlers<Names> {
  const { auth, policy } = context;
  const { permissions, settings, seats, servers, audit } = policy;

  async function changing<Value>(
    request: FastifyRequest,
    event: AuditEvent,
    target: string,
    before: unknown,
    change: () => Promise<Value>,
    deleted = false,
  ): Promise<Value> {
    const { login } = callerOf(request);
    const note = { event, login, address: request.ip, target };
    try {
      const after = await change();
      audit.record({ ...note, data: asJson({ before: before ?? null, after: deleted ? null : after }) });
      return after;
    } catch (thrown) {
      audit.record({ ...note, outcome: toCasementError(thrown).code });
      throw thrown;
    }
  }

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
      return changing(request, 'permission-changed', id, before, () => permissions.save(callerOf(request), id, input));
    },

    async adminPermissionDelete({ input, request }) {
      const id = subjectOf(request);
      const before = permissions.entries().find((entry) => entry.id === id);
      const remove = () => permissions.remove(callerOf(request), id, input.version);
      await changing(request, 'permission-changed', id, before, remove, true);
      return {};
    },

    adminPermissionDefaults: ({ input, request }) =>
      changing(request, 'permission-changed', '', permissions.defaults(), () =>
        permissions.saveDefaults(callerOf(request), input),
      ),

    adminPermissionCheck: ({ input }) => auth.check(input.login),

    adminSettings: () => settings.get(),

    adminSettingsSave: ({ input, request }) =>
      changing(request, 'settings-changed', '', settings.get(), () => settings.save(input)),

    adminSeats: () => seats.taken(),

    adminServers: () => servers.all(),

    adminServerSave({ input, request }) {
      const id = pathId(request);
      const accepts = servers.all().find(({ info }) => info.serverId === id)?.accepts;
      return changing(request, 'server-changed', id, accepts, () => servers.save(id, input.accepts, input.version));
    },
  };
}
