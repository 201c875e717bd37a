/**
 * A real server for one test file: the built program on a free loopback port with a data directory of its own, and
 * everything it started ended with it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Tests and benchmarks run from the project's root. */
export const PROGRAM = join(process.cwd(), 'dist', 'server', 'main.mjs');
/** A server that is not up by then is broken; a slow machine needs about one second. */
const UP_WITHIN_MS = 15_000;

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export class TestServer {
  readonly port: number;
  readonly dataDir: string;
  readonly #args: string[];
  readonly #env: Record<string, string>;
  readonly #runAs: number | undefined;
  #process: ChildProcess | undefined;
  #output = '';
  #loginLink = '';
  #token: string | undefined;

  private constructor(
    port: number,
    dataDir: string,
    args: string[],
    env: Record<string, string>,
    runAs: number | undefined,
  ) {
    this.#runAs = runAs;
    this.port = port;
    this.dataDir = dataDir;
    this.#args = args;
    this.#env = env;
  }

  /** `config`: what its `config.json` holds. `runAs`: a user id that it runs as, with no rights of its own. */
  static async start(
    args: string[] = [],
    env: Record<string, string> = {},
    config?: object,
    runAs?: number,
  ): Promise<TestServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'casement-e2e-'));
    if (config) await writeFile(join(dataDir, 'config.json'), JSON.stringify(config));
    const server = new TestServer(await freePort(), dataDir, args, env, runAs);
    await server.launch();
    return server;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  get pid(): number {
    if (!this.#process?.pid) throw new Error('the server is not running');
    return this.#process.pid;
  }

  /** What it printed so far. */
  get output(): string {
    return this.#output;
  }

  /** The one-time login link of this run of the server. */
  get loginLink(): string {
    return this.#loginLink;
  }

  /** Starts the program and resolves when it has printed its login link. */
  async launch(): Promise<void> {
    this.#output = '';
    // A home of its own: what the account's shell does on start-up is none of the tests' business.
    const home = join(this.dataDir, 'home');
    await mkdir(home, { recursive: true });
    const as = this.#runAs;
    if (as !== undefined) for (const path of [this.dataDir, home]) await chown(path, as, as);
    const child = spawn(
      process.execPath,
      [PROGRAM, '--port', String(this.port), '--data', this.dataDir, ...this.#args],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, HOME: home, ...this.#env },
        ...(as === undefined ? {} : { uid: as, gid: as }),
      },
    );
    this.#process = child;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the server did not come up:\n${this.#output}`)), UP_WITHIN_MS);
      const read = (chunk: Buffer) => {
        this.#output += chunk.toString();
        const link = /https?:\/\/\S+\/login#\S+/.exec(this.#output);
        if (!link) return;
        this.#loginLink = link[0];
        clearTimeout(timer);
        resolve();
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`the server ended with ${code}:\n${this.#output}`));
      });
    });
  }

  /** A login of its own for calls that go past the browser. */
  async token(): Promise<string> {
    if (this.#token) return this.#token;
    const secret = this.#loginLink.split('#')[1] ?? '';
    const { token } = await this.#post<{ token: string }>('/api/auth/local', { secret });
    this.#token = token;
    return token;
  }

  /** Calls go on with a login that the browser made, since the link works once. */
  useToken(token: string): void {
    this.#token = token;
  }

  /** Calls the API as its user and returns `result`; throws with the error's code. */
  async api<Result>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Result> {
    const token = await this.token();
    return this.#request<Result>(method, path, body, { authorization: `Bearer ${token}` });
  }

  async #post<Result>(path: string, body: unknown): Promise<Result> {
    return this.#request<Result>('POST', path, body, {});
  }

  async #request<Result>(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Result> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: { result?: Result; error?: { name: string; message: string } } = await response.json();
    if (answer.error) throw new Error(`${answer.error.name}: ${answer.error.message}`);
    // The shape is the test's own claim; it looks at the members it names.
    return answer.result as Result;
  }

  /** The end a power cut would make: no handler runs. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  /** The end that whoever runs it asks for. Gives its exit code, null where it was a signal. */
  async end(): Promise<number | null> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) throw new Error('the server is not running');
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    return gone;
  }

  /** The user's link process, found by the process table, since nobody else would tell of one that hangs. */
  async linkPid(): Promise<number> {
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      const words = await commandLine(Number(name));
      if (words.some((word) => word.endsWith('link.mjs')) && words.some((word) => word.startsWith(this.dataDir))) {
        return Number(name);
      }
    }
    throw new Error('no link is running');
  }

  /** Ends sessions, link and server, and removes the data directory. */
  async stop(): Promise<void> {
    await this.kill();
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
      const pid = Number(name);
      const words = await commandLine(pid);
      const ours = words.some((word) => word.includes(this.dataDir)) || (await environment(pid)).includes(this.dataDir);
      if (!ours) continue;
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

async function commandLine(pid: number): Promise<string[]> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
}

async function environment(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
}
