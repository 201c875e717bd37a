/** Logging in with an account of the machine, over a real sshd, and by an identity provider. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { PAM, TestSshd } from '../server/testing/sshd.ts';
import { newTotpSecret, totp } from '../server/testing/totp.ts';
import { NO_ACCOUNTS, UnixUsers, type TestUser } from '../server/testing/unix-users.ts';
import { startIdentityProvider, type IdentityProvider } from '../server/testing/identity-provider.ts';
import { giveNameAndPassword } from './support/pages.ts';
import { TestServer } from './support/server.ts';

test.skip(NO_ACCOUNTS !== undefined, NO_ACCOUNTS);

const users = new UnixUsers();
const totpSecret = newTotpSecret();
let ada: TestUser;
let sshd: TestSshd;
let idp: IdentityProvider;
let server: TestServer;
let secrets: string;

test.beforeAll(async () => {
  ada = users.add();
  secrets = mkdtempSync(join(tmpdir(), 'casement-codes-'));
  writeFileSync(join(secrets, ada.login), `${totpSecret}\n" TOTP_AUTH\n`, { mode: 0o400 });
  const google = `auth required pam_google_authenticator.so echo_verification_code user=root secret=${secrets}/\${USER}`;
  sshd = await TestSshd.start({ pam: [PAM[0] ?? '', google, ...PAM.slice(1)] });
  idp = await startIdentityProvider();
  const secretFile = join(secrets, 'client');
  writeFileSync(secretFile, `${idp.secret}\n`);
  server = await TestServer.start(
    ['--auth', 'ssh,oidc,local'],
    {},
    {
      ssh: { port: sshd.port },
      oidc: { issuer: idp.issuer, clientId: 'casement', clientSecretFile: secretFile, label: 'Example ID' },
    },
  );
  idp.serve(server.url);
});
test.afterAll(async () => {
  await server?.stop();
  await idp?.stop();
  await sshd?.remove();
  users.removeAll();
  if (secrets) rmSync(secrets, { recursive: true });
});

async function logInWithCode(page: Page): Promise<void> {
  await giveNameAndPassword(page, server, ada);
  await page.getByLabel('Verification code:').fill(totp(totpSecret));
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { name: 'Your sessions' })).toBeVisible();
}

test('a password and a code lead into one’s own sessions, and the name is remembered', async ({ page }) => {
  await page.goto(server.url);
  await expect(page.getByLabel('User name')).toBeFocused();
  await logInWithCode(page);
  await expect(page.getByRole('button', { name: `Account of ${ada.login}` })).toBeVisible();
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page.getByLabel('User name')).toHaveValue(ada.login);
  await expect(page.getByLabel('Password')).toBeFocused();
});

test('a wrong password is said to be one, and nothing of it stays in the page', async ({ page }) => {
  await giveNameAndPassword(page, server, { login: ada.login, password: 'not the password' });
  await page.getByLabel('Verification code:').fill('000000');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('alert')).toContainText('The user name or an answer is wrong.');
  expect(await page.content()).not.toContain('not the password');
  expect(page.url()).not.toContain('password');
});

test('ending a login elsewhere throws that browser out at once', async ({ browser }) => {
  const [here, there] = [await browser.newPage(), await browser.newPage({ userAgent: 'X11; Linux Firefox/140.0' })];
  await logInWithCode(here);
  // A code works for half a minute, and once only where sshd's module is told so; this one is not.
  await logInWithCode(there);
  await here.getByRole('button', { name: /^Account of/ }).click();
  await here.getByRole('menuitem', { name: 'Where you are logged in' }).click();
  await here.getByRole('button', { name: 'Log out: Firefox on Linux' }).click();
  await expect(here.getByRole('dialog').getByText('Firefox on Linux')).toHaveCount(0);
  await expect(there.getByText('Your login has ended. Your sessions run on.')).toBeVisible({ timeout: 1500 });
  await expect(there.getByLabel('User name')).toBeVisible();
  await expect(here.getByText('this browser')).toBeVisible();
  await Promise.all([here.close(), there.close()]);
});

test('the identity provider’s login comes back into the portal, and its logout goes there', async ({ page }) => {
  idp.person = { preferred_username: ada.login };
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) violations.push(message.text());
  });
  await page.goto(`${server.url}/login`);
  await page.getByRole('link', { name: 'Log in with Example ID' }).click();
  await page.locator('input[name="login"]').fill('someone');
  await page.locator('input[name="password"]').fill('anything');
  await page.locator('button[type="submit"]').click();
  await page.locator('button[type="submit"]').click();
  await expect(page.getByRole('button', { name: `Account of ${ada.login}` })).toBeVisible();
  expect(new URL(page.url()).pathname).toBe('/');
  expect(violations).toEqual([]);
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(page).toHaveURL(new RegExp(`^${idp.issuer}/session/end`));
});

test('an identity without an account is told so, once', async ({ page }) => {
  idp.person = { preferred_username: 'nobody-of-this-name' };
  await page.goto(`${server.url}/login`);
  await page.getByRole('link', { name: 'Log in with Example ID' }).click();
  await page.locator('input[name="login"]').fill('someone else');
  await page.locator('input[name="password"]').fill('anything');
  await page.locator('button[type="submit"]').click();
  await page.locator('button[type="submit"]').click();
  await expect(page.getByText('There is no account on this server for your identity.')).toBeVisible();
  await page.reload();
  await expect(page.getByText('There is no account on this server for your identity.')).toHaveCount(0);
});
