/** An administrator writes a form, sees what people will see, publishes it, and starts with it. */
import { expect, test, type Page } from '@playwright/test';
import { accessible, refusals } from './support/page-checks.ts';
import { connected, logIn, logInByToken, onlySession, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

const source = (page: Page) => page.getByRole('textbox', { name: 'HTML of the form' });
const preview = (page: Page) => page.getByRole('region', { name: 'Preview' });
const params = (page: Page) => preview(page).locator('.form-params output');

async function write(page: Page, html: string): Promise<void> {
  await source(page).click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(html);
}

const FORM = `<p>Which nodes should it run on?</p>
<div class="form-group">
  <label for="queue">Queue</label>
  <select id="queue" name="queue" class="custom-select">
    <option selected>cpu</option>
    <option>gpu</option>
  </select>
</div>
<div class="form-group" data-show-when="queue=gpu">
  <label for="cards">Cards</label>
  <input id="cards" name="cards" type="number" data-type="number" class="form-control" min="1" max="4" value="1" required>
</div>
<script>alert(1)</script>
`;

test('writing a form shows it at once, with its params and what is left out of it', async ({ page }) => {
  const refused = refusals(page);
  await logIn(page, server);
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('navigation', { name: 'System' }).getByRole('link', { name: 'Forms' }).click();
  await expect(page.getByRole('heading', { name: 'Start forms' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Resources' })).toBeVisible();
  await accessible(page);
  await page.screenshot({ path: test.info().outputPath('forms.png') });

  await page.getByRole('button', { name: 'New form' }).click();
  await page.getByRole('dialog').getByLabel('Name of the form').fill('Nodes');
  await page.keyboard.press('Enter');
  await write(page, FORM);
  await expect(preview(page).getByLabel('Queue')).toHaveValue('cpu');
  await expect(params(page)).toHaveText('{ "queue": "cpu" }');
  await expect(preview(page).getByLabel('Cards')).toBeHidden();
  await preview(page).getByLabel('Queue').selectOption('gpu');
  await preview(page).getByLabel('Cards').fill('3');
  await expect(params(page)).toHaveText('{ "queue": "gpu", "cards": 3 }');
  await preview(page).getByLabel('Cards').fill('9');
  await expect(params(page)).toContainText('The largest allowed value is 4.');
  await expect(page.getByRole('button', { name: /Line 13 <script> is not allowed/ })).toBeVisible();
  await expect(page.locator('.cm-lint-marker-warning')).toHaveCount(1);
  await page.screenshot({ path: test.info().outputPath('editor.png') });
  await accessible(page);
  await preview(page).getByLabel('Colours').selectOption('dark');
  await preview(page).getByLabel('Width').selectOption('phone');
  await preview(page).getByLabel('Language').selectOption('de');
  await expect(params(page)).toContainText('Der größte erlaubte Wert ist 4.');
  await page.screenshot({ path: test.info().outputPath('editor-phone-dark.png') });

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.getByText('Version 1 is published.')).toBeVisible();
  expect(refused).toEqual([]);
});

test('suggestions come from what a form may have', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/forms/nodes`);
  await expect(source(page)).toBeVisible();
  await source(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('<inp');
  await page.getByRole('option', { name: 'input' }).click();
  await page.keyboard.type('data-t');
  await page.keyboard.press('Control+Space');
  await expect(page.getByRole('option', { name: 'data-type' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('suggestions.png') });
});

test('the designer changes a question and leaves the rest as it was written', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/forms/nodes`);
  await page.getByRole('radio', { name: 'Designer' }).check();
  await page.getByRole('button', { name: /^Queue queue/ }).click();
  await page.getByRole('button', { name: /^Queue queue/ }).click();
  await page.getByLabel('Label', { exact: true }).fill('Kind of node');
  await page.getByLabel('Label', { exact: true }).press('Enter');
  await expect(preview(page).getByLabel('Kind of node')).toBeVisible();
  await page.getByLabel('Words of option 2').fill('with graphics cards');
  await page.getByLabel('Words of option 2').press('Enter');
  await expect(preview(page).getByRole('option', { name: 'with graphics cards' })).toBeAttached();
  await page.screenshot({ path: test.info().outputPath('designer.png') });
  await accessible(page);
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('The draft is saved.')).toBeVisible();
  const { html } = await server.api<{ html: string }>('GET', '/api/admin/forms/nodes');
  expect(html).toBe(
    FORM.replace('>Queue<', '>Kind of node<').replace('<option>gpu', '<option value="gpu">with graphics cards'),
  );

  await page.getByRole('button', { name: /^More for/ }).click();
  await page.getByRole('menuitem', { name: 'Versions' }).click();
  await expect(page.getByRole('dialog').getByText('is asked')).toBeVisible();
  await expect(page.getByRole('dialog').locator('.cm-deletedChunk').first()).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('versions.png') });
  await accessible(page);
});

test('of two who save at once the second sees what the first did, and loses nothing', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/forms/project`);
  await write(page, '<label>Mine <input name="mine"></label>');
  await expect(preview(page).getByLabel('Mine')).toBeVisible();
  const { revision } = await server.api<{ revision: number }>('GET', '/api/admin/forms/project');
  const theirs = { name: 'Project', html: '<label>Theirs <input name="theirs"></label>', revision };
  const token = await server.token();
  const saved = await fetch(`${server.url}/api/admin/forms/project`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(theirs),
  });
  expect(saved.status).toBe(200);

  await page.getByRole('button', { name: 'Save draft' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else has saved this form' });
  await expect(dialog.locator('.cm-insertedLine, .cm-changedLine, .cm-inlineChangedLine').first()).toContainText(
    'Mine',
  );
  await expect(dialog.locator('.cm-content')).toContainText('Theirs');
  await page.screenshot({ path: test.info().outputPath('conflict.png') });
  await dialog.getByRole('button', { name: 'Go on with mine' }).click();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('The draft is saved.')).toBeVisible();
  const { html, revisions } = await server.api<{ html: string; revisions: { by: string }[] }>(
    'GET',
    '/api/admin/forms/project',
  );
  expect([html.includes('Mine'), revisions.length]).toEqual([true, revision + 2]);
});

test('trying goes through the loop and starts nothing; then a start asks the published form', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/forms/nodes`);
  await page.getByRole('button', { name: 'Try it' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await dialog.getByLabel('Kind of node').selectOption('gpu');
  await dialog.getByLabel('Cards').fill('2');
  await dialog.getByRole('button', { name: 'Next' }).click();
  await expect(dialog.locator('pre')).toHaveText('{ "queue": "gpu", "cards": 2 }');
  await page.screenshot({ path: test.info().outputPath('tried.png') });
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  expect(await server.api<unknown[]>('GET', '/api/sessions')).toEqual([]);

  await page.getByRole('link', { name: 'All forms' }).click();
  await page.getByLabel('Add a form …').selectOption('resources');
  await page.getByLabel('Add a form …').selectOption('nodes');
  await page.getByRole('button', { name: /^Move Nodes/ }).press('ArrowUp');
  await expect(page.locator('.form-defaults li').first()).toContainText('Nodes');
  await expect
    .poll(async () => (await server.api<{ defaults: string[] }>('GET', '/api/admin/forms')).defaults)
    .toEqual(['nodes', 'resources']);
  await page.getByRole('button', { name: 'Remove Resources' }).click();
  await page.screenshot({ path: test.info().outputPath('defaults.png') });

  await page.goto(server.url);
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const start = page.getByRole('dialog');
  await start.getByRole('radio', { name: 'Own command' }).check({ force: true });
  await start.getByRole('textbox', { name: 'Command' }).fill('xterm');
  await start.getByRole('button', { name: 'Start', exact: true }).click();
  // The draft calls it otherwise; people are asked what is published.
  await start.getByLabel('Queue').selectOption('gpu');
  await start.getByLabel('Cards').fill('4');
  await start.getByRole('button', { name: 'Start', exact: true }).click();
  await connected(viewerIn(page));
  const session = await onlySession(server);
  expect(session).toMatchObject({ params: { queue: 'gpu', cards: 4 } });
});

test('what is too much is said with the reason, and neither saved nor the end of the page', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/forms/project`);
  for (const [html, reason] of [
    [`<p>${'x'.repeat(1024 * 1024)}</p>`, /at most 1 MiB is accepted/],
    ['<div>'.repeat(10_000), /more than 100 deep|more than 10,000 elements/],
  ] as const) {
    await write(page, html);
    await expect(page.getByRole('button', { name: reason })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
  }
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByRole('alert')).toContainText('it was not saved');
  await page.screenshot({ path: test.info().outputPath('too-much.png') });
  await write(page, '<label>Small <input name="small"></label>');
  await page.getByRole('button', { name: 'Save draft' }).click();
  await expect(page.getByText('The draft is saved.')).toBeVisible();
});

test('a form of 500 fields is shown again soon after a key', async ({ page }) => {
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/forms/project`);
  const field = (i: number) =>
    `<div class="form-group"><label for="f${i}">Field ${i}</label><input id="f${i}" name="f${i}" class="form-control"></div>\n`;
  await write(page, Array.from({ length: 500 }, (_, i) => field(i)).join(''));
  await expect(preview(page).getByLabel('Field 499')).toBeAttached({ timeout: 20_000 });
  const times: number[] = [];
  for (let i = 0; i < 7; i++) {
    times.push(
      await page.evaluate(async () => {
        const content = document.querySelector('.code-pane')?.shadowRoot?.querySelector<HTMLElement>('.cm-content');
        const output = document.querySelector('.form-device');
        content?.focus();
        const begin = performance.now();
        const changed = new Promise<void>((resolve) => {
          const observer = new MutationObserver(() => {
            observer.disconnect();
            resolve();
          });
          if (output) observer.observe(output, { childList: true, subtree: true });
        });
        document.execCommand('insertText', false, '<p>x</p>');
        await changed;
        return performance.now() - begin;
      }),
    );
  }
  const median = times.toSorted((a, b) => a - b)[3] ?? 0;
  test.info().annotations.push({ type: 'preview after a key', description: `${Math.round(median)} ms` });

  expect(median).toBeLessThan(1500);
});
