/** What a session survives: the server, the link, the page. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { connected, intoTerminal, logInByToken, onlySession, startByApi, typeLine, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
let session: SessionRow;

test.beforeAll(async () => {
  server = await TestServer.start();
  session = await startByApi(server);
});
test.afterAll(() => server.stop());

test.beforeEach(async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/session/${session.id}`);
  await connected(viewerIn(page));
  await intoTerminal(viewerIn(page), server, session);
});

/** Sets a variable in the shell and waits until the shell has done so. */
async function keep(page: Page, name: string): Promise<void> {
  const file = join(server.dataDir, `${name}.kept`);
  await typeLine(page, `KEEP=${name}; : > ${file}`);
  await expect
    .poll(() =>
      access(file).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
}

/** The terminal still runs the same shell if a variable set before is there after. */
async function remembers(page: Page, name: string): Promise<void> {
  const file = join(server.dataDir, `${name}.txt`);
  await typeLine(page, `echo "$KEEP" > ${file}`);
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe(`${name}\n`);
}

test('SIGKILL of the server: the viewer reconnects by itself to the same shell', async ({ page }) => {
  await keep(page, 'server');
  const before = await onlySession(server);
  await server.kill();
  await expect(viewerIn(page).locator('#viewer')).toHaveAttribute('data-state', 'reconnecting');
  await server.launch();
  await connected(viewerIn(page));
  await intoTerminal(viewerIn(page), server, session);
  await remembers(page, 'server');
  const after = await onlySession(server);
  expect({ pid: after.serverPid, status: after.status }).toEqual({ pid: before.serverPid, status: 'running' });
});

test('SIGKILL of the link: the session runs on, its card is back, the viewer reconnects', async ({ page }) => {
  await keep(page, 'link');
  const before = await onlySession(server);
  const pid = await server.linkPid();
  process.kill(pid, 'SIGKILL');
  await expect(viewerIn(page).locator('#viewer')).toHaveAttribute('data-state', 'reconnecting');
  await connected(viewerIn(page));
  expect(await server.linkPid()).not.toBe(pid);
  await intoTerminal(viewerIn(page), server, session);
  await remembers(page, 'link');
  expect((await onlySession(server)).serverPid).toBe(before.serverPid);
});

test('a reload of the page, and of the viewer in a tab of its own, comes back to the same shell', async ({ page }) => {
  await keep(page, 'reload');
  await page.reload();
  await connected(viewerIn(page));
  await intoTerminal(viewerIn(page), server, session);
  await remembers(page, 'reload');

  await page.goto(`${server.url}/open/${session.id}`);
  await connected(page);
  expect(page.url()).not.toContain('#');
  await page.reload();
  await connected(page);
  await intoTerminal(page, server, session);
  await keep(page, 'tab');
  await remembers(page, 'tab');
});
