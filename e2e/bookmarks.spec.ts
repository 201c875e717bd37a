/** A start that was answered once is kept as a bookmark, starred, started by keyboard, repeated, and opened by its link. */
import { expect, test, type Page } from '@playwright/test';
import { accessible } from './support/page-checks.ts';
import { connected, logIn, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

async function openDialog(page: Page) {
  await page.goto(server.url);
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('radio', { name: 'Terminal' })).toBeVisible();
  return dialog;
}

/** The newest session's answers, once there are `count` sessions. */
async function newestParams(count: number): Promise<Record<string, unknown>> {
  let sessions: SessionRow[] = [];
  await expect
    .poll(async () => (sessions = await server.api<SessionRow[]>('GET', '/api/sessions')).length, { timeout: 20_000 })
    .toBe(count);
  return sessions[0]?.params ?? {};
}

test('what was answered once is kept, starred, repeated, and found by its link', async ({ page }) => {
  test.setTimeout(120_000);
  await logIn(page, server);
  let dialog = await openDialog(page);
  await dialog.getByRole('radio', { name: 'Own command' }).check({ force: true });
  await dialog.getByRole('textbox', { name: 'Command' }).fill('xterm -T Wing');
  await dialog.getByText('Questions to answer first').click();
  await dialog.getByRole('checkbox', { name: 'Project' }).check();
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await dialog.getByRole('textbox', { name: 'Project' }).fill('wing 12');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await connected(viewerIn(page));
  expect(await newestParams(1)).toMatchObject({ project: 'wing 12' });

  // Kept from what was started lately, with the answer and the form.
  dialog = await openDialog(page);
  await dialog.getByRole('button', { name: 'Save xterm -T Wing as a bookmark' }).click();
  const saving = page.getByRole('dialog', { name: 'Save as bookmark' });
  await saving.getByRole('textbox', { name: 'Name' }).fill('Wing');
  await saving.getByRole('textbox', { name: 'Tags' }).fill('aero, cfd');
  await saving.getByRole('radio', { name: 'Cube' }).check({ force: true });
  await saving.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(dialog.getByRole('radio', { name: 'Wing' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'aero' })).toBeVisible();

  // By keyboard alone: chosen, starred, and then the first of all.
  await dialog.getByRole('radio', { name: 'Wing' }).focus();
  await page.keyboard.press('Space');
  await dialog.getByRole('button', { name: 'Favourite', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Favourite', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await expect(dialog.getByRole('radio').first()).toHaveAccessibleName(/Wing/);
  await accessible(page, 'dialog');
  await page.screenshot({ path: test.info().outputPath('gallery-light.png') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: test.info().outputPath('gallery-dark.png') });
  await page.emulateMedia({ colorScheme: 'light' });
  await dialog.getByRole('radio', { name: 'Wing' }).focus();
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox', { name: 'Project' })).toHaveValue('wing 12');
  await dialog.getByRole('textbox', { name: 'Project' }).fill('wing 13');
  await page.keyboard.press('Enter');
  await connected(viewerIn(page));
  expect(await newestParams(2)).toMatchObject({ project: 'wing 13', icon: 'cube' });

  // The same again, without a question.
  dialog = await openDialog(page);
  await dialog.getByRole('button', { name: 'Start Wing again' }).first().click();
  await connected(viewerIn(page));
  expect(await newestParams(3)).toMatchObject({ project: 'wing 13' });

  // A link shows it, chosen, and starts nothing by itself.
  const { bookmarks } = await server.api<{ bookmarks: { id: string; name: string }[] }>('GET', '/api/bookmarks');
  const wing = bookmarks.find(({ name }) => name === 'Wing');
  await page.goto(`${server.url}/?start=${wing?.id}&param.project=linked`);
  await expect(page.getByRole('dialog').getByRole('radio', { name: 'Wing' })).toBeChecked();
  await page.getByRole('dialog').getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Project' })).toHaveValue('linked');
  await newestParams(3);
});
