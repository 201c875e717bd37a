/** Which calls stand in the audit list, by what name, and what is said of them. One place, so that none is forgotten. */
import type { FastifyRequest } from 'fastify';
import type { AuditEvent } from '../../../src/contract/audit.ts';
import { API, type ApiName } from '../../../src/contract/api.ts';
import type { JsonValue } from '../../../src/contract/json.ts';
import type { Route } from '../../../src/contract/route.ts';
import { noteForbidden } from '../authenticate.ts';
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
  'adminProfileCreate',
  'adminProfileSave',
  'adminProfileDelete',
  'adminProfileDefault',
];
/** Bookmarks are everybody's to write; what of it is refused in the middle of a call is a refused call. */
const REFUSING = /^bookmark/;
/** They change nothing. */
export const TRIES = /Try$|DryRun$/;

const VERSIONS: ReadonlySet<string> = new Set(['version', 'revision']);

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

/** What keeps its versions itself is found by them: their numbers are enough. */
function versionsIn(name: ApiName, result: unknown): JsonValue {
  if (!name.startsWith('admin') || typeof result !== 'object' || result === null) return null;
  const found = Object.entries(result).filter(([key, value]) => VERSIONS.has(key) && typeof value === 'number');
  return found.length === 0 ? null : Object.fromEntries<number>(found);
}

/** Values of parameters are the person's own business; their names are not. */
function detailOf(name: ApiName, body: unknown): string {
  if (name.startsWith('admin')) return name;
  if (name === 'clientcomm') return memberOf(body, 'type');
  if (name !== 'params' || typeof body !== 'object' || body === null || !('params' in body)) return '';
  return Object.keys(Object(body.params)).join(', ');
}

/** Runs the call and records how it ended, where that is kept. `about`: what it is about, where it does not name it. */
export async function audited<Result>(
  context: Pick<HttpContext, 'host' | 'policy'>,
  name: ApiName,
  request: FastifyRequest,
  run: () => Promise<Result>,
  about?: string,
): Promise<Result> {
  const event = eventOf(name);
  const { caller } = request;
  if (!caller || BY_THEMSELVES.includes(name)) return run();
  const target = about ?? targetOf(request);
  if (event === undefined) {
    return REFUSING.test(name) ? noteForbidden(context, caller, request, target, run) : run();
  }
  // Before: what is purged belongs to nobody afterwards.
  const login = context.host.get(target)?.login ?? caller.login;
  const owner = login === caller.login ? '' : login;
  const note = (outcome: string, result?: unknown) => {
    // Reading one's own log is no event.
    if (event === 'log' && owner === '') return;
    const { login: by } = caller;
    const what = target || memberOf(result, 'id');
    const detail = detailOf(name, request.body);
    const data = versionsIn(name, result);
    context.policy.audit.record({ event, login: by, address: request.ip, outcome, target: what, owner, detail, data });
  };
  try {
    const result = await run();
    note('ok', result);
    return result;
  } catch (thrown) {
    note(toCasementError(thrown).code);
    throw thrown;
  }
}
