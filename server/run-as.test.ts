/** Sessions that a bookmark runs under another account: real accounts, real sudo, real sessions. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { AuditPage } from '../src/contract/audit.ts';
import type { Bookmark } from '../src/contract/bookmark.ts';
import type { ConnectResult } from '../src/contract/connect.ts';
import type { Session } from '../src/contract/session.ts';
import { SOCKET_VERSION } from '../src/contract/socket.ts';
import {
  AccountsMachine,
  as,
  killLink,
  linkOf,
  processes,
  runs,
  TestService,
  until,
  type Person,
} from './testing/accounts-machine.ts';
import { NO_ACCOUNTS, type TestUser } from './testing/unix-users.ts';

const TIMEOUT = 90_000;
const machine = new AccountsMachine();
const { users } = machine;
let takeBack: () => void;
let server: TestService;
let [admin, ada, eve]: Person[] = [];
let account: TestUser;

const needed = (person: Person | undefined): Person => {
  if (!person) throw new Error('not logged in');
  return person;
};

/** A bookmark of the system that everybody sees. */
function bookmark(runAs: string, more: object = {}): Promise<Bookmark> {
  const text = { name: 'Lent', command: 'id -un >"$HOME/who"; sleep 600', geometry: '640x480', runAs, system: true };
  return needed(admin).call('POST', '/api/bookmarks', { ...text, ...more });
}

const open = (person: Person, { id }: Bookmark, more: object = {}): Promise<Session> =>
  person.session({ command: 'touch "$HOME/forged"', bookmarkId: id, ...more });

/** A call that only a link answers. */
const answers = (person: Person, id: string) =>
  until(() =>
    person.call('POST', '/api/log', { id }).then(
      () => true,
      () => false,
    ),
  );

describe.skipIf(NO_ACCOUNTS !== undefined)(`run-as${NO_ACCOUNTS ? ` (${NO_ACCOUNTS})` : ''}`, () => {
  beforeAll(async () => {
    await machine.begin();
    takeBack = machine.allowSudo();
    const [boss, one, other] = [users.add(), users.add(), users.add()];
    account = users.add();
    server = await new TestService(machine, { sudo: true, admins: [boss.login] }).run();
    admin = await server.login(boss);
    ada = await server.login(one);
    eve = await server.login(other);
  }, TIMEOUT);
  afterAll(async () => {
    takeBack();
    await machine.end();
  }, TIMEOUT);

  it('runs under the account, is the person’s, and nobody else’s', { timeout: TIMEOUT }, async () => {
    const person = needed(ada);
    const { login } = person.user;
    const made = await bookmark(account.login);
    const session = await open(person, made);
    expect(session).toMatchObject({ status: 'running', login, user: account.login, name: 'Lent' });

    // The account's own words, and what `ps` says; nothing that the client sent has run.
    const who = await until(() => as(account, 'cat', join(account.home, 'who')).stdout.trim() || undefined);
    expect(who).toBe(account.login);
    expect(as(account, 'ls', account.home).stdout).not.toContain('forged');
    const theirs = processes().filter(({ user }) => user === account.login);
    for (const pid of [session.serverPid, session.appPid]) expect(theirs.map((one) => one.pid)).toContain(pid);
    expect(theirs.map(({ args }) => args).join('\n')).not.toContain(login);

    // Nothing of the server, of sudo or of the person reaches it.
    const shell = `/proc/${session.appPid}`;
    const environment = readFileSync(`${shell}/environ`, 'utf8');
    const names = environment.split('\0').map((entry) => entry.split('=')[0]);
    expect(names).toContain('DISPLAY');
    expect(names.filter((name) => /SECRET|RUNTIME_DIRECTORY|SUDO|SSH_|NODE_/.test(name ?? ''))).toEqual([]);
    expect(environment).not.toContain(login);
    const status = readFileSync(`${shell}/status`, 'utf8');
    const groups = execFileSync('id', ['-G', account.login], { encoding: 'utf8' }).trim();
    expect(/^Groups:\s*(.*?)\s*$/m.exec(status)?.[1]).toBe(groups);
    expect(/^Uid:\s*(.*?)\s*$/m.exec(status)?.[1]?.split(/\s+/)).toEqual(Array(4).fill(String(account.uid)));
    const descriptors = execFileSync('ls', ['-l', `${shell}/fd`], { encoding: 'utf8' });
    expect(descriptors.match(/-> .*/g)?.filter((to) => /socket:|casement\.db|\/run\//.test(to))).toEqual([]);

    // Listed for the person alone: not for others, and not for the account itself when it logs in.
    const itself = await server.login(account);
    expect((await person.list()).map(({ id }) => id)).toContain(session.id);
    for (const other of [needed(eve), itself]) {
      expect(await other.list()).toEqual([]);
      for (const path of ['terminate', 'purge', 'log', 'connect', 'disconnect', 'params', 'clientcomm']) {
        const body = { id: session.id, params: {}, type: 'x', data: '' };
        await expect(other.call('POST', `/api/${path}`, body), path).rejects.toMatchObject({ code: 'session-unknown' });
      }
    }

    // The person connects, and what proves them is nowhere in reach of the account.
    const ticket = await person.call<ConnectResult>('POST', '/api/connect', { id: session.id });
    const socket = new WebSocket(`ws://127.0.0.1:${ticket.port}/ws/session/${session.id}`, {
      headers: { origin: `http://127.0.0.1:${ticket.port}` },
    });
    const frames: string[] = [];
    socket.on(
      'message',
      (data: Buffer, isBinary) => void frames.push(isBinary ? data.toString('latin1') : data.toString()),
    );
    socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', v: SOCKET_VERSION, ticket: ticket.password })));
    await until(() => frames.some((frame) => frame.startsWith('RFB 003.')));
    const welcome = frames.find((frame) => frame.includes('"welcome"')) ?? '';
    const resume = /"resume[A-Za-z]*":"([^"]{16,})"/.exec(welcome)?.[1] ?? '';
    expect(resume).not.toBe('');
    expect((await person.get(session.id))?.clients).toMatchObject([{ login }]);
    for (const secret of [ticket.password, resume]) {
      expect(as(account, 'grep', '-rlF', '--', secret, account.home).stdout).toBe('');
    }
    socket.terminate();

    const calls: [string, object][] = [
      ['params', { id: session.id, params: { depth: 3 } }],
      ['disconnect', { id: session.id }],
      ['log', { id: session.id }],
      ['terminate', { id: session.id }],
      ['purge', { id: session.id }],
    ];
    for (const [path, body] of calls) await person.call('POST', `/api/${path}`, body);
    await until(() => !runs(session.serverPid) && !runs(session.appPid));
    expect((await person.list()).map(({ id }) => id)).not.toContain(session.id);

    const { entries } = await needed(admin).call<AuditPage>('GET', `/api/admin/audit?target=${session.id}`);
    const start = entries.find(({ event }) => event === 'start');
    expect(start).toMatchObject({ login, outcome: 'ok', detail: `started: id (${made.id}) as ${account.login}` });
    expect(entries.filter((entry) => entry.login === login).map(({ event }) => event)).toContain('terminate');
  });

  it('is still the person’s after the server, and its link, were killed', { timeout: TIMEOUT }, async () => {
    const person = needed(ada);
    const session = await open(person, await bookmark(account.login));
    const killed = await killLink(account);
    await until(() => {
      const now = linkOf(account);
      return now !== undefined && now !== killed;
    });
    await answers(person, session.id);
    const kept = { status: 'running', login: person.user.login, user: account.login, appPid: session.appPid };
    expect(await person.get(session.id)).toMatchObject(kept);

    // Both at once: nobody logs in as such an account, so the next server brings its link back by itself.
    await server.stop('SIGKILL');
    await killLink(account);
    await until(() => linkOf(account) === undefined);
    await server.run();
    expect(await until(() => person.get(session.id))).toMatchObject(kept);
    expect(await (await server.login(account)).list()).toEqual([]);
    expect(await needed(eve).list()).toEqual([]);
    await answers(person, session.id);
    await person.call('POST', '/api/terminate', { id: session.id });
    await until(() => !runs(session.serverPid));
  });

  it('is refused for accounts that may not be lent, and leaves nothing', { timeout: TIMEOUT }, async () => {
    const person = needed(ada);
    const before = (await person.list()).length;
    const locked = users.add('--shell', '/usr/sbin/nologin');
    const system = users.add('--system');
    const expired = users.add('--expiredate', '1970-01-02');
    const refused = [machine.service.login, locked.login, system.login, 'daemon', 'nobody', 'ROOT', 'cmtnobody'];
    for (const name of refused) {
      await expect(open(person, await bookmark(name)), name).rejects.toMatchObject({ code: 'run-as-failed' });
    }
    expect((await person.list()).length).toBe(before);
    for (const name of ['root', '-x', 'a b']) {
      await expect(bookmark(name), name).rejects.toMatchObject({ code: 'bad-request' });
    }
    // That an account has expired only the account itself can see; there is a card that says what happened.
    await expect(open(person, await bookmark(expired.login))).rejects.toMatchObject({ code: 'run-as-failed' });
    const [card] = await person.list();
    expect(card).toMatchObject({ status: 'failed', login: person.user.login, error: { name: 'run-as-failed' } });
    const { log } = await person.call<{ log: string }>('POST', '/api/log', { id: card?.id });
    expect(log).toContain('account-expired');
    await person.call('POST', '/api/purge', { id: card?.id });

    const names = new Set([locked, system, expired].map(({ login }) => login));
    expect(processes().filter(({ user }) => names.has(user))).toEqual([]);
    const { entries } = await needed(admin).call<AuditPage>(
      'GET',
      '/api/admin/audit?event=start&outcome=run-as-failed',
    );
    expect(entries.length).toBe(refused.length + 1);
    expect(JSON.stringify(entries)).toContain('there is no such account');
  });

  it('asks for no password where the way through sudo is closed', { timeout: TIMEOUT }, async () => {
    const other = users.add();
    const made = await bookmark(other.login);
    takeBack();
    try {
      await expect(open(needed(ada), made)).rejects.toMatchObject({ code: 'run-as-failed' });
      expect(linkOf(other)).toBeUndefined();
    } finally {
      takeBack = machine.allowSudo();
    }
    expect(spawnSync('pgrep', ['-u', other.login]).status).toBe(1);
  });
});
