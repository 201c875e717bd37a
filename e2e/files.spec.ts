/** Files between a person's computer and a session: by panel, by drop, from a script; broken off, refused. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { FickleLine } from './support/fickle-line.ts';
import { OtherOrigin } from './support/other-origin.ts';
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

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const uploaded = (...names: string[]) => join(home, 'Downloads', ...names);
const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

async function open(page: Page, at = session, from = server): Promise<void> {
  await page.goto(await viewerUrl(from, at));
  await connected(page);
}

async function openPanel(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+Alt+Shift');
  const tool = page.getByRole('button', { name: 'Files', exact: true });
  await tool.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Files' });
  await expect(panel.getByText('Uploads, dropped files too, go into this folder.')).toBeVisible();
  await expect(panel.locator('[aria-busy]')).toHaveCount(0);
  return panel;
}

const choose = (panel: Locator, files: Parameters<Locator['setInputFiles']>[0]) =>
  panel.locator('input[type=file][multiple]').setInputFiles(files);

const textFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

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
    expect((await new AxeBuilder({ page }).include('.viewer').analyze()).violations).toEqual([]);
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

async function openOver(line: FickleLine, page: Page): Promise<void> {
  const { pathname, hash } = new URL(await viewerUrl(server, session));
  await page.goto(`http://localhost:${line.port}${pathname}${hash}`);
  await connected(page);
}

const MIB = 1024 * 1024;

test('an upload goes on where it was when the connection broke', { tag: '@firefox' }, async ({ page }) => {
  const line = await FickleLine.to(server.port);
  try {
    await openOver(line, page);
    const panel = await openPanel(page);
    const bytes = Buffer.alloc(40 * MIB, 'casement');
    bytes.writeUInt32BE(0xdecade, 33 * MIB);
    const half = new Promise<void>((resolve) => {
      line.onBytes = () => {
        if (line.up > 20 * MIB) resolve();
      };
    });
    await choose(panel, { name: 'large.bin', mimeType: '', buffer: bytes });
    await half;
    line.leave();
    await expect(panel.getByText('Waiting for the connection…')).toBeVisible();
    expect(await textOf(uploaded('large.bin'))).toBe('');
    line.mend();
    await expect(panel.locator('.transfer').first()).toHaveAttribute('data-state', 'done', { timeout: 30_000 });
    expect(digest(await readFile(uploaded('large.bin')))).toBe(digest(bytes));
    // Not all of it once more.
    expect(line.up).toBeLessThan(30 * MIB);
  } finally {
    await line.stop();
  }
});

test('an upload survives the end of the server, and the viewer comes back', async ({ page }) => {
  await open(page);
  const panel = await openPanel(page);
  const bytes = Buffer.alloc(24 * MIB, 'restart');
  let killed = false;
  await page.route('**/files/upload/*', async (route) => {
    if (killed || Number(route.request().headers()['upload-offset']) < 8 * MIB) return route.continue();
    killed = true;
    await server.kill();
    return route.abort();
  });
  await choose(panel, { name: 'restart.bin', mimeType: '', buffer: bytes });
  await expect(panel.getByText('Waiting for the connection…')).toBeVisible();
  await server.launch();
  await connected(page);
  await expect
    .poll(async () => digest(await readFile(uploaded('restart.bin')).catch(() => Buffer.alloc(0))), {
      timeout: 30_000,
    })
    .toBe(digest(bytes));
});

test('a download that broke off is continued by its range, and by nobody who lacks its token', async ({ page }) => {
  const bytes = Buffer.alloc(8 * MIB, 'download');
  await writeFile(join(home, 'results', 'big.bin'), bytes);
  await open(page);
  const offered = page.waitForResponse((response) => response.url().endsWith('/files/offer'));
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Home' }).click();
  await panel.getByRole('button', { name: 'Open the folder results' }).click();
  const downloading = page.waitForEvent('download');
  await panel.getByRole('button', { name: /Download big.bin/ }).click();
  expect(digest(await readFile(await (await downloading).path()))).toBe(digest(bytes));

  const { result }: { result: { url: string } } = await (await offered).json();
  const part = await fetch(server.url + result.url, { headers: { range: 'bytes=5000000-' } });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 5000000-${bytes.length - 1}/${bytes.length}`);
  expect(digest(new Uint8Array(await part.arrayBuffer()))).toBe(digest(bytes.subarray(5_000_000)));
  const guessed = result.url.replace(/get\/.{4}/, 'get/AAAA');
  expect((await fetch(server.url + guessed)).status).toBe(404);
  expect(server.output).not.toContain(result.url.split('/')[3]);
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

test('a transfer that is cancelled stops, and leaves nothing behind; the next one has its turn', async ({ page }) => {
  await open(page);
  const panel = await openPanel(page);
  let second: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (second = resolve));
  await page.route('**/files/upload/*', async (route) => {
    if (route.request().headers()['upload-offset'] === '0') return route.continue();
    // Never sent, and never answered.
    second?.();
  });
  await choose(panel, [
    { name: 'unwanted.bin', mimeType: '', buffer: Buffer.alloc(12 * MIB) },
    textFile('wanted.txt', 'wanted'),
  ]);
  await held;
  const parts = async () => (await readdir(uploaded())).filter((name) => name.endsWith('.part'));
  expect(await parts()).toHaveLength(1);
  await panel.getByRole('button', { name: 'Cancel unwanted.bin' }).press('Enter');
  await expect(panel.getByText('Cancelled')).toBeVisible();
  await expect.poll(() => textOf(uploaded('wanted.txt'))).toBe('wanted');
  await expect.poll(parts).toEqual([]);
  expect(await readdir(uploaded())).not.toContain('unwanted.bin');
});

test('a disk that fills up is said, keeps what has arrived, and the upload goes on when there is room', async ({
  page,
}) => {
  const disk = join(home, 'small');
  await mkdir(disk);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m,mode=0777', 'casement', disk]);
  test.skip(mount.status !== 0, 'file systems cannot be mounted here');
  try {
    await open(page);
    const panel = await openPanel(page);
    await panel.getByRole('button', { name: 'Home' }).click();
    await panel.getByRole('button', { name: 'Open the folder small' }).click();
    await expect(panel.getByText('This folder is empty.')).toBeVisible();
    const bytes = Buffer.alloc(10 * MIB, 'casement');
    let filled = false;
    await page.route('**/files/upload/*', async (route) => {
      // There was room when it began.
      if (!filled) await writeFile(join(disk, 'ballast'), Buffer.alloc(8 * MIB));
      filled = true;
      return route.continue();
    });
    await choose(panel, { name: 'large.bin', mimeType: '', buffer: bytes });
    await expect(panel.getByRole('alert')).toContainText('There is no room left');
    await expect(page.locator('#viewer')).toHaveAttribute('data-state', 'connected');
    await rm(join(disk, 'ballast'));
    await panel.getByRole('button', { name: 'Try again' }).click();
    await expect(panel.getByText('Uploaded to ~/small', { exact: true })).toBeVisible();
    expect(digest(await readFile(join(disk, 'large.bin')))).toBe(digest(bytes));
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
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
