/** The pages of the administration against a real server, by keyboard, in both colours and on a telephone. */
import { expect, test, type Page } from '@playwright/test';
import { accessible } from './support/page-checks.ts';
import { connected, logIn, logInByToken, startFromPortal, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

test.describe.configure({ mode: 'serial' });

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

const go = (page: Page, path: string) => page.goto(`${server.url}/system/${path}`);
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a bookmark is written by keyboard alone, found under Start and started; deleted, it can be brought back', async ({
  page,
}) => {
  await logIn(page, server);
  await go(page, 'sessions/bookmarks');
  await page.getByRole('button', { name: 'New bookmark' }).focus();
  await page.keyboard.press('Enter');
  await expect(panel(page, 'New bookmark')).toBeVisible();
  await panel(page, 'New bookmark').getByLabel('Name', { exact: true }).focus();
  await page.keyboard.type('Clock in a window');
  await page.keyboard.press('Tab');
  await page.keyboard.type('xterm -fullscreen');
  await page.keyboard.press('Control+s');
  await expect(panel(page, 'Clock in a window')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('bookmarks.png') });
  await accessible(page);
  await page.keyboard.press('Escape');
  await expect(panel(page, 'Clock in a window')).toBeHidden();

  await page.goto(server.url);
  await startFromPortal(page, 'Clock in a window');
  await connected(viewerIn(page));

  await go(page, 'sessions/bookmarks');
  await expect(page.getByRole('grid')).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('clock in');
  await expect(page.getByRole('rowheader')).toHaveCount(1);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await expect(page.getByText('Clock in a window has been deleted')).toBeVisible();
  await expect(page.getByRole('rowheader')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(page.getByRole('rowheader', { name: 'Clock in a window' })).toBeVisible();
});

test('a profile that two people save at once is decided by the second; a delete that waits survives leaving', async ({
  page,
}) => {
  await logInByToken(page, server);
  const headers = { authorization: `Bearer ${await server.token()}`, 'content-type': 'application/json' };
  const made = await server.api<{ id: string; version: number }>('POST', '/api/admin/profiles', { name: 'Lab' });
  await go(page, `sessions/profiles?open=${made.id}`);
  await panel(page, 'Lab').getByLabel('Disconnect when idle for', { exact: true }).fill('30');
  const saved = await fetch(`${server.url}/api/admin/profiles/${made.id}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ name: 'Lab', idleSeconds: 60, version: made.version }),
  });
  expect(saved.status).toBe(200);
  await panel(page, 'Lab').getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog', { name: 'Somebody else has saved this' });
  await expect(dialog.getByRole('cell', { name: '1800' })).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('conflict.png') });
  await accessible(page);
  await dialog.getByRole('button', { name: 'Go on with mine' }).click();
  await panel(page, 'Lab').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Lab is saved.')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('profiles.png') });
  await accessible(page);

  await panel(page, 'Lab').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Lab has been deleted')).toBeVisible();
  await page.close();
  await expect
    .poll(async () => (await server.api<{ profiles: unknown[] }>('GET', '/api/admin/profiles')).profiles)
    .toEqual([]);
});

test('an action is taken away and checked; the audit list shows it all', async ({ page }) => {
  await logInByToken(page, server);
  await go(page, 'people/permissions?open=%2B');
  const rule = panel(page, 'New rule');
  await rule.getByLabel('Who').fill('nobody');
  await rule.getByLabel('Level', { exact: true }).selectOption('full');
  await rule.getByRole('radio', { name: 'End sessions: Taken away' }).check();
  await page.screenshot({ path: test.info().outputPath('permissions.png') });
  await accessible(page);
  await rule.getByRole('button', { name: 'Save' }).click();
  await expect(panel(page, 'nobody')).toBeVisible();
  await page.getByRole('button', { name: 'What may somebody do?' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Account').fill('nobody');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'End sessions' })).toContainText('no');
  await page.screenshot({ path: test.info().outputPath('checker.png') });

  await go(page, 'people/audit');
  for (const event of ['Permissions changed', 'Profile changed', 'Start']) {
    await expect(page.getByRole('gridcell', { name: event, exact: true }).first()).toBeVisible();
  }
  await page.getByRole('gridcell', { name: 'Start', exact: true }).first().click();
  await expect(panel(page, 'Start')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('audit.png') });
  await accessible(page);
});

test('every page is accessible, in both colours, and fits a telephone', async ({ page }) => {
  // Twelve times axe over a whole page.
  test.setTimeout(240_000);
  await logInByToken(page, server);
  for (const [path, heading] of [
    ['sessions/all', 'All sessions'],
    ['sessions/bookmarks', 'Bookmarks'],
    ['people/permissions', 'Permissions'],
    ['people/audit', 'Audit'],
    ['site/servers', 'Servers'],
    ['site/settings', 'Seats and settings'],
  ] as const) {
    const name = path.replace('/', '-');
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await go(page, path);
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible();
    await expect(page.getByRole(path === 'site/settings' ? 'region' : 'grid').first()).toBeVisible();
    await page.screenshot({ path: test.info().outputPath(`${name}-dark.png`) });
    await accessible(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.screenshot({ path: test.info().outputPath(`${name}-phone.png`) });
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
    await accessible(page);
  }
});

test('10,000 rows are there and found without waiting', async ({ page }) => {
  await logInByToken(page, server);
  const rule = { level: 'full', grant: [], deny: ['log'], note: '', version: 1, at: 1_700_000_000_000, by: 'root' };
  const entries = Array.from({ length: 10_000 }, (_, i) => ({ ...rule, id: `person${i}`, note: `Room ${i % 97}` }));
  await page.route('**/api/admin/permissions', (route) =>
    route.fulfill({
      json: {
        result: { defaults: { level: 'full', levels: [], version: 1 }, entries, fixed: { admins: [], managers: [] } },
      },
    }),
  );
  await go(page, 'people/permissions');
  await expect(page.getByText('10000 rows')).toBeVisible();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  const times = await page.evaluate(async () => {
    const search = document.querySelector<HTMLInputElement>('input[type="search"]');
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    /** Until what the action changes is drawn. */
    const measure = async (act: () => void, done: () => boolean) => {
      const begin = performance.now();
      act();
      while (!done()) await new Promise((resolve) => requestAnimationFrame(resolve));
      return Math.round(performance.now() - begin);
    };
    const count = () => document.querySelector('.list-count')?.textContent ?? '';
    const type = (text: string) => () => {
      setValue?.call(search, text);
      search?.dispatchEvent(new Event('input', { bubbles: true }));
    };
    const sort = document.querySelector<HTMLElement>('.grid-sort');
    const first = document.querySelector('.grid-body [role="rowheader"]')?.textContent;
    return {
      filter: await measure(type('person99 room'), () => count().startsWith('111 ')),
      clear: await measure(type(''), () => count().startsWith('10000 ')),
      sort: await measure(
        () => sort?.click(),
        () => document.querySelector('.grid-body [role="rowheader"]')?.textContent !== first,
      ),
    };
  });
  test.info().annotations.push({ type: '10,000 rows, milliseconds', description: JSON.stringify(times) });
  await page.keyboard.press('/');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+End');
  await expect(page.getByRole('row').last()).toHaveAttribute('aria-rowindex', '10001');
});
