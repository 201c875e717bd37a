/** The same product on a machine without an X server, and behind TLS. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { connected, logIn, startFromPortal, viewerIn } from './support/pages.ts';
import { TestServer } from './support/server.ts';

const run = promisify(execFile);

test('without an X server the portal says so, and its demo desktop works', async ({ page }) => {
  const bin = await mkdtemp(join(tmpdir(), 'casement-bin-'));
  await symlink('/bin/sh', join(bin, 'sh'));
  const server = await TestServer.start([], { PATH: bin });
  try {
    expect(server.output).toContain('/demo');
    await logIn(page, server);
    await page.getByRole('link', { name: 'Try the built-in demo desktop' }).first().click();
    await expect(page.getByText(/This is the demo/)).toBeVisible();
    await startFromPortal(page, 'Terminal');
    await connected(viewerIn(page));
  } finally {
    await server.stop();
    await rm(bin, { recursive: true });
  }
});

test('behind TLS everything is the same, sockets included', async ({ browser }) => {
  const dir = await mkdtemp(join(tmpdir(), 'casement-tls-'));
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  await run('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-keyout',
    key,
    '-out',
    cert,
    ...subject,
  ]);
  const server = await TestServer.start(['--tls-cert', cert, '--tls-key', key]);
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  try {
    expect(server.loginLink).toMatch(/^https:/);
    const page = await context.newPage();
    await page.goto(server.loginLink);
    await expect(page.getByRole('heading', { name: 'Your sessions' })).toBeVisible();
    const cookie = (await context.cookies()).find(({ name }) => name === 'token');
    expect(cookie?.secure).toBe(true);
    await startFromPortal(page, 'Terminal');
    await connected(viewerIn(page));
  } finally {
    await context.close();
    await server.stop();
    await rm(dir, { recursive: true });
  }
});
