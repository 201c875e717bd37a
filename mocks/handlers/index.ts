/** MSW handlers for every route of the contract, over one mock server. */
import { http, HttpResponse, ws, type HttpHandler, type WebSocketHandler } from 'msw';
import * as z from 'zod/mini';
import { API, type ApiInput, type ApiName, type ApiResult } from '../../src/contract/api.ts';
import { CasementError, ERRORS } from '../../src/contract/errors.ts';
import type { PushMessage } from '../../src/contract/push.ts';
import { encodeViewerData } from '../../src/contract/xrdp.ts';
import { adminFormAnswers } from './admin-forms.ts';
import { adminAnswers, auditExport } from './admin.ts';
import { adminFunctionAnswers } from './admin-functions.ts';
import { loginSsh } from './login.ts';
import { bookmarkAnswers } from './bookmarks.ts';
import { profileAnswers } from './profiles.ts';
import { start } from './start.ts';
import { LOGIN, SECRET, SERVER_ID, type World } from './world.ts';

export { LOGIN, SECRET, World } from './world.ts';

const CSRF = 'demo-csrf';

interface Call {
  readonly request: Request;
  readonly path: Readonly<Record<string, string>>;
}

type Answers = {
  [Name in ApiName]: (
    input: z.output<(typeof API)[Name]['input']>,
    call: Call,
  ) => ApiResult<Name> | Promise<ApiResult<Name>>;
};

function answers(world: World): Answers {
  const connect = (id: string) => {
    const session = world.running(id);
    const data = {
      id,
      port: Number(globalThis.location?.port) || 80,
      RdpPort: 0,
      username: LOGIN,
      password: 'demo-ticket',
      geometry: session.geometry,
      serverId: SERVER_ID,
      role: 'master' as const,
    };
    const client = { id: 'demo-viewer', login: LOGIN, role: 'master' as const, connected: Date.now() };
    world.change(id, { clients: [client], lastConnect: Date.now() });
    return { ...data, url: `${world.options.viewerPath}#${encodeViewerData(data)}` };
  };
  return {
    config: () => ({
      product: 'Casement',
      version: '0.1.0',
      login: world.login,
      canStart: world.canStart,
      startHint: world.canStart ? null : 'sudo apt-get install tigervnc-standalone-server xterm openbox xauth',
    }),
    loginLocal({ secret }) {
      if (secret !== SECRET) throw new CasementError('login-link-unknown');
      if (world.secretUsed) throw new CasementError('login-link-used');
      world.secretUsed = true;
      world.loggedIn = true;
      return { token: 'demo-token' };
    },
    loginSsh: (input) => loginSsh(world, input),
    logins: () => [
      {
        id: 'demo',
        current: true,
        method: 'local',
        browser: 'This browser',
        address: '',
        created: world.began,
        lastUsed: world.began,
        expires: world.began + 3_600_000,
      },
    ],
    revokeLogin() {
      world.loggedIn = false;
      return {};
    },
    revokeOtherLogins: () => ({ revoked: 0 }),
    adminSessions() {
      world.allow('sessions-all');
      return [...world.sessions.values()];
    },
    ...adminAnswers(world),
    logout() {
      world.loggedIn = false;
      return {};
    },
    ...adminFormAnswers(world),
    ...profileAnswers(world),
    ...adminFunctionAnswers(world),
    me: () => ({
      login: LOGIN,
      groups: [],
      level: world.level,
      actions: world.actions,
      csrf: CSRF,
      expires: Date.now() + 3_600_000,
    }),
    sessions: () => [...world.sessions.values()],
    ...bookmarkAnswers(world, connect),
    forms: () => world.forms.listed(),
    form(_input, { path }) {
      const form = world.forms.published(path['id'] ?? '');
      if (!form) throw new CasementError('not-found');
      return form;
    },
    start: (data, { request }) => start(world, data, request.headers.get('x-start-id') ?? 'none'),
    connect: ({ id }) => connect(id),
    disconnect({ id }) {
      world.running(id);
      world.change(id, { clients: [], lastDisconnect: Date.now() });
      return {};
    },
    terminate({ id }) {
      const { status, job } = world.get(id);
      const over = job && ({ ...job, state: 'ended', reason: 'CANCELLED', estimatedStart: null } as const);
      // What has not begun has no exit code.
      world.end(id, 'ended', { exitCode: status === 'pending' ? null : 143, job: over });
      return {};
    },
    purge({ id }) {
      world.purge(id);
      return {};
    },
    params: ({ id, params }) => world.setParams(id, params),
    log({ id }) {
      world.get(id);
      return { log: world.logs.get(id) ?? '', truncated: false };
    },
    clientcomm({ id }) {
      const { clients } = world.running(id);
      if (clients.length === 0) throw new CasementError('no-clients');
      return { delivered: clients.length };
    },
  };
}

async function inputOf(request: Request): Promise<unknown> {
  if (request.method === 'GET') return Object.fromEntries(new URL(request.url).searchParams);
  const text = await request.text();
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch (cause) {
    throw new CasementError('bad-request', { cause });
  }
}

function refusal(thrown: unknown): Response {
  const error = thrown instanceof CasementError ? thrown : new CasementError('internal', { cause: thrown });
  return HttpResponse.json({ error: error.toJSON() }, { status: ERRORS[error.code].status || 500 });
}

/** What a real server checks before any handler: who it is, and that the call comes from its own page. */
function admit(world: World, name: ApiName, request: Request): void {
  const route = API[name];
  if (!route.auth) return;
  if (!world.loggedIn) throw new CasementError('unauthenticated');
  if (route.method !== 'GET' && request.headers.get('x-csrf-token') !== CSRF) throw new CasementError('csrf-missing');
}

function handler<Name extends ApiName>(world: World, name: Name, answer: Answers[Name]): HttpHandler {
  const route = API[name];
  const method = { GET: http.get, POST: http.post, PUT: http.put, DELETE: http.delete }[route.method];
  return method(`*/api${route.path}`, async ({ request, params }) => {
    try {
      admit(world, name, request);
      const input = route.input.safeParse(await inputOf(request));
      if (!input.success) {
        throw new CasementError('bad-request', { details: { field: input.error.issues[0]?.path.join('.') } });
      }
      const path = Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)]));
      // The schema of `name` has just made it what the answerer of `name` takes.
      const result = await answer(input.data as never, { request, path });
      return HttpResponse.json({ result });
    } catch (thrown) {
      return refusal(thrown);
    }
  });
}

function pushHandler(world: World): WebSocketHandler {
  return ws.link('*/api/push').addEventListener('connection', ({ client }) => {
    if (!world.loggedIn) {
      client.close(4000, 'unauthenticated');
      return;
    }
    for (const message of world.present()) client.send(JSON.stringify(message));
    const stop = world.subscribe((message) => client.send(JSON.stringify(message)));
    client.addEventListener('close', stop);
  });
}

/** Everybody's sessions for administrators: `{id, data}`, first those that there are. */
function adminSessionHandler(world: World): WebSocketHandler {
  return ws.link('*/api/admin/session').addEventListener('connection', ({ client }) => {
    if (!world.loggedIn || !world.policy.actions(world.level).includes('admin')) {
      client.close(4000, 'forbidden');
      return;
    }
    const tell = (message: PushMessage) => {
      if (message.event === 'session') client.send(JSON.stringify({ id: message.id, data: message.data }));
    };
    for (const message of world.present()) tell(message);
    client.addEventListener('close', world.subscribe(tell));
  });
}

export function createHandlers(world: World): (HttpHandler | WebSocketHandler)[] {
  const all = answers(world);
  const names = Object.keys(all) as ApiName[];
  return [
    ...names.map((name) => handler(world, name, all[name] as never)),
    auditExport(world),
    pushHandler(world),
    adminSessionHandler(world),
  ];
}

export type { ApiInput };
