/** Against a real identity provider, `oidc-provider`, with a browser's cookies and redirects followed by hand. */
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Provider, type Configuration } from 'oidc-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { CookieBrowser as Browser } from '../testing/cookie-browser.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Account } from './accounts.ts';
import { OidcConfig } from './oidc-config.ts';
import { createOidcLogins } from './oidc.ts';

const SECRET = 'a-client-secret-of-some-length';
const ACCOUNTS: Account[] = ['alice', 'gone', 'super'].map((login, index) => ({
  login,
  uid: login === 'super' ? 0 : 3000 + index,
  gid: 3000,
  home: login === 'gone' ? '/nonexistent/home' : tmpdir(),
  shell: '/bin/sh',
  groups: [login],
}));

let provider: Server;
let issuer: string;
let claims: Record<string, unknown>;
let dir: string;
const ending: (() => Promise<void>)[] = [];

beforeAll(async () => {
  // It reminds whoever runs it of what a provider in earnest needs.
  for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockReturnValue();
  dir = mkdtempSync(join(tmpdir(), 'casement-oidc-'));
  provider = createServer().listen(0, '127.0.0.1');
  await once(provider, 'listening');
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
  provider.removeAllListeners('request');
});
afterAll(async () => {
  provider.close();
  provider.closeAllConnections();
  rmSync(dir, { recursive: true });
});

interface Setting {
  readonly server: TestServer;
  readonly origin: string;
}

async function setting(config: Partial<OidcConfig> = {}, more: Configuration = {}): Promise<Setting> {
  const server = await startTestServer(
    {},
    {
      methods: ['local', 'oidc'],
      accounts: { find: async (login) => ACCOUNTS.find((one) => one.login === login), ownGroups: async () => [] },
      oidc: (tokens) =>
        createOidcLogins({
          config: OidcConfig.parse({ issuer, clientId: 'casement', ...config }),
          clientSecret: SECRET,
          accounts: { find: async (login) => ACCOUNTS.find((one) => one.login === login), ownGroups: async () => [] },
          tokens,
        }),
    },
  );
  ending.push(() => server.close());
  const origin = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'casement',
        client_secret: SECRET,
        redirect_uris: [`${origin}/api/auth/oidc/callback`],
        post_logout_redirect_uris: [`${origin}/login`],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    findAccount: (_context, sub) => ({ accountId: sub, claims: async () => ({ sub, ...claims }) }),
    cookies: { keys: ['for a test'] },
    ...more,
  });
  const handle = oidc.callback();
  provider.on('request', (request, response) => void handle(request, response));
  return { server, origin };
}

const me = async (origin: string, token: string | undefined) =>
  (await (await fetch(`${origin}/api/me`, { headers: { cookie: `token=${token}` } })).json()) as {
    result?: { login: string; level: string; csrf: string };
  };
/** The address that the browser is sent to by us at the end, as a path. */
async function logIn({ origin }: Setting): Promise<{ path: string; browser: Browser; token: string | undefined }> {
  const browser = new Browser();
  const end = await browser.follow(
    `${origin}/api/auth/oidc`,
    (url) => url === `${origin}/` || url.startsWith(`${origin}/login`),
  );
  const url = new URL(end);
  return { path: url.pathname + url.search, browser, token: browser.cookie(origin, 'token') };
}

describe('logging in by an identity provider', () => {
  it('goes there and back, with PKCE, state and nonce, and ends with the usual cookie', async () => {
    claims = { preferred_username: 'alice' };
    const here = await setting();
    const { path, browser, token } = await logIn(here);
    expect(path).toBe('/');
    expect((await me(here.origin, token)).result).toMatchObject({ login: 'alice', level: 'full' });
    const request = new URL(browser.visited.find((url) => url.includes('code_challenge')) ?? '');
    const query = Object.fromEntries(request.searchParams);
    expect(query).toMatchObject({ code_challenge_method: 'S256', response_type: 'code' });
    expect([query['state']?.length, query['nonce']?.length].every((length) => (length ?? 0) >= 32)).toBe(true);
    expect(browser.cookie(here.origin, 'oidc')).toBeUndefined();
    // Neither code nor state is written down.
    const callback = new URL(browser.visited.find((url) => url.includes('/callback')) ?? '');
    expect(here.server.logged()).not.toContain(callback.searchParams.get('code'));
  });

  it('takes no answer twice, none of another browser, and none that nobody asked for', async () => {
    claims = { preferred_username: 'alice' };
    const here = await setting();
    const mine = new Browser();
    const isCallback = (url: string) => url.startsWith(`${here.origin}/api/auth/oidc/callback`);
    const callback = await mine.follow(`${here.origin}/api/auth/oidc`, isCallback);
    const other = new Browser();
    await other.go(`${here.origin}/api/auth/oidc`);
    const stolen = await other.go(callback);
    expect([stolen.headers.get('location'), other.cookie(here.origin, 'token')]).toEqual([
      '/login?failed=login-expired',
      undefined,
    ]);
    expect((await mine.go(callback)).headers.get('location')).toBe('/');
    const again = await fetch(callback, { redirect: 'manual' });
    expect(again.headers.get('location')).toBe('/login?failed=login-expired');
    const made = await fetch(`${here.origin}/api/auth/oidc/callback?code=x&state=y`, {
      redirect: 'manual',
      headers: { cookie: 'oidc=y' },
    });
    expect(made.headers.get('location')).toBe('/login?failed=login-expired');
  });

  it.each([
    ['an account that does not exist', { preferred_username: 'nobody-here' }, 'oidc-unmapped'],
    ['no claim', {}, 'oidc-unmapped'],
    ['a claim that is no name', { preferred_username: '-rf /' }, 'oidc-unmapped'],
    ['a user id', { preferred_username: '3000' }, 'oidc-unmapped'],
    ['root, which no other system may make anybody', { preferred_username: 'super' }, 'oidc-unmapped'],
    ['an account without a home', { preferred_username: 'gone' }, 'account-no-home'],
  ])('lets nobody in with %s', async (_what, given, code) => {
    claims = given;
    const { path, token } = await logIn(await setting());
    expect([path, token]).toEqual([`/login?failed=${code}`, undefined]);
  });

  it('gives levels by the provider’s groups', async () => {
    const config = { groupsClaim: 'groups', admins: ['it'], managers: ['leads'] };
    const here = await setting(config);
    for (const [groups, level] of [
      [['it', 'leads'], 'admin'],
      [['leads'], 'manager'],
      [['staff'], 'full'],
      ['it', 'admin'],
      [{ it: true }, 'full'],
    ] as const) {
      claims = { preferred_username: 'alice', groups };
      const { token } = await logIn(here);
      expect((await me(here.origin, token)).result?.level).toBe(level);
    }
  });

  it('asks the site’s own program who it is, with the claims as JSON', async () => {
    claims = { email: 'Alice@example.org' };
    const mapper = join(dir, 'mapper');
    const write = (body: string) => {
      writeFileSync(mapper, `#!/bin/sh\n${body}\n`);
      chmodSync(mapper, 0o755);
    };
    const here = await setting({ mapper });
    const path = async () => (await logIn(here)).path;
    write(`grep -q '"authMethod":"auth-oidc"' && echo alice`);
    expect(await path()).toBe('/');
    write(`cat | sed -n 's/.*"email":"\\([^@]*\\)@.*/\\1/p' | tr A-Z a-z`);
    expect(await path()).toBe('/');
    write(`echo '{"login":"alice"}'`);
    expect(await path()).toBe('/');
    for (const body of ['exit 3', 'echo', `echo '{"login":7}'`, 'echo "{"', 'echo nobody-here', 'yes']) {
      write(body);
      expect([body, await path()]).toEqual([body, '/login?failed=oidc-unmapped']);
    }
    rmSync(mapper);
    expect(await path()).toBe('/login?failed=oidc-unmapped');
  });

  it('says so when the person gives up there, or the provider is away', async () => {
    claims = { preferred_username: 'alice' };
    const here = await setting();
    const browser = new Browser();
    const away = await browser.go(`${here.origin}/api/auth/oidc`);
    const state = new URL(away.headers.get('location') ?? '').searchParams.get('state') ?? '';
    const query = new URLSearchParams({ error: 'access_denied', state, iss: issuer });
    const back = await browser.go(`${here.origin}/api/auth/oidc/callback?${query.toString()}`);
    expect(back.headers.get('location')).toBe('/login?failed=oidc-denied');

    const nowhere = await setting({ issuer: 'http://127.0.0.1:9' });
    expect((await logIn(nowhere)).path).toBe('/login?failed=oidc-failed');
  });

  it('believes no answer that another provider signed', async () => {
    claims = { preferred_username: 'alice' };
    const here = await setting();
    const browser = new Browser();
    const isCallback = (url: string) => url.startsWith(`${here.origin}/api/auth/oidc/callback`);
    const callback = new URL(await browser.follow(`${here.origin}/api/auth/oidc`, isCallback));
    callback.searchParams.set('iss', 'https://evil.example');
    const back = await browser.go(callback.href);
    expect(back.headers.get('location')).toBe('/login?failed=oidc-failed');
  });

  it('logs out at the provider as well', async () => {
    claims = { preferred_username: 'alice' };
    const here = await setting();
    const { browser, token } = await logIn(here);
    const { result } = await me(here.origin, token);
    const headers = { 'content-type': 'application/json', 'x-csrf-token': result?.csrf ?? '' };
    const out = await browser.go(`${here.origin}/api/logout`, { method: 'POST', headers, body: '{}' });
    const { redirect } = ((await out.json()) as { result: { redirect: string } }).result;
    expect(redirect.startsWith(`${issuer}/session/end?`)).toBe(true);
    const query = new URL(redirect).searchParams;
    expect(query.get('post_logout_redirect_uri')).toBe(`${here.origin}/login`);
    expect((await browser.go(redirect)).status).toBe(200);
    expect((await me(here.origin, token)).result).toBeUndefined();
  });

  it('is not there where it is not offered', async () => {
    const server = await startTestServer();
    ending.push(() => server.close());
    for (const url of ['/api/auth/oidc', '/api/auth/oidc/callback']) {
      const answer = await server.app.inject({ method: 'GET', url });
      expect([answer.statusCode, answer.json<{ error: { name: string } }>().error.name]).toEqual([
        404,
        'login-unavailable',
      ]);
    }
  });
});
