/** Limits of a profile, as whoever works in the session meets them: told in time, put off by keyboard, and striking. */
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { connected, intoTerminal, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

test.setTimeout(120_000);

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

async function openWith(page: Page, limits: Record<string, unknown>): Promise<SessionRow> {
  const profile = await server.api<{ id: string }>('POST', '/api/admin/profiles', {
    name: `Limits ${Object.values(limits).join(' ')}`,
    ...limits,
  });
  const session = await startByApi(server, { profile: profile.id });
  await page.goto(await viewerUrl(server, session));
  await connected(page);
  await intoTerminal(page, server, session);
  return session;
}

const notice = (page: Page) => page.locator('.deadline-place').getByRole('group');
const picture = (name: string) => ({ path: test.info().outputPath(`${name}.png`) });

/** What a person presses to leave the desktop: Ctrl, Alt and Shift together, and let go. */
async function leaveDesktop(page: Page): Promise<void> {
  for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
  for (const key of ['Shift', 'Alt', 'Control']) await page.keyboard.up(key);
}

test('the end by run time counts down, is put off by keyboard once, strikes, and its reason is on the card', async ({
  page,
}) => {
  const session = await openWith(page, { maxRunSeconds: 24, extensions: 1, extensionSeconds: 20 });
  await expect(notice(page)).toBeVisible({ timeout: 30_000 });
  await expect(notice(page)).toContainText('The time of this session is nearly up. Save your work.');
  const time = notice(page).getByRole('timer');
  const first = await time.textContent();
  expect(first).toMatch(/^0:\d\d$/);
  await expect(time).not.toHaveText(first ?? '');
  await expect(page.locator('.deadline-place [role=status]')).toContainText('press and release Ctrl, Alt and Shift');
  await page.screenshot(picture('run-time'));
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  await leaveDesktop(page);
  await expect(page.getByRole('button', { name: 'Extend' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(notice(page)).toHaveCount(0);
  // The keyboard is back in the session.
  await expect(page.locator('.desktop :focus')).toHaveCount(1);

  // There is no second time.
  await expect(notice(page)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('button', { name: 'Extend' })).toHaveCount(0);
  await expect(page.locator('#viewer')).toHaveAttribute('data-state', 'ended', { timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'The session has ended' })).toBeVisible();
  await expect(page.getByText('The session was ended because its time was up.')).toBeVisible();
  await expect(page.getByText('Code: run-time-over')).toBeVisible();
  await expect(notice(page)).toHaveCount(0);
  await page.screenshot(picture('ended'));
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  const [row] = (await server.api<SessionRow[]>('GET', '/api/sessions')).filter(({ id }) => id === session.id);
  expect(row?.status).toBe('ended');
});

test('idleness is announced, any key ends it, and its strike leaves the session running', async ({ page }) => {
  const session = await openWith(page, { idleSeconds: 12 });
  await expect(notice(page)).toBeVisible({ timeout: 30_000 });
  await expect(notice(page)).toContainText('You will be disconnected because nothing is being typed or pointed at.');
  await page.screenshot(picture('idle'));
  await page.keyboard.press('a');
  await expect(notice(page)).toHaveCount(0);

  await expect(notice(page)).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Stay connected' }).click();
  await expect(notice(page)).toHaveCount(0);

  await expect(page.getByRole('heading', { name: 'Disconnected after a while without input' })).toBeVisible({
    timeout: 40_000,
  });
  await page.screenshot(picture('idle-struck'));
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await connected(page);
  const [row] = (await server.api<SessionRow[]>('GET', '/api/sessions')).filter(({ id }) => id === session.id);
  expect(row?.status).toBe('running');
});
