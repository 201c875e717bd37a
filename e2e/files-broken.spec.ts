/** Transfers of files that break off, are ended or find no room: what goes on, and what is left behind. */
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { FickleLine } from './support/fickle-line.ts';
import { choose, openPanel, textFile, textOf } from './support/files-panel.ts';
import { connected, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

const MIB = 1024 * 1024;

let server: TestServer;
let session: SessionRow;
let home: string;

test.beforeAll(async () => {
  server = await TestServer.start();
  home = join(server.dataDir, 'home');
  await mkdir(join(home, 'Downloads'));
  session = await startByApi(server, { command: 'xterm' });
});
test.afterAll(() => server.stop());

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const uploaded = (...names: string[]) => join(home, 'Downloads', ...names);

async function open(page: Page): Promise<void> {
  await page.goto(await viewerUrl(server, session));
  await connected(page);
}

async function openOver(line: FickleLine, page: Page): Promise<void> {
  const { pathname, hash } = new URL(await viewerUrl(server, session));
  await page.goto(`http://localhost:${line.port}${pathname}${hash}`);
  await connected(page);
}

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
  await mkdir(join(home, 'results'));
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
