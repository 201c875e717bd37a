/** The portal with no server: the static folder, from a path below a web server's root. */
import { createReadStream, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { expect, test } from '@playwright/test';
import { buildDemo } from '../scripts/build-demo.mjs';
import { connected, startFromPortal } from './support/pages.ts';

const BASE = '/some/where/demo/';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};
let dir: string;
let server: Server;
let url: string;
const missing: string[] = [];

test.beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'casement-demo-'));
  await buildDemo(dir);
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname === BASE ? 'index.html' : normalize(pathname.slice(BASE.length));
    const file = join(dir, name);
    if (!pathname.startsWith(BASE) || name.startsWith('..') || !existsSync(file)) {
      missing.push(pathname);
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The server listens on a port, so its address is one of the network.
  const { port } = server.address() as AddressInfo;
  url = `http://localhost:${port}${BASE}`;
});
test.afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(dir, { recursive: true });
});

test('shows sessions of every kind, and a desktop whose buttons send what scripts send', async ({ page }) => {
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'Your sessions' })).toBeVisible();
  await expect(page.getByText('Waits for a graphics card').first()).toBeVisible();
  await expect(page.getByText('The command was not found on the session server.').first()).toBeVisible();

  await page.goto(`${url}demo-xrdp.html`);
  await connected(page);
  const canvas = page.locator('canvas').first();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('no canvas');
  // The window with the buttons lies at (60, 530), below a title bar.
  const press = async (row: number) => {
    await page.mouse.click(box.x + 200, box.y + 530 + 14 + 24 + 17 + row * 44);
  };
  await press(0);
  await expect(page.getByText('Step 40 of 200')).toBeVisible();
  await press(1);
  await expect(page.getByText('Save the mesh?')).toBeVisible();
  await page.getByRole('button', { name: 'Yes', exact: true }).click();
  await expect(page.getByText('Save the mesh?')).toHaveCount(0);
  expect(missing.filter((path) => path !== '/favicon.ico')).toEqual([]);
});

test('a start may ask for a server, and goes on with the one that was chosen', async ({ page }) => {
  await page.goto(url);
  await startFromPortal(page, 'Choose a server');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('larch.demo.example')).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('servers.png') });
  await dialog.getByText('larch.demo.example').click();
  await dialog.getByRole('button', { name: /^(Next|Start|Continue)$/ }).click();
  await expect(page.locator('iframe').first()).toBeVisible();
});
