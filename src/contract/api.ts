/**
 * The HTTP API as one table: what the server validates by, what the typed client calls, what OpenAPI is made from.
 * Paths are below `/api`; `{ result }` and `{ error }` wrap every answer (contract section 1).
 */
import * as z from 'zod/mini';
import { PROFILE_API } from './api-profiles.ts';
import { AdminForm, AdminFormSummary, NewForm, OrderForms, SaveForm, TryForms, TryResult } from './admin-forms.ts';
import { ADMIN_API } from './api-admin.ts';
import { BOOKMARK_API } from './api-bookmarks.ts';
import { ClientCommError, ClientCommType, MAX_DATA_BYTES } from './clientcomm.ts';
import { ConnectResult } from './connect.ts';
import { Form } from './form.ts';
import { FUNCTION_API } from './api-functions.ts';
import { Params } from './json.ts';
import { Login, SshLogin, SshStage } from './login.ts';
import { PermissionLevel } from './permissions.ts';
import { Nothing, route } from './route.ts';
import { Session, SessionId } from './session.ts';
import { StartData, StartResult } from './start.ts';

const ById = z.object({ id: SessionId });

export const Me = z.object({
  login: z.string(),
  groups: z.array(z.string()),
  level: PermissionLevel,
  actions: z.array(z.string()),
  /** Send it back as `X-CSRF-TOKEN` with every call that relies on the cookie. */
  csrf: z.string(),
  /** Milliseconds since 1970 at which the token ends. */
  expires: z.number(),
});
export type Me = z.infer<typeof Me>;

export const PublicConfig = z.object({
  product: z.string(),
  version: z.string(),
  /** Ways to log in, in the order in which to offer them. */
  login: z.array(z.enum(['local', 'ssh', 'oidc'])),
  /** What the identity provider is called on its button. */
  oidcLabel: z.optional(z.string()),
  /** `false`: no X server is installed, so only the built-in demo desktop can be tried. */
  canStart: z.boolean(),
  /** One line an administrator can run to change that. */
  startHint: z.nullable(z.string()),
});
export type PublicConfig = z.infer<typeof PublicConfig>;

export const SessionQuery = z.object({
  sortBy: z.optional(z.string().check(z.regex(/^(params\.)?[\p{L}][\p{L}\p{Nd}_.-]*$/u))),
  sortReverse: z.optional(z.enum(['true', 'false'])),
  start: z.optional(z.coerce.number().check(z.int(), z.minimum(0))),
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1000))),
  filter: z.optional(z.union([z.string(), z.array(z.string())])),
});

export const API = {
  ...ADMIN_API,
  ...PROFILE_API,
  config: route({
    method: 'GET',
    path: '/config',
    auth: false,
    summary: 'What a logged-out page may know',
    input: Nothing,
    result: PublicConfig,
  }),
  loginLocal: route({
    method: 'POST',
    path: '/auth/local',
    auth: false,
    summary: 'Exchange the one-time login link of a personal server for a token',
    input: z.object({ secret: z.string().check(z.minLength(1), z.maxLength(256)) }),
    result: z.object({ token: z.string() }),
  }),
  loginSsh: route({
    method: 'POST',
    path: '/auth/ssh',
    auth: false,
    summary:
      'Log in over SSH: first with `username`, then, as long as the stage is not `success`, with `authtoken` and `answers`',
    input: SshLogin,
    result: SshStage,
  }),
  logout: route({
    method: 'POST',
    path: '/logout',
    auth: true,
    summary: 'End this login',
    input: Nothing,
    /** `redirect`: where to send the browser to log out at the identity provider as well. */
    result: z.object({ redirect: z.optional(z.string()) }),
  }),
  logins: route({
    method: 'GET',
    path: '/logins',
    auth: true,
    summary: "One's own logins, the one used last first",
    input: Nothing,
    result: z.array(Login),
  }),
  revokeLogin: route({
    method: 'DELETE',
    path: '/logins/:id',
    auth: true,
    summary: "End one of one's own logins; its sockets are closed at once",
    input: Nothing,
    result: Nothing,
  }),
  revokeOtherLogins: route({
    method: 'POST',
    path: '/logins/revoke-others',
    auth: true,
    summary: "End all of one's own logins but this one",
    input: Nothing,
    result: z.object({ revoked: z.number() }),
  }),
  me: route({ method: 'GET', path: '/me', auth: true, summary: 'Who is logged in', input: Nothing, result: Me }),
  sessions: route({
    method: 'GET',
    path: '/sessions',
    auth: true,
    summary: "One's own sessions",
    input: SessionQuery,
    result: z.array(Session),
  }),
  adminSessions: route({
    method: 'GET',
    path: '/admin/sessions',
    auth: true,
    summary: "Everybody's sessions, for managers and administrators",
    input: SessionQuery,
    result: z.array(Session),
  }),
  adminForms: route({
    method: 'GET',
    path: '/admin/forms',
    auth: true,
    summary: 'All start forms, drafts as well, and the list of those that own commands are asked',
    input: Nothing,
    result: z.object({ forms: z.array(AdminFormSummary), defaults: z.array(z.string()) }),
  }),
  adminForm: route({
    method: 'GET',
    path: '/admin/forms/:id',
    auth: true,
    summary: 'The newest revision of a form, what is remarkable about it, and its history',
    input: Nothing,
    result: AdminForm,
  }),
  adminFormCreate: route({
    method: 'POST',
    path: '/admin/forms',
    auth: true,
    summary: 'A new form, as a draft',
    input: NewForm,
    result: AdminForm,
  }),
  adminFormSave: route({
    method: 'PUT',
    path: '/admin/forms/:id',
    auth: true,
    summary: 'Save a draft over `revision`; refused when that is not the newest any more',
    input: SaveForm,
    result: AdminForm,
  }),
  adminFormPublish: route({
    method: 'POST',
    path: '/admin/forms/:id/publish',
    auth: true,
    summary: 'Make the newest revision the one that people are asked',
    input: z.object({ revision: z.int() }),
    result: AdminForm,
  }),
  adminFormRollBack: route({
    method: 'POST',
    path: '/admin/forms/:id/roll-back',
    auth: true,
    summary: 'Publish an older revision again, as a new version; a draft is kept',
    input: z.object({ revision: z.int() }),
    result: AdminForm,
  }),
  adminFormText: route({
    method: 'GET',
    path: '/admin/forms/:id/revisions/:revision',
    auth: true,
    summary: 'The text of one revision',
    input: Nothing,
    result: z.object({ name: z.string(), html: z.string() }),
  }),
  adminFormDelete: route({
    method: 'DELETE',
    path: '/admin/forms/:id',
    auth: true,
    summary: 'Delete a form; bookmarks that name it will fail',
    input: Nothing,
    result: Nothing,
  }),
  adminFormDefaults: route({
    method: 'PUT',
    path: '/admin/form-defaults',
    auth: true,
    summary: 'Which published forms own commands are asked, in order',
    input: OrderForms,
    result: z.array(z.string()),
  }),
  adminFormTry: route({
    method: 'POST',
    path: '/admin/form-try',
    auth: true,
    summary: 'Go through the forms of a start with the functions of the site, and start nothing',
    input: TryForms,
    result: TryResult,
  }),
  ...FUNCTION_API,
  ...BOOKMARK_API,
  forms: route({
    method: 'GET',
    path: '/forms',
    auth: true,
    summary: 'The start forms there are, by name, for a bookmark or a command of one’s own',
    input: Nothing,
    /** `isDefault`: asked for a command of one's own; those come first, in their order. */
    result: z.array(z.object({ id: z.string(), name: z.string(), isDefault: z.optional(z.boolean()) })),
  }),
  form: route({
    method: 'GET',
    path: '/forms/:id',
    auth: true,
    summary: 'One start form',
    input: Nothing,
    result: Form,
  }),
  start: route({
    method: 'POST',
    path: '/start',
    auth: true,
    summary: 'Start a session, or learn which form comes next',
    input: StartData,
    result: StartResult,
  }),
  connect: route({
    method: 'POST',
    path: '/connect',
    auth: true,
    summary: 'A ticket for the viewer',
    input: z.object({ id: SessionId, parentOrigin: z.optional(z.string().check(z.maxLength(512))) }),
    result: ConnectResult,
  }),
  disconnect: route({
    method: 'POST',
    path: '/disconnect',
    auth: true,
    summary: 'Disconnect every viewer of a session; the session goes on',
    input: ById,
    result: Nothing,
  }),
  terminate: route({
    method: 'POST',
    path: '/terminate',
    auth: true,
    summary: 'End a session and its programs',
    input: ById,
    result: Nothing,
  }),
  purge: route({
    method: 'POST',
    path: '/purge',
    auth: true,
    summary: 'Forget a session that has ended, with its log',
    input: ById,
    result: Nothing,
  }),
  params: route({
    method: 'POST',
    path: '/params',
    auth: true,
    summary: 'Change (or, with null, delete) parameters of a running session; reserved names are left as they are',
    input: z.object({ id: SessionId, params: Params }),
    result: Params,
  }),
  log: route({
    method: 'POST',
    path: '/log',
    auth: true,
    summary: 'The end of a session’s log',
    input: z.object({ id: SessionId, bytes: z.optional(z.int().check(z.minimum(1), z.maximum(1024 * 1024))) }),
    result: z.object({ log: z.string(), truncated: z.boolean() }),
  }),
  clientcomm: route({
    method: 'POST',
    path: '/clientcomm',
    auth: true,
    summary: 'Send a ClientComm message into a session’s viewers, as `clientcomm` does in the session',
    input: z.object({
      id: SessionId,
      type: z._default(z.optional(ClientCommType), 'fx-notify'),
      data: z.string().check(z.maxLength(MAX_DATA_BYTES)),
      /** As `--clients`: with a comma a notification to those, without one a query to that one. */
      clients: z.optional(z.string().check(z.maxLength(1024))),
      /** Seconds. */
      timeout: z.optional(z.number().check(z.positive(), z.maximum(86400))),
    }),
    result: z.object({ delivered: z.number(), data: z.optional(z.string()), error: z.optional(ClientCommError) }),
  }),
} as const;

export type Api = typeof API;
export type ApiName = keyof Api;
export type ApiInput<Name extends ApiName> = z.input<Api[Name]['input']>;
export type ApiResult<Name extends ApiName> = z.output<Api[Name]['result']>;
