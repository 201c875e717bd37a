/**
 * What a browser loads until the first picture, gzipped: each page is opened in Debian's Chromium, and the files it asked
 * for are measured. The package for embedding beside it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium as browserType, type Page } from '@playwright/test';
import { connected, startByApi, viewerUrl } from '../../e2e/support/pages.ts';
import { TestServer } from '../../e2e/support/server.ts';
import { chromium } from '../../playwright.config.ts';
import type * as BuildSdk from '../../scripts/build-sdk.mjs';

/** Run from the project's root, as `npm run bench` does. */
const WEB = join(process.cwd(), 'dist', 'web');
const PAGES: Readonly<Record<string, string>> = { '/xrdp': 'src/viewer/xrdp.html', '/login': 'index.html' };

async function loadedBy(page: Page, url: string, ready: () => Promise<void>): Promise<Record<string, number>> {
  const files: Record<string, number> = {};
  const context = page.context();
  const note = (address: string) => {
    const { pathname } = new URL(address);
    const file = PAGES[pathname] ?? (pathname.startsWith('/assets/') ? pathname.slice(1) : undefined);
    if (file !== undefined) files[file] = gzipSync(readFileSync(join(WEB, file)), { level: 9 }).length;
  };
  context.on('request', (request) => note(request.url()));
  await page.goto(url);
  await ready();
  return files;
}

const total = (files: Record<string, number>) => Object.values(files).reduce((sum, bytes) => sum + bytes, 0);

export async function main(): Promise<unknown> {
  const server = await TestServer.start();
  const browser = await browserType.launch(chromium);
  try {
    const session = await startByApi(server, { command: 'xterm' });
    const page = await (await browser.newContext()).newPage();
    const viewer = await loadedBy(page, await viewerUrl(server, session), () => connected(page));
    const login = await (await browser.newContext()).newPage();
    const portal = await loadedBy(login, `${server.url}/login`, async () => {
      await login.getByRole('heading').first().waitFor();
    });
    // As the file it is: bundled with this one it would look for the project beside the bundle.
    const script = pathToFileURL(join(process.cwd(), 'scripts', 'build-sdk.mjs')).href;
    // An import by address has no type of its own.
    const { buildSdk } = (await import(script)) as typeof BuildSdk;
    const sdk = await buildSdk();
    console.table(viewer);
    const wasm = Object.entries(viewer).filter(([file]) => file.endsWith('.wasm'));
    return {
      viewerGzipBytes: total(viewer),
      wasmGzipBytes: total(Object.fromEntries(wasm)),
      portalGzipBytes: total(portal),
      sdkGzipBytes: sdk,
    };
  } finally {
    await browser.close();
    await server.stop();
  }
}
