/** An administrator writes a form filter, tries it here and there, publishes it, and sees it act on a real start. */
import { expect, test, type Page } from '@playwright/test';
import { accessible, refusals } from './support/page-checks.ts';
import { logIn, logInByToken } from './support/pages.ts';
import { TestServer } from './support/server.ts';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

const FILTER = `async function (input) {
  log('asked by', input.user.login);
  if (input.data.params.minRam !== undefined) return null;
  return 'resources';
}`;

async function write(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'JavaScript of the function' }).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

async function publish(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
}

/** Starts a terminal, which names no forms of its own, and gives back the dialog. */
async function startTerminal(page: Page) {
  await page.goto(server.url);
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Terminal' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  return dialog;
}

test('a filter is written with what its input holds, and tried in the browser and on the server', async ({ page }) => {
  const refused = refusals(page);
  const loaded: string[] = [];
  page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
  await logIn(page, server);
  expect(loaded.filter((path) => /emscripten|CodePane|FunctionCode|dry-run/.test(path))).toEqual([]);
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('navigation', { name: 'System' }).getByRole('link', { name: 'Functions' }).click();
  await expect(page.getByRole('heading', { name: 'Functions' })).toBeVisible();
  await accessible(page);
  await page.screenshot({ path: test.info().outputPath('functions.png') });
  await page.getByRole('link', { name: 'Form filter' }).click();
  await expect(page.getByText('Built in').first()).toBeVisible();
  await page.locator('label', { hasText: 'JavaScript' }).click();

  await write(page, 'async function (input) {\n  return input.forms[0].naem;\n}');
  await expect(page.getByRole('button', { name: 'Line 2 There is no naem here.' })).toBeVisible();
  await write(page, 'async function (input) {\n  return input.');
  await page.keyboard.press('Control+Space');
  await expect(page.getByRole('option', { name: /userGroups/ })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('suggestions.png') });
  await page.keyboard.press('Escape');

  await write(page, FILTER);
  await expect(page.getByText('Nothing to remark.')).toBeVisible();
  await page.getByRole('button', { name: 'Run in this browser' }).click();
  await expect(page.getByText('Asks the form resources.')).toBeVisible();
  await expect(page.getByText('asked by ada')).toBeVisible();
  await expect(page.getByText(/ ms in this browser/)).toBeVisible();
  expect(loaded.some((path) => path.includes('emscripten'))).toBe(true);
  await accessible(page);
  await page.screenshot({ path: test.info().outputPath('tried.png') });
  await page.getByRole('button', { name: 'Run on the server' }).click();
  await expect(page.getByText(/ ms on the server/)).toBeVisible();
  await expect(page.getByText('Asks the form resources.')).toBeVisible();

  await page.getByRole('radio', { name: 'Input' }).check({ force: true });
  await expect(page.getByRole('heading', { name: 'What to return' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('input.png') });
  await accessible(page);
  expect(refused).toEqual([]);

  await publish(page);
  await expect(page.getByText('Version 1 is published.')).toBeVisible();
});

test('it decides about a real start, whose input can then be tried', async ({ page }) => {
  await logInByToken(page, server);
  const dialog = await startTerminal(page);
  await expect(dialog.getByRole('heading', { name: 'Resources' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('asked.png') });
  expect(await server.api<unknown[]>('GET', '/api/sessions')).toEqual([]);

  await page.goto(`${server.url}/system/functions/form-filter`);
  const inputs = page.getByRole('combobox', { name: 'Input' });
  const real = inputs.locator('optgroup[label="From real starts"] option').first();
  await expect(real).toBeAttached();
  await inputs.selectOption((await real.getAttribute('value')) ?? '');
  await expect(page.getByLabel('Input as JSON')).toHaveValue(/"command": "xterm/);
  await page.getByRole('button', { name: 'Run in this browser' }).click();
  await expect(page.getByText('Asks the form resources.')).toBeVisible();
});

test('what never ends is ended, in the browser and on the server, and the page goes on', async ({ page }) => {
  await logInByToken(page, server);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(`${server.url}/system/functions/form-filter`);
  await write(page, '(input) => { const a = Array.from({ length: 3e5 }, Math.random); for (;;) a.sort(); }');
  await page.getByRole('button', { name: 'Run in this browser' }).click();
  await expect(page.getByText('It ran longer than a second and was stopped.')).toBeVisible({ timeout: 20_000 });
  await page.screenshot({ path: test.info().outputPath('stopped-dark.png') });
  await accessible(page);
  await page.getByRole('button', { name: 'Run on the server' }).click();
  await expect(page.getByText(/ ms on the server/)).toBeVisible({ timeout: 20_000 });
  await write(page, FILTER);
  await page.getByRole('button', { name: 'Run in this browser' }).click();
  await expect(page.getByText(/^Asks the form|^Nothing more is asked/)).toBeVisible();
});

test('another version beside it is compared, published, and rolled back', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/functions/form-filter`);
  await write(page, 'async function (input) {\n  return null;\n}');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('The draft is saved.')).toBeVisible();
  await page.getByRole('radio', { name: 'Shadow' }).check({ force: true });
  await page.getByRole('button', { name: 'Run the saved draft as a shadow' }).click();
  await expect(page.getByText('Shadow running')).toBeVisible();

  // Decided by the live one, seen by the other.
  const dialog = await startTerminal(page);
  await expect(dialog.getByRole('heading', { name: 'Resources' })).toBeVisible();
  await page.goto(`${server.url}/system/functions/form-filter`);
  await page.getByRole('radio', { name: 'Shadow' }).check({ force: true });
  await expect(async () => {
    await page.getByRole('button', { name: 'Look again' }).click();
    await expect(page.getByText(/1 with another result/)).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.screenshot({ path: test.info().outputPath('shadow.png') });
  await accessible(page);
  await page.getByRole('button', { name: 'Stop the shadow' }).click();
  await expect(page.getByText('Shadow running')).toBeHidden();

  await publish(page);
  await expect(page.getByText('Version 2 is published.')).toBeVisible();
  await page.getByRole('button', { name: 'More for Form filter' }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Version 1/ })
    .click();
  await expect(page.getByRole('dialog').locator('.cm-deletedChunk').first()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('versions.png') });
  await page.getByRole('button', { name: 'Publish version 1 again' }).click();
  await expect(page.getByText(/The older text is published as a new version/)).toBeVisible();
  const again = await startTerminal(page);
  await expect(again.getByRole('heading', { name: 'Resources' })).toBeVisible();
});

test('a server that is asked to end does, and keeps what a start has just brought', async ({ page }) => {
  await logInByToken(page, server);
  const path = '/api/admin/functions/form-filter/inputs';
  const before = await server.api<{ id: number }[]>('GET', path);
  const dialog = await startTerminal(page);
  await expect(dialog.getByRole('heading', { name: 'Resources' })).toBeVisible();
  expect(await server.end()).toBe(0);
  await server.launch();
  const after = await server.api<{ id: number }[]>('GET', path);
  expect(after[0]?.id).toBeGreaterThan(before[0]?.id ?? 0);
});
