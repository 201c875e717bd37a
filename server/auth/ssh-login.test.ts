import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getHeapSnapshot } from 'node:v8';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSshServer, type SshServer, type SshServerOptions } from '../testing/ssh-server.ts';
import { PAM, TestSshd, type SshdOptions } from '../testing/sshd.ts';
import { newTotpSecret, totp } from '../testing/totp.ts';
import { NO_ACCOUNTS, UnixUsers, type TestUser } from '../testing/unix-users.ts';

// Real accounts and real daemons, on a machine that may be busy with other tests.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

interface Prompt {
  prompt: string;
  echo: boolean;
}
interface Stage {
  stage: string;
  authtoken: string;
  prompts: Prompt[];
  notice?: string;
  instruction?: string;
  challenge: string;
  token: string;
}
const stageOf = (answer: LightMyRequestResponse) => answer.json<{ result: Stage }>().result;
const errorOf = (answer: LightMyRequestResponse) =>
  answer.json<{ error: { name: string; message: string; details?: { reason?: string; retryAfter?: number } } }>().error;
const refusal = (answer: LightMyRequestResponse) => [answer.statusCode, errorOf(answer)?.name];

describe.skipIf(NO_ACCOUNTS !== undefined)(`logging in over SSH${NO_ACCOUNTS ? ` (${NO_ACCOUNTS})` : ''}`, () => {
  const users = new UnixUsers();
  let alice: TestUser;
  let sshd: TestSshd;
  let server: SshServer;
  const ending: (() => Promise<void>)[] = [];

  /** Another sshd or server, for one test. */
  async function another(options: SshdOptions & { server?: SshServerOptions } = {}) {
    const own = await TestSshd.start(options);
    const its = await startSshServer(own.port, options.server);
    ending.push(
      () => own.remove(),
      () => its.close(),
    );
    return { sshd: own, server: its };
  }
  async function anotherServer(options: SshServerOptions) {
    const its = await startSshServer(options.port ?? sshd.port, options);
    ending.push(() => its.close());
    return its;
  }

  beforeAll(async () => {
    alice = users.add();
    sshd = await TestSshd.start();
    server = await startSshServer(sshd.port);
  });
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });
  afterAll(async () => {
    await server?.close();
    await sshd?.remove();
    users.removeAll();
  });

  it('takes name and password at once, and gives a token, a cookie and the connection', async () => {
    const { login, password } = alice;
    const answer = await server.login({ username: login, password });
    expect(answer.statusCode).toBe(200);
    const { stage, token } = stageOf(answer);
    expect([stage, answer.json<{ result: { host: string } }>().result.host]).toEqual(['success', '127.0.0.1']);
    expect(String(answer.headers['set-cookie'])).toMatch(/^token=[^;]+;.*Expires=.*HttpOnly/);
    expect(await server.me(token)).toMatchObject({ login, level: 'full', groups: [login] });
    const [adopted] = server.adopted;
    expect(adopted?.user).toMatchObject({ login, uid: alice.uid, home: alice.home });
    // The connection is the user's own.
    const out = await new Promise((resolve, reject) => {
      adopted?.connection.exec('id -un', (error, channel) => {
        if (error) reject(error);
        else channel.once('data', (data: Buffer) => resolve(data.toString().trim()));
      });
    });
    expect(out).toBe(login);
  });

  it('makes a login on a shared computer end with the browser', async () => {
    const { login, password } = alice;
    const answer = await server.login({ username: login, password, shared: true });
    expect(String(answer.headers['set-cookie'])).not.toMatch(/Expires/);
    const asked = await server.login({ username: login, shared: true });
    const later = await server.login({ authtoken: stageOf(asked).authtoken, answers: [password] });
    expect(String(later.headers['set-cookie'])).not.toMatch(/Expires/);
  });

  it('asks one round at a time, with sshd’s own words', async () => {
    const asked = await server.login({ username: alice.login });
    expect(stageOf(asked)).toMatchObject({ stage: 'keyboard-interactive', prompts: [{ echo: false }] });
    expect(stageOf(asked).prompts[0]?.prompt).toMatch(/Password: $/);
    expect(asked.headers['set-cookie']).toBeUndefined();
    const { authtoken } = stageOf(asked);
    const miscounted = await server.login({ authtoken, answers: ['a', 'b'] });
    expect(refusal(miscounted)).toEqual([400, 'bad-request']);
    expect(stageOf(await server.login({ authtoken, answers: [alice.password] })).stage).toBe('success');
    expect(refusal(await server.login({ authtoken, answers: [alice.password] }))).toEqual([401, 'login-expired']);
  });

  it('refuses a wrong password and an unknown name with the same words, after asking sshd about both', async () => {
    const wrong = await server.login({ username: alice.login, password: 'wrong' });
    const unknown = await server.login({ username: 'cmtnobody0', password: 'wrong' });
    expect(refusal(wrong)).toEqual([401, 'login-failed']);
    expect({ ...errorOf(unknown), ref: '' }).toEqual({ ...errorOf(wrong), ref: '' });
    expect(sshd.log).toMatch(new RegExp(`PAM: Authentication failure for ${alice.login}`));
    expect(sshd.log).toMatch(/Invalid user cmtnobody0/);
    const first = async (username: string) => {
      const { authtoken, ...rest } = stageOf(await server.login({ username }));
      expect(authtoken).toHaveLength(32);
      return JSON.stringify(rest).replaceAll(username, 'NAME');
    };
    expect(await first('cmtnobody1')).toBe(await first(alice.login));
  });

  it.each([
    ['a newline', 'al\nice'],
    ['a dash in front', '-oProxyCommand=x'],
    ['10 kB', 'a'.repeat(10_240)],
    ['nothing', ''],
    ['a colon', 'root:x'],
    ['a path', '../../etc'],
    ['a NUL', 'a\0b'],
    ['a user id', '0'],
    ['bytes that are not UTF-8', '\uFFFD\uFFFD'],
  ])('refuses a name with %s like a wrong password, without asking anybody', async (_what, username) => {
    const before = sshd.log.length;
    const fresh = await anotherServer({});
    const answer = await fresh.login({ username, password: 'x' });
    expect(refusal(answer)).toEqual([401, 'login-failed']);
    expect(errorOf(answer).message).toBe('The user name or an answer is wrong.');
    expect(sshd.log).toHaveLength(before);
  });

  it('takes bytes that are not UTF-8 for no name', async () => {
    const payload = Buffer.concat([Buffer.from('{"username":"al'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const headers = { 'content-type': 'application/json' };
    const answer = await server.server.app.inject({ method: 'POST', url: '/api/auth/ssh', payload, headers });
    expect(refusal(answer)).toEqual([401, 'login-failed']);
  });

  it('asks for a second factor word for word, and shows what may be seen', async () => {
    const secrets = join(sshd.dir, 'secrets');
    mkdirSync(secrets, { recursive: true, mode: 0o700 });
    const secret = newTotpSecret();
    writeFileSync(join(secrets, alice.login), `${secret}\n" TOTP_AUTH\n`, { mode: 0o400 });
    const google = `auth required pam_google_authenticator.so echo_verification_code user=root secret=${secrets}/\${USER}`;
    const own = await another({ pam: [PAM[0] ?? '', google, ...PAM.slice(1)] });
    const asked = await own.server.login({ username: alice.login, password: alice.password });
    const { authtoken, prompts } = stageOf(asked);
    expect(prompts).toEqual([{ prompt: expect.stringMatching(/Verification code: $/) as string, echo: true }]);
    const done = await own.server.login({ authtoken, answers: [totp(secret)] });
    expect(stageOf(done).stage).toBe('success');

    const wrong = await own.server.throughRounds({ username: alice.login, password: alice.password }, ['000000']);
    expect(refusal(wrong)).toEqual([401, 'login-failed']);
    // Every prompt gets the password there, and no second factor is a password.
    const basic = await own.server.login({ username: alice.login, password: alice.password, basic: true });
    expect(refusal(basic)).toEqual([401, 'login-failed']);
  });

  it('shows the banner, and what login modules say', async () => {
    const banner = join(sshd.dir, 'banner');
    writeFileSync(banner, 'Maintenance on Sunday.\nAuthorised use only.\n');
    const own = await another({
      pam: [`auth optional pam_echo.so file=${banner}`, ...PAM],
      config: [`Banner ${banner}`],
    });
    const { notice, prompts, instruction } = stageOf(await own.server.login({ username: alice.login }));
    expect(notice).toBe('Maintenance on Sunday.\nAuthorised use only.');
    expect(`${instruction} ${prompts[0]?.prompt}`).toMatch(/Maintenance on Sunday/);
  });

  it('goes through the change of a password that must be changed', async () => {
    const user = users.add();
    execFileSync('chage', ['-d', '0', user.login]);
    const next = 'Another-9-long-one';
    const asked = await server.login({ username: user.login, password: user.password });
    expect(stageOf(asked).prompts[0]?.prompt).toMatch(/Current password/);
    const { authtoken } = stageOf(asked);
    const chosen = await server.login({ authtoken, answers: [user.password] });
    expect(stageOf(chosen).prompts[0]).toMatchObject({
      prompt: expect.stringMatching(/New password/) as string,
      echo: false,
    });
    await server.login({ authtoken, answers: [next] });
    const done = await server.login({ authtoken, answers: [next] });
    expect(stageOf(done).stage).toBe('success');
    expect(refusal(await server.login({ username: user.login, password: user.password }))).toEqual([
      401,
      'login-failed',
    ]);
    expect(stageOf(await server.login({ username: user.login, password: next })).stage).toBe('success');
  });

  it('uses the password method where sshd has no other', async () => {
    const own = await another({ config: ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no'] });
    const asked = await own.server.login({ username: alice.login });
    expect(stageOf(asked)).toMatchObject({ stage: 'password', prompts: [{ echo: false }] });
    const { authtoken } = stageOf(asked);
    expect(stageOf(await own.server.login({ authtoken, answers: [alice.password] })).stage).toBe('success');
    const wrong = await own.server.login({ username: alice.login, password: 'wrong' });
    expect(refusal(wrong)).toEqual([401, 'login-failed']);
    const basic = await own.server.login({ username: alice.login, password: alice.password, basic: true });
    expect(stageOf(basic).stage).toBe('success');
  });

  it('has a key sign that only the browser’s side holds, also as the first of two factors', async () => {
    const own = await another({ config: ['AuthenticationMethods publickey,keyboard-interactive'] });
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    const field = (bytes: Buffer) => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
    const line = `ssh-ed25519 ${Buffer.concat([field(Buffer.from('ssh-ed25519')), field(raw)]).toString('base64')}`;
    own.sshd.authorize(alice.login, line);
    const asked = stageOf(await own.server.login({ username: alice.login, publicKey: line }));
    expect(asked.stage).toBe('public-key');
    const signature = sign(null, Buffer.from(asked.challenge, 'base64'), privateKey).toString('base64');
    const { authtoken } = asked;
    const second = stageOf(await own.server.login({ authtoken, signature }));
    expect(second.stage).toBe('keyboard-interactive');
    const done = await own.server.login({ authtoken, answers: [alice.password] });
    expect(stageOf(done).stage).toBe('success');

    const bad = await own.server.login({ username: alice.login, publicKey: 'ssh-ed25519 nonsense' });
    expect(refusal(bad)).toEqual([400, 'bad-request']);
    const without = await own.server.login({ username: alice.login, password: alice.password });
    expect(refusal(without)).toEqual([502, 'ssh-method']);
  });

  describe('accounts that may not come in', () => {
    it('says so of an expired one, in sshd’s words, once the password was right', async () => {
      const user = users.add();
      execFileSync('chage', ['-E', '0', user.login]);
      const answer = await server.login({ username: user.login, password: user.password });
      expect(refusal(answer)).toEqual([403, 'account-refused']);
      expect(errorOf(answer).details?.reason).toMatch(/expired/);
      expect(refusal(await server.login({ username: user.login, password: 'wrong' }))).toEqual([401, 'login-failed']);
    });

    it('tells nothing of a locked one', async () => {
      const user = users.add();
      execFileSync('passwd', ['-q', '-l', user.login]);
      const answer = await server.login({ username: user.login, password: user.password });
      expect(refusal(answer)).toEqual([401, 'login-failed']);
    });

    it('hands on that there were too many tries, which sshd says without asking anything', async () => {
      const faillock = `pam_faillock.so dir=${sshd.dir} deny=1 unlock_time=600 nodelay`;
      const pam = [
        `auth requisite ${faillock} preauth`,
        'auth [success=1 default=bad] pam_unix.so nodelay',
        `auth [default=die] ${faillock} authfail`,
        'auth required pam_permit.so',
        ...PAM.slice(1),
      ];
      const own = await another({ pam });
      const user = users.add();
      await own.server.login({ username: user.login, password: 'wrong' });
      const answer = await own.server.login({ username: user.login, password: user.password });
      expect(refusal(answer)).toEqual([403, 'account-refused']);
      expect(errorOf(answer).details?.reason).toMatch(/locked/);
    });

    it.each([
      ['a shell that runs nothing', '/usr/sbin/nologin', 'account-no-shell'],
      ['no home directory', '/bin/bash', 'account-no-home'],
    ])('refuses one with %s, and starts nothing', async (_what, shell, code) => {
      const user = users.add('--shell', shell);
      if (code === 'account-no-home') rmSync(user.home, { recursive: true });
      const fresh = await anotherServer({});
      const answer = await fresh.login({ username: user.login, password: user.password });
      expect(refusal(answer)).toEqual([403, code]);
      expect(answer.headers['set-cookie']).toBeUndefined();
      expect([fresh.adopted, fresh.outcomes]).toEqual([[], [expect.objectContaining({ code, login: user.login })]]);
    });

    it('ends the logins of one that is removed', async () => {
      const user = users.add();
      const { token } = stageOf(await server.login({ username: user.login, password: user.password }));
      expect(await server.me(token)).toMatchObject({ login: user.login });
      execFileSync('userdel', ['--force', '--remove', user.login], { stdio: 'ignore' });
      expect(await server.me(token)).toBeUndefined();
    });
  });

  describe('sshd', () => {
    it('that is not there is named, and costs nobody a try', async () => {
      const own = await another();
      await own.sshd.stop();
      for (let i = 0; i < 7; i++) {
        const answer = await own.server.login({ username: alice.login, password: alice.password });
        expect(refusal(answer)).toEqual([502, 'ssh-unreachable']);
      }
      await own.sshd.run();
      const answer = await own.server.login({ username: alice.login, password: alice.password });
      expect(stageOf(answer).stage).toBe('success');
    });

    it('that is stopped in the middle ends the login with a clear word', async () => {
      const own = await another();
      const { authtoken } = stageOf(await own.server.login({ username: alice.login }));
      await own.sshd.stop();
      const answer = await own.server.login({ authtoken, answers: [alice.password] });
      expect(refusal(answer)).toEqual([502, 'ssh-lost']);
      expect(own.server.adopted).toEqual([]);
    });

    it('with another host key than before gets nothing sent, and the administrator hears of it', async () => {
      const own = await another();
      const login = () => own.server.login({ username: alice.login, password: alice.password });
      expect(stageOf(await login()).stage).toBe('success');
      expect(own.server.hostKeys).toEqual(['added']);
      await own.sshd.stop();
      own.sshd.newHostKey();
      await own.sshd.run();
      const before = own.sshd.log.length;
      expect(refusal(await login())).toEqual([502, 'host-key-changed']);
      expect(own.sshd.log.slice(before)).not.toMatch(alice.login);
      // A key of another type is no way around.
      await own.sshd.stop();
      own.sshd.newHostKey('ecdsa');
      await own.sshd.run();
      expect(refusal(await login())).toEqual([502, 'host-key-changed']);
      expect(own.server.hostKeys).toEqual(['added', 'changed', 'changed']);
      rmSync(own.server.knownHostsFile);
      expect(stageOf(await login()).stage).toBe('success');
      expect(readFileSync(own.server.knownHostsFile, 'utf8')).toMatch(
        /^\[127\.0\.0\.1\]:\d+ ecdsa-sha2-nistp256 \S+\n$/,
      );
    });
  });

  describe('guessing', () => {
    it('is slowed down by name, with the wait in the answer, and a login forgives it', async () => {
      const fresh = await anotherServer({});
      const login = (password: string, address: string) => fresh.login({ username: alice.login, password }, address);
      for (let i = 0; i < 4; i++) expect(refusal(await login('wrong', `192.0.2.${i}`))[0]).toBe(401);
      expect(stageOf(await login(alice.password, '192.0.2.9')).stage).toBe('success');
      for (let i = 0; i < 5; i++) expect(refusal(await login('wrong', `192.0.2.${i}`))[0]).toBe(401);
      const waiting = await login(alice.password, '192.0.2.10');
      expect(refusal(waiting)).toEqual([429, 'rate-limited']);
      expect(errorOf(waiting).details?.retryAfter).toBeGreaterThan(0);
      expect(waiting.headers['retry-after']).toBe(String(errorOf(waiting).details?.retryAfter));
    });

    it('is bounded in the number of logins under way', async () => {
      const fresh = await anotherServer({ mostPerAddress: 3 });
      const login = (i: number, address = '198.51.100.7') => fresh.login({ username: `cmtx${i}` }, address);
      const answers = await Promise.all([1, 2, 3, 4, 5].map((i) => login(i)));
      expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 429, 429]);
      expect((await login(6, '198.51.100.8')).statusCode).toBe(200);
    });

    it('has two minutes for one login, not more', async () => {
      const fresh = await anotherServer({ lifetimeMs: 200 });
      const { authtoken } = stageOf(await fresh.login({ username: alice.login }));
      await expect
        .poll(async () => refusal(await fresh.login({ authtoken, answers: ['a', 'b'] })), { timeout: 5000 })
        .toEqual([401, 'login-expired']);
      expect(refusal(await fresh.login({ authtoken, answers: [alice.password] }))).toEqual([401, 'login-expired']);
    });
  });

  it('answers at the addresses of FastX 2, too, and writes no token of theirs into its log', async () => {
    const post = (url: string, payload: object) =>
      server.server.app.inject({ method: 'POST', url, payload, remoteAddress: '203.0.113.5' });
    const asked = (await post('/api/login', { username: alice.login })).json<{
      result: { stage: string; token: string; prompt: Prompt[] };
    }>().result;
    expect([asked.stage, asked.prompt.length]).toEqual(['keyboard-interactive', 1]);
    const done = await post(`/api/login/keyboard-interactive/${asked.token}`, { answer: alice.password });
    const { stage, token } = stageOf(done);
    expect([stage, typeof token]).toEqual(['success', 'string']);
    const list = await server.server.app.inject({ method: 'GET', url: `/api/list/${token}` });
    expect(list.json<{ result: unknown[] }>().result).toEqual([]);
    const basic = await post('/api/login', { username: alice.login, password: alice.password, basic: 'true' });
    expect(stageOf(basic).stage).toBe('success');
    const logged = server.server.logged();
    expect(logged).toContain('/api/login/keyboard-interactive/:token');
    for (const secret of [asked.token, token, alice.password]) expect(logged).not.toContain(secret);
  });

  it('keeps no password once it has been sent', { timeout: 120_000 }, async () => {
    // Bytes, which lie outside the heap that is searched: only the server makes text of them.
    const secret = randomBytes(24);
    for (const [i, byte] of secret.entries()) secret[i] = 97 + (byte % 26);
    const user = users.add();
    execFileSync('chpasswd', { input: Buffer.concat([Buffer.from(`${user.login}:`), secret, Buffer.from('\n')]) });
    const payload = Buffer.concat([Buffer.from(`{"username":"${user.login}","password":"`), secret, Buffer.from('"}')]);
    const headers = { 'content-type': 'application/json' };
    const answer = await server.server.app.inject({ method: 'POST', url: '/api/auth/ssh', payload, headers });
    expect(stageOf(answer).stage).toBe('success');
    // Its connection is still open.
    expect(server.adopted.at(-1)?.user.login).toBe(user.login);
    let tail = Buffer.alloc(0);
    let found = false;
    for await (const chunk of getHeapSnapshot() as AsyncIterable<Buffer>) {
      const text = Buffer.concat([tail, chunk]);
      found ||= text.includes(secret);
      tail = Buffer.from(text.subarray(-secret.length));
    }
    expect(found).toBe(false);
  });

  it('gives levels by name and by group', async () => {
    const group = users.group();
    const [admin, manager] = [users.add(), users.add('--groups', group)];
    const fresh = await anotherServer({ levels: { admins: [admin.login], managers: [`@${group}`] } });
    const levelOf = async (user: TestUser) => {
      const { token } = stageOf(await fresh.login({ username: user.login, password: user.password }));
      return ((await fresh.me(token)) as { level: string }).level;
    };
    expect([await levelOf(admin), await levelOf(manager), await levelOf(alice)]).toEqual(['admin', 'manager', 'full']);
  });
});
