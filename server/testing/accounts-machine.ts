/** A server without rights, with real accounts, real sshd and, where a test writes the rule, real sudo. Needs root. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { copyRuntimePackages } from '../../scripts/runtime-packages.mjs';
import type { ApiError } from '../../src/contract/errors.ts';
import type { SshStage } from '../../src/contract/login.ts';
import type { Session } from '../../src/contract/session.ts';
import type { StartResult } from '../../src/contract/start.ts';
import { kill } from './kill.ts';
import { TestSshd } from './sshd.ts';
import { UnixUsers, type TestUser } from './unix-users.ts';

/** The group `nogroup`. */
export const NOBODY = 65534;

/** For what no event tells: other processes and files. */
export async function until<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error(`never came: ${look.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

export class Person {
  readonly #server: TestService;
  readonly user: TestUser;
  readonly token: string;

  constructor(server: TestService, user: TestUser, token: string) {
    this.#server = server;
    this.user = user;
    this.token = token;
  }

  call<Result>(method: 'GET' | 'POST', path: string, body?: object): Promise<Result> {
    return this.#server.call(method, path, body, this.token);
  }

  start(more: object = {}): Promise<StartResult> {
    return this.call('POST', '/api/start', { command: 'sleep 600', geometry: '640x480', ...more });
  }

  async session(more: object = {}): Promise<Session> {
    const result = await this.start(more);
    if (result.stage !== 'started') throw new Error(JSON.stringify(result));
    return result.session;
  }

  async get(id: string): Promise<Session | undefined> {
    return (await this.list()).find((session) => session.id === id);
  }

  list(): Promise<Session[]> {
    return this.call('GET', '/api/sessions');
  }
}

export class TestService {
  readonly dir: string;
  readonly #machine: AccountsMachine;
  #child: ChildProcess | undefined;
  #url = '';
  err = '';

  constructor(machine: AccountsMachine, config: object = {}) {
    this.#machine = machine;
    const { service } = machine;
    this.dir = mkdtempSync(join(machine.base, 'server-'));
    chownSync(this.dir, service.uid, NOBODY);
    chmodSync(this.dir, 0o755);
    const data = join(this.dir, 'data');
    mkdirSync(data, { mode: 0o700 });
    writeFileSync(
      join(data, 'config.json'),
      JSON.stringify({ ssh: { host: '127.0.0.1', port: machine.sshd.port }, sudo: false, ...config }),
    );
    chownSync(data, service.uid, NOBODY);
    chownSync(join(data, 'config.json'), service.uid, NOBODY);
    machine.servers.push(this);
  }

  async run(): Promise<this> {
    const { service, main } = this.#machine;
    const child = spawn(process.execPath, [main, '--port', '0', '--data', join(this.dir, 'data'), '--auth', 'ssh'], {
      uid: service.uid,
      gid: NOBODY,
      cwd: '/',
      env: { PATH: process.env['PATH'], HOME: service.home, RUNTIME_DIRECTORY: join(this.dir, 'run'), SECRET: 'x' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    child.stderr.on('data', (text: Buffer) => (this.err += text.toString()));
    this.#url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        const url = /serves on (\S+)/.exec(text.toString())?.[1];
        if (url !== undefined) resolve(url.replace('localhost', '127.0.0.1'));
      });
      child.once('exit', () => reject(new Error(this.err)));
    });
    return this;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }

  async call<Result>(method: string, path: string, body?: object, token?: string): Promise<Result> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as { result: Result } | { error: ApiError };
    if ('error' in answer) {
      const message = `${JSON.stringify(answer.error)}\n${this.err.slice(-2000)}`;
      throw Object.assign(new Error(message), { code: answer.error.name });
    }
    return answer.result;
  }

  async login(user: TestUser): Promise<Person> {
    const { login: username, password } = user;
    const stage = await this.call<SshStage>('POST', '/api/auth/ssh', { username, password });
    expect(stage.stage).toBe('success');
    return new Person(this, user, stage.token ?? '');
  }
}

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly user: string;
  readonly args: string;
}

export function processes(): Process[] {
  const text = execFileSync('ps', ['-eo', 'pid=,ppid=,user:32=,args='], { encoding: 'utf8' });
  return text
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid = '', parent = '', user = '', args = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      user,
      args,
    }));
}

/** Once it stands alone: before, it still goes with the connection over which it was started. */
export function linkOf({ login }: TestUser): number | undefined {
  const all = processes();
  const starting = new Set(all.filter(({ args }) => args.includes('casement.mjs link')).map(({ pid }) => pid));
  return all.find(
    ({ user, args, parent }) => user === login && args.includes('server/link.mjs') && !starting.has(parent),
  )?.pid;
}

/** Waits for it first. */
export async function killLink(user: TestUser): Promise<number> {
  const pid = await until(() => linkOf(user));
  kill(pid);
  return pid;
}

export const runs = (pid: number | null) => pid !== null && existsSync(`/proc/${pid}`);

/** Runs a command as somebody. */
export const as = ({ login }: TestUser, ...command: string[]) =>
  spawnSync('runuser', ['-u', login, '--', ...command], { encoding: 'utf8' });

/** What the servers of one test file share. */
export class AccountsMachine {
  readonly base = mkdtempSync(join(tmpdir(), 'casement-accounts-'));
  readonly users = new UnixUsers();
  readonly servers: TestService[] = [];
  #service: TestUser | undefined;
  #sshd: TestSshd | undefined;

  get main(): string {
    return join(this.base, 'dist/server/main.mjs');
  }

  /** What the servers start links of other accounts with. */
  get linkCommand(): readonly string[] {
    return [process.execPath, join(this.base, 'dist/cli/casement.mjs'), 'link'];
  }

  /** The account of the servers. */
  get service(): TestUser {
    if (!this.#service) throw new Error('not begun');
    return this.#service;
  }

  get sshd(): TestSshd {
    if (!this.#sshd) throw new Error('not begun');
    return this.#sshd;
  }

  async begin(): Promise<void> {
    chmodSync(this.base, 0o755);
    await bundlePrograms(join(this.base, 'dist'));
    copyRuntimePackages(this.base);
    this.#service = this.users.add('--shell', '/usr/sbin/nologin');
    this.#sshd = await TestSshd.start();
  }

  /** Lets the servers start links as others, and nothing else. Returns the way to take it back. */
  allowSudo(): () => void {
    const rule = join('/etc/sudoers.d', this.service.login);
    const text = `${this.service.login} ALL=(ALL, !root) NOPASSWD: ${this.linkCommand.join(' ')}\n`;
    writeFileSync(rule, text, { mode: 0o440 });
    return () => rmSync(rule, { force: true });
  }

  async end(): Promise<void> {
    for (const server of this.servers) await server.stop('SIGKILL');
    this.users.removeAll();
    await this.#sshd?.remove();
    rmSync(this.base, { recursive: true, force: true });
  }
}
