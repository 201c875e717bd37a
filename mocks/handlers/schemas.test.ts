// @vitest-environment node
/** The mock server and the real one, asked the same: what each answers fits the contract's schemas. */
import { getResponse, type HttpHandler } from 'msw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { API, type ApiName } from '../../src/contract/api.ts';
import { ApiError, isErrorCode } from '../../src/contract/errors.ts';
import { PushMessage } from '../../src/contract/push.ts';
import { sessionOf } from '../../server/testing/fake-host.ts';
import { startTestServer, type TestServer } from '../../server/testing/test-server.ts';
import { createHandlers, World } from './index.ts';

const ID = 'demo-session-0001';
const CSRF = 'demo-csrf';

interface Question {
  readonly name: ApiName;
  readonly path?: string;
  readonly input?: object;
  /** Both answer with a result, or both with an error of this name. */
  readonly error?: string;
}

const QUESTIONS: readonly Question[] = [
  { name: 'config' },
  { name: 'me' },
  { name: 'logins' },
  { name: 'sessions' },
  { name: 'bookmarks' },
  { name: 'forms' },
  { name: 'form', path: '/forms/resources' },
  { name: 'form', path: '/forms/none', error: 'not-found' },
  { name: 'profiles' },
  { name: 'extend', input: { id: ID }, error: 'extend-refused' },
  { name: 'start', input: { command: 'xterm', geometry: '800x600' } },
  { name: 'start', input: { command: 'xterm', geometry: '800x600', forms: ['resources'] } },
  { name: 'start', input: { command: 'xterm', geometry: 'big' }, error: 'bad-request' },
  { name: 'start', input: { command: 'xterm', geometry: '800x600', forms: ['none'] }, error: 'form-unknown' },
  { name: 'connect', input: { id: ID } },
  { name: 'connect', input: { id: 'session-unknown' }, error: 'session-unknown' },
  { name: 'params', input: { id: ID, params: { project: 'alloy' } } },
  { name: 'log', input: { id: ID } },
  { name: 'loginLocal', input: { secret: 'made-up' }, error: 'login-link-unknown' },
  { name: 'loginSsh', input: { username: 'me' }, error: 'login-unavailable' },
  { name: 'disconnect', input: { id: ID } },
  { name: 'purge', input: { id: ID }, error: 'session-running' },
];

let server: TestServer;
let handlers: HttpHandler[];
let world: World;

beforeAll(async () => {
  server = await startTestServer();
  server.host.put(sessionOf(ID));
  // The fake behind the real server lets everything go; this one rule is the session host's.
  world = new World({ viewerPath: '/xrdp', stepMs: 0 });
  world.loggedIn = true;
  world.add({ command: 'xterm', geometry: '800x600' }, { id: ID, status: 'running' });
  handlers = createHandlers(world).filter((one): one is HttpHandler => 'info' in one && 'method' in one.info);
});
afterAll(() => server.close());

async function askMock({ name, path, input }: Question): Promise<unknown> {
  const { method, path: own } = API[name];
  const request = new Request(`http://localhost/api${path ?? own}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-csrf-token': CSRF },
    ...(method === 'GET' ? {} : { body: JSON.stringify(input ?? {}) }),
  });
  const response = await getResponse(handlers, request);
  return response?.json();
}

async function askServer({ name, path, input }: Question): Promise<unknown> {
  const { method, path: own } = API[name];
  const { body } = await server.call(
    method === 'GET' ? 'GET' : 'POST',
    `/api${path ?? own}`,
    method === 'GET' ? undefined : (input ?? {}),
  );
  return body;
}

const Failure = z.object({ error: ApiError });

describe.each([
  ['the mock server', askMock],
  ['the real server', askServer],
])('%s', (who, ask) => {
  it.each(QUESTIONS)('answers $name $path $input by the contract', async (question) => {
    const body = await ask(question);
    if (question.error === undefined) {
      const parsed = z.object({ result: API[question.name].result }).safeParse(body);
      expect([body, parsed.error?.issues]).toEqual([body, undefined]);
      return;
    }
    if (who === 'the real server' && question.error === 'session-running') return;
    const { error } = Failure.parse(body);
    expect([error.name, isErrorCode(error.name)]).toEqual([question.error, true]);
  });
});

describe('the mock server', () => {
  it('tells the present state as a push connection does', () => {
    for (const message of world.present()) expect(PushMessage.safeParse(message).error).toBeUndefined();
  });

  it('answers every call of the contract', () => {
    const answered = new Set(handlers.map(({ info }) => `${String(info.method)} ${String(info.path)}`));
    for (const { method, path } of Object.values(API)) expect(answered).toContain(`${method} */api${path}`);
  });
});
