/** From a page on another origin, through the viewer's frame, to a program in the session, and back. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, type Page } from '@playwright/test';
import { OtherOrigin } from './support/other-origin.ts';
import { connected, startByApi, viewerUrl } from './support/pages.ts';
import { freePort, TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let portal: OtherOrigin;
let server: TestServer;
let session: SessionRow;
let page: Page;
const programs: ChildProcess[] = [];

test.beforeAll(async ({ browser }) => {
  portal = await OtherOrigin.start(await freePort());
  server = await TestServer.start(['--parents', portal.origin]);
  session = await startByApi(server, { command: 'xterm' });
  page = await (await browser.newContext()).newPage();
  await page.goto(portal.origin);
  await page.evaluate((url) => window.embed(url), await viewerUrl(server, session, portal.origin));
  await connected(page.frameLocator('#viewer'));
});
test.afterEach(async () => {
  for (const program of programs.splice(0)) {
    if (program.exitCode !== null || program.signalCode !== null) continue;
    program.kill();
    await once(program, 'close');
  }
});
test.afterAll(async () => {
  await page.close();
  await server.stop();
  await portal.stop();
});

/** `clientcomm --listen` as a session has it. */
function listen(...args: string[]) {
  const link = join(server.dataDir, 'link');
  const program = spawn(join(link, 'bin/clientcomm'), ['--listen', ...args], {
    env: { PATH: process.env['PATH'] ?? '', FASTX_SESSION_ID: session.id, FX_CONFIG_DIR: link },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  programs.push(program);
  const lines: { type: string; number: number; data: string; from: string }[] = [];
  createInterface({ input: program.stdout }).on('line', (line) => lines.push(JSON.parse(line) as (typeof lines)[0]));
  let said = '';
  program.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    program,
    lines,
    said: () => said,
    answer: (text: object) => program.stdin.write(`${JSON.stringify(text)}\n`),
  };
}

const ask = (type: string, data: unknown) =>
  page.evaluate(([t, d]) => window.ask('clientcomm', { type: t, data: d }), [type, data]);
/** Until somebody listens to it. */
const heard = (type: string) =>
  expect.poll(async () => (await ask(type, 'there?')).error?.name ?? 'heard').toBe('heard');

/** Until this one prints what it hears; nobody waits for answers. */
async function hears(listener: ReturnType<typeof listen>, type: string): Promise<void> {
  await expect
    .poll(() => {
      void ask(type, 'there?');
      return listener.lines.length;
    })
    .toBeGreaterThan(0);
}

test('nobody listens: unhandled', async () => {
  expect(await ask('acme-open', 'x')).toMatchObject({ error: { name: 'unhandled' } });
});

test('a program is given the data and its output is the answer, in the order of the questions', async () => {
  const program = join(server.dataDir, 'answer.sh');
  await writeFile(
    program,
    '#!/bin/sh\nread data\ncase "$data" in bad) exit 2;; broken) exit 9;; esac\nprintf "%s got %s\\n" "$CLIENTCOMM_TYPE" "$data"\n',
  );
  await chmod(program, 0o755);
  listen('--type=acme-open', `--exec=${program}`);
  await heard('acme-open');
  // A line's end, so that `read` is content; quotes and blanks, which no shell gets to see.
  expect(await ask('acme-open', `it's "1"; $(id)\n`)).toMatchObject({ result: `acme-open got it's "1"; $(id)` });
  expect(await ask('acme-open', { a: [1] })).toMatchObject({ result: 'acme-open got {"a":[1]}' });
  expect(await ask('acme-open', 'bad\n')).toMatchObject({ error: { name: 'format' } });
  expect(await ask('acme-open', 'broken\n')).toMatchObject({ error: { name: 'unhandled' } });
  const answers = await page.evaluate(() =>
    Promise.all([1, 2, 3].map((n) => window.ask('clientcomm', { type: 'acme-open', data: `${n}\n` }))),
  );
  expect(answers.map(({ result }) => result)).toEqual([1, 2, 3].map((n) => `acme-open got ${n}`));
  expect(await ask('acme-other', 'x')).toMatchObject({ error: { name: 'unhandled' } });
});

test('messages are lines, answers are lines, and the first of several listeners counts', async () => {
  const [one, two] = [listen(), listen()];
  for (const each of [one, two]) await hears(each, 'site-state');
  const state = ask('site-state', { open: ['a'] });
  await expect.poll(() => one.lines.at(-1)?.data).toBe('{"open":["a"]}');
  one.answer({ number: one.lines.at(-1)?.number, data: { answered: true } });
  expect(await state).toMatchObject({ result: '{"answered":true}' });

  const asked = ask('site-state', 'again');
  await expect.poll(() => two.lines.at(-1)?.data).toBe('again');
  two.answer({ number: two.lines.at(-1)?.number, error: { name: 'unhandled' } });
  await expect.poll(() => one.lines.at(-1)?.data).toBe('again');
  one.answer({ number: one.lines.at(-1)?.number, data: 'from one' });
  expect(await asked).toMatchObject({ result: 'from one' });

  one.program.stdin.write('no JSON\n');
  await expect.poll(one.said).toContain('format');
});

test('who cannot answer does not let anybody wait', async () => {
  const deaf = listen('--type=site-end');
  deaf.program.stdin.end();
  await hears(deaf, 'site-end');
  expect(await ask('site-end', 'y')).toMatchObject({ error: { name: 'unhandled' } });

  const leaving = listen('--type=site-leave');
  await hears(leaving, 'site-leave');
  const asked = ask('site-leave', 'x');
  await expect.poll(() => leaving.lines.at(-1)?.data).toBe('x');
  leaving.program.kill();
  expect(await asked).toMatchObject({ error: { name: 'disconnected' } });
});

test('a link that is killed does not end a listener, the end of the session does', async () => {
  const file = join(server.dataDir, 'heard');
  const tee = join(server.dataDir, 'tee.sh');
  await writeFile(tee, `#!/bin/sh\nexec tee -a ${file}\n`);
  await chmod(tee, 0o755);
  const listening = listen('--type=site-tee', `--exec=${tee}`);
  await heard('site-tee');
  process.kill(await server.linkPid(), 'SIGKILL');
  await expect.poll(async () => (await ask('site-tee', 'after')).result, { timeout: 30_000 }).toBe('after');
  expect(await readFile(file, 'utf8')).toContain('after');

  const closed = once(listening.program, 'close');
  await server.api('POST', '/api/terminate', { id: session.id });
  expect((await closed)[0]).toBe(1);
  expect(listening.said()).toContain('disconnected');
});
