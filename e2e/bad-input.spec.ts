/** What a person reads when something is wrong, and that nothing hangs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, unlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { connected, logIn, startByApi, viewerUrl } from './support/pages.ts';
import { freePort, PROGRAM, TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

test('a used ticket and an unknown one get pages that say which', async ({ page, context }) => {
  const session = await startByApi(server);
  const url = await viewerUrl(server, session);
  await page.goto(url);
  await connected(page);
  const second = await context.newPage();
  await second.goto(url);
  await expect(second.getByText('ticket-used')).toBeVisible();

  const third = await context.newPage();
  const data = Buffer.from(JSON.stringify({ id: session.id, password: 'made-up' })).toString('base64url');
  await third.goto(`${server.url}/xrdp#${data}`);
  await expect(third.getByText('ticket-unknown')).toBeVisible();
});

test('an address that holds no data, or broken data, gets a page with a code and what to do', async ({ page }) => {
  await page.goto(`${server.url}/xrdp`);
  await expect(page.getByText('ticket-missing')).toBeVisible();
  await page.goto('about:blank');
  await page.goto(`${server.url}/xrdp#%%%`);
  await expect(page.getByText('viewer-data')).toBeVisible();
});

test('a command that is not found fails with its log, and its card stays until it is dismissed', async ({ page }) => {
  await page.context().clearCookies();
  const own = await TestServer.start();
  try {
    await logIn(page, own);
    await page
      .getByRole('button', { name: /^Start( a session)?$/ })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Own command' }).check({ force: true });
    await dialog.getByLabel('Command', { exact: true }).fill('no-such-program --at-all');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(dialog.getByText('The command was not found on the session server.')).toBeVisible();
    await expect(dialog.getByText(/no-such-program.*not found/).first()).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await page.reload();
    const card = page.getByRole('article');
    await expect(card.getByText('The command was not found on the session server.')).toBeVisible();
    await card.getByRole('button', { name: 'Dismiss' }).click();
    await expect(card).toHaveCount(0);
  } finally {
    await own.stop();
  }
});

test('a command that dies at once is a failed session with its exit code and log', async () => {
  await startByApi(server, { command: 'sh -c "echo out of licences >&2; exit 3"' });
  const failed = async () =>
    (await server.api<(SessionRow & { exitCode: number })[]>('GET', '/api/sessions')).find(
      (one) => one.status === 'failed',
    );
  await expect.poll(failed).toMatchObject({ exitCode: 3, error: { name: 'command-died' } });
  const { log } = await server.api<{ log: string }>('POST', '/api/log', { id: (await failed())?.id });
  expect(log).toContain('out of licences');
});

test('a bad request gets 400 and the name of the field', async () => {
  const token = await server.token();
  const response = await fetch(`http://127.0.0.1:${server.port}/api/start`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ command: 'xterm', geometry: 'big' }),
  });
  expect(response.status).toBe(400);
  const body: unknown = await response.json();
  expect(body).toMatchObject({ error: { name: 'bad-request' } });
  expect(JSON.stringify(body)).toContain('geometry');
});

/** Runs the program until it ends by itself. */
async function ending(args: string[], options: { uid?: number; gid?: number } = {}) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code]: unknown[] = await once(child, 'exit');
  return { code, stderr };
}

test('a taken port is one clear line and exit 1', async () => {
  const port = await freePort();
  const squatter = createServer().listen(port, '127.0.0.1');
  await once(squatter, 'listening');
  const dataDir = await mkdtemp(join(tmpdir(), 'casement-port-'));
  const { code, stderr } = await ending(['--port', String(port), '--data', dataDir]);
  squatter.close();
  await rm(dataDir, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(String(port));
});

test('a data directory that cannot be written is one clear line and exit 1', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'casement-data-'));
  await chmod(parent, 0o555);
  // Root may write everywhere, so a path below a file stands in for one without rights.
  const dataDir = process.getuid?.() === 0 ? '/dev/null/data' : join(parent, 'data');
  const { code, stderr } = await ending(['--port', String(await freePort()), '--data', dataDir]);
  await rm(parent, { recursive: true, force: true });
  expect(code).toBe(1);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(dataDir);
});

test('a stream that is not RFB ends in a code and an offer to reconnect', async ({ page }) => {
  const session = await startByApi(server);
  // In the place of the X server's socket stands somebody who talks nonsense.
  const path = join(server.dataDir, 'link', 'sessions', session.id, 'rfb.sock');
  await unlink(path);
  const nonsense = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(path);
  await once(nonsense, 'listening');
  try {
    await page.goto(await viewerUrl(server, session));
    await expect(page.getByText('rfb-protocol')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Reconnect' }).first()).toBeVisible();
  } finally {
    nonsense.close();
  }
});
