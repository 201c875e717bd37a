/** Three people in three browsers at once, on a server that runs as nobody and owns nothing of theirs. */
import { execFileSync } from 'node:child_process';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { TestSshd } from '../server/testing/sshd.ts';
import { NO_ACCOUNTS, UnixUsers, type TestUser } from '../server/testing/unix-users.ts';
import { connected, logInOverSsh, startFromPortal, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

test.skip(NO_ACCOUNTS !== undefined, NO_ACCOUNTS);
test.setTimeout(180_000);

const NOBODY = 65_534;

interface Row {
  id: string;
  serverPid: number;
  appPid: number;
  login: string;
}
interface Person {
  readonly user: TestUser;
  readonly page: Page;
  readonly session: Row;
}

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

const sessionsOf = async (page: Page) =>
  ((await (await page.request.get(`${server.url}/api/sessions`)).json()) as { result: Row[] }).result;

async function begin(browser: Browser, user: TestUser): Promise<Person> {
  const page = await (await browser.newContext()).newPage();
  await logInOverSsh(page, server, user);
  await startFromPortal(page, 'Terminal');
  await expect(viewerIn(page).locator('#viewer')).toHaveAttribute('data-state', 'connected', { timeout: 60_000 });
  const [session, ...more] = await sessionsOf(page);
  expect(more).toEqual([]);
  if (!session) throw new Error('no session');
  return { user, page, session };
}

const ownerOf = (pid: number) => execFileSync('ps', ['-o', 'user:40=', '-p', String(pid)], { encoding: 'utf8' }).trim();

test('each has a session under their own id, and no way to the others’', async ({ browser }) => {
  const people = await Promise.all([users.add(), users.add(), users.add()].map((user) => begin(browser, user)));

  expect(ownerOf(server.pid)).toBe('nobody');
  for (const { user, session } of people) {
    expect([session.login, ownerOf(session.serverPid), ownerOf(session.appPid)]).toEqual([
      user.login,
      user.login,
      user.login,
    ]);
  }
  const ofTheServer = execFileSync('ps', ['-u', 'nobody', '-o', 'args='], { encoding: 'utf8' });
  expect(ofTheServer).not.toMatch(/Xvnc|xterm|link\.mjs/);

  const [first, second] = people;
  if (!first || !second) throw new Error('nobody there');
  for (const call of ['connect', 'log', 'terminate', 'disconnect', 'purge']) {
    const { result } = (await (await second.page.request.get(`${server.url}/api/me`)).json()) as {
      result: { csrf: string };
    };
    const answer = await second.page.request.post(`${server.url}/api/${call}`, {
      data: { id: first.session.id },
      headers: { 'x-csrf-token': result.csrf },
    });
    expect([call, answer.status()]).toEqual([call, 404]);
  }
  await second.page.goto(`${server.url}/session/${first.session.id}`);
  await expect(second.page.getByRole('heading', { name: 'This session does not exist any more' })).toBeVisible();
  expect(await second.page.content()).not.toContain(first.user.login);
  // The first has noticed nothing of it.
  await connected(viewerIn(first.page));
  await Promise.all(people.map(({ page }) => page.context().close()));
});
