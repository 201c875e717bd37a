/** The command line of ClientComm against a real session, with viewers that misbehave. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openLink } from '../cli/clientcomm-link.ts';
import { startByApi } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { WsViewer } from './support/ws-viewer.ts';
import type { SessionRow } from './support/x-display.ts';

const MIB = 1024 * 1024;
let server: TestServer;
let session: SessionRow;
let viewers: WsViewer[] = [];

test.beforeAll(async () => {
  server = await TestServer.start();
  session = await startByApi(server, { command: 'xterm' });
});
test.afterEach(() => {
  for (const viewer of viewers) viewer.close();
  viewers = [];
});
test.afterAll(() => server.stop());

async function look(): Promise<WsViewer> {
  const viewer = await WsViewer.open(server, session);
  viewers.push(viewer);
  return viewer;
}

/** Runs the program as a session has it; `input` is its standard input. `sh`: the arguments as a shell writes them. */
async function run(args: string[] | { sh: string }, input?: string | Buffer) {
  const link = join(server.dataDir, 'link');
  const program = join(link, 'bin/clientcomm');
  const [command, words] = Array.isArray(args) ? [program, args] : ['sh', ['-c', `exec ${program} ${args.sh}`]];
  const child = spawn(command, words, {
    env: { PATH: process.env['PATH'] ?? '', FASTX_SESSION_ID: session.id, FX_CONFIG_DIR: link },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code]: unknown[] = await once(child, 'close');
  return { code, out, err };
}

const master = ['--clients=master', '--type=acme'];

test('data of 1 MiB arrives whole, also when each byte takes six in JSON; one byte more is too large', async () => {
  const viewer = await look();
  for (const char of ['x', '\u0001', 'ä']) {
    const data = char.repeat(MIB / Buffer.byteLength(char));
    viewer.onMessage = ({ number, data: got }) => viewer.answer({ number, data: String(got === data) });
    expect(await run([...master, '-'], data)).toEqual({ code: 0, out: 'true\n', err: '' });
  }
  const over = await run([...master, '-'], 'x'.repeat(MIB + 1));
  expect([over.code, over.err]).toEqual([1, expect.stringContaining('too-large')]);
  const api = server.api('POST', '/api/clientcomm', { id: session.id, type: 'acme', data: 'ä'.repeat(MIB / 2 + 1) });
  await expect(api).rejects.toThrow('too-large');
});

test('what is not UTF-8 is no message, from standard input or the command line', async () => {
  await look();
  const piped = await run([...master, '-'], Buffer.from([0x68, 0xff]));
  expect([piped.code, piped.err]).toEqual([1, expect.stringContaining('format')]);
  const typed = await run({ sh: `--type=acme "$(printf 'h\\377')"` });
  expect([typed.code, typed.err]).toEqual([1, expect.stringContaining('format')]);
  expect((await run(['--type=acme', 'a real \uFFFD'])).code).toBe(0);
});

test('types may be spelled like anything that fits in a name', async () => {
  const viewer = await look();
  viewer.onMessage = ({ number, type }) => viewer.answer({ number, data: type });
  expect(await run(['--clients=master', '--type=__proto__', 'x'])).toEqual({ code: 0, out: '__proto__\n', err: '' });
  const long = await run(['--clients=master', `--type=${'t'.repeat(10_240)}`, 'x']);
  expect([long.code, long.err]).toEqual([2, expect.stringContaining('--type')]);
});

test('a question ends: by its timeout, when the one who was asked leaves, when nobody is there', async () => {
  const viewer = await look();
  const late = await run(['--timeout', '0.2', ...master, 'x']);
  expect([late.code, late.err]).toEqual([4, expect.stringContaining('timeout')]);
  expect(viewer.cancelled).toEqual([viewer.messages[0]?.number]);

  viewer.onMessage = () => viewer.close();
  const left = await run([...master, 'x']);
  expect([left.code, left.err]).toEqual([1, expect.stringContaining('disconnected')]);

  const nobody = await run([...master, 'x']);
  expect([nobody.code, nobody.err]).toEqual([3, expect.stringContaining('no-clients')]);
  for (const role of ['viewer', 'inactive']) expect((await run([`--clients=${role}`, 'x'])).code).toBe(2);
});

test('the first answer counts: of one viewer that answers twice, and of several', async () => {
  const one = await look();
  one.onMessage = ({ number }) => {
    one.answer({ number, data: 'first' });
    one.answer({ number, data: 'second' });
  };
  expect((await run([...master, 'x'])).out).toBe('first\n');
  const two = await look();
  one.onMessage = () => {};
  two.onMessage = ({ number }) => two.answer({ number, data: 'two' });
  expect((await run([...master, 'x'])).out).toBe('two\n');
  await one.until(() => one.cancelled.length > 0);
  expect(one.cancelled).toEqual([two.messages.at(-1)?.number]);
});

test('scripts that ask at once are answered each by its own number', async () => {
  const viewer = await look();
  const waiting: { number: number; data: string }[] = [];
  viewer.onMessage = ({ number, data }) => {
    waiting.push({ number, data });
    // In the opposite order, once all are there.
    if (waiting.length === 5)
      for (const each of waiting.toReversed()) viewer.answer({ ...each, data: `for ${each.data}` });
  };
  const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => run([...master, String(n)])));
  expect(answers.map(({ out }) => out)).toEqual([1, 2, 3, 4, 5].map((n) => `for ${n}\n`));
});

test('who is connected is told as a table and as JSON; both ways to write an option are taken', async () => {
  const viewer = await look();
  const table = await run(['--list', '--id', session.id]);
  expect(table.out).toMatch(/^ID +ROLE +LOGIN +CONNECTED\n/);
  expect(table.out).toMatch(new RegExp(`^${viewer.id} +master `, 'm'));
  const json: unknown = JSON.parse((await run(['--list', '--json', `--id=${session.id}`])).out);
  expect(json).toEqual([expect.objectContaining({ id: viewer.id, role: 'master' })]);
  await run(['--clients', `${viewer.id},`, '--type', 'acme', 'told']);
  await viewer.until(() => viewer.messages.length > 0);
  expect(viewer.messages.at(-1)).toMatchObject({ type: 'acme', number: 0, data: 'told' });
});

test('the server’s own call has the same rules', async () => {
  const viewer = await look();
  const send = (input: object) =>
    server.api('POST', '/api/clientcomm', { id: session.id, type: 'acme', data: 'x', ...input });
  expect(await send({})).toEqual({ delivered: 1 });
  viewer.onMessage = ({ number }) => viewer.answer({ number, data: 'heard' });
  expect(await send({ clients: 'master' })).toEqual({ delivered: 1, data: 'heard' });
  viewer.onMessage = () => {};
  expect(await send({ clients: viewer.id, timeout: 0.1 })).toMatchObject({ error: { name: 'timeout' } });
  await expect(send({ clients: 'viewer' })).rejects.toThrow('bad-request');
  await expect(send({ clients: 'nobody' })).rejects.toThrow('no-clients');
  await expect(send({ type: 't'.repeat(129) })).rejects.toThrow('bad-request');
});

/** The link's memory in KiB. */
async function linkMemory(): Promise<number> {
  const pid = await server.linkPid();
  return Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Messages over one connection of a script's, `ahead` of them before the first is delivered; how each went. */
function sendMany(count: number, ahead: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const outcomes: string[] = [];
    let sent = 0;
    openLink(join(server.dataDir, 'link'), {
      welcome(line) {
        const send = () =>
          line.send({ n: sent, call: 'clientcomm', input: { id: session.id, type: 'acme', data: String(sent++) } });
        for (let i = 0; i < Math.min(ahead, count); i++) send();
        this.frame = ({ t, error }) => {
          outcomes.push(t === 'result' ? 'delivered' : `${error?.name}: ${error?.message}`);
          if (sent < count) send();
          else if (outcomes.length === count) {
            line.close();
            resolve(outcomes);
          }
        };
      },
      frame: () => undefined,
      lost: () => reject(new Error('the link is gone')),
    });
  });
}

test('ten thousand messages in a row arrive in their order, and memory stays bounded', async () => {
  test.setTimeout(120_000);
  const viewer = await look();
  await sendMany(1000, 200);
  const before = await linkMemory();
  viewer.messages.length = 0;
  expect(new Set(await sendMany(10_000, 200))).toEqual(new Set(['delivered']));
  await viewer.until(() => viewer.messages.length === 10_000);
  expect(viewer.messages.map(({ data }) => data)).toEqual(Array.from({ length: 10_000 }, (_, n) => String(n)));
  const grown = (await linkMemory()) - before;
  test.info().annotations.push({ type: 'link', description: `${before} KiB before, ${grown} KiB more after` });
  expect(grown).toBeLessThan(32 * 1024);
});

test('who sends without waiting hears that it is too fast, and how fast it may be', async () => {
  const viewer = await look();
  const outcomes = await sendMany(4000, 250);
  expect(new Set(outcomes)).toEqual(new Set(['delivered']));
  const flood = await sendMany(4000, 4000);
  const refused = flood.filter((outcome) => outcome !== 'delivered');
  expect(refused.length).toBeGreaterThan(0);
  const reasons = [...new Set(refused)];
  expect(reasons).toEqual([expect.stringMatching(/^busy: More than 1000 messages a second/)]);
  await viewer.until(() => viewer.messages.length === 4000 + flood.length - refused.length);
});
