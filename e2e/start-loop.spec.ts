/** The questions of a start as a person meets them: going on and back, lost lines, links, what was answered last time. */
import { expect, test, type Frame, type Locator, type Page, type Route } from '@playwright/test';
import { ERRORS, type ErrorCode } from '../src/contract/errors.ts';
import type { Form, ServerChoice } from '../src/contract/form.ts';
import { deriveFields } from '../src/forms/fields/index.ts';
import { connected, logIn, logInByToken, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

const OWN_DIALOG = 'Leave without starting?';

function form(id: string, html: string, more: Partial<Form> = {}): Form {
  return { id, name: id, html, version: 1, fields: deriveFields(html).fields, ...more };
}

async function home(page: Page, path = '/'): Promise<void> {
  await logInByToken(page, server);
  await page.goto(server.url + path);
}

/** The Start dialog on its first page, with a terminal chosen and these forms to be asked. */
async function choose(page: Page, forms: string[]): Promise<Locator> {
  await page
    .getByRole('button', { name: /^Start( a session)?$/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog').first();
  await dialog.getByRole('radio', { name: 'Terminal' }).check({ force: true });
  if (forms.length > 0) await dialog.getByText('Questions to answer first').click();
  for (const name of forms) await dialog.getByRole('checkbox', { name }).check();
  return dialog;
}
const press = (dialog: Locator, name: string) => dialog.getByRole('button', { name, exact: true }).last().click();

/** Answers of a site whose functions ask other things than the server's own do. */
async function site(page: Page, answer: (route: Route, data: StartCall, call: number) => Promise<void>): Promise<void> {
  let calls = 0;
  await page.route('**/api/start', (route) => answer(route, route.request().postDataJSON() as StartCall, ++calls));
}
interface StartCall {
  readonly params?: Record<string, unknown>;
  readonly answered?: { id: string }[];
}
const refuse = (route: Route, code: ErrorCode) =>
  route.fulfill({ status: ERRORS[code].status, json: { error: { name: code, message: ERRORS[code].message } } });
const ask = (route: Route, asked: Form, ...left: string[]) =>
  route.fulfill({ json: { result: { stage: 'form', form: asked, forms: [asked.id, ...left] } } });

async function newest(): Promise<SessionRow> {
  const sessions = await server.api<(SessionRow & { started: number })[]>('GET', '/api/sessions');
  const [session] = sessions.toSorted((a, b) => b.started - a.started);
  if (!session) throw new Error('no session');
  return session;
}

test('nothing in the portal and the viewer breaks its policy: first page, dialog, questions, session', async ({
  page,
}) => {
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`violation of ${event.violatedDirective} by ${event.sample || event.blockedURI}`);
    });
  });
  await logIn(page, server);
  const policy = (await page.request.get(server.url, { headers: { accept: 'text/html' } })).headers();
  expect(policy['content-security-policy']).toContain(
    "require-trusted-types-for 'script'; trusted-types dompurify casement-dry-run;",
  );

  const dialog = await choose(page, ['Project']);
  await press(dialog, 'Start');
  await dialog.getByRole('textbox', { name: 'Project' }).fill('wing');
  await press(dialog, 'Start');
  await connected(viewerIn(page));
  // The walls stand: what is not DOMPurify's cannot become markup, and in the viewer nothing can.
  const refuses = (where: Page | Frame) =>
    where.evaluate(() => {
      try {
        document.createElement('div').innerHTML = '<b>x</b>';
        return false;
      } catch {
        return true;
      }
    });
  const viewer = page.frames().find((frame) => frame.url().includes('/xrdp'));
  if (!viewer) throw new Error('no viewer');
  expect(await refuses(viewer)).toBe(true);
  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await expect(page.getByRole('article').first()).toBeVisible();
  expect(await refuses(page)).toBe(true);
  // Those refusals are told of as well; and an older spelling of "may be shown in full screen" stands beside the newer.
  const expected = /TrustedHTML|require-trusted-types-for|'allowfullscreen'/;
  expect(problems.filter((one) => !expected.test(one))).toEqual([]);
});

test('steps are counted, Enter goes on, Back keeps, and Escape asks before anything is lost', async ({ page }) => {
  await home(page);
  const dialog = await choose(page, ['Resources', 'Project']);
  await press(dialog, 'Start');
  await expect(dialog.getByText('Question 1 of 2')).toBeVisible();
  const first = dialog.getByRole('textbox', { name: 'Project' }).or(dialog.getByLabel('Cores'));
  await expect(first).toBeVisible();
  // Which comes first is the list's order.
  const projectFirst = await dialog.getByRole('textbox', { name: 'Project' }).isVisible();
  if (projectFirst) await dialog.getByRole('textbox', { name: 'Project' }).fill('rudder');
  else await dialog.getByLabel('Cores').fill('5');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Question 2 of 2')).toBeVisible();
  await press(dialog, 'Back');
  await expect(first).toHaveValue(projectFirst ? 'rudder' : '5');

  // However often Escape is pressed: first it asks, then it stays.
  await page.keyboard.press('Escape');
  const question = page.getByRole('dialog', { name: OWN_DIALOG });
  await expect(question).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await expect(first).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question).toBeVisible();
  await question.getByRole('button', { name: 'Leave' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);

  // With nothing filled in there is nothing to ask about.
  await choose(page, []);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('an answer that comes after one went back is ignored, and a form that is asked twice is shown twice', async ({
  page,
}) => {
  const again = form('again', '<label>Word <input class="form-control" name="word"></label>');
  const held: (() => Promise<void>)[] = [];
  await home(page);
  await site(page, async (route, data, call) => {
    if (call === 2) held.push(() => ask(route, form('late', '<label>Late <input name="late"></label>')));
    else if ((data.answered?.length ?? 0) < 2) await ask(route, again);
    else await route.continue();
  });
  const dialog = await choose(page, []);
  await press(dialog, 'Start');
  await dialog.getByLabel('Word').fill('one');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('button', { name: 'Give up' })).toBeVisible();
  await press(dialog, 'Back');
  await expect(dialog.getByLabel('Word')).toHaveValue('one');
  await held[0]?.();
  // The next answer is shown; the late one was not.
  await dialog.getByLabel('Word').fill('two');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Question 2 of 2')).toBeVisible();
  await expect(dialog.getByLabel('Late', { exact: true })).toHaveCount(0);
  await expect(dialog.getByLabel('Word')).toHaveValue('two');
  await dialog.getByLabel('Word').fill('three');
  await page.keyboard.press('Enter');
  await connected(viewerIn(page));
  expect((await newest()).params).toMatchObject({ word: 'three' });
});

test('a lost connection keeps everything and offers to go on', async ({ page }) => {
  await home(page);
  let away = true;
  await site(page, async (route, data) => {
    if (data.answered?.length && away) await route.abort('internetdisconnected');
    else await route.continue();
  });
  const dialog = await choose(page, ['Project']);
  await press(dialog, 'Start');
  await dialog.getByRole('textbox', { name: 'Project' }).fill('keel');
  await press(dialog, 'Start');
  await expect(dialog.getByText('The server cannot be reached.')).toBeVisible();
  await expect(dialog.getByText(/Everything you have filled in is kept/)).toBeVisible();
  await press(dialog, 'Back');
  await expect(dialog.getByRole('textbox', { name: 'Project' })).toHaveValue('keel');
  await press(dialog, 'Start');
  await expect(dialog.getByText('The server cannot be reached.')).toBeVisible();
  away = false;
  await press(dialog, 'Go on');
  await connected(viewerIn(page));
  expect((await newest()).params).toMatchObject({ project: 'keel' });
});

test('servers are a table: sorted by the head, chosen by keys, live', async ({ page }) => {
  const choice = (serverId: string, more: Partial<ServerChoice>): ServerChoice => ({
    serverId,
    serverPool: 'big',
    hostname: serverId,
    cpu: 8,
    freemem: 8 * 2 ** 30,
    totalmem: 16 * 2 ** 30,
    loggedInUsers: 1,
    sessions: 1,
    loadavg: [4, 0, 0],
    accepts: { start: true },
    ...more,
  });
  const servers = [
    choice('alpha', { sessions: 9, loadavg: [8, 0, 0] }),
    choice('beta', { freemem: 12 * 2 ** 30, loadavg: [0.8, 0, 0] }),
    choice('gamma', { accepts: { start: false } }),
    choice('delta10', { sessions: 4 }),
  ];
  const html = `<select name="serverId" aria-label="Server">${servers.map(({ serverId }) => `<option>${serverId}</option>`).join('')}</select>`;
  const asked = form('casement:servers', html, { servers });
  let answered: StartCall | undefined;
  await site(page, async (route, data) => {
    if (data.answered?.length) {
      answered = data;
      await refuse(route, 'function-failed');
    } else await ask(route, asked);
  });
  let push: ((message: string) => void) | undefined;
  await page.routeWebSocket('**/api/push', (socket) => {
    socket.connectToServer();
    push = (message) => socket.send(message);
  });
  await home(page);
  const dialog = await choose(page, []);
  await press(dialog, 'Start');
  const names = () => dialog.locator('tbody .server-name').allInnerTexts();
  await expect(dialog.getByRole('row')).toHaveCount(5);
  await expect(dialog.getByRole('row', { name: /beta/ })).toContainText('10%');
  await expect(dialog.getByRole('row', { name: /beta/ })).toContainText('12 of 16 GiB');
  await expect(dialog.getByRole('radio', { name: /gamma/ })).toBeDisabled();

  await dialog.getByRole('button', { name: 'Load' }).click();
  await expect(dialog.getByRole('columnheader', { name: 'Load' })).toHaveAttribute('aria-sort', 'ascending');
  expect((await names()).map((name) => name.split('\n')[0])).toEqual(['beta', 'delta10', 'gamma', 'alpha']);
  await dialog.getByRole('button', { name: 'Load' }).click();
  expect((await names())[0]).toBe('alpha');

  const info = choice('beta', { sessions: 77, loadavg: [6, 0, 0] });
  const accepts = { login: true, start: true };
  const data = { ...info, id: 'beta', url: '', uptime: 1, accepts, staticData: {} };
  push?.(JSON.stringify({ event: 'server', id: 'beta', data }));
  await expect(dialog.getByRole('row', { name: /beta/ })).toContainText('77');
  await expect(dialog.getByRole('row', { name: /beta/ })).toContainText('75%');
  await page.screenshot({ path: test.info().outputPath('servers.png') });

  await dialog.getByRole('radio', { name: /alpha/ }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowDown');
  const chosen = await dialog.locator('tbody tr.chosen .server-name').innerText();
  expect(chosen).toBe('delta10');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/function of this site failed/)).toBeVisible();
  expect(answered?.params).toEqual({ serverId: 'delta10' });
});

test('answers are there the next time, say where they came from, and can be reset', async ({ page }) => {
  await home(page);
  let dialog = await choose(page, ['Resources']);
  await press(dialog, 'Start');
  await dialog.getByLabel('Memory').selectOption('16');
  await dialog.getByLabel('Cores').fill('7');
  await press(dialog, 'Start');
  await connected(viewerIn(page));

  await page.goto(server.url);
  dialog = await choose(page, ['Resources']);
  await press(dialog, 'Start');
  await expect(dialog.getByLabel('Memory')).toHaveValue('16');
  await expect(dialog.getByLabel('Cores')).toHaveValue('7');
  await expect(dialog.getByLabel('Cores')).toHaveAccessibleDescription('From last time');
  await dialog.getByLabel('Cores').fill('8');
  await expect(dialog.getByLabel('Cores')).toHaveAccessibleDescription('');
  await expect(dialog.getByLabel('Memory')).toHaveAccessibleDescription('From last time');
  await page.screenshot({ path: test.info().outputPath('last-time.png') });
  await dialog.getByRole('button', { name: 'Reset to the form' }).click();
  await expect(dialog.getByLabel('Memory')).toHaveValue('4');
  await expect(dialog.getByLabel('Cores')).toHaveValue('2');
  await expect(dialog.getByText('From last time')).toHaveCount(0);
});

test('a link fills in, is stronger than the last time, and starts nothing', async ({ page }) => {
  await home(page);
  await page.evaluate(
    (login) => {
      const key = `casement.form ${JSON.stringify([login, 'project'])}`;
      localStorage.setItem(key, JSON.stringify({ version: 1, answers: { project: 'last', priority: 'high' } }));
    },
    (await server.api<{ login: string }>('GET', '/api/me')).login,
  );
  const before = (await server.api<SessionRow[]>('GET', '/api/sessions')).length;
  await page.goto(
    `${server.url}/?start=terminal&param.project=%3Cimg%20src=x%3E&param.priority=none&param.other=1&param.__proto__=1`,
  );
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/The link fills in answers/)).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/`);
  expect((await server.api<SessionRow[]>('GET', '/api/sessions')).length).toBe(before);

  await dialog.getByText('Questions to answer first').click();
  await dialog.getByRole('checkbox', { name: 'Project' }).check();
  await press(dialog, 'Start');
  const project = dialog.getByRole('textbox', { name: 'Project' });
  await expect(project).toHaveValue('<img src=x>');
  await expect(project).toHaveAccessibleDescription('From the link');
  // The link's value is not offered, so the last one stands.
  await expect(dialog.getByLabel('Priority')).toHaveValue('high');
  await expect(dialog.getByLabel('Priority')).toHaveAccessibleDescription('From last time');
  await press(dialog, 'Start');
  await connected(viewerIn(page));
  const { params } = await newest();
  expect(params).toMatchObject({ project: '<img src=x>', priority: 'high' });
  expect(Object.keys(params)).not.toContain('other');

  await page.goto(`${server.url}/?start=no-such-thing`);
  await expect(page.getByText(/names something that cannot be started/)).toBeVisible();
});

/** As it comes out of a word processor: curly quotes, a double prime, boxes and a list that nobody closed. */
const PASTED = `<div class=”form-group”>
<label>My Own Words</label>
<input type=”text” class=”form-control” name=”ownWords” />
<div class=”form-group”>
<select name=”minMemory” data-type=”number” class=”form-control”>
    <option value=”1″>1 GB</option>
    <option value=”2″>2 GB</option>
    <option value=”10″>10 GB</option>
`;

test('a form pasted from a word processor works all the way', async ({ page }) => {
  const made = await server.api<{ id: string; revision: number; findings: { code: string; line: number }[] }>(
    'POST',
    '/api/admin/forms',
    { name: 'Pasted', html: PASTED },
  );
  expect(made.findings).toContainEqual(expect.objectContaining({ code: 'curly-quotes', line: 1 }));
  await server.api('POST', `/api/admin/forms/${made.id}/publish`, { revision: made.revision });
  await home(page);
  const dialog = await choose(page, ['Pasted']);
  await press(dialog, 'Start');
  await dialog.getByLabel('My Own Words').fill('“quoted”');
  await dialog.getByRole('combobox').selectOption({ label: '10 GB' });
  await press(dialog, 'Start');
  await connected(viewerIn(page));
  expect((await newest()).params).toMatchObject({ ownWords: '“quoted”', minMemory: 10 });
});

/** Forms that cannot be shown well; a site's function may send any of them, saved or not. */
const BAD: Readonly<Record<string, string>> = {
  'a mebibyte of text': `<p>${'x'.repeat(1024 * 1024)}</p><input name=a>`,
  'ten thousand nested elements': `${'<div>'.repeat(10_000)}<input name=a>`,
  'thirty thousand elements': '<b></b>'.repeat(30_000),
  'no fields': '<p>Nothing to ask</p>',
  'no markup': '',
  'one name twice': '<label>One <input name=a></label><label>Two <input name=a></label>',
  'names that are not allowed':
    '<label>One <input name=__proto__></label><label>Two <input name=constructor></label><label>Three <input name="a b"></label>',
  'a script': '<script>document.title = "ran"</script><img src=x onerror="document.title = \'ran\'"><p>Text</p>',
};

test('the Start dialog shows any form, or none of it, and never breaks', async ({ page }) => {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await home(page);
  let html = '';
  const answers: unknown[] = [];
  await site(page, async (route, data) => {
    if (data.answered?.length) {
      answers.push(data.params);
      await refuse(route, 'start-disabled');
    } else await ask(route, form('bad', html));
  });
  for (const [name, text] of Object.entries(BAD)) {
    html = text;
    const dialog = await choose(page, []);
    await press(dialog, 'Start');
    await expect(dialog.locator('form:not(.choose) > div > div'), name).toBeAttached();
    await press(dialog, 'Start');
    await expect(dialog.getByText('This server does not accept new sessions at the moment.'), name).toBeVisible();
    await press(dialog, 'Back');
    await expect(dialog.getByRole('heading', { name: 'bad' }), name).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: OWN_DIALOG }).getByRole('button', { name: 'Leave' }).click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  expect(answers).toHaveLength(Object.keys(BAD).length);
  expect(await page.title()).not.toBe('ran');
  expect(errors).toEqual([]);
});
