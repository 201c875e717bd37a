/** A server without rights, real accounts, real sshd and real sudo: sessions run as those they are for. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../src/contract/session.ts';
import {
  AccountsMachine,
  as,
  killLink,
  linkOf,
  NOBODY,
  processes,
  runs,
  TestService,
  until,
} from './testing/accounts-machine.ts';
import type { TestSshd } from './testing/sshd.ts';
import { NO_ACCOUNTS, type TestUser } from './testing/unix-users.ts';

const TIMEOUT = 90_000;
const machine = new AccountsMachine();
const { base, users } = machine;
let service: TestUser;
let sshd: TestSshd;

class TestServer extends TestService {
  constructor(config: object = {}) {
    super(machine, config);
  }
}

describe.skipIf(NO_ACCOUNTS !== undefined)(`sessions of many accounts${NO_ACCOUNTS ? ` (${NO_ACCOUNTS})` : ''}`, () => {
  beforeAll(async () => {
    await machine.begin();
    ({ service, sshd } = machine);
  }, TIMEOUT);

  afterAll(() => machine.end(), TIMEOUT);

  it('run under the ids of those who logged in, out of reach for everybody else', { timeout: TIMEOUT }, async () => {
    const server = await new TestServer().run();
    const people = await Promise.all([users.add(), users.add(), users.add()].map((user) => server.login(user)));
    const sessions = await Promise.all(people.map((person) => person.session()));
    for (const [at, person] of people.entries()) {
      const { login } = person.user;
      const session = sessions[at];
      expect(session).toMatchObject({ status: 'running', login, user: login });
      const theirs = processes().filter(({ user }) => user === login);
      for (const pid of [session?.serverPid, session?.appPid]) expect(theirs.map((one) => one.pid)).toContain(pid);
      expect((await person.list()).map(({ id }) => id)).toEqual([session?.id]);
    }
    // Nothing but the server itself runs as the server's account.
    expect(
      processes()
        .filter(({ user }) => user === service.login)
        .map(({ pid }) => pid),
    ).toEqual([server.pid]);

    const [one, other] = people;
    const [session] = sessions;
    if (!one || !other || !session) throw new Error('unreachable');
    for (const path of ['terminate', 'purge', 'log', 'connect', 'disconnect']) {
      await expect(other.call('POST', `/api/${path}`, { id: session.id })).rejects.toMatchObject({
        code: 'session-unknown',
      });
    }
    const link = join(one.user.home, '.local/share/casement/link');
    for (const stranger of [other.user, service]) {
      for (const file of [
        'token',
        'servers.json',
        'link.json',
        `sessions/${session.id}/xauth`,
        `sessions/${session.id}/log`,
      ]) {
        expect(as(stranger, 'cat', join(link, file)).status, file).not.toBe(0);
      }
      const connect = `require('node:net').connect(process.argv[1]).on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
      for (const socket of ['link.sock', `sessions/${session.id}/rfb.sock`]) {
        expect(as(stranger, process.execPath, '-e', connect, join(link, socket)).status, socket).toBe(1);
      }
    }
    await Promise.all(people.map((person, at) => person.call('POST', '/api/terminate', { id: sessions[at]?.id })));
  });

  it('have nothing of the server: no variable, no group, no descriptor', { timeout: TIMEOUT }, async () => {
    const server = await new TestServer().run();
    const person = await server.login(users.add());
    const { appPid } = await person.session();
    const shell = `/proc/${appPid}`;
    const names = readFileSync(`${shell}/environ`, 'utf8')
      .split('\0')
      .map((entry) => entry.split('=')[0]);
    expect(names).toContain('DISPLAY');
    expect(names.filter((name) => /SECRET|RUNTIME_DIRECTORY|SUDO|SSH_|NODE_/.test(name ?? ''))).toEqual([]);
    const groups = execFileSync('id', ['-G', person.user.login], { encoding: 'utf8' }).trim();
    expect(/^Groups:\s*(.*?)\s*$/m.exec(readFileSync(`${shell}/status`, 'utf8'))?.[1]).toBe(groups);
    const open = execFileSync('ls', ['-l', `${shell}/fd`], { encoding: 'utf8' });
    expect(open.match(/-> .*/g)?.filter((to) => /socket:|casement\.db|\/run\//.test(to))).toEqual([]);
  });

  it('are taken over when their link was killed', { timeout: TIMEOUT }, async () => {
    const server = await new TestServer().run();
    const person = await server.login(users.add());
    const before = [await person.session(), await person.session()];
    const killed = await killLink(person.user);
    const pid = await until(() => {
      const now = linkOf(person.user);
      return now !== killed && now;
    });
    expect(pid).toBeGreaterThan(0);
    for (const { id, serverPid, appPid } of before) {
      // A call that only a link answers.
      await until(() =>
        person.call('POST', '/api/log', { id }).then(
          () => true,
          () => false,
        ),
      );
      expect(await person.get(id)).toMatchObject({ status: 'running', serverPid, appPid });
      await person.call('POST', '/api/terminate', { id });
      await until(() => !runs(serverPid));
    }
  });

  it('outlive the server, whose next run finds them without asking anybody', { timeout: TIMEOUT }, async () => {
    const server = await new TestServer().run();
    const person = await server.login(users.add());
    const { id, serverPid } = await person.session();
    const link = linkOf(person.user);
    await server.stop('SIGKILL');
    await sshd.stop();
    await server.run();
    const found = await until(() => person.get(id));
    expect(found).toMatchObject({ status: 'running', serverPid });
    expect(linkOf(person.user)).toBe(link);
    await sshd.run();
    await person.call('POST', '/api/terminate', { id });
  });

  it('begin as after a real login, and say so when the login scripts are broken', { timeout: TIMEOUT }, async () => {
    const server = await new TestServer().run();
    const user = users.add();
    const write = (name: string, text: string, mode = 0o644) => {
      writeFileSync(join(user.home, name), text, { mode });
      chownSync(join(user.home, name), user.uid, NOBODY);
    };
    write(
      'own-program',
      '#!/bin/sh\ntouch "$HOME/made"; echo "$DISPLAY $FLAVOUR" >"$HOME/loaded"; exec sleep 600\n',
      0o755,
    );
    write('.profile', 'export DISPLAY=:0 PATH=$HOME:$PATH\nmodule() { export FLAVOUR=$2; }\n');
    const person = await server.login(user);
    const session = await person.session({ command: 'module load vanilla; own-program' });
    const loaded = join(user.home, 'loaded');
    const text = await until(() => existsSync(loaded) && readFileSync(loaded, 'utf8'));
    expect(text).toBe(`:${session.display} vanilla\n`);
    expect(statSync(join(user.home, 'made')).mode & 0o777).toBe(0o644);

    write('.profile', 'echo "no such thing" >&2; exit 3\n');
    const { id } = await person.session({ command: 'A=1 xterm' });
    const failed = await until(async () => {
      const now = await person.get(id);
      return now?.status === 'failed' && now;
    });
    expect(failed).toMatchObject({ error: { name: 'profile-failed' }, exitCode: 3 });
    const { log } = await person.call<{ log: string }>('POST', '/api/log', { id });
    expect(log).toContain('no such thing\nThe login scripts ended the shell with code 3.');
  });

  it('fail when login scripts hang, and their link goes when it has nothing to do', { timeout: TIMEOUT }, async () => {
    const user = users.add();
    writeFileSync(join(user.home, '.profile'), 'echo waiting; sleep 600\n');
    const dir = join(user.home, 'link');
    const casement = (...args: string[]) =>
      as(user, process.execPath, join(base, 'dist/cli/casement.mjs'), ...args, '--config_path', dir);
    const args = [join(base, 'dist/server/link.mjs'), '--dir', dir, '--login-shell', '1', '--idle', '1'];
    spawn('runuser', ['-u', user.login, '--', process.execPath, ...args], { stdio: 'ignore' }).unref();
    await until(() => existsSync(join(dir, 'link.json')));
    const { stdout } = casement('start', '--command', 'A=1 xterm');
    const { id, serverPid } = JSON.parse(stdout) as Session;
    const state = () => JSON.parse(readFileSync(join(dir, 'sessions', id, 'state.json'), 'utf8')) as Session;
    await until(() => state().status === 'failed');
    expect(state().error?.name).toBe('profile-failed');
    expect(readFileSync(join(dir, 'sessions', id, 'log'), 'utf8')).toMatch(/waiting\n[^]*not done after 1 s/);
    await until(() => !runs(serverPid));
    await until(() => !processes().some(({ user: owner }) => owner === user.login));
  });

  it('are started through sudo, by a rule that allows nothing else', { timeout: TIMEOUT }, async () => {
    const command = machine.linkCommand;
    const takeBack = machine.allowSudo();
    try {
      const server = await new TestServer({ sudo: true }).run();
      const person = await server.login(users.add());
      const { login } = person.user;
      // Nothing but sudo is left.
      await sshd.stop();
      await killLink(person.user);
      const session = await person.session();
      expect(processes().find(({ pid }) => pid === session.appPid)?.user).toBe(login);
      const names = readFileSync(`/proc/${session.appPid}/environ`, 'utf8').split('\0');
      expect(names.filter((entry) => entry.startsWith('SUDO_') || entry.startsWith('SECRET'))).toEqual([]);
      for (const other of [
        ['-u', login, '--', 'id'],
        ['-u', login, '--', ...command, 'more'],
        ['-u', 'root', '--', ...command],
      ]) {
        expect(as(service, 'sudo', '-n', ...other).status, other.join(' ')).not.toBe(0);
      }
    } finally {
      takeBack();
      await sshd.run();
    }
  });

  it('are started over SSH with the questions of sshd, where nothing else is left', { timeout: TIMEOUT }, async () => {
    const server = await new TestServer().run();
    const [person, other] = [await server.login(users.add()), await server.login(users.add())];
    await until(() => linkOf(person.user));
    // With it goes the connection of the login.
    await sshd.stop();
    await killLink(person.user);
    await expect(person.start()).rejects.toMatchObject({ code: 'ssh-unreachable' });
    const [card] = await person.list();
    expect(card).toMatchObject({ status: 'failed', error: { name: 'ssh-unreachable' } });
    const { log } = await person.call<{ log: string }>('POST', '/api/log', { id: card?.id });
    expect(log).toMatch(/^link: .*\nssh: ssh-unreachable: /);
    expect(await other.list()).toEqual([]);
    await person.call('POST', '/api/purge', { id: card?.id });
    expect(await person.list()).toEqual([]);

    await sshd.run();
    const asked = await person.start();
    if (asked.stage !== 'login') throw new Error(asked.stage);
    expect(asked.login).toMatchObject({
      stage: 'keyboard-interactive',
      prompts: [{ prompt: 'Password: ', echo: false }],
    });
    const { authtoken = '' } = asked.login;
    // Nobody else may answer, and a wrong answer ends it.
    const answers = [person.user.password];
    await expect(other.start({ login: { authtoken, answers } })).rejects.toMatchObject({ code: 'login-expired' });
    await expect(person.start({ login: { authtoken, answers: ['wrong'] } })).rejects.toMatchObject({
      code: 'login-failed',
    });
    await expect(person.start({ login: { authtoken, answers } })).rejects.toMatchObject({ code: 'login-expired' });
    expect(await person.list()).toEqual([]);

    const again = await person.start({ name: 'Mine' });
    if (again.stage !== 'login') throw new Error(again.stage);
    const started = await person.start({ login: { authtoken: again.login.authtoken, answers } });
    if (started.stage !== 'started') throw new Error(started.stage);
    expect(started.session).toMatchObject({ status: 'running', name: 'Mine', login: person.user.login });
    expect(server.err).not.toContain(person.user.password);
  });

  describe('with an account that cannot have any', () => {
    const link = (user: TestUser) => as(user, process.execPath, join(base, 'dist/cli/casement.mjs'), 'link');
    const code = (user: TestUser) => /"name":"([a-z-]+)"/.exec(link(user).stdout)?.[1];

    it('says which of its parts is in the way, and leaves nothing behind', { timeout: TIMEOUT }, () => {
      const noShell = users.add('--shell', '/usr/sbin/nologin');
      expect(code(noShell)).toBe('account-no-shell');
      const noHome = users.add();
      rmSync(noHome.home, { recursive: true });
      expect(code(noHome)).toBe('account-no-home');
      expect(existsSync(noHome.home)).toBe(false);
      const readOnly = users.add();
      chownSync(readOnly.home, 0, 0);
      expect(code(readOnly)).toBe('home-unwritable');
      for (const user of [noShell, noHome, readOnly]) expect(linkOf(user)).toBeUndefined();
    });

    const mounted = spawnSync('mount', ['--version']).status === 0 && NO_ACCOUNTS === undefined;
    it.skipIf(!mounted)('says that its home is full', { timeout: TIMEOUT }, ({ skip }) => {
      const user = users.add();
      const mount = spawnSync('mount', [
        '-t',
        'tmpfs',
        '-o',
        `size=16k,uid=${user.uid},mode=700`,
        'casement',
        user.home,
      ]);
      if (mount.status !== 0) skip('file systems cannot be mounted here');
      try {
        expect(code(user)).toBe('home-full');
        expect(linkOf(user)).toBeUndefined();
      } finally {
        spawnSync('umount', [user.home]);
      }
    });
  });
});
