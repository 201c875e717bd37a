/** Registers the API's table under `/api` and, for integrations written for FastX 3, under `/v3/api`. */
import type { FastifyInstance, HTTPMethods, RouteOptions } from 'fastify';
import * as z from 'zod/mini';
import { API, type ApiName } from '../../../src/contract/api.ts';
import { MAX_DATA_BYTES } from '../../../src/contract/clientcomm.ts';
import { ApiError } from '../../../src/contract/errors.ts';
import type { Route } from '../../../src/contract/route.ts';
import type { Action } from '../../auth/port.ts';
import { requireCaller } from '../authenticate.ts';
import type { HttpContext } from '../context.ts';
import { FORM_BODY, formRoutes } from './forms.ts';
import { FUNCTION_BODY, functionRoutes } from './functions.ts';
import { accountRoutes } from './account.ts';
import { adminRoutes } from './admin.ts';
import { bookmarkRoutes } from './bookmarks.ts';
import { audited } from './audited.ts';
import type { CallContext, Handlers } from './handler.ts';
import { localLoginLimit, loginRoutes, registerOldLogins } from './login.ts';
import { profileRoutes } from './profiles.ts';
import { permissionRoutes } from './permissions.ts';
import { sessionRoutes } from './sessions.ts';
import { registerSharing } from './sharing.ts';
import { shortcutRoutes } from './shortcut.ts';
import { createStarter, startRoutes } from './start.ts';

/** What a caller must be allowed to do; `null` for calls without a login. */
const ACTION: { readonly [Name in ApiName]: Action | null } = {
  config: null,
  loginLocal: null,
  loginSsh: null,
  logout: 'me',
  logins: 'me',
  revokeLogin: 'me',
  revokeOtherLogins: 'me',
  me: 'me',
  sessions: 'list',
  adminSessions: 'sessions-all',
  adminAudit: 'audit',
  adminPermissions: 'admin',
  adminPermissionSave: 'admin',
  adminPermissionDelete: 'admin',
  adminPermissionDefaults: 'admin',
  adminPermissionCheck: 'admin',
  adminSettings: 'admin',
  adminSettingsSave: 'admin',
  adminSeats: 'admin',
  adminServers: 'admin',
  adminServerSave: 'admin',
  adminForms: 'admin',
  adminForm: 'admin',
  adminFormCreate: 'admin',
  adminFormSave: 'admin',
  adminFormPublish: 'admin',
  adminFormRollBack: 'admin',
  adminFormText: 'admin',
  adminFormDelete: 'admin',
  adminFormDefaults: 'admin',
  adminFormTry: 'admin',
  adminFunctions: 'admin',
  adminFunction: 'admin',
  adminFunctionSave: 'admin',
  adminFunctionPublish: 'admin',
  adminFunctionRollBack: 'admin',
  adminFunctionText: 'admin',
  adminFunctionDelete: 'admin',
  adminFunctionDryRun: 'admin',
  adminFunctionInputs: 'admin',
  adminFunctionInput: 'admin',
  adminFunctionShadow: 'admin',
  adminFunctionShadowSet: 'admin',
  profiles: 'start',
  extend: 'connect',
  adminProfiles: 'admin',
  adminProfile: 'admin',
  adminProfileCreate: 'admin',
  adminProfileSave: 'admin',
  adminProfileDelete: 'admin',
  adminProfileDefault: 'admin',
  bookmarks: 'start',
  bookmark: 'start',
  bookmarkCreate: 'start',
  bookmarkSave: 'start',
  bookmarkDelete: 'start',
  bookmarkRestore: 'start',
  bookmarkHide: 'admin',
  bookmarkFavourite: 'start',
  pastStarts: 'start',
  pastStartDelete: 'start',
  pastStartsClear: 'start',
  connectShortcut: 'start',
  forms: 'start',
  form: 'start',
  start: 'start',
  connect: 'connect',
  disconnect: 'disconnect',
  terminate: 'terminate',
  purge: 'purge',
  params: 'params',
  log: 'log',
  clientcomm: 'clientcomm',
};

const isApiName = (name: string): name is ApiName => Object.hasOwn(API, name);

/** Calls that v2 integrations make with the token as the last path segment, and the methods they use. */
const V2: { readonly path: string; readonly name: ApiName; readonly method: HTTPMethods }[] = [
  { path: '/list/:token', name: 'sessions', method: 'GET' },
  { path: '/start/:token', name: 'start', method: 'POST' },
  { path: '/connect/:token', name: 'connect', method: 'POST' },
  { path: '/admin/session/:token', name: 'adminSessions', method: 'GET' },
];

const Failure = z.object({ error: ApiError });
/** JSON may spell one byte of data as six characters. */
const CLIENTCOMM_BODY = 6 * MAX_DATA_BYTES + 64 * 1024;
/** Calls whose bodies may be larger than the 1 MiB that any other may have. */
const BODY_LIMITS: Partial<Record<ApiName, number>> = {
  clientcomm: CLIENTCOMM_BODY,
  adminFormCreate: FORM_BODY,
  adminFormSave: FORM_BODY,
  adminFormTry: FORM_BODY,
  adminFunctionSave: FUNCTION_BODY,
  adminFunctionDryRun: FUNCTION_BODY,
};

const pathNames = (path: string) => [...path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '');

export function registerApi(app: FastifyInstance, context: HttpContext): void {
  const sessions = sessionRoutes(context);
  const begin = createStarter(context);
  const handlers: Handlers<ApiName> = {
    ...accountRoutes(context),
    ...loginRoutes(context),
    ...adminRoutes(context),
    ...permissionRoutes(context),
    ...formRoutes(context),
    ...functionRoutes(context),
    ...profileRoutes(context),
    ...bookmarkRoutes(context),
    ...startRoutes(context, begin),
    ...sessions,
    ...shortcutRoutes(context, begin, sessions.connect),
  };

  const routeOf = (name: ApiName, url: string, method: HTTPMethods, hide: boolean): RouteOptions => {
    const route: Route = API[name];
    const action = ACTION[name];
    const names = pathNames(url);
    const isQuery = method === 'GET';
    return {
      method,
      url,
      schema: {
        ...(hide ? { hide: true } : { operationId: name }),
        summary: route.summary,
        ...(route.auth ? { security: [{ bearer: [] }, { cookie: [], csrf: [] }] } : { security: [] }),
        [isQuery ? 'querystring' : 'body']: route.input,
        ...(names.length > 0 ? { params: z.object(Object.fromEntries(names.map((n) => [n, z.string()]))) } : {}),
        response: { 200: z.object({ result: route.result }), '4xx': Failure, '5xx': Failure },
      },
      ...(BODY_LIMITS[name] === undefined ? {} : { bodyLimit: BODY_LIMITS[name] }),
      ...(name === 'loginLocal' ? { config: { rateLimit: localLoginLimit(context) } } : {}),
      ...(action === null ? {} : { onRequest: requireCaller(context, action) }),
      preValidation: async (request) => {
        // A call without any input may come without a body.
        if (!isQuery) request.body ??= {};
      },
      async handler(request, reply) {
        const input = isQuery ? request.query : request.body;
        // The table ties each name to its input, and validation has just checked it.
        const handle = handlers[name] as (call: CallContext<ApiName>) => unknown;
        const call = { input, request, reply } as CallContext<ApiName>;
        const result = await audited(context, name, request, async () => handle(call));
        return reply.header('cache-control', 'no-store').send({ result });
      },
    };
  };

  for (const name of Object.keys(API).filter(isApiName)) {
    const route: Route = API[name];
    app.route(routeOf(name, `/api${route.path}`, route.method, false));
    app.route(routeOf(name, `/v3/api${route.path}`, route.method, true));
  }
  registerOldLogins(app, context);
  registerSharing(app, context);
  for (const { path, name, method } of V2) app.route(routeOf(name, `/api${path}`, method, true));
}
