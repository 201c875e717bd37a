/** Scripts in a session and the person who looks at it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { connected, intoTerminal, runInSession, startByApi, typeLine, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
let session: SessionRow;
let page: Page;

test.beforeAll(async ({ browser }) => {
  server = await TestServer.start();
  session = await startByApi(server);
  page = await (await browser.newContext()).newPage();
  await page.goto(await viewerUrl(server, session));
  await connected(page);
  await intoTerminal(page, server, session);
});
test.afterAll(async () => {
  await page.close();
  await server.stop();
});

const fileOf = (name: string) => join(server.dataDir, name);
const contentOf = (name: string) => readFile(fileOf(name), 'utf8').catch(() => '');

test('clientcomm hello shows a toast, as text whatever it looks like', async () => {
  await typeLine(page, 'clientcomm hello');
  await expect(page.getByText('hello', { exact: true })).toBeVisible();
  await typeLine(page, `clientcomm '<img src=x onerror="document.title=1">'; echo "exit $?" > ${fileOf('toast')}`);
  await expect(page.getByText('<img src=x onerror="document.title=1">')).toBeVisible();
  expect(await page.locator('.notices img').count()).toBe(0);
  await expect.poll(() => contentOf('toast')).toBe('exit 0\n');
});

test('a question waits for the answer and prints it', async () => {
  await typeLine(
    page,
    `clientcomm --clients=master '{"message":"Save?","buttons":["Yes","No"]}' > ${fileOf('answer')}; echo "exit $?" >> ${fileOf('answer')}`,
  );
  await expect(page.getByText('Save?')).toBeVisible();
  expect(await contentOf('answer')).toBe('');
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect.poll(() => contentOf('answer')).toBe('{"button":"Yes"}\nexit 0\n');
});

test('fx-url opens a page, and nothing but a web address', async () => {
  const target = `${server.url}/api/config`;
  await page.locator('canvas').first().click();
  await typeLine(page, `clientcomm --type=fx-url ${target}`);
  const opened = page.context().waitForEvent('page');
  // Where the browser wants a click first, the notice with the link is what the person presses.
  const link = page.getByRole('link', { name: 'Open link' });
  await Promise.race([opened, link.click({ timeout: 10_000 })]);
  const other = await opened;
  await expect.poll(() => other.url()).toBe(target);
  expect(await other.evaluate(() => window.opener === null)).toBe(true);
  await other.close();

  await page.locator('canvas').first().click();
  await typeLine(
    page,
    `clientcomm --clients=master --type=fx-url 'javascript:alert(1)' 2> ${fileOf('url')}; echo "exit $?" >> ${fileOf('url')}`,
  );
  await expect.poll(() => contentOf('url')).toMatch(/format[\s\S]*exit 1\n/);
});

test('a type nobody knows is unhandled when no page is around the viewer', async () => {
  await typeLine(
    page,
    `clientcomm --clients=master --type=site-save now 2> ${fileOf('own')}; echo "exit $?" >> ${fileOf('own')}`,
  );
  await expect.poll(() => contentOf('own')).toMatch(/unhandled[\s\S]*exit 1\n/);
});

test('parameters that the server writes are written again at each connect', async () => {
  const [row] = await server.api<SessionRow[]>('GET', '/api/sessions');
  expect(row?.params['clientTransport']).toBe('Web');
  expect(row?.params['clientIP']).toMatch(/127\.0\.0\.1|::1/);
  expect(row?.params['clientId']).not.toBe('');
});

test('fx-share: what is no JSON is a mistake of a question, and nobody shares yet', async () => {
  for (const [name, clients, data, expected] of [
    ['share-text', '--clients=master', 'not JSON', /format[\s\S]*exit 1\n/],
    ['share-json', '--clients=master', '{"method":"hello"}', /unhandled[\s\S]*exit 1\n/],
    // A notification has nobody to hear of it.
    ['share-told', '', 'not JSON', /^exit 0\n$/],
  ] as const) {
    const file = fileOf(name);
    await runInSession(
      server,
      session,
      `clientcomm ${clients} --type=fx-share '${data}' 2> ${file}; echo "exit $?" >> ${file}`,
    );
    expect(await contentOf(name)).toMatch(expected);
  }
});
