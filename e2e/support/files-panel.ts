/** The panel for files, and files to put into it. */
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';

/** By keyboard, on a page whose viewer is connected. */
export async function openPanel(page: Page): Promise<Locator> {
  await page.keyboard.press('Control+Alt+Shift');
  const tool = page.getByRole('button', { name: 'Files', exact: true });
  await tool.focus();
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Files' });
  await expect(panel.getByText('Uploads, dropped files too, go into this folder.')).toBeVisible();
  await expect(panel.locator('[aria-busy]')).toHaveCount(0);
  return panel;
}

/** As if a person had picked them in the browser's dialog. */
export const choose = (panel: Locator, files: Parameters<Locator['setInputFiles']>[0]) =>
  panel.locator('input[type=file][multiple]').setInputFiles(files);

export const textFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** Empty where there is none (yet). */
export const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');
