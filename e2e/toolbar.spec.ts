/** The bar: moved by hand and by keyboard, remembered, short of room, complete by keyboard, and clean to axe. */
import { expect, test, type Page } from '@playwright/test';
import { accessible } from './support/page-checks.ts';
import { connected, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let server: TestServer;
let session: SessionRow;
test.beforeAll(async () => {
  server = await TestServer.start();
  session = await startByApi(server);
});
test.afterAll(() => server.stop());

async function open(page: Page): Promise<void> {
  await page.goto(await viewerUrl(server, session));
  await connected(page);
}

const bar = (page: Page) => page.getByRole('toolbar', { name: 'Session toolbar' });
const toolbar = (page: Page) => page.locator('.toolbar');

async function leaveDesktop(page: Page): Promise<void> {
  for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
  for (const key of ['Shift', 'Alt', 'Control']) await page.keyboard.up(key);
}

async function insidePage(page: Page, selector: string): Promise<void> {
  const outside = await page.evaluate((wanted) => {
    const { clientWidth, clientHeight } = document.documentElement;
    return [...document.querySelectorAll(wanted)]
      .filter((one) => one.checkVisibility())
      .map((one) => one.getBoundingClientRect())
      .filter((at) => at.left < 0 || at.top < 0 || at.right > clientWidth + 1 || at.bottom > clientHeight + 1).length;
  }, selector);
  expect(outside).toBe(0);
}

test('is dragged to any edge by its grip, and is found there again', async ({ page }) => {
  await open(page);
  const grip = page.getByRole('button', { name: 'Move the toolbar' });
  await grip.hover();
  await page.mouse.down();
  await page.mouse.move(700, 300, { steps: 4 });
  await page.mouse.move(1270, 400, { steps: 8 });
  await page.mouse.up();
  await expect(toolbar(page)).toHaveAttribute('data-edge', 'right');
  await page.screenshot({ path: test.info().outputPath('right.png') });
  await insidePage(page, '.bar, .bar .icon-button');
  await page.getByRole('button', { name: 'Send keys' }).click();
  await expect(page.getByRole('menu', { name: 'Send keys' })).toBeVisible();
  await insidePage(page, '.menu');
  await page.screenshot({ path: test.info().outputPath('right-menu.png') });
  await page.reload();
  await connected(page);
  await expect(toolbar(page)).toHaveAttribute('data-edge', 'right');
});

test('is reached, walked, opened, moved and left by keyboard alone', async ({ page }) => {
  await open(page);
  await page.locator('canvas').first().click();
  const first = page.locator('.bar-tools .icon-button:visible').first();
  await leaveDesktop(page);
  await expect(first).toBeFocused();
  await page.getByRole('button', { name: 'Send keys' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Ctrl + Alt + Del' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Alt + F4' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Send keys' })).toBeFocused();
  await page.keyboard.press('End');
  await expect(page.getByRole('button', { name: 'Disconnect' })).toBeFocused();
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'Move the toolbar' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(toolbar(page)).toHaveAttribute('data-edge', 'bottom');
  await expect(page.locator('.toolbar > [role=status]')).toHaveText('Bottom edge, 50 %');
  await page.keyboard.press('Escape');
  // Arrows go along the bar again.
  await page.keyboard.press('ArrowRight');
  await expect(first).toBeFocused();
  await expect(toolbar(page)).toHaveAttribute('data-edge', 'bottom');
  await page.keyboard.press('Escape');
  await expect(page.locator('.desktop :focus')).toHaveCount(1);
});

test('tools for which a narrow page has no room are in a drawer, by name', async ({ page }) => {
  await page.setViewportSize({ width: 260, height: 600 });
  await open(page);
  await leaveDesktop(page);
  const more = page.getByRole('button', { name: 'More tools' });
  await expect(more).toBeVisible();
  await insidePage(page, '.bar, .bar .icon-button');
  await more.focus();
  await page.keyboard.press('Enter');
  const settings = page.getByRole('group', { name: 'More tools' }).getByRole('button', { name: 'Settings' });
  await expect(settings).toBeVisible();
  await page.screenshot({ path: test.info().outputPath('more.png') });
  await page.keyboard.press('End');
  await expect(settings).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitemcheckbox').first()).toBeFocused();
  await insidePage(page, '.menu');
  await page.screenshot({ path: test.info().outputPath('more-settings.png') });
  await accessible(page);
  await page.keyboard.press('Escape');
  await expect(settings).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(more).toBeFocused();
  await page.setViewportSize({ width: 1000, height: 600 });
  await expect(more).toBeHidden();
  await expect(bar(page).getByRole('button', { name: 'Settings' })).toBeVisible();
});

for (const theme of ['light', 'dark'] as const) {
  for (const locale of ['en-GB', 'de-DE']) {
    test(`axe finds nothing with each of its drawers open: ${theme}, ${locale}`, async ({ browser }) => {
      const context = await browser.newContext({ locale, colorScheme: theme });
      const page = await context.newPage();
      await open(page);
      await page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), theme);
      const openers = page.locator('.bar [aria-expanded]:not([hidden] *)');
      const count = await openers.count();
      expect(count).toBeGreaterThan(2);
      for (let n = 0; n < count; n++) {
        await openers.nth(n).focus();
        await page.keyboard.press('Enter');
        await expect(openers.nth(n)).toHaveAttribute('aria-expanded', 'true');
        await insidePage(page, '.menu, .panel');
        await page.screenshot({ path: test.info().outputPath(`drawer-${n}.png`) });
        await accessible(page);
        await page.keyboard.press('Escape');
      }
      await context.close();
    });
  }
}

test('its targets are 44 pixels where a finger points', async ({ browser }) => {
  const context = await browser.newContext({ hasTouch: true, isMobile: true, viewport: { width: 800, height: 500 } });
  const page = await context.newPage();
  await open(page);
  const small = await page
    .locator('.bar .icon-button:visible')
    .evaluateAll(
      (all) => all.map((one) => one.getBoundingClientRect()).filter((at) => at.width < 44 || at.height < 44).length,
    );
  expect(small).toBe(0);
  await context.close();
});
