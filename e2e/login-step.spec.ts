/** A start that needs a login: no sudo, no link, and the connection of the login gone. The person is asked, and it goes on. */
import { execFileSync } from 'node:child_process';
import { expect, test } from '@playwright/test';
import { TestSshd } from '../server/testing/sshd.ts';
import { NO_ACCOUNTS, UnixUsers } from '../server/testing/unix-users.ts';
import { logInOverSsh, startFromPortal, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

test.skip(NO_ACCOUNTS !== undefined, NO_ACCOUNTS);
test.setTimeout(180_000);

const NOBODY = 65_534;
const users = new UnixUsers();
let sshd: TestSshd;
let server: TestServer;
test.beforeAll(async () => {
  sshd = await TestSshd.start();
  server = await TestServer.start(['--auth', 'ssh,local'], {}, { ssh: { port: sshd.port }, sudo: false }, NOBODY);
});
test.afterAll(async () => {
  await server?.stop();
  await sshd?.remove();
  users.removeAll();
});

test('what sshd asks is asked in the Start dialog, a wrong answer is said, and the session starts', async ({
  page,
}) => {
  const user = users.add();
  await logInOverSsh(page, server, user);

  // The server's end takes its connection along; the login itself stays. Then the link goes, too.
  await server.kill();
  const everything = () => execFileSync('ps', ['-u', user.login, '-o', 'pid=,args='], { encoding: 'utf8' });
  const link = /^\s*(\d+) .*link\.mjs/m.exec(everything())?.[1];
  if (link !== undefined) process.kill(Number(link), 'SIGKILL');
  await server.launch();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Your sessions' })).toBeVisible({ timeout: 30_000 });

  await startFromPortal(page, 'Terminal');
  const dialog = page.getByRole('dialog');
  const answer = dialog.getByLabel(/password/i);
  await expect(answer).toBeFocused({ timeout: 60_000 });
  await expect(answer).toHaveAttribute('type', 'password');
  await expect(dialog.getByText('The session server wants to know that it is you')).toBeVisible();
  await answer.fill('not it');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('The user name or an answer is wrong.', { timeout: 60_000 });

  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(answer).toBeFocused({ timeout: 60_000 });
  await expect(answer).toHaveValue('');
  await answer.fill(user.password);
  await page.keyboard.press('Enter');
  await expect(viewerIn(page).locator('#viewer')).toHaveAttribute('data-state', 'connected', { timeout: 60_000 });
  expect(everything()).toMatch(/Xvnc/);
});
