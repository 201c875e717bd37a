/** A whole server over a fake session host, for tests: real store, real tokens, real sockets. */
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino, type Logger } from 'pino';
import { WebSocket } from 'ws';
import { checkAnswers, deriveFields } from '../../src/forms/fields/index.ts';
import { createAuth, type AuthOptions } from '../auth/auth.ts';
import type { Auth } from '../auth/port.ts';
import { createLocalBus } from '../bus/local.ts';
import { createSiteFunctions, type SiteFunctions } from '../functions/site-functions.ts';
import { EXAMPLE_FORMS } from '../start/example-forms.ts';
import { createPolicy } from '../policy/assemble.ts';
import type { Policy } from '../policy/port.ts';
import type { Scheduling } from '../schedule/port.ts';
import { openDatabase } from '../store/open.ts';
import type { Store } from '../store/port.ts';
import { createSqliteStore } from '../store/sqlite.ts';
import { createScheduler } from '../schedule/scheduler.ts';
import { createFakeHost, type FakeHost } from './fake-host.ts';
import type { ServerOptions } from '../http/options.ts';
import { buildServer } from '../http/server.ts';
import { inProcessRunner } from './in-process-runner.ts';

export interface TestServer {
  readonly app: FastifyInstance;
  readonly host: FakeHost;
  readonly store: Store;
  readonly scheduling: Scheduling;
  readonly auth: Auth;
  readonly policy: Policy;
  readonly token: string;
  readonly functions: SiteFunctions;
  /** Log lines so far. */
  readonly logged: () => string;
  /** Milliseconds that the server's clock is ahead. */
  clock: { ahead: number };
  call(
    method: 'GET' | 'POST' | 'PUT',
    url: string,
    payload?: unknown,
    more?: InjectOptions,
  ): Promise<{ status: number; body: Body }>;
  socket(path: string, headers?: Record<string, string>): Promise<TestSocket>;
  close(): Promise<void>;
}

export interface Body {
  readonly result?: never;
  readonly error?: {
    name: string;
    message: string;
    details?: { field?: string; [more: string]: unknown };
    ref?: string;
  };
}

export interface TestSocket {
  readonly ws: WebSocket;
  /** The next frame that has not been taken yet; text frames are parsed. */
  next(): Promise<unknown>;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly origin: string;
}

export const ACCOUNT = { login: 'me', uid: 1000, gid: 1000, home: '/home/me' };
export const PARENT = 'https://portal.example.org';

/** `makeAuth`: in place of what `moreAuth` is added to, where the ways to log in are a test's own matter. */
export async function startTestServer(
  more: Partial<ServerOptions> = {},
  moreAuth: Partial<AuthOptions> = {},
  makeAuth?: (parts: { store: Store; policy: Policy; dir: string; log: Logger }) => Promise<Auth>,
): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'casement-http-'));
  const clock = { ahead: 0 };
  const now = () => Date.now() + clock.ahead;
  const store = createSqliteStore(openDatabase(dir), now);
  for (const form of EXAMPLE_FORMS) {
    await store.forms.addMissing({ ...form, version: 1, fields: deriveFields(form.html).fields });
  }
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const info = () => ({
    serverId: 'server-1',
    id: 'server-1',
    serverPool: '',
    hostname: 'here',
    url: 'http://here',
    cpu: 2,
    freemem: 1,
    totalmem: 2,
    loggedInUsers: 0,
    sessions: 0,
    uptime: 1,
    loadavg: [0, 0, 0] as [number, number, number],
    accepts: { login: true, start: true },
    staticData: {},
  });
  const host = createFakeHost();
  const policy =
    more.policy ??
    (await createPolicy({
      store,
      localId: 'server-1',
      servers: [{ info, host, canStart: () => ({ accepts: true, xserver: true }) }],
      now,
      failed(cause) {
        throw cause;
      },
    }));
  const auth = makeAuth
    ? await makeAuth({ store, policy, dir, log })
    : await createAuth({
        permissions: policy.permissions,
        acceptsLogins: () => policy.servers.list().some(({ accepts }) => accepts.login),
        store,
        account: ACCOUNT,
        groups: ['me'],
        issuer: 'casement:test',
        now,
        ...moreAuth,
      });
  const functions = createSiteFunctions({
    library: store.functions,
    runner: inProcessRunner(),
    log: {
      info: (details, message) => log.info(details, message),
      warn: (details, message) => log.warn(details, message),
    },
  });
  const scheduler = createScheduler({
    host,
    jobs: store.jobs,
    dirs: [],
    hostname: 'here',
    serverId: 'server-1',
    warn: () => {},
  });
  const app = await buildServer({
    version: '1.2.3',
    auth,
    policy,
    store,
    host: scheduler.host,
    scheduling: scheduler,
    bus: createLocalBus((cause) => {
      throw cause;
    }),
    functions,
    functionDesk: functions.desk,
    checkAnswers: (fields, answers) => checkAnswers([...fields], answers),
    log,
    bookmarks: [
      {
        id: 'terminal',
        name: 'Terminal',
        icon: 'terminal',
        command: 'xterm',
        geometry: 'fullscreen',
        params: {},
        forms: [],
        profile: null,
        groups: [],
        tags: [],
        runAs: null,
        restart: 'never',
        serverId: null,
        pool: null,
        kind: 'builtin',
        builtin: true,
        hidden: false,
        favourite: false,
        version: 1,
        changed: 0,
        by: '',
      },
    ],
    canStart: () => ({ accepts: true, xserver: true }),
    startHint: null,
    parents: () => [PARENT],
    now,
    ...more,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const { token } = await auth.loginLocal(await auth.newLoginSecret());
  const sockets: WebSocket[] = [];

  return {
    app,
    host,
    scheduling: scheduler,
    store,
    auth,
    policy,
    token,
    functions,
    clock,
    logged: () => lines.join(''),
    async call(method, url, payload, options = {}) {
      const headers = { authorization: `Bearer ${token}`, ...options.headers };
      const answer = await app.inject({
        method,
        url,
        ...(payload === undefined ? {} : { payload }),
        ...options,
        headers,
      } as InjectOptions);
      return { status: answer.statusCode, body: answer.json<Body>() };
    },
    async socket(path, headers = { origin }) {
      const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
      sockets.push(ws);
      const frames: unknown[] = [];
      let wake = () => {};
      ws.on('message', (data: Buffer, isBinary) => {
        frames.push(isBinary ? data : JSON.parse(data.toString()));
        wake();
      });
      const closed = new Promise<{ code: number; reason: string }>((resolve) => {
        ws.once('close', (code, reason) => {
          resolve({ code, reason: reason.toString() });
          wake();
        });
      });
      await new Promise<void>((resolve, reject) => {
        ws.once('open', () => resolve());
        ws.once('error', reject);
      });
      return {
        ws,
        closed,
        origin,
        async next() {
          while (frames.length === 0) {
            if (ws.readyState === ws.CLOSED) throw new Error('closed before the next frame');
            await new Promise<void>((resolve) => (wake = resolve));
          }
          return frames.shift();
        },
      };
    },
    async close() {
      for (const ws of sockets) ws.terminate();
      scheduler.close();
      await app.close();
      await functions.settled();
      await policy.audit.flush();
      await store.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
