/**
 * How much longer a login takes through the server than at sshd itself, with the person's link running; and what many
 * people who are logged in at once cost the server.
 *
 * Real sshd, real accounts, the built program. Needs root, since it makes accounts. `--users N`: how many are logged in
 * for the second half (200; 0 leaves it out).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import ssh2 from 'ssh2';
import { TestServer } from '../../e2e/support/server.ts';
import { TestSshd } from '../../server/testing/sshd.ts';
import { NO_ACCOUNTS, UnixUsers, type TestUser } from '../../server/testing/unix-users.ts';
import { median, rounded } from '../support/statistics.ts';

const ROUNDS = 15;
const WARM_UPS = 2;
const AT_ONCE = 4;
/** What V8 keeps after a burst of work is given back only after a while; this is how long "idle" is waited for. */
const SETTLE_MS = 5000;

interface Sshd {
  readonly port: number;
}

/** Milliseconds from the first packet to the login, at sshd itself. */
function direct(sshd: Sshd, { login, password }: TestUser): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const client = new ssh2.Client();
    client.on('keyboard-interactive', (_name, _instruction, _language, prompts, finish) =>
      finish(prompts.map(() => password)),
    );
    client.once('ready', () => {
      const took = performance.now() - began;
      client.end();
      resolve(took);
    });
    client.once('error', reject);
    // As the server goes about it: asks for the methods first, checks the host's key.
    client.connect({
      host: '127.0.0.1',
      port: sshd.port,
      username: login,
      hostVerifier: () => true,
      authHandler: ['none', 'keyboard-interactive'],
      tryKeyboard: true,
    });
  });
}

interface Answer {
  result?: { stage: string; token: string };
  error?: { name: string };
}

async function call(server: TestServer, path: string, body: object, token?: string): Promise<Answer['result']> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  const answer: Answer = await response.json();
  if (answer.error) throw new Error(`${path}: ${answer.error.name}`);
  return answer.result;
}

async function logIn(server: TestServer, { login, password }: TestUser): Promise<string> {
  const result = await call(server, '/api/auth/ssh', { username: login, password });
  if (result?.stage !== 'success') throw new Error(`the login of ${login} stopped at ${result?.stage}`);
  return result.token;
}

async function through(server: TestServer, user: TestUser): Promise<number> {
  const began = performance.now();
  await logIn(server, user);
  return performance.now() - began;
}

const rssMiB = (pid: number) =>
  Number.parseInt(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0', 10) / 1024;

/** Links that run as these users. */
function linksOf(users: readonly TestUser[]): number[] {
  const uids = new Set(users.map(({ uid }) => uid));
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return uids.has(uid) && words.some((word) => word.endsWith('link.mjs'));
      } catch {
        return false;
      }
    });
}

async function untilLinks(users: readonly TestUser[], many: number, withinMs: number): Promise<number[]> {
  const until = performance.now() + withinMs;
  for (;;) {
    const links = linksOf(users);
    if (links.length >= many || performance.now() > until) return links;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function main(args: string[]): Promise<unknown> {
  if (NO_ACCOUNTS !== undefined) throw new Error(`bench login ${NO_ACCOUNTS}`);
  const { values } = parseArgs({ args, options: { users: { type: 'string', default: '200' } } });
  const users = new UnixUsers();
  const sshd = await TestSshd.start({
    config: ['MaxStartups 500', 'LogLevel ERROR'],
  });
  let server: TestServer | undefined;
  try {
    const first = users.add();
    server = await TestServer.start(['--auth', 'local,ssh'], {}, { ssh: { port: sshd.port } });
    await logIn(server, first);
    const [link] = await untilLinks([first], 1, 10_000);
    if (link === undefined) throw new Error('the login started no link');

    const [alone, together]: [number[], number[]] = [[], []];
    for (let round = -WARM_UPS; round < ROUNDS; round++) {
      const [a, b] = [await direct(sshd, first), await through(server, first)];
      if (round < 0) continue;
      alone.push(a);
      together.push(b);
    }
    const overhead = median(together) - median(alone);

    const many: TestUser[] = [];
    for (let i = 0; i < Number(values.users); i++) many.push(users.add());
    const waiting = [...many];
    const worker = async () => {
      for (let user = waiting.shift(); user && server; user = waiting.shift()) await logIn(server, user);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const links = await untilLinks(many, many.length, 60_000);
    if (links.length < many.length) throw new Error(`${links.length} links of ${many.length} run`);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const result = {
      loginOverheadMs: rounded(overhead),
      serverMiB: rounded(rssMiB(server.pid)),
      linkMiB: rounded(median([link, ...links].map(rssMiB))),
    };
    process.stdout.write(
      `login at sshd itself   ${rounded(median(alone))} ms\n` +
        `login at the server    ${rounded(median(together))} ms, ${result.loginOverheadMs} more (asked: under 150)\n` +
        `server, ${many.length} logged in  ${result.serverMiB} MiB resident (asked: under 200)\n` +
        `each link              ${result.linkMiB} MiB resident\n`,
    );
    return result;
  } finally {
    await server?.stop();
    await sshd.remove();
    users.removeAll();
  }
}
