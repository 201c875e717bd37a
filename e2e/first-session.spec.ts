/** The main road: log in with the printed link, start a terminal, type in it, come back, end it. */
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import {
  connected,
  intoTerminal,
  logIn,
  logInByToken,
  onlySession,
  startFromPortal,
  typeLine,
  viewerIn,
} from './support/pages.ts';
import { TestServer } from './support/server.ts';

// One story in four parts: each begins where the one before it ended.
test.describe.configure({ mode: 'serial' });

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

test('a link from the terminal leads into a real session that writes a file', async ({ page }) => {
  await logIn(page, server);
  expect(page.url()).not.toContain('#');
  await expect(page.getByText('No session yet')).toBeVisible();

  await startFromPortal(page, 'Terminal');
  const viewer = viewerIn(page);
  await connected(viewer);
  const session = await onlySession(server);
  await intoTerminal(viewer, server, session);
  const file = join(server.dataDir, 'typed.txt');
  await typeLine(page, `echo "Quick, brown: fox_42!" > ${file}`);
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('Quick, brown: fox_42!\n');
  await page.screenshot({ path: test.info().outputPath('viewer.png') });
});

test('the login link works once, and the page says so', async ({ page }) => {
  await page.goto(server.loginLink);
  await expect(page.getByText('This login link has been used already')).toBeVisible();
  expect(page.url()).not.toContain(server.loginLink.split('#')[1] ?? 'nothing');
});

test('the session follows the size of the window', async ({ page }) => {
  await page.setViewportSize({ width: 900, height: 600 });
  await logInByToken(page, server);
  const session = await onlySession(server);
  await page.goto(`${server.url}/session/${session.id}`);
  await connected(viewerIn(page));
  const geometry = async () => (await onlySession(server)).geometry;
  await expect.poll(geometry).toBe('900x600');
  await page.setViewportSize({ width: 1100, height: 720 });
  await expect.poll(geometry).toBe('1100x720');
});

test('ends only after it was confirmed, leaves its card, and is forgotten when removed', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(server.url);
  const session = await onlySession(server);
  const card = page.getByRole('article', { name: session.name });
  await card.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'End session' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  expect((await onlySession(server)).status).toBe('running');

  await card.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: 'End session' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
  await expect(card.getByText('Ended', { exact: true }).first()).toBeVisible();
  await expect
    .poll(() =>
      access(`/proc/${session.serverPid}`).then(
        () => true,
        () => false,
      ),
    )
    .toBe(false);

  await card.getByRole('button', { name: 'Remove' }).click();
  await expect(card).toHaveCount(0);
  expect(await server.api<unknown[]>('GET', '/api/sessions')).toEqual([]);
});
