/** Which calls stand in the audit list, by what name, and what is said of them. One place, so that none is forgotten. */
import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../../../src/contract/audit.ts';
import { API, type ApiName } from '../../../src/contract/api.ts';
import type { Route } from '../../../src/contract/route.ts';
import type { HttpContext } from '../context.ts';
import { toCasementError } from '../errors.ts';

const EVENTS: Partial<Record<ApiName, AuditEvent>> = {
  logout: 'logout',
  revokeLogin: 'login-revoked',
  revokeOtherLogins: 'login-revoked',
  connect: 'connect',
  disconnect: 'disconnect',
  terminate: 'terminate',
  purge: 'purge',
  params: 'params',
  log: 'log',
  clientcomm: 'clientcomm',
};

/** Calls of administrators that write the entry themselves, since they know what was changed. */
export const BY_THEMSELVES: readonly ApiName[] = [
  'adminPermissionSave',
  'adminPermissionDelete',
  'adminPermissionDefaults',
  'adminSettingsSave',
  'adminServerSave',
];
/** They change nothing. */
export const TRIES = /Try$|DryRun$/;

const CHANGES: Readonly<Record<string, AuditEvent>> = {
  Form: 'form-changed',
  Function: 'function-changed',
  Profile: 'profile-changed',
};

/** Every other change by an administrator has an entry as well, whatever room it belongs to. */
export function eventOf(name: ApiName): AuditEvent | undefined {
  const route: Route = API[name];
  if (EVENTS[name] !== undefined) return EVENTS[name];
  if (!name.startsWith('admin') || route.method === 'GET' || TRIES.test(name)) return undefined;
  return CHANGES[/^admin([A-Z][a-z]+)/.exec(name)?.[1] ?? ''];
}

function memberOf(value: unknown, name: string): string {
  const found = typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
  return typeof found === 'string' ? found : '';
}

/** What a call is about: the session or thing it names. */
function targetOf(request: FastifyRequest): string {
  return memberOf(request.body, 'id') || memberOf(request.params, 'id') || memberOf(request.params, 'name');
}

/** Values of parameters are the person's own business; their names are not. */
function detailOf(name: ApiName, body: unknown): string {
  if (name.startsWith('admin')) return name;
  if (name === 'clientcomm') return memberOf(body, 'type');
  if (name !== 'params' || typeof body !== 'object' || body === null || !('params' in body)) return '';
  return Object.keys(Object(body.params)).join(', ');
}

/** Runs the call and records how it ended, where that is kept. */
export async function audited<Result>(
  context: Pick<HttpContext, 'host' | 'policy'>,
  name: ApiName,
  request: FastifyRequest,
  run: () => Promise<Result>,
): Promise<Result> {
  const event = eventOf(name);
  const { caller } = request;
  if (event === undefined || !caller || BY_THEMSELVES.includes(name)) return run();
  const target = targetOf(request);
  // Before: what is purged belongs to nobody afterwards.
  const login = context.host.get(target)?.login ?? caller.login;
  const owner = login === caller.login ? '' : login;
  const note = (outcome: string) => {
    // Reading one's own log is no event.
    if (event === 'log' && owner === '') return;
    const detail = detailOf(name, request.body);
    context.policy.audit.record({ event, login: caller.login, address: request.ip, outcome, target, owner, detail });
  };
  try {
    const result = await run();
    note('ok');
    return result;
  } catch (thrown) {
    note(toCasementError(thrown).code);
    throw thrown;
  }
}
