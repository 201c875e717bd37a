/** The built programs, run as a person runs them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../scripts/bundle.mjs';
import { run } from './casement.ts';

/** Inside `node_modules`, where the one package that is not bundled is found. */
const dist = fileURLToPath(new URL('../node_modules/.casement-test/dist', import.meta.url));
const MAIN = join(dist, 'server', 'main.mjs');
const CASEMENT = join(dist, 'cli', 'casement.mjs');

let dir: string;
let children: ChildProcess[] = [];
beforeAll(async () => {
  await bundlePrograms(dist);
}, 60_000);
afterAll(() => rmSync(join(dist, '..'), { recursive: true, force: true }));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-cli-'));
});
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }
  children = [];
  rmSync(dir, { recursive: true, force: true });
});

interface Running {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  readonly exited: Promise<number | null>;
  /** Resolves when the output has matched, rejects when the program ended without. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
}

function program(file: string, args: string[], env: Record<string, string> = {}): Running {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, err] = ['', ''];
  let changed = () => {};
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    changed();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      resolve(code);
      changed();
    });
  });
  return {
    child,
    out: () => out,
    err: () => err,
    exited,
    async until(pattern) {
      for (;;) {
        const match = pattern.exec(out);
        if (match) return match;
        if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${out}${err}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
        });
      }
    },
  };
}

const serve = (args: string[] = [], env: Record<string, string> = {}) =>
  program(MAIN, ['--port', '0', '--data', dir, ...args], env);
const LAST_LINE = /terminate ID.*\n/;

async function exchange(link: string): Promise<{ status: number; name?: string }> {
  const url = new URL(link);
  const answer = await fetch(`http://127.0.0.1:${url.port}/api/auth/local`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ secret: url.hash.slice(1) }),
  });
  const body: { error?: { name: string } } = await answer.json();
  return { status: answer.status, ...(body.error ? { name: body.error.name } : {}) };
}

describe('the server’s program', () => {
  it('prints a login link that works once, writes it for its owner alone, and stops at once when told to', async () => {
    const file = join(dir, 'link');
    writeFileSync(file, 'old', { mode: 0o644 });
    const server = serve(['--login-link-file', file]);
    await server.until(LAST_LINE);
    const link = readFileSync(file, 'utf8').trim();
    expect(server.out()).toContain(link);
    expect(link).toMatch(/^http:\/\/localhost:\d+\/login#[\w-]{32}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await exchange(link)).toEqual({ status: 200 });
    expect(await exchange(link)).toEqual({ status: 401, name: 'login-link-used' });
    const asked = performance.now();
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2000);
    expect(server.err()).toBe('');
  });

  it('makes a fresh link at each start and by `login-link`, and the older ones end', async () => {
    const first = serve();
    const [old] = await first.until(/http\S+\/login#\S+/);
    await first.until(LAST_LINE);
    const made = program(CASEMENT, ['login-link', '--data', dir]);
    expect(await made.exited).toBe(0);
    expect(await exchange(old)).toEqual({ status: 401, name: 'login-link-unknown' });
    expect(await exchange(made.out().trim())).toEqual({ status: 200 });
  });

  it('is found again by a start after SIGKILL, while a second one beside it is refused', async () => {
    const first = serve();
    await first.until(LAST_LINE);
    const second = serve();
    expect(await second.exited).toBe(1);
    expect(second.err()).toBe(`casement: another server already uses the data directory ${dir}\n`);
    first.child.kill('SIGKILL');
    await first.exited;
    await serve().until(LAST_LINE);
  });

  it.each([
    [
      'a port that is taken',
      async () => {
        const taken = createServer();
        await new Promise<void>((resolve) => {
          taken.listen(0, '127.0.0.1', resolve);
        });
        const address: AddressInfo | string | null = taken.address();
        const port = typeof address === 'object' && address ? address.port : 0;
        return {
          args: ['--port', `${port}`],
          said: `port ${port} is taken by another program; choose one with --port`,
          end: () => taken.close(),
        };
      },
    ],
    [
      'a data directory that cannot be',
      async () => {
        writeFileSync(join(dir, 'file'), '');
        const path = join(dir, 'file', 'data');
        return {
          args: ['--data', path],
          said: `the data directory ${path} cannot be used: a part of the path is a file`,
          end: () => {},
        };
      },
    ],
    [
      'a flag it does not know',
      async () => ({ args: ['--prot', '1'], said: "Unknown option '--prot'", end: () => {} }),
    ],
    [
      'a key that is not there',
      async () => ({
        args: ['--tls-cert', '/nowhere/c', '--tls-key', '/nowhere/k'],
        said: '--tls-cert /nowhere/c cannot be read',
        end: () => {},
      }),
    ],
  ])('says %s in one line and ends with 1', async (_what, prepare) => {
    const { args, said, end } = await prepare();
    const server = serve(args);
    expect(await server.exited).toBe(1);
    end();
    expect(server.err()).toMatch(/^casement: [^\n]+\n$/);
    expect(server.err()).toContain(said);
    expect(server.out()).toBe('');
  });

  it('says what is missing where there is no X server, and offers the demo', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    const server = serve([], { PATH: bin });
    await server.until(LAST_LINE);
    expect(server.out()).toMatch(/No X server/);
    expect(server.out()).toMatch(/apt-get install tigervnc-standalone-server/);
    expect(server.out()).toMatch(/http:\S+\/demo\n/);
  });
});

describe('the command line', () => {
  const said = { out: '', err: '' };
  const io = {
    env: {},
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  };
  beforeEach(() => {
    said.out = said.err = '';
  });

  it('lists sessions and ends them without a server', async () => {
    const server = serve();
    const [link] = await server.until(/http\S+\/login#\S+/);
    await server.until(LAST_LINE);
    const url = new URL(link);
    const base = `http://127.0.0.1:${url.port}/api`;
    const post = async (path: string, body: unknown, token = '') => {
      const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) };
      const answer = await fetch(`${base}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      const json: { result: { token: string; session: { id: string } } } = await answer.json();
      return json.result;
    };
    const { token } = await post('/auth/local', { secret: url.hash.slice(1) });
    const { session } = await post('/start', { command: 'sleep 600', geometry: '320x240', name: 'A nap' }, token);
    server.child.kill('SIGINT');
    expect(await server.exited).toBe(0);
    expect(server.out()).toContain('Sessions run on.');

    const listed = program(CASEMENT, ['sessions', '--data', dir]);
    expect(await listed.exited).toBe(0);
    expect(listed.out()).toMatch(new RegExp(`^${session.id}  running .*A nap\\n$`));
    const ended = program(CASEMENT, ['terminate', session.id, '--data', dir]);
    expect(await ended.exited).toBe(0);
    const after = program(CASEMENT, ['sessions', '--data', dir, '--json']);
    expect(await after.exited).toBe(0);
    expect(JSON.parse(after.out())).toMatchObject([{ id: session.id, status: 'ended' }]);
    const unknown = program(CASEMENT, ['terminate', 'nobody', '--data', dir]);
    expect(await unknown.exited).toBe(1);
    expect(unknown.err()).toContain('(session-unknown)');
    // The link outlives the server by design; this one's work is done.
    const info: { process: { pid: number } } = JSON.parse(readFileSync(join(dir, 'link', 'link.json'), 'utf8'));
    process.kill(info.process.pid, 'SIGTERM');
  }, 20_000);

  it('explains itself, and what was wrong', async () => {
    expect(await run(['--help'], io)).toBe(0);
    expect(said.out).toMatch(/serve .*\n.*sessions/);
    expect(await run(['nonsense'], io)).toBe(2);
    expect(said.err).toContain('there is no command "nonsense"');
    expect(await run(['terminate'], io)).toBe(2);
    expect(await run(['sessions', '--nonsense'], io)).toBe(2);
    const link = program(CASEMENT, ['login-link', '--data', dir]);
    expect(await link.exited).toBe(1);
    expect(link.err()).toContain('no server has used the data directory');
  });
});
