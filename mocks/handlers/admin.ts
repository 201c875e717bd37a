/** The calls about permissions, settings, servers and the audit list. */
import { http, HttpResponse, type HttpHandler } from 'msw';
import type * as z from 'zod/mini';
import type { ADMIN_API } from '../../src/contract/api-admin.ts';
import type { ApiResult } from '../../src/contract/api.ts';
import { AUDIT_EXPORT_PATH, AuditExport } from '../../src/contract/audit.ts';
import type { Action } from '../../src/contract/permissions.ts';
import type { World } from './world.ts';

type AdminCall = keyof typeof ADMIN_API;
type Answers = {
  [Name in AdminCall]: (
    input: z.output<(typeof ADMIN_API)[Name]['input']>,
    call: { readonly path: Readonly<Record<string, string>> },
  ) => ApiResult<Name>;
};

export function adminAnswers(world: World): Answers {
  const policy = (action: Action = 'admin') => {
    world.allow(action);
    return world.policy;
  };
  const idOf = (path: Readonly<Record<string, string>>) => path['id'] ?? '';
  return {
    adminAudit: (input) => policy('audit').page(input),
    adminPermissions: () => policy().permissions(),
    adminPermissionSave: (input, { path }) => policy().savePermission(idOf(path), input),
    adminPermissionDelete({ version }, { path }) {
      policy().deletePermission(idOf(path), version);
      return {};
    },
    adminPermissionDefaults: (input) => policy().saveDefaults(input),
    adminPermissionCheck: ({ login }) => policy().check(login),
    adminSettings: () => policy().settings(),
    adminSettingsSave: (input) => policy().saveSettings(input),
    adminSeats() {
      policy();
      const login = world.me;
      const taken = [...world.sessions.values()].filter(({ status }) => status === 'running').length;
      return {
        total: taken,
        servers: world.policy
          .servers()
          .map(({ info }, at) => ({ serverId: info.serverId, taken: at === 0 ? taken : 0 })),
        users: taken > 0 ? [{ login, taken }] : [],
      };
    },
    adminServers: () => policy().servers(),
    adminServerSave: ({ accepts, version }, { path }) => policy().saveServer(idOf(path), accepts, version),
  };
}

/** The download of the audit list; of the formats the one that needs no quoting. */
export function auditExport(world: World): HttpHandler {
  return http.get(`*/api${AUDIT_EXPORT_PATH}`, ({ request }) => {
    const query = AuditExport.safeParse(Object.fromEntries(new URL(request.url).searchParams));
    if (!world.loggedIn || !world.policy.actions(world.level).includes('audit') || !query.success) {
      return HttpResponse.json({ error: { name: 'forbidden', message: '' } }, { status: 403 });
    }
    const { format: _format, ...filter } = query.data;
    const lines = world.policy.found(filter).map((entry) => `${JSON.stringify(entry)}\n`);
    return new HttpResponse(lines.join(''), {
      headers: { 'content-type': 'application/jsonl', 'content-disposition': 'attachment; filename="audit.jsonl"' },
    });
  });
}
