/**
 * An administrator decides about starts, and two people walk through what was decided: one whose sessions a real Slurm
 * starts, and one who starts at once. All three are accounts of their own, on a server that runs as nobody.
 */
import { execFileSync } from 'node:child_process';
import { expect, test, type Browser, type Locator, type Page } from '@playwright/test';
import { RESERVED_PARAMS } from '../src/contract/json.ts';
import type { Session } from '../src/contract/session.ts';
import { NO_SLURM, TestSlurm } from '../server/testing/slurm.ts';
import { TestSshd } from '../server/testing/sshd.ts';
import { NO_ACCOUNTS, UnixUsers, type TestUser } from '../server/testing/unix-users.ts';
import { kill } from '../server/testing/kill.ts';
import { connected, logInOverSsh, startFromPortal, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

const MISSING = NO_ACCOUNTS ?? NO_SLURM;
test.skip(MISSING !== undefined, MISSING);
test.describe.configure({ mode: 'serial' });
test.setTimeout(180_000);

const NOBODY = 65_534;
/** Longer than any test; it is ended by its id. */
const HOG = ['--parsable', '--ntasks=2', '--time=30', '--output=/dev/null', '--wrap', 'sleep 1700'];

const FORM = `<label for="ram">Memory at least</label>
<select id="ram" name="minRam" data-type="number" class="form-select" required>
<option value="1">1 GB</option><option value="2">2 GB</option></select>`;

const users = new UnixUsers();
let group: string;
let admin: TestUser;
let gpu: TestUser;
let other: TestUser;
let sshd: TestSshd;
let slurm: TestSlurm;
let server: TestServer;
let adminPage: Page;
let gpuPage: Page;
let otherPage: Page;
const pages: Page[] = [];

test.beforeAll(async ({ browser }) => {
  group = users.group();
  [admin, gpu, other] = [users.add(), users.add('--groups', group), users.add()];
  [sshd, slurm] = await Promise.all([TestSshd.start(), TestSlurm.start()]);
  const config = {
    ssh: { port: sshd.port },
    sudo: false,
    admins: [admin.login],
    schedulers: slurm.schedulers,
  };
  server = await TestServer.start(['--auth', 'ssh,local'], {}, config, NOBODY);
  [adminPage, gpuPage, otherPage] = await Promise.all([
    enter(browser, admin),
    enter(browser, gpu),
    enter(browser, other),
  ]);
});
test.afterAll(async () => {
  for (const page of pages) await page.context().close();
  slurm?.stop();
  await server?.stop();
  await sshd?.remove();
  users.removeAll();
});

async function enter(browser: Browser, user: TestUser): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  pages.push(page);
  await logInOverSsh(page, server, user);
  return page;
}

/** A call of the API as the person whom the page has logged in. */
async function call<Result>(page: Page, method: 'GET' | 'POST' | 'PUT', path: string, data?: unknown): Promise<Result> {
  const me = await page.request.get(`${server.url}/api/me`);
  const { csrf } = ((await me.json()) as { result: { csrf: string } }).result;
  const answer = await page.request.fetch(`${server.url}/api${path}`, {
    method,
    headers: { 'x-csrf-token': csrf },
    ...(data === undefined ? {} : { data }),
  });
  const { result, error } = (await answer.json()) as { result: Result; error?: { name: string; message: string } };
  if (error) throw new Error(`${method} ${path}: ${error.name}: ${error.message}`);
  return result;
}

/** What the site's own functions gave the steps of the newest start of this person, from the audit list. */
interface Trace {
  readonly outcome: string;
  readonly data: { readonly steps: readonly { step: string; state: string; reason?: string; returned?: string }[] };
}
async function lastTrace(login: string): Promise<Trace> {
  const query = `/admin/audit?event=start&login=${login}&limit=1`;
  const { entries } = await call<{ entries: Trace[] }>(adminPage, 'GET', query);
  const [trace] = entries;
  if (!trace) throw new Error('no start of theirs');
  return trace;
}

/** The Start dialog with an own command in it. */
async function own(page: Page, command: string, name: string): Promise<Locator> {
  await page.goto(server.url);
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Own command' }).check({ force: true });
  await dialog.getByRole('textbox', { name: 'Command' }).fill(command);
  await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  return dialog;
}

/** Through the questions that are asked of the group. */
async function answer(dialog: Locator): Promise<void> {
  await expect(dialog.getByRole('heading', { name: 'Minimum memory' })).toBeVisible();
  await dialog.getByLabel('Memory at least').selectOption('1');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(dialog.getByRole('heading', { name: 'Server', exact: true })).toBeVisible();
  await dialog.getByRole('radio').first().check({ force: true });
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
}

/** In both colour schemes, to be looked at. */
async function picture(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: test.info().outputPath(`${name}-${colorScheme}.png`), animations: 'disabled' });
  }
}

const cardOf = (page: Page, name: string) => page.getByRole('article', { name });
async function sessionOf(page: Page, name: string): Promise<Session> {
  const found = (await call<Session[]>(page, 'GET', '/sessions')).find((session) => session.name === name);
  if (!found) throw new Error(`no session called ${name}`);
  return found;
}
const ownParams = ({ params }: Session) =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !RESERVED_PARAMS.some((reserved) => reserved === name)));
const accountOf = (pid: number | null) =>
  execFileSync('ps', ['-o', 'user:40=', '-p', String(pid)], { encoding: 'utf8' }).trim();

const forbidsRm = (who: string) =>
  `(input) => {
  if (/\\brm\\b/.test(input.data.command)) throw new Error('${who}: rm is not allowed here.');
  return input;
}`;

test('an administrator writes a form and the functions that decide', async () => {
  const made = await call<{ id: string; revision: number }>(adminPage, 'POST', '/admin/forms', {
    name: 'Minimum memory',
    html: FORM,
  });
  await call(adminPage, 'POST', `/admin/forms/${made.id}/publish`, { revision: made.revision });

  const page = adminPage;
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByRole('navigation', { name: 'System' }).getByRole('link', { name: 'Functions' }).click();
  const write = async (title: string, text: string) => {
    await page.getByRole('link', { name: title, exact: true }).click();
    await page.locator('label', { hasText: 'JavaScript' }).click();
    await page.getByRole('textbox', { name: 'JavaScript of the function' }).click();
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
    await expect(page.getByText('Nothing to remark.')).toBeVisible();
    await page.getByRole('button', { name: 'Publish', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(page.getByText('Version 1 is published.').last()).toBeVisible();
    await page.getByRole('navigation', { name: 'System' }).getByRole('link', { name: 'Functions' }).click();
  };
  await write(
    'Form filter',
    `async function (input) {
  if (!input.userGroups.includes('${group}')) return null;
  return input.data.params.minRam === undefined ? '${made.id}' : 'SERVERLIST';
}`,
  );
  await write('Server list', `(input) => input.servers.filter((server) => server.accepts.start)`);
  await write(
    'Schedule',
    `(input) => {
  if (!input.userGroups.includes('${group}')) return null;
  return {
    scheduler: 'slurm',
    options: ['--mem=\${ start.params.minRam }G', '--time=20'],
    run: 'casement start --cli --json \${ start.json }',
  };
}`,
  );
  await write('Start event', forbidsRm('At the start'));
  await write('Schedule event', forbidsRm('Before the queue'));
  const functions = await call<{ live: string | null }[]>(adminPage, 'GET', '/admin/functions');
  expect(functions.filter(({ live }) => live === 'javascript')).toHaveLength(5);
});

test('who is asked nothing is in a session at once, by the start event alone', async () => {
  await own(otherPage, 'xterm', 'At once');
  await connected(viewerIn(otherPage));
  const session = await sessionOf(otherPage, 'At once');
  expect(ownParams(session)).toEqual({});
  expect(accountOf(session.serverPid)).toBe(other.login);
  const { outcome, data } = await lastTrace(other.login);
  expect(outcome).toBe('ok');
  expect(data.steps.find(({ step }) => step === 'event')?.returned).toContain('"action":"start"');
  expect(data.steps.filter(({ step }) => step === 'event')).toHaveLength(1);
  expect(data.steps.find(({ step }) => step === 'schedule')).toMatchObject({ state: 'skipped', returned: 'null' });
});

test('each of the two events refuses in the administrator’s words, and nothing is left', async () => {
  const refused = await own(otherPage, 'rm -rf /nowhere', 'No');
  await expect(refused.getByText('At the start: rm is not allowed here.')).toBeVisible();
  await otherPage.screenshot({ path: test.info().outputPath('refused.png') });
  const queued = await own(gpuPage, 'sh -c "rm x"', 'No');
  await answer(queued);
  await expect(queued.getByText('Before the queue: rm is not allowed here.')).toBeVisible();
  for (const [page, login] of [
    [otherPage, other.login],
    [gpuPage, gpu.login],
  ] as const) {
    expect((await call<Session[]>(page, 'GET', '/sessions')).filter(({ name }) => name === 'No')).toEqual([]);
    const { outcome, data } = await lastTrace(login);
    expect([outcome, data.steps.at(-1)?.step]).toEqual(['start-refused', 'event']);
  }
  expect(await slurm.command('squeue', '--noheader')).toBe('');
});

test('who is asked waits in the queue, is in the session when it is their turn, and reads why it ended', async () => {
  const page = gpuPage;
  const hog = await slurm.command('sbatch', ...HOG);
  const dialog = await own(page, 'xterm', 'In turn');
  await answer(dialog);
  await expect(dialog.getByText(/^slurm has it in its queue as job \d+/)).toBeVisible();
  await picture(page, 'scheduled');
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  const card = cardOf(page, 'In turn');
  await expect(card.getByText('Waiting', { exact: true })).toBeVisible();
  await expect(card.getByText('free resources')).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText('Expected start')).toBeVisible({ timeout: 60_000 });
  await picture(page, 'pending');
  await card.getByRole('button', { name: 'More for In turn' }).click();
  await page.getByRole('menuitem', { name: 'Log' }).click();
  await expect(page.getByRole('dialog').getByText('The job has not begun')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('pending-log.png') });
  await page.keyboard.press('Escape');

  const { data } = await lastTrace(gpu.login);
  expect(data.steps.filter(({ step }) => step === 'event').map(({ returned }) => returned?.slice(0, 30))).toEqual([
    expect.stringContaining('"action":"schedule"'),
  ]);

  await slurm.command('scancel', hog);
  await expect(card.getByText('Running', { exact: true })).toBeVisible({ timeout: 90_000 });
  await picture(page, 'running');
  await card.getByRole('link', { name: 'Connect to In turn' }).click();
  await connected(viewerIn(page));
  const session = await sessionOf(page, 'In turn');
  expect(ownParams(session)).toMatchObject({ minRam: 1, serverId: session.serverId });
  expect(Object.keys(ownParams(session)).toSorted()).toEqual(['minRam', 'serverId']);
  expect(accountOf(session.serverPid)).toBe(gpu.login);

  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await slurm.command('scancel', session.job?.id ?? '');
  await expect(card.getByText('Ended', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  await expect(card.getByText('cancelled', { exact: true })).toBeVisible({ timeout: 60_000 });
  await picture(page, 'killed');
  await expect(() => expect(() => accountOf(session.serverPid)).toThrow()).toPass();
});

test('a bookmark brings its program back inside the job, and whoever looks at it stays connected', async () => {
  const page = gpuPage;
  await call(adminPage, 'POST', '/bookmarks', {
    name: 'Comes back',
    command: 'xterm',
    groups: [`@${group}`],
    restart: 'always',
    system: true,
  });
  await page.goto(server.url);
  await startFromPortal(page, 'Comes back');
  const dialog = page.getByRole('dialog');
  await answer(dialog);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const card = cardOf(page, 'Comes back');
  await expect(card.getByText('Running', { exact: true })).toBeVisible({ timeout: 90_000 });
  await card.getByRole('link', { name: 'Connect to Comes back' }).click();
  await connected(viewerIn(page));
  const session = await sessionOf(page, 'Comes back');

  kill(session.appPid);
  const restarted = () => expect.poll(async () => (await sessionOf(page, 'Comes back')).appPid, { timeout: 60_000 });
  await restarted().not.toBe(session.appPid);
  const again = await sessionOf(page, 'Comes back');
  expect(again).toMatchObject({ status: 'running', display: session.display, restarts: { count: 1 } });
  expect(accountOf(again.appPid)).toBe(gpu.login);
  const ofTheJob = await slurm.command('scontrol', 'listpids', again.job?.id ?? '');
  expect(ofTheJob.split('\n').map((line) => Number.parseInt(line, 10))).toContain(again.appPid);
  await connected(viewerIn(page));
  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await expect(card.getByText('Its command has ended and was started again once.')).toBeVisible();
  await picture(page, 'comes-back');
  await slurm.command('scancel', again.job?.id ?? '');
  await expect(card.getByText('Ended', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
});

test('a job is cancelled from its card while it waits, and no session comes of it', async () => {
  const page = gpuPage;
  const hog = await slurm.command('sbatch', ...HOG);
  const dialog = await own(page, 'xterm', 'Never mind');
  await answer(dialog);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  const card = cardOf(page, 'Never mind');
  await card.getByRole('button', { name: 'Cancel the job' }).click();
  await picture(page, 'cancel');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the job' }).click();
  await expect(card.getByText('Ended', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
  const { job } = await sessionOf(page, 'Never mind');
  expect(await slurm.command('squeue', '--noheader', '--states=all', '--format=%T', `--jobs=${job?.id}`)).toBe(
    'CANCELLED',
  );
  await slurm.command('scancel', hog);
});
