/** What a person does in the portal and the viewer, by the words they read on it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, type FrameLocator, type Page } from '@playwright/test';
import type { TestUser } from '../../server/testing/unix-users.ts';
import type { TestServer } from './server.ts';
import { XDisplay, type SessionRow } from './x-display.ts';

export async function logIn(page: Page, server: TestServer): Promise<void> {
  await page.goto(server.loginLink);
  await expect(page.getByRole('heading', { name: 'Your sessions' })).toBeVisible();
  const cookie = (await page.context().cookies()).find(({ name }) => name === 'token');
  if (cookie) server.useToken(cookie.value);
}

/** The same person in a new browser. */
export async function logInByToken(page: Page, server: TestServer): Promise<void> {
  const token = await server.token();
  await page
    .context()
    .addCookies([{ name: 'token', value: token, url: server.url, httpOnly: true, sameSite: 'Strict' }]);
}

/** Name and password of an account of the machine, on the login page; what comes of them is the test's. */
export async function giveNameAndPassword(
  page: Page,
  server: TestServer,
  { login, password }: Pick<TestUser, 'login' | 'password'>,
): Promise<void> {
  await page.goto(`${server.url}/login`);
  await page.getByLabel('User name').fill(login);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
}

/** Where sshd asks for nothing but the password. */
export async function logInOverSsh(page: Page, server: TestServer, user: TestUser): Promise<void> {
  await giveNameAndPassword(page, server, user);
  await expect(page.getByRole('heading', { name: 'Your sessions' })).toBeVisible({ timeout: 60_000 });
}

export function viewerIn(page: Page): FrameLocator {
  return page.frameLocator('iframe');
}

/** Waits until the viewer shows its session: in a frame of the page, or as the page. */
export async function connected(where: Page | FrameLocator): Promise<void> {
  await expect(where.locator('#viewer')).toHaveAttribute('data-state', 'connected', { timeout: 20_000 });
}

/** From the portal's front page into a running session. */
export async function startFromPortal(page: Page, bookmark: string): Promise<void> {
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  // The tile's face lies over its radio button.
  await dialog.getByRole('radio', { name: bookmark }).check({ force: true });
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
}

export async function onlySession(server: TestServer): Promise<SessionRow> {
  const sessions = await server.api<SessionRow[]>('GET', '/api/sessions');
  const [session] = sessions;
  if (!session || sessions.length !== 1) throw new Error(`${sessions.length} sessions`);
  return session;
}

/** Starts a session past the browser, for flows that begin in the viewer. */
export async function startByApi(server: TestServer, start: Record<string, unknown> = {}): Promise<SessionRow> {
  const result = await server.api<{ session: SessionRow }>('POST', '/api/start', {
    command: 'xterm -fullscreen',
    geometry: '1000x700',
    ...start,
  });
  return result.session;
}

/** The address of the viewer with a fresh ticket. */
export async function viewerUrl(server: TestServer, session: SessionRow, parentOrigin?: string): Promise<string> {
  const connect = await server.api<{ url: string }>('POST', '/api/connect', {
    id: session.id,
    ...(parentOrigin === undefined ? {} : { parentOrigin }),
  });
  // By the name that the tests' pages go by; the answer has the address that the call went to.
  const { pathname, hash } = new URL(connect.url, server.url);
  return `${server.url}${pathname}${hash}`;
}

/** Clicks into the desktop, so that it has the keyboard, once the terminal has the session's focus. */
export async function intoTerminal(where: Page | FrameLocator, server: TestServer, session: SessionRow): Promise<void> {
  const display = await XDisplay.of(server, session);
  await display.focused('xterm');
  await where
    .locator('canvas')
    .first()
    .click({ position: { x: 200, y: 200 } });
}

export async function typeLine(page: Page, line: string): Promise<void> {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
}

/** Runs a line as the session's shell would, with what a session has in its environment. */
export async function runInSession(server: TestServer, session: SessionRow, line: string): Promise<void> {
  const link = join(server.dataDir, 'link');
  const env = { ...process.env, PATH: `${link}/bin:${process.env['PATH'] ?? ''}`, FASTX_SESSION_ID: session.id };
  const shell = spawn('sh', ['-c', line], { env: { ...env, FX_CONFIG_DIR: link }, stdio: 'ignore' });
  await once(shell, 'exit');
}

/** A tool of the bar, or of its drawer for those that have no room. */
export async function pickTool(page: Page, name: string, more = 'More tools'): Promise<void> {
  const tool = page.locator(`.bar button[aria-label="${name}"]`);
  const drawer = page.getByRole('button', { name: more });
  await expect(page.locator('.bar')).toBeVisible();
  if (!(await tool.isVisible())) {
    await drawer.focus();
    await page.keyboard.press('Enter');
  }
  await tool.focus();
  await page.keyboard.press('Enter');
}
