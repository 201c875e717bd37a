/** Limits of a profile, as whoever works in the session meets them: told in time, put off by keyboard, and striking. */
import { expect, test, type Page } from '@playwright/test';
import type { Profile } from '../src/contract/profile.ts';
import type { Session } from '../src/contract/session.ts';
import {
  connected,
  intoTerminal,
  logInByToken,
  startByApi,
  startFromPortal,
  viewerIn,
  viewerUrl,
} from './support/pages.ts';
import { accessible } from './support/page-checks.ts';
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
  await accessible(page);

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
  await accessible(page);
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

/** As the API tells of it, with its limits. */
async function told(id: string): Promise<Session> {
  const found = (await server.api<Session[]>('GET', '/api/sessions')).find((session) => session.id === id);
  if (!found) throw new Error(`no session ${id}`);
  return found;
}

test('a profile that is changed, then removed, stays that of the session it was given to, and is nobody else’s', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const held = { name: 'Held', maxRunSeconds: 45, extensions: 1, extensionSeconds: 31, clipboard: 'off' };
  const size = { maxGeometry: { width: 800, height: 600 } };
  const { id, version } = await server.api<Profile>('POST', '/api/admin/profiles', { ...held, ...size });
  const bookmark = await server.api<{ id: string }>('POST', '/api/bookmarks', {
    name: 'Held terminal',
    command: 'xterm',
    profile: id,
    system: true,
  });
  const session = await startByApi(server, { profile: id, name: 'Before' });
  const before = await told(session.id);
  expect(before).toMatchObject({ profile: 'held', geometry: '800x600', allows: { clipboard: 'off' } });

  // Changed: for those that start from now on.
  await server.api('PUT', '/api/admin/profiles/held', { name: 'Held', version });
  const after = await startByApi(server, { profile: id, name: 'After' });
  expect(await told(after.id)).toMatchObject({ profile: 'held', geometry: '1000x700', allows: { clipboard: 'both' } });
  await server.api('POST', '/api/terminate', { id: after.id });

  // Removed, by the page for it.
  await logInByToken(page, server);
  await page.goto(`${server.url}/system/sessions/profiles?open=held`);
  const profile = page.getByRole('region', { name: 'Held', exact: true });
  await expect(profile.getByText('Used by: Held terminal.')).toBeVisible();
  await profile.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Held has been deleted')).toBeVisible();
  await page.goto(`${server.url}/system/sessions/bookmarks?open=${bookmark.id}`);
  await expect(page.getByLabel('Profile', { exact: true })).toHaveValue('held');
  await expect(page.getByLabel('Profile', { exact: true }).locator('option:checked')).toHaveText('held (not there)');
  await page.screenshot(picture('bookmark-of-removed'));
  await expect
    .poll(async () => (await server.api<{ profiles: unknown[] }>('GET', '/api/admin/profiles')).profiles)
    .not.toContainEqual(expect.objectContaining({ id }));
  await page.goto(`${server.url}/system/sessions/all`);
  await page.getByRole('rowheader', { name: 'Before' }).click();
  const panel = page.getByRole('region', { name: 'Before', exact: true });
  await expect(panel.locator('dt', { hasText: 'Profile' }).locator('+ dd')).toHaveText('held');
  await page.screenshot(picture('session-of-removed'));

  // The session goes on with all it had: it is connected to from its card, told of its end, and put off.
  await page.goto(server.url);
  const card = page.getByRole('article', { name: 'Before' });
  await card.getByRole('link', { name: 'Connect to Before' }).click();
  await connected(viewerIn(page));
  expect(await told(session.id)).toMatchObject({ status: 'running', geometry: '800x600', allows: before.allows });
  await page.goto(server.url);
  await expect(card.getByText('Will be ended because its time is up.')).toBeVisible({ timeout: 60_000 });
  expect((await told(session.id)).deadline).toEqual({
    at: before.started + 45_000,
    reason: 'run-time-over',
    extendable: true,
  });
  await page.screenshot(picture('card-of-removed'));
  await card.getByRole('button', { name: 'Extend the time of Before' }).click();
  await expect(card.getByText('Will be ended because its time is up.')).toHaveCount(0);

  // No start finds it any more, whoever names it: a bookmark, or what was started with it before.
  await startFromPortal(page, 'Held terminal');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toContainText('There is no profile “held” for this start.');
  await page.screenshot(picture('start-of-removed'));
  await page.keyboard.press('Escape');
  for (const start of [{ profile: id }, { bookmarkId: bookmark.id }]) {
    await expect(startByApi(server, start)).rejects.toThrow(/^profile-unknown: .*“held”/);
  }
  const running = (await server.api<Session[]>('GET', '/api/sessions')).filter(({ status }) => status === 'running');
  expect(running.map(({ name }) => name)).toContain('Before');
  expect(running.filter(({ profile: named }) => named === id)).toHaveLength(1);

  // One that is made anew under its name is another.
  await server.api('POST', '/api/admin/profiles', { name: 'Held' });
  await page.goto(await viewerUrl(server, session));
  await connected(page);
  await expect(page.locator('#viewer')).toHaveAttribute('data-state', 'ended', { timeout: 90_000 });
  await expect(page.getByText('The session was ended because its time was up.')).toBeVisible();
  const over = await told(session.id);
  expect(over).toMatchObject({ status: 'ended', profile: 'held', error: { name: 'run-time-over' } });
  expect((over.ended ?? 0) - over.started).toBeGreaterThanOrEqual(76_000);
});

test('idleness by a profile that has been removed strikes as it would have', async ({ page }) => {
  const { id } = await openWith(page, { idleSeconds: 12 });
  await server.api('DELETE', `/api/admin/profiles/${(await told(id)).profile}`);
  await page.keyboard.press('a');
  await expect(notice(page)).toContainText('You will be disconnected', { timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'Disconnected after a while without input' })).toBeVisible({
    timeout: 40_000,
  });
  await expect.poll(async () => (await told(id)).status).toBe('running');
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await connected(page);
});
