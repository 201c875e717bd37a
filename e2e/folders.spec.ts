/** Folders from a person's computer into a session: dropped or chosen, with names in the way, refusals and breaks. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { FickleLine } from './support/fickle-line.ts';
import { connected, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

const MIB = 1024 * 1024;

let server: TestServer;
let session: SessionRow;
let home: string;
/** What is on the person's computer. */
let computer: string;

test.beforeAll(async () => {
  server = await TestServer.start();
  home = join(server.dataDir, 'home');
  await mkdir(join(home, 'Downloads'));
  session = await startByApi(server, { command: 'xterm' });
});
test.beforeEach(async () => {
  computer = await mkdtemp(join(tmpdir(), 'casement-computer-'));
});
test.afterEach(async () => {
  await rm(computer, { recursive: true });
  await rm(join(home, 'Downloads'), { recursive: true, force: true });
  await mkdir(join(home, 'Downloads'));
});
test.afterAll(() => server.stop());

type Content = string | Buffer;
const FOLDER = 'folder';

/** By paths; a folder is one that has nothing in it. */
async function tree(top: string, entries: Readonly<Record<string, Content>>): Promise<void> {
  for (const [path, content] of Object.entries(entries)) {
    const at = join(top, path);
    await mkdir(content === FOLDER ? at : dirname(at), { recursive: true });
    if (content !== FOLDER) await writeFile(at, content);
  }
}

/** As `tree` takes it, with digests of what is in the files. */
async function found(top: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) all[relative(top, path)] = digest(await readFile(path));
    else if ((await readdir(path)).length === 0) all[relative(top, path)] = FOLDER;
  }
  return all;
}
const digest = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const digests = (entries: Readonly<Record<string, Content>>) =>
  Object.fromEntries(
    Object.entries(entries).map(([path, content]) => [path, content === FOLDER ? FOLDER : digest(content)]),
  );

async function open(page: Page, port = server.port): Promise<void> {
  const { pathname, hash } = new URL(await viewerUrl(server, session));
  await page.goto(`http://localhost:${port}${pathname}${hash}`);
  await connected(page);
}

async function openPanel(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+Alt+Shift');
  await page.getByRole('button', { name: 'Files', exact: true }).press('Enter');
  const panel = page.getByRole('dialog', { name: 'Files' });
  await expect(panel.getByRole('button', { name: 'Upload a folder…' })).toBeVisible();
  return panel;
}

async function choose(page: Page, panel: Locator, folder: string): Promise<void> {
  const asked = page.waitForEvent('filechooser');
  await panel.getByRole('button', { name: 'Upload a folder…' }).press('Enter');
  await (await asked).setFiles(folder);
}

/** What the browser does when these are dragged from a file manager and let go over the desktop. */
async function drop(page: Page, names: readonly string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  const files = names.map((name) => join(computer, name));
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
  }
  await devtools.detach();
}

const transfer = (panel: Locator, name: string) =>
  panel.locator('.transfer', { has: panel.page().locator('.files-name').getByText(name, { exact: true }) });
const state = (row: Locator, wanted: string) => expect(row).toHaveAttribute('data-state', wanted, { timeout: 30_000 });

test('folders and files that are dropped together arrive as they are, empty folders too', async ({ page }) => {
  const project = {
    'README.md': '# project',
    'src/main.c': 'int main;',
    'src/deep/er/x.bin': Buffer.alloc(3 * MIB, 'casement'),
    'src/empty.txt': '',
    'Grüße & Co/a b%20c.txt': 'odd',
    'nothing/here': FOLDER,
  };
  await tree(join(computer, 'project'), project);
  await tree(computer, { 'loose.txt': 'loose', 'other/one': '1', hollow: FOLDER });
  await open(page);
  await drop(page, ['project', 'loose.txt', 'other', 'hollow']);
  const panel = page.getByRole('dialog', { name: 'Files' });
  await expect(panel.getByText('5 files uploaded to ~/Downloads/project', { exact: true })).toBeVisible({
    timeout: 30_000,
  });
  await expect(panel.getByText('1 file uploaded to ~/Downloads/other', { exact: true })).toBeVisible();
  await expect(panel.getByText('Empty folder made: ~/Downloads/hollow', { exact: true })).toBeVisible();
  // One entry each, however much is in it.
  await expect(panel.locator('.transfer')).toHaveCount(4);
  expect(await found(join(home, 'Downloads'))).toEqual({
    ...Object.fromEntries(Object.entries(digests(project)).map(([path, content]) => [`project/${path}`, content])),
    'loose.txt': digest('loose'),
    'other/one': digest('1'),
    hollow: FOLDER,
  });
  await expect(panel.getByRole('button', { name: 'Open the folder project' })).toBeVisible();
});

test('a folder is chosen in the browser’s dialog, and goes where the panel is, by keyboard alone', async ({ page }) => {
  await mkdir(join(home, 'Downloads', 'work'));
  const content = { 'a.txt': 'a', 'sub/b.txt': 'b' };
  await tree(join(computer, 'chosen'), content);
  await open(page);
  const panel = await openPanel(page);
  await panel.getByRole('button', { name: 'Open the folder work' }).press('Enter');
  await expect(panel.locator('.files-path')).toHaveText('~/Downloads/work');
  await choose(page, panel, join(computer, 'chosen'));
  await state(transfer(panel, 'chosen'), 'done');
  expect(await found(join(home, 'Downloads', 'work', 'chosen'))).toEqual(digests(content));
  await expect(panel.getByRole('button', { name: 'Open the folder chosen' })).toBeVisible();
});

test('names that are there already are asked about once for all, and nothing is overwritten before', async ({
  page,
}) => {
  const theirs = { 'a.txt': 'old a', 'b.txt': 'old b', 'sub/c.txt': 'old c' };
  const mine = { 'a.txt': 'new a', 'b.txt': 'new b', 'sub/c.txt': 'new c', 'sub/d.txt': 'new d' };
  const target = join(home, 'Downloads', 'project');
  await tree(join(computer, 'project'), mine);
  await open(page);
  const panel = await openPanel(page);
  const row = transfer(panel, 'project').first();
  for (const [button, all, expected] of [
    ['Skip', true, { ...theirs, 'sub/d.txt': 'new d' }],
    [
      'Keep both',
      true,
      { ...theirs, 'sub/d.txt': 'new d', 'a (2).txt': 'new a', 'b (2).txt': 'new b', 'sub/c (2).txt': 'new c' },
    ],
    ['Replace', true, mine],
    ['Replace', false, mine],
  ] as const) {
    await rm(target, { recursive: true, force: true });
    await tree(target, theirs);
    await drop(page, ['project']);
    const question = row.getByRole('alert');
    const questions = all ? 1 : 3;
    for (let turn = 0; turn < questions; turn++) {
      await expect(question).toHaveText(/^project\/(a\.txt|b\.txt|sub\/c\.txt) is there already\.$/);
      const asked = await question.textContent();
      if (turn === 0) {
        for (const [path, content] of Object.entries(theirs)) {
          expect(await readFile(join(target, path), 'utf8')).toBe(content);
        }
      }
      if (turn === 0) await page.screenshot({ path: test.info().outputPath(`asked-${button}.png`) });
      if (all) await row.getByLabel('The same for all others that exist').check();
      await row.getByRole('button', { name: button }).press('Enter');
      await expect(question.getByText(asked ?? '', { exact: true })).toHaveCount(0);
    }
    await state(row, 'done');
    expect(await found(target)).toEqual(digests(expected));
    if (button === 'Skip') await expect(row).toContainText('1 file uploaded to ~/Downloads/project · 3 skipped');
    await row.getByRole('button', { name: 'Remove project from the list' }).click();
    await expect(panel.locator('.transfer')).toHaveCount(0);
  }
});

test('what is refused is listed with its reason, the rest arrives, and what was mended goes on', async ({ page }) => {
  const target = join(home, 'Downloads', 'project');
  const elsewhere = await mkdtemp(join(tmpdir(), 'casement-elsewhere-'));
  const locked = join(target, 'locked');
  await mkdir(locked, { recursive: true });
  await symlink(elsewhere, join(target, 'out'));
  await writeFile(join(target, 'file'), 'in the way');
  // Nothing but the file system keeps root out.
  const root = process.getuid?.() === 0;
  if (root) {
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro,size=1m', 'casement', locked]);
    test.skip(mount.status !== 0, 'file systems cannot be mounted here');
  } else await chmod(locked, 0o500);
  const unlock = async () => {
    if (root) spawnSync('umount', ['-l', locked]);
    else await chmod(locked, 0o700);
  };
  try {
    await tree(join(computer, 'project'), {
      'first.txt': 'first',
      'bad\nname.txt': 'bad',
      'locked/one.txt': 'one',
      'locked/two.txt': 'two',
      'locked/below/three.txt': 'three',
      'out/x.txt': 'x',
      'file/y.txt': 'y',
      'last/z.txt': 'z',
    });
    await open(page);
    await drop(page, ['project']);
    const panel = page.getByRole('dialog', { name: 'Files' });
    const row = transfer(panel, 'project');
    await state(row, 'failed');
    await expect(row.getByRole('alert')).toHaveText('2 of 8 files uploaded. These could not be:');
    await page.screenshot({ path: test.info().outputPath('refused.png') });
    const failures = await row.locator('.transfer-failures li').allTextContents();
    const taken = 'A file or a link has the name that a folder has to have.';
    const denied = 'The account may not do this with the file or folder.';
    expect(failures.toSorted()).toEqual(
      [
        `bad\nname.txt A file cannot have this name on the session server.`,
        `file/ ${taken}`,
        `locked/below/ ${denied}`,
        `locked/one.txt ${denied}`,
        `locked/two.txt ${denied}`,
        `out/ ${taken}`,
      ].toSorted(),
    );
    expect(await readFile(join(target, 'first.txt'), 'utf8')).toBe('first');
    expect(await readFile(join(target, 'last', 'z.txt'), 'utf8')).toBe('z');
    expect(await readFile(join(target, 'file'), 'utf8')).toBe('in the way');
    expect(await readdir(elsewhere)).toEqual([]);
    // Colours on their way from one theme to the other are neither's.
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const theme of ['dark', 'light']) {
      await page.evaluate((name) => (document.documentElement.dataset['theme'] = name), theme);
      expect((await new AxeBuilder({ page }).include('.viewer').analyze()).violations).toEqual([]);
    }

    await unlock();
    await rm(join(target, 'out'));
    await rm(join(target, 'file'));
    await row.getByRole('button', { name: 'Try again' }).click();
    await expect(row.getByRole('alert')).toHaveText('7 of 8 files uploaded. These could not be:');
    await expect(row.locator('.transfer-failures li')).toHaveCount(1);
    expect(Object.keys(await found(target)).toSorted()).toEqual(
      [
        'file/y.txt',
        'first.txt',
        'last/z.txt',
        'locked/below/three.txt',
        'locked/one.txt',
        'locked/two.txt',
        'out/x.txt',
      ].toSorted(),
    );
  } finally {
    await unlock();
    await rm(elsewhere, { recursive: true });
  }
});

test('a folder goes on where it was when the connection broke', async ({ page }) => {
  const line = await FickleLine.to(server.port);
  try {
    const content: Record<string, Content> = {};
    for (let at = 0; at < 40; at++) content[`small/${at % 4}/${at}.txt`] = `number ${at}`;
    for (const name of ['large-1', 'large-2']) {
      const bytes = Buffer.alloc(12 * MIB, name);
      bytes.writeUInt32BE(0xdecade, 7 * MIB);
      content[`${name}.bin`] = bytes;
    }
    await tree(join(computer, 'data'), content);
    await open(page, line.port);
    const half = new Promise<void>((resolve) => {
      line.onBytes = () => {
        if (line.up > 14 * MIB) resolve();
      };
    });
    await drop(page, ['data']);
    await half;
    line.leave();
    const panel = page.getByRole('dialog', { name: 'Files' });
    const row = transfer(panel, 'data');
    await expect(row).toContainText('Waiting for the connection…', { timeout: 30_000 });
    line.mend();
    await state(row, 'done');
    await expect(row).toContainText('42 files uploaded to ~/Downloads/data');
    expect(await found(join(home, 'Downloads', 'data'))).toEqual(digests(content));
    // Not all of it once more.
    expect(line.up).toBeLessThan(16 * MIB);
  } finally {
    await line.stop();
  }
});

test('cancelling ends the whole folder: what is there stays, of the rest nothing', async ({ page }) => {
  await tree(join(computer, 'data'), { 'a.txt': 'a', 'sub/z-large.bin': Buffer.alloc(20 * MIB), 'sub/zz.txt': 'z' });
  await tree(computer, { 'after.txt': 'after' });
  await open(page);
  let held: (() => void) | undefined;
  const holding = new Promise<void>((resolve) => (held = resolve));
  await page.route('**/files/upload/*', async (route) => {
    if (Number(route.request().headers()['upload-offset']) < 8 * MIB) return route.continue();
    held?.();
  });
  await drop(page, ['data']);
  await holding;
  await drop(page, ['after.txt']);
  const panel = page.getByRole('dialog', { name: 'Files' });
  const row = transfer(panel, 'data');
  await expect(row).toHaveAttribute('data-state', 'running');
  await expect(row).toContainText(/of 3 files · .* of 21 MB/);
  await row.getByRole('button', { name: 'Cancel data' }).click();
  await expect(row).toContainText(/Cancelled; [12] of 3 files had been uploaded/);
  // The next one has its turn.
  await state(transfer(panel, 'after.txt'), 'done');
  await expect
    .poll(async () => (await readdir(join(home, 'Downloads', 'data', 'sub'))).join())
    .not.toMatch(/part|large/);
  expect(await readFile(join(home, 'Downloads', 'data', 'a.txt'), 'utf8')).toBe('a');
});

test.describe('under a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 780 } });

  test('in a window too narrow for the whole bar the question is seen all the same', async ({ page }) => {
    await tree(join(computer, 'project'), { 'a.txt': 'new' });
    await tree(join(home, 'Downloads', 'project'), { 'a.txt': 'old' });
    await open(page);
    await expect(page.getByRole('button', { name: 'Files', exact: true })).toBeHidden();
    await drop(page, ['project']);
    await expect(page.getByRole('alert')).toHaveText('project/a.txt is there already.');
    const panel = page.getByRole('dialog', { name: 'Files' });
    const edges = await panel.evaluate((element) => {
      const { left, right } = element.getBoundingClientRect();
      return { left, right, hidden: element.scrollWidth - element.clientWidth };
    });
    expect(edges.hidden).toBe(0);
    expect(edges.left).toBeGreaterThanOrEqual(0);
    expect(edges.right).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Replace' }).click();
    await expect.poll(() => readFile(join(home, 'Downloads', 'project', 'a.txt'), 'utf8')).toBe('new');
  });
});

test('folders in each other beyond all measure are refused before anything is made', async ({ page }) => {
  const deep = Array.from({ length: 40 }, (_, level) => `level${level}`).join('/');
  await tree(join(computer, 'deep'), { 'file.txt': 'x', [deep]: FOLDER });
  await open(page);
  await drop(page, ['deep']);
  const row = transfer(page.getByRole('dialog', { name: 'Files' }), 'deep');
  await expect(row.getByRole('alert')).toContainText('There are more than 32 folders in each other.');
  expect(await readdir(join(home, 'Downloads'))).toEqual([]);
});
