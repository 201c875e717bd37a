/** The built-in demo desktop: the real viewer on a desktop that the page draws itself. */
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { PageServer } from './support/page-server.ts';

let server: PageServer;
test.beforeAll(async () => {
  server = await PageServer.start(join(import.meta.dirname, '../mocks'), 'demo-xrdp.html', {
    onSocket: (socket) => socket.close(),
  });
});
test.afterAll(() => server.stop());

test('shows a desktop, takes keys, speaks ClientComm, follows the window, survives a reload', async ({ page }) => {
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(server.origin);
  const viewer = page.locator('#viewer');
  await expect(viewer).toHaveAttribute('data-state', 'connected');
  const canvas = page.locator('canvas');
  await expect(canvas).toHaveAttribute('width', '1280');

  await canvas.click({ position: { x: 300, y: 300 } });
  await page.keyboard.type('clientcomm hello from the demo\n');
  await expect(page.getByText('hello from the demo')).toBeVisible();

  await page.keyboard.type(`clientcomm --clients=master '{"message":"Save?","buttons":["Yes","No"]}'\n`);
  await expect(page.getByText('Save?')).toBeVisible();
  await page.getByRole('button', { name: 'Yes' }).click();
  await expect(page.getByText('Save?')).toBeHidden();
  // Answered, so the prompt is back and takes the next command.
  await canvas.click({ position: { x: 300, y: 300 } });
  await page.keyboard.type('clientcomm --type=fx-notify again\n');
  await expect(page.getByText('again', { exact: true })).toBeVisible();

  await page.setViewportSize({ width: 1000, height: 640 });
  await expect
    .poll(() => page.evaluate(() => document.querySelector('canvas')?.getBoundingClientRect().width))
    .toBe(1000);
  await page.reload();
  await expect(viewer).toHaveAttribute('data-state', 'connected');
  expect(problems).toEqual([]);
});
