// @vitest-environment node
/**
 * What each thing that people do leaves in the audit list: these entries, no others, and nothing that is secret in any
 * of them. Logins against a real sshd and a real identity provider, wired as a server wires them.
 */
import type { AddressInfo } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditEntry } from '../../src/contract/audit.ts';
import type { Route } from '../../src/contract/route.ts';
import { deriveFields } from '../../src/forms/fields/index.ts';
import { assembleAuth } from '../auth/assemble.ts';
import { OidcConfig } from '../auth/oidc-config.ts';
import { createTokens } from '../auth/tokens.ts';
import { CookieBrowser } from '../testing/cookie-browser.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { startIdentityProvider, type IdentityProvider } from '../testing/identity-provider.ts';
import { TestSshd } from '../testing/sshd.ts';
import { ACCOUNT, startTestServer, type TestServer } from '../testing/test-server.ts';
import { NO_ACCOUNTS, UnixUsers, type TestUser } from '../testing/unix-users.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

type Left = Partial<Omit<AuditEntry, 'id'>> & Pick<AuditEntry, 'event' | 'login'>;
type Row = readonly [what: string, doIt: () => unknown, leaves: () => readonly Left[]];

/** From where calls come, unless a row is about that. */
const HERE = '192.0.2.7';

let server: TestServer;
let seen = 0;
/** What must not be found in any entry. */
const secrets = new Set<string>();
const secret = (text: string) => {
  secrets.add(text);
  return text;
};

async function entriesSince(): Promise<AuditEntry[]> {
  await server.policy.audit.flush();
  const all = await server.store.audit.query({}, undefined, 500);
  const fresh = all.filter(({ id }) => id > seen).toReversed();
  seen = fresh.at(-1)?.id ?? seen;
  return fresh;
}

/** `data` is compared by what the row says of it, everything else as a whole. */
async function check([, doIt, leaves]: Row): Promise<void> {
  await entriesSince();
  await doIt();
  const rest = { address: HERE, outcome: 'ok', target: '', owner: '', detail: '', data: expect.anything() as unknown };
  const found = await entriesSince();
  const given = found.map(({ id: _id, at: _at, data, ...entry }) => ({ ...entry, data: data ?? 'nothing' }));
  expect(given).toEqual(leaves().map((entry) => ({ ...rest, ...entry })));
}

async function noSecret(): Promise<void> {
  const { entries } = await server.policy.audit.page({ limit: 500 });
  expect(entries.length).toBeGreaterThan(5);
  const text = JSON.stringify(entries);
  const said = [...secrets].filter((one) => text.includes(one) || text.includes(JSON.stringify(one).slice(1, -1)));
  expect(said).toEqual([]);
}

interface Answer {
  readonly result: { readonly [name: string]: unknown };
  readonly error?: { readonly name: string };
  readonly statusCode: number;
}

async function ask(
  method: Route['method'],
  path: string,
  payload?: object,
  { token, headers = {}, from = HERE }: { token?: string; headers?: Record<string, string>; from?: string } = {},
): Promise<Answer> {
  const answer = await server.app.inject({
    method,
    url: path.startsWith('/v3') ? path : `/api${path}`,
    remoteAddress: from,
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  const isJson = /^application\/json\b/.test(String(answer.headers['content-type'])) && !path.includes('/export');
  return { ...(isJson ? answer.json<Answer>() : { result: {} }), statusCode: answer.statusCode };
}

const TWICE = [1, 2];

describe.skipIf(NO_ACCOUNTS !== undefined)('logins leave', () => {
  const users = new UnixUsers();
  let alice: TestUser;
  let sshd: TestSshd;
  let idp: IdentityProvider;
  let origin: string;
  let dataDir: string;

  beforeAll(async () => {
    for (const level of ['info', 'warn'] as const) vi.spyOn(console, level).mockReturnValue();
    [alice, sshd, idp] = [users.add(), await TestSshd.start(), await startIdentityProvider()];
    secret(alice.password);
    secret(idp.secret);
    server = await startTestServer({ loginTriesPerMinute: 5 }, {}, async ({ store, policy, dir, log }) => {
      dataDir = dir;
      return assembleAuth({
        methods: ['local', 'ssh', 'oidc'],
        store,
        dataDir: dir,
        serverId: 'test',
        account: ACCOUNT,
        levels: { admins: [], managers: [] },
        policy,
        ssh: { host: '127.0.0.1', port: sshd.port, trustFirstKey: true },
        oidc: OidcConfig.parse({ issuer: idp.issuer, clientId: 'casement' }),
        oidcSecret: idp.secret,
        adopt: (_user, connection) => connection.end(),
        log,
      });
    });
    origin = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`;
    idp.serve(origin);
    seen = 0;
  });
  afterAll(async () => {
    await noSecret();
    await server.close();
    secrets.clear();
    await sshd.remove();
    await idp.stop();
    users.removeAll();
    vi.restoreAllMocks();
  });

  let used = '';
  let token = '';
  let other = '';
  const link = (text: string, from?: string) =>
    ask('POST', '/auth/local', { secret: secret(text) }, from === undefined ? {} : { from });
  const ssh = async (payload: object, from?: string) => {
    const answer = await ask('POST', '/auth/ssh', payload, from === undefined ? {} : { from });
    for (const name of ['token', 'authtoken']) {
      const given = answer.result?.[name];
      if (typeof given === 'string') secret(given);
    }
    return answer;
  };
  const hers = (more: Partial<Left> = {}): Left => ({
    event: 'login',
    login: alice.login,
    detail: 'over SSH',
    ...more,
  });
  const refusedTo = (login: string, outcome: string, detail = 'over SSH'): Left => ({
    event: 'login-refused',
    login,
    outcome,
    detail,
  });
  const hostKey = (event: string): Left => ({
    event,
    login: '',
    address: '',
    detail: expect.stringMatching(/^127\.0\.0\.1:\d+ SHA256:/) as string,
  });
  const byProvider = async (claims: Record<string, unknown>, stop?: (url: string) => boolean) => {
    idp.person = claims;
    const browser = new CookieBrowser();
    const isOver = (url: string) => url === `${origin}/` || url.startsWith(`${origin}/login`);
    const end = await browser.follow(`${origin}/api/auth/oidc`, stop ?? isOver);
    for (const url of browser.visited.map((one) => new URL(one))) {
      for (const name of ['code', 'state', 'nonce', 'code_challenge']) {
        const value = url.searchParams.get(name);
        if (value !== null) secret(value);
      }
    }
    const cookie = browser.cookie(origin, 'token');
    if (cookie !== undefined) secret(cookie);
    return { end: new URL(end), browser };
  };
  const LOOPBACK = { address: '127.0.0.1', detail: 'by OpenID Connect' };

  const ROWS: readonly Row[] = [
    [
      'one entry for the link',
      async () => link((used = await server.auth.newLoginSecret())),
      () => [{ event: 'login', login: ACCOUNT.login, detail: 'with the link' }],
    ],
    ['why a link did nothing', () => link(used), () => [refusedTo('', 'login-link-used', 'with the link')]],
    [
      'nothing of who made up a link, and one entry for all that came too often',
      async () => {
        for (let n = 0; n < 9; n++) await link('not-a-link', '192.0.2.8');
      },
      () =>
        [...Array.from({ length: 5 }, () => 'login-link-unknown'), 'rate-limited'].map((code) => ({
          ...refusedTo('', code, 'with the link'),
          address: '192.0.2.8',
        })),
    ],
    [
      'the first host key, and the login',
      async () => {
        token = String((await ssh({ username: alice.login, password: alice.password })).result['token']);
      },
      () => [hostKey('host-key-added'), hers()],
    ],
    [
      'one entry for a login in rounds',
      async () => {
        const { authtoken } = (await ssh({ username: alice.login })).result;
        await ssh({ authtoken, answers: [alice.password] });
      },
      () => [hers()],
    ],
    [
      'one entry for a login by the address that FastX 2 had',
      async () => {
        const payload = { username: alice.login, password: alice.password };
        other = secret(String((await ask('POST', '/login', payload)).result['token']));
      },
      () => [hers()],
    ],
    [
      'the account at which a password was wrong',
      () => ssh({ username: alice.login, password: secret('not-her-password') }),
      () => [refusedTo(alice.login, 'login-failed')],
    ],
    [
      'no name that is no account’s',
      async () => {
        await ssh({ username: 'cmtnobody9', password: 'x' });
        // Typed into the wrong field: one could be an account's by its form, one could not.
        await ssh({ username: secret('hunter2hunter2'), password: '', basic: true });
        await ssh({ username: secret('My pass:word'), password: 'x' });
      },
      () => [refusedTo('', 'login-failed'), refusedTo('', 'login-failed'), refusedTo('', 'login-failed')],
    ],
    [
      'of those who go on guessing while they have to wait, one entry',
      async () => {
        for (let n = 0; n < 9; n++) await ssh({ username: '-guessed-', password: 'x' }, '192.0.2.9');
      },
      () =>
        [...Array.from({ length: 5 }, () => 'login-failed'), 'rate-limited'].map((code) => ({
          ...refusedTo('', code),
          address: '192.0.2.9',
        })),
    ],
    [
      'that a rule keeps somebody out, besides the rule',
      async () => {
        const rule = { level: 'disabled', grant: [], deny: [], note: '', version: 0 };
        await ask('PUT', `/admin/permissions/${alice.login}`, rule, { token: server.token });
        await ssh({ username: alice.login, password: alice.password });
        await ask('DELETE', `/admin/permissions/${alice.login}`, { version: 1 }, { token: server.token });
      },
      () => {
        const change: Left = { event: 'permission-changed', login: ACCOUNT.login, target: alice.login };
        return [change, refusedTo(alice.login, 'account-disabled'), change];
      },
    ],
    [
      'that the server is closed for logins',
      async () => {
        await server.policy.servers.save('server-1', { login: false, start: true }, 0);
        await ssh({ username: alice.login, password: alice.password });
        await server.policy.servers.save('server-1', { login: true, start: true }, 1);
      },
      () => [refusedTo(alice.login, 'server-closed')],
    ],
    [
      'one entry for a login by the identity provider',
      () => byProvider({ preferred_username: alice.login }),
      () => [hers(LOOPBACK)],
    ],
    [
      'nobody’s name where the provider’s is no account’s',
      () => byProvider({ preferred_username: secret('somebody-elsewhere') }),
      () => [{ ...refusedTo('', 'oidc-unmapped'), ...LOOPBACK }],
    ],
    [
      'that somebody gave up at the provider',
      async () => {
        const { end, browser } = await byProvider({}, (url) => url.startsWith(idp.issuer));
        const state = end.searchParams.get('state') ?? '';
        const query = new URLSearchParams({ error: 'access_denied', state, iss: idp.issuer });
        await browser.go(`${origin}/api/auth/oidc/callback?${query.toString()}`);
      },
      () => [{ ...refusedTo('', 'oidc-denied'), ...LOOPBACK }],
    ],
    [
      'nothing of answers that belong to no login',
      async () => {
        await ssh({ authtoken: 'gone', answers: ['x'] });
        await ask('GET', '/auth/oidc/callback?code=x&state=y', undefined, { headers: { cookie: 'oidc=y' } });
        await ask('GET', '/me', undefined, { token: 'x.y.z' });
        await ask('POST', '/logout', {});
      },
      () => [],
    ],
    [
      'that a page of somebody else used the login',
      async () => {
        token = String((await ssh({ username: alice.login, password: alice.password })).result['token']);
        const cookie = `token=${token}`;
        await ask('POST', '/terminate', { id: 's-1' }, { headers: { cookie, origin: 'https://evil.example' } });
        await ask('POST', '/terminate', { id: 's-1' }, { headers: { cookie } });
      },
      () => {
        const refused: Left = { event: 'refused', login: alice.login, detail: 'POST /api/terminate' };
        return [hers(), { ...refused, outcome: 'origin-denied' }, { ...refused, outcome: 'csrf-missing' }];
      },
    ],
    [
      'which login was ended from another, and that all others were',
      async () => {
        const first = (await ssh({ username: alice.login, password: alice.password })).result['token'];
        const list = (await ask('GET', '/logins', undefined, { token })).result as unknown as {
          id: string;
          current: boolean;
        }[];
        other = list.find(({ current }) => !current)?.id ?? '';
        await ask('DELETE', `/logins/${other}`, undefined, { token });
        await ask('DELETE', `/logins/${other}`, undefined, { token });
        await ask('POST', '/logins/revoke-others', {}, { token });
        expect((await ask('GET', '/me', undefined, { token: String(first) })).statusCode).toBe(401);
      },
      () => {
        const revoked: Left = { event: 'login-revoked', login: alice.login };
        return [hers(), { ...revoked, target: other }, { ...revoked, target: other, outcome: 'not-found' }, revoked];
      },
    ],
    [
      'one entry for the end of a login, and nothing of the token afterwards',
      async () => {
        const { csrf } = (await ask('GET', '/me', undefined, { token })).result;
        secret(String(csrf));
        for (const _ of TWICE) await ask('POST', '/logout', {}, { token });
      },
      () => [{ event: 'logout', login: alice.login }],
    ],
    [
      'that the host key is another, and that nobody got in',
      async () => {
        const file = join(dataDir, 'known_hosts');
        const [host = '', type = ''] = readFileSync(file, 'utf8').split(' ');
        const key = Buffer.concat([
          Buffer.from([0, 0, 0, 11]),
          Buffer.from('ssh-ed25519'),
          Buffer.from([0, 0, 0, 32]),
          Buffer.alloc(32, 7),
        ]);
        writeFileSync(file, `${host} ${type} ${key.toString('base64')}\n`);
        await ssh({ username: alice.login, password: alice.password });
      },
      () => [hostKey('host-key-changed'), refusedTo(alice.login, 'host-key-changed')],
    ],
    [
      'that the session server was away',
      async () => {
        await sshd.stop();
        await ssh({ username: alice.login, password: alice.password });
      },
      () => [refusedTo(alice.login, 'ssh-unreachable')],
    ],
  ];

  it.each(ROWS)('%s', (...row) => check(row));
});

describe('calls leave', () => {
  const GROUPS: Record<string, string[]> = { bob: ['staff'], eve: [], ada: ['wheel'], max: ['leads'] };
  const CLIENT = { address: '192.0.2.1', userAgent: 'curl/8', shared: false };
  const people: Record<string, string> = {};
  const as = (who: string) => ({ token: people[who] ?? '' });
  const by = (login: string, event: string, more: Partial<Left> = {}): Left => ({ event, login, ...more });

  beforeAll(async () => {
    server = await startTestServer(
      {},
      {
        methods: ['local', 'ssh'],
        levels: { admins: ['@wheel'], managers: ['@leads'] },
        accounts: {
          ownGroups: async () => [],
          find: async (login) => {
            const groups = GROUPS[login];
            const ids = { uid: 2000, gid: 2000, home: `/home/${login}`, shell: '/bin/sh' };
            return groups && { login, ...ids, groups };
          },
        },
      },
    );
    seen = 0;
    secret('in-the-arguments');
    secret('a value of a parameter');
    const tokens = await createTokens({ store: server.store, issuer: 'casement:test', now: Date.now });
    for (const who of Object.keys(GROUPS)) people[who] = secret((await tokens.issue(who, 'ssh', CLIENT)).token);
    const html =
      '<input name="project"><input name="licence" data-remember="off"><input name="code" data-type="number" data-remember="off">';
    await server.store.forms.addMissing({
      id: 'ask',
      name: 'Ask',
      html,
      version: 1,
      fields: deriveFields(html).fields,
    });
    for (const [id, login] of [
      ['his-1', 'bob'],
      ['his-2', 'bob'],
      ['his-3', 'bob'],
      ['hers-1', 'eve'],
    ] as const) {
      server.host.put(sessionOf(id, { login, user: login }));
    }
  });
  afterAll(async () => {
    await noSecret();
    await server.close();
    secrets.clear();
  });

  const START = { command: 'solver --key in-the-arguments', geometry: '800x600', forms: [] };
  const answers = { project: 'wing', licence: 'l!c"ence', code: 42_871, apiToken: 'by-name-alone' };
  const session = expect.stringMatching(/^[\w-]{8,}$/) as string;
  let made = '';
  let revision = 0;
  const publish = async (name: string, text: string) => {
    const body = { kind: 'javascript', text };
    const saved = await ask('PUT', `/admin/functions/${name}`, { body, revision }, as('ada'));
    revision = Number(saved.result['revision']);
    await ask('POST', `/admin/functions/${name}/publish`, { revision }, as('ada'));
  };
  const functionChanged = (detail: string, data: object): Left =>
    by('ada', 'function-changed', { target: 'start-event', detail, data: expect.objectContaining(data) as never });
  const RULE = { level: 'full', grant: [], deny: ['terminate'], note: '', version: 0 };
  const BOOKMARK = { name: 'Solver', command: 'solver', params: { seat: 'a value of a parameter' } };

  const ROWS: readonly Row[] = [
    [
      'what a start ran and where it was found, of its command the program',
      async () => {
        await ask('POST', '/start', START, as('bob'));
        await ask(
          'POST',
          '/start',
          { ...START, command: `KEY=in-the-arguments B="in-the-arguments" solver -x` },
          as('bob'),
        );
      },
      () => {
        const start = by('bob', 'start', { target: session, detail: 'started: solver' });
        return [start, start];
      },
    ],
    [
      'nothing that was typed into a field whose answers are not kept, whatever functions make of it',
      async () => {
        for (const value of [answers.licence, String(answers.code), answers.apiToken]) secret(value);
        await publish(
          'start-event',
          `(input) => {
            const { licence, code } = input.data.params;
            if (input.data.name === 'no') throw new Error('not with ' + licence + ' and ' + code);
            return { ...input, data: { ...input.data, params: { ...input.data.params, line: '--l=' + licence + code } } };
          }`,
        );
        const start = { ...START, answered: [{ id: 'ask', version: 1 }], params: answers };
        await ask('POST', '/start', start, as('bob'));
        await ask('POST', '/start', { ...start, name: 'no' }, as('bob'));
        await ask('DELETE', '/admin/functions/start-event', undefined, as('ada'));
      },
      () => [
        functionChanged('adminFunctionSave', { revision: 1 }),
        functionChanged('adminFunctionPublish', { revision: 1 }),
        by('bob', 'start', {
          target: session,
          detail: 'started: solver',
          data: expect.objectContaining({
            steps: expect.arrayContaining([
              expect.objectContaining({ step: 'event', returned: expect.stringContaining('--l=••••••') as string }),
            ]) as unknown,
          }) as never,
        }),
        by('bob', 'start', { outcome: 'start-refused', detail: 'solver' }),
        functionChanged('adminFunctionDelete', {}),
      ],
    ],
    [
      'why a start came to nothing, once',
      async () => {
        await ask('POST', '/start', { ...START, bookmarkId: 'gone' }, as('bob'));
        await ask('POST', '/start', { ...START, profile: 'gone' }, as('bob'));
      },
      () => [
        by('bob', 'start', { outcome: 'bookmark-unknown', detail: 'solver (gone)' }),
        by('bob', 'start', { outcome: 'profile-unknown', detail: 'solver' }),
      ],
    ],
    [
      'who looked at which session, and who tried; no ticket',
      async () => {
        const { result } = await ask('POST', '/connect', { id: 'his-1' }, as('bob'));
        secret(String(result['password']));
        await ask('POST', '/v3/api/connect', { id: 'his-1' }, as('bob'));
        await ask('POST', '/connect', { id: 'his-1' }, as('ada'));
        await ask('POST', `/connect/${people['bob']}`, { id: 'his-1' });
      },
      () => {
        const his = by('bob', 'connect', { target: 'his-1' });
        const tried = by('ada', 'connect', { target: 'his-1', owner: 'bob', outcome: 'session-unknown' });
        return [his, his, tried, his];
      },
    ],
    [
      'the start and the session of a shortcut',
      async () => {
        for (const _ of TWICE) {
          const { result } = await ask('POST', '/connect/shortcut', { id: 'terminal' }, as('bob'));
          made = String(result['id']);
          secret(String(result['password']));
        }
      },
      () => {
        const connect = by('bob', 'connect', { target: made });
        return [by('bob', 'start', { target: made, detail: 'started: xterm (terminal)' }), connect, connect];
      },
    ],
    [
      'names of parameters and kinds of messages, no values',
      async () => {
        const params = { mood: secret('the-mood'), password: secret('the-password') };
        await ask('POST', '/params', { id: 'his-1', params }, as('bob'));
        await ask('POST', '/clientcomm', { id: 'his-1', type: 'paste', data: secret('from the clipboard') }, as('bob'));
      },
      () => [
        by('bob', 'params', { target: 'his-1', detail: 'mood, password' }),
        by('bob', 'clientcomm', { target: 'his-1', detail: 'paste' }),
      ],
    ],
    [
      'whose log was read, unless it was one’s own',
      async () => {
        for (const who of ['bob', 'ada', 'max']) await ask('POST', '/log', { id: 'his-1' }, as(who));
      },
      () => [
        by('ada', 'log', { target: 'his-1', owner: 'bob' }),
        by('max', 'log', { target: 'his-1', owner: 'bob', outcome: 'session-unknown' }),
      ],
    ],
    [
      'who sent viewers away, ended and removed sessions, and whose they were',
      async () => {
        await ask('POST', '/disconnect', { id: 'his-1' }, as('bob'));
        await ask('POST', '/disconnect', { id: 'his-1' }, as('max'));
        await ask('POST', '/terminate', { id: 'his-2' }, as('max'));
        await ask('POST', '/terminate', { id: 'hers-1' }, as('bob'));
        await ask('POST', '/purge', { id: 'his-2' }, as('ada'));
        await ask('POST', '/purge', { id: 'none-such' }, as('ada'));
      },
      () => [
        by('bob', 'disconnect', { target: 'his-1' }),
        by('max', 'disconnect', { target: 'his-1', owner: 'bob' }),
        by('max', 'terminate', { target: 'his-2', owner: 'bob' }),
        by('bob', 'terminate', { target: 'hers-1', owner: 'eve', outcome: 'session-unknown' }),
        by('ada', 'purge', { target: 'his-2', owner: 'bob' }),
        by('ada', 'purge', { target: 'none-such', outcome: 'session-unknown' }),
      ],
    ],
    [
      'which rule was written, what it was before, and what it refused',
      async () => {
        await ask('PUT', '/admin/permissions/bob', RULE, as('ada'));
        await ask('PUT', '/admin/permissions/bob', RULE, as('ada'));
        await ask('POST', '/terminate', { id: 'his-3' }, as('bob'));
        await ask('GET', '/admin/permissions', undefined, as('bob'));
        await ask('DELETE', '/admin/permissions/bob', { version: 1 }, as('ada'));
      },
      () => {
        const rule = by('ada', 'permission-changed', { target: 'bob' });
        const after = expect.objectContaining({ deny: ['terminate'] }) as unknown;
        const refused = by('bob', 'refused', { outcome: 'forbidden' });
        return [
          { ...rule, data: { before: null, after } as never },
          { ...rule, outcome: 'permission-conflict', data: 'nothing' },
          { ...refused, target: 'terminate', detail: 'terminate: POST /api/terminate' },
          { ...refused, target: 'admin', detail: 'admin: GET /api/admin/permissions' },
          { ...rule, data: { before: after, after: null } as never },
        ];
      },
    ],
    [
      'settings and switches before and after',
      async () => {
        const settings = {
          seats: { perUser: 9, perServer: 0, total: 0 },
          audit: { days: 1, entries: 1000 },
          version: 0,
        };
        await ask('PUT', '/admin/settings', settings, as('ada'));
        await ask('PUT', '/admin/servers/server-1', { accepts: { login: true, start: true }, version: 0 }, as('ada'));
      },
      () => [
        by('ada', 'settings-changed', {
          data: {
            before: expect.objectContaining({ version: 0 }) as unknown,
            after: expect.objectContaining({ seats: { perUser: 9, perServer: 0, total: 0 } }) as unknown,
          } as never,
        }),
        by('ada', 'server-changed', { target: 'server-1' }),
      ],
    ],
    [
      'which profile was written, what it was before, and that one came too late',
      async () => {
        await ask('POST', '/admin/profiles', { name: 'Lab' }, as('ada'));
        for (const _ of TWICE) {
          await ask('PUT', '/admin/profiles/lab', { name: 'Lab', maxRunSeconds: 60, version: 1 }, as('ada'));
        }
        await ask('PUT', '/admin/profile-default', { id: 'lab' }, as('ada'));
        await ask('DELETE', '/admin/profiles/lab', undefined, as('ada'));
      },
      () => {
        const changed = (call: string, data: unknown, more: Partial<Left> = {}) =>
          by('ada', 'profile-changed', { target: 'lab', detail: `adminProfile${call}`, data: data as never, ...more });
        const at = (maxRunSeconds: number | null) => expect.objectContaining({ id: 'lab', maxRunSeconds }) as unknown;
        return [
          changed('Create', { before: null, after: at(null) }),
          changed('Save', { before: at(null), after: at(60) }),
          changed('Save', 'nothing', { outcome: 'conflict' }),
          changed('Default', { before: { ownDefault: null }, after: { ownDefault: 'lab' } }),
          changed('Delete', { before: at(60), after: null }),
        ];
      },
    ],
    [
      'which bookmark of the site was written, and who could not; none of one’s own',
      async () => {
        const own = await ask('POST', '/bookmarks', BOOKMARK, as('bob'));
        await ask('DELETE', `/bookmarks/${String(own.result['id'])}`, undefined, as('bob'));
        await ask('POST', '/bookmarks', { ...BOOKMARK, system: true }, as('bob'));
        made = String((await ask('POST', '/bookmarks', { ...BOOKMARK, system: true }, as('ada'))).result['id']);
        for (const who of ['bob', 'ada', 'ada']) {
          await ask('PUT', `/bookmarks/${made}`, { ...BOOKMARK, command: 'other', version: 1 }, as(who));
        }
        await ask('PUT', `/bookmarks/${made}/hidden`, { hidden: true }, as('ada'));
        await ask('DELETE', `/bookmarks/${made}`, undefined, as('ada'));
        await ask('POST', `/bookmarks/${made}/restore`, {}, as('ada'));
      },
      () => {
        const it = (command: string) =>
          expect.objectContaining({ id: made, command, params: ['seat'], runAs: null }) as unknown;
        const changed = (event: string, before: unknown, after: unknown) =>
          by('ada', event, { target: made, detail: 'Solver', data: { before, after } as never });
        const refused = by('bob', 'refused', { outcome: 'forbidden' });
        return [
          { ...refused, detail: 'POST /api/bookmarks' },
          { ...changed('bookmark-created', null, it('solver')), detail: '' },
          { ...refused, target: made, detail: `${made}: PUT /api/bookmarks/:id` },
          changed('bookmark-changed', it('solver'), it('other')),
          { ...changed('bookmark-changed', null, null), outcome: 'bookmark-conflict', data: 'nothing' },
          changed('bookmark-hidden', it('other'), it('other')),
          changed('bookmark-deleted', it('other'), null),
          { ...changed('bookmark-restored', null, it('other')), detail: '' },
        ];
      },
    ],
    [
      'which form was written and in which version, not its text',
      async () => {
        const html = `<input name="${secret('a-field-of-the-form')}">`;
        const form = await ask('POST', '/admin/forms', { name: 'New', html }, as('ada'));
        made = String(form.result['id']);
        await ask('POST', `/admin/forms/${made}/publish`, { revision: form.result['revision'] }, as('ada'));
        await ask('DELETE', `/admin/forms/${made}`, undefined, as('ada'));
      },
      () => {
        const changed = (call: string, data: unknown) =>
          by('ada', 'form-changed', { target: made, detail: `adminForm${call}`, data: data as never });
        const first = expect.objectContaining({ revision: 1 }) as unknown;
        return [changed('Create', first), changed('Publish', first), changed('Delete', 'nothing')];
      },
    ],
    [
      'that the list was taken away, and read by whom it is not for',
      async () => {
        await ask('GET', '/admin/audit/export?search=bob', undefined, as('ada'));
        await ask('GET', '/admin/audit', undefined, as('bob'));
        await ask('GET', '/admin/audit', undefined, as('ada'));
      },
      () => [
        by('ada', 'audit-exported', { detail: 'search' }),
        by('bob', 'refused', { outcome: 'forbidden', target: 'audit', detail: 'audit: GET /api/admin/audit' }),
      ],
    ],
  ];

  it.each(ROWS)('%s', (...row) => check(row));
});
