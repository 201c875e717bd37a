/** The portal in `examples/portal`, on an origin of its own, with the package as it is shipped. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { buildSdk } from '../scripts/build-sdk.mjs';
import { connected, intoTerminal, runInSession, typeLine, viewerIn } from './support/pages.ts';
import { freePort, TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

const PORTAL = fileURLToPath(new URL('../examples/portal/serve.mjs', import.meta.url));
let portal: ChildProcess;
let origin: string;
let server: TestServer;

test.beforeAll(async () => {
  await buildSdk();
  const port = await freePort();
  origin = `http://127.0.0.1:${port}`;
  portal = spawn(process.execPath, [PORTAL, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (portal.stdout) await once(portal.stdout, 'data');
  server = await TestServer.start(['--parents', origin]);
});
test.afterAll(async () => {
  portal.kill();
  await server.stop();
});

test(
  'logs in, starts with forms, embeds, and answers a script in the session',
  { tag: '@firefox' },
  async ({ page }) => {
    await page.goto(origin);
    await page.getByLabel('Server').fill(server.url);
    await page.getByLabel('or one-time login secret').fill('made-up');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('status')).toContainText('(login-link-unknown)');
    await page.getByLabel('or one-time login secret').fill(server.loginLink.split('#')[1] ?? '');
    const login = page.waitForResponse((response) => response.url().endsWith('/api/auth/local') && response.ok());
    await page.getByRole('button', { name: 'Log in' }).click();
    const { result } = (await (await login).json()) as { result: { token: string } };
    server.useToken(result.token);
    await expect(page.getByRole('status')).toHaveText('Logged in.');

    await page.getByLabel('Forms, separated by commas').fill('resources, project');
    await page.getByRole('button', { name: 'Start' }).click();
    await page.locator('[name=gpu]').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.locator('[name=project]').fill('alloy');
    await page.getByRole('button', { name: 'Continue' }).click();

    const viewer = viewerIn(page);
    await connected(viewer);
    await expect(page.getByRole('status')).toHaveText('The desktop is connected.');
    const [session] = await server.api<SessionRow[]>('GET', '/api/sessions');
    if (!session) throw new Error('no session');
    expect(session.params).toMatchObject({ cores: 2, gpu: true, project: 'alloy' });

    const file = join(server.dataDir, 'answer');
    const line = `clientcomm --clients=master --type=site-save '{"what":"the draft"}' > ${file}; echo "exit $?" >> ${file}`;
    // Firefox's driver sends no keys into frames.
    if (test.info().project.name === 'firefox') await runInSession(server, session, line);
    else {
      await intoTerminal(viewer, server, session);
      await typeLine(page, line);
    }
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('{"saved":"the draft"}\nexit 0\n');
    await expect(page.getByRole('listitem')).toHaveText(['the draft']);

    await page.getByRole('button', { name: 'Screenshot' }).click();
    await expect(page.getByRole('status')).toHaveText(/^The picture has \d+ × \d+ pixels\.$/);
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await expect(page.getByRole('status')).toHaveText('The desktop is disconnected.');
  },
);
