/** Files between a person's computer and a session: by panel, by drop, from a script; and where that is refused. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { choose, openPanel, textFile, textOf } from './support/files-panel.ts';
import { OtherOrigin } from './support/other-origin.ts';
import { accessible } from './support/page-checks.ts';
import { connected, runInSession, startByApi, viewerUrl } from './support/pages.ts';
import { freePort, TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
let session: SessionRow;
let home: string;

test.beforeAll(async () => {
  server = await TestServer.start();
  home = join(server.dataDir, 'home');
  await mkdir(join(home, 'Downloads'));
  await mkdir(join(home, 'results'));
  await writeFile(join(home, 'results', 'table.csv'), 'a,b\n1,2\n');
  session = await startByApi(server, { command: 'xterm' });
});
test.afterAll(() => server.stop());

const uploaded = (...names: string[]) => join(home, 'Downloads', ...names);

async function open(page: Page, at = session, from = server): Promise<void> {
  await page.goto(await viewerUrl(from, at));
  await connected(page);
}

test('a file goes into the folder that was chosen, and out of a list, by keyboard alone', async ({ page }) => {
  await open(page);
  const panel = await openPanel(page);
  await expect(panel.locator('.files-path')).toHaveText('~/Downloads');
  await panel.getByRole('button', { name: 'Folder above' }).press('Enter');
  await panel.getByRole('button', { name: 'Open the folder results' }).press('Enter');
  await expect(panel.locator('.files-path')).toHaveText('~/results');
  await choose(panel, textFile('in.txt', 'from the person'));
  await expect(panel.getByText('Uploaded to ~/results', { exact: true })).toBeVisible();
  expect(await textOf(join(home, 'results', 'in.txt'))).toBe('from the person');
  expect(await readdir(join(home, 'results'))).toEqual(['in.txt', 'table.csv']);

  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Download table.csv, 8 B' }).press('Enter');
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('table.csv');
  expect(await readFile(await download.path(), 'utf8')).toBe('a,b\n1,2\n');
  await expect(panel.getByText('Downloaded', { exact: true })).toBeVisible();
  // Colours on their way from one theme to the other are neither's.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const theme of ['dark', 'light']) {
    await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
    await accessible(page, '.viewer');
  }

  // The next viewer begins where this one was.
  await page.reload();
  await connected(page);
  await expect((await openPanel(page)).locator('.files-path')).toHaveText('~/results');
});

test('nothing is overwritten unless the person says so', async ({ page }) => {
  await writeFile(uploaded('notes.txt'), 'old');
  await open(page);
  const panel = await openPanel(page);
  for (const [button, expected] of [
    ['Skip', 'old'],
    ['Keep both', 'old'],
    ['Replace', 'new'],
  ] as const) {
    await choose(panel, textFile('notes.txt', 'new'));
    await expect(panel.getByRole('alert')).toHaveText('There is a file of this name already.');
    await panel.getByRole('button', { name: button }).click();
    await expect(panel.getByRole('alert')).toHaveCount(0);
    await expect(panel.locator('.transfer').first()).toHaveAttribute(
      'data-state',
      button === 'Skip' ? 'stopped' : 'done',
    );
    expect(await textOf(uploaded('notes.txt'))).toBe(expected);
  }
  expect(await textOf(uploaded('notes (2).txt'))).toBe('new');
});

test('what is dropped goes into another folder when the one of last time is gone', async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem('casement.viewer', '{"folder":"~/gone"}'));
  await open(page);
  await drag(page, 'drop', [{ name: 'stray.txt', text: 'stray' }]);
  await expect.poll(() => textOf(uploaded('stray.txt'))).toBe('stray');
});

/** What a browser tells of a file that is dragged over the page and let go. */
async function drag(page: Page, type: 'dragenter' | 'drop', files: readonly { name: string; text: string }[]) {
  const data = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, text } of all) transfer.items.add(new File([text], name));
    return transfer;
  }, files);
  await page.locator('.desktop').dispatchEvent(type, { dataTransfer: data });
}

test('files are dropped onto the desktop; what cannot be a name is said, and the rest goes on', async ({ page }) => {
  await open(page);
  const files = [
    { name: 'one.txt', text: 'one' },
    { name: 'bad\nname.txt', text: 'two' },
    { name: 'ü'.repeat(126) + '.txt', text: 'three' },
    { name: 'last.txt', text: 'four' },
  ];
  await drag(page, 'dragenter', files);
  await expect(page.getByText('into ~/Downloads')).toBeVisible();
  await drag(page, 'drop', files);
  const panel = page.getByRole('dialog', { name: 'Files' });
  await expect(panel.getByText('A file cannot have this name on the session server.')).toHaveCount(2);
  await expect.poll(() => textOf(uploaded('last.txt'))).toBe('four');
  expect(await textOf(uploaded('one.txt'))).toBe('one');
  await expect(page.getByText('into ~/Downloads')).toBeHidden();
});

test('a script offers a file, by a path from where it is, and hears what became of it', async ({ page }) => {
  await open(page);
  const run = (line: string) => runInSession(server, session, line);
  const answer = join(home, 'answer');
  const asked = run(`cd ${home}/results && clientcomm --clients=master --type=fx-download table.csv > ${answer}`);
  await expect(page.getByText('table.csv (8 B)')).toBeVisible();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  expect(await readFile(await (await downloading).path(), 'utf8')).toBe('a,b\n1,2\n');
  await asked;
  expect(await textOf(answer)).toBe('{"accepted":true}\n');

  await run(`clientcomm --clients=master --type=fx-download /no/such/file 2> ${answer}`);
  expect(await textOf(answer)).toContain('denied: There is no such file or folder.');
  await run(`clientcomm --clients=master --type=fx-download '{"name":"x"}' 2> ${answer}`);
  expect(await textOf(answer)).toContain('format');

  const named = run(
    `clientcomm --clients=master --type=fx-download '{"path":"~/results/table.csv","name":"../ü\\n.csv"}'`,
  );
  const other = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  // Chromium takes the dots at its beginning away.
  expect((await other).suggestedFilename()).toBe('_ü_.csv');
  await named;
});

test('in a page of somebody else’s files go both ways without a cookie', async ({ page, context }) => {
  const other = await OtherOrigin.start(await freePort());
  const embedded = await TestServer.start(['--parents', other.origin]);
  try {
    const downloads = join(embedded.dataDir, 'home', 'Downloads');
    await mkdir(downloads);
    await writeFile(join(downloads, 'table.csv'), 'a,b\n');
    const inside = await startByApi(embedded, { command: 'xterm' });
    await page.goto(other.origin);
    await page.evaluate((url) => window.embed(url), await viewerUrl(embedded, inside, other.origin));
    const frame = page.frameLocator('#viewer');
    await connected(frame);
    expect(await context.cookies(embedded.url)).toEqual([]);
    await frame.getByRole('button', { name: 'Files', exact: true }).press('Enter');
    const panel = frame.getByRole('dialog', { name: 'Files' });
    await panel.locator('input[type=file][multiple]').setInputFiles(textFile('in.txt', 'from the frame'));
    await expect.poll(() => textOf(join(downloads, 'in.txt'))).toBe('from the frame');
    const downloading = page.waitForEvent('download');
    await panel.getByRole('button', { name: 'Download table.csv, 4 B' }).click();
    expect(await readFile(await (await downloading).path(), 'utf8')).toBe('a,b\n');
  } finally {
    await embedded.stop();
    await other.stop();
  }
});

test('where the profile allows nothing there is no panel, and a script is told', async ({ page }) => {
  await server.api('POST', '/api/admin/profiles', {
    id: 'closed',
    name: 'Closed',
    fileTransfer: 'off',
  });
  const closed = await startByApi(server, { command: 'xterm', profile: 'closed' });
  await open(page, closed);
  await page.keyboard.press('Control+Alt+Shift');
  await expect(page.getByRole('button', { name: 'Full screen' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Files', exact: true })).toBeHidden();
  await drag(page, 'drop', [{ name: 'never.txt', text: 'never' }]);
  const answer = join(home, 'refused');
  await runInSession(
    server,
    closed,
    `clientcomm --clients=master --type=fx-download ${home}/results/table.csv 2> ${answer}`,
  );
  expect(await textOf(answer)).toContain('denied');
  expect(await textOf(uploaded('never.txt'))).toBe('');
});

test('names that are no UTF-8 are listed and downloaded; a pipe is shown and holds nothing up', async ({ page }) => {
  const odd = join(home, 'odd');
  await mkdir(odd);
  await writeFile(Buffer.concat([Buffer.from(`${odd}/Gr`), Buffer.from([0xfc, 0xdf]), Buffer.from('e\n.txt')]), 'odd');
  spawnSync('mkfifo', [join(odd, 'pipe')]);
  await open(page);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Home' }).click();
  await panel.getByRole('button', { name: 'Open the folder odd' }).click();
  await expect(panel.getByText('pipe')).toBeVisible();
  await expect(panel.getByRole('button', { name: /pipe/ })).toHaveCount(0);
  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: 'Download Gr\ufffd\ufffde\ufffd.txt, 3 B' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('Gr__e_.txt');
  expect(await readFile(await download.path(), 'utf8')).toBe('odd');

  const answer = join(home, 'answer-pipe');
  await runInSession(server, session, `clientcomm --clients=master --type=fx-download ${odd}/pipe 2> ${answer}`);
  expect(await textOf(answer)).toContain('denied: This is no ordinary file.');
});
