/** What a device without a keyboard writes with: the row of keys on the screen, and the system's own keyboard. */
import { expect, test, type Page } from '@playwright/test';
import { Fingers } from './support/fingers.ts';
import { accessible } from './support/page-checks.ts';
import { connected, pickTool, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { Xev } from './support/xev.ts';

test.use({ hasTouch: true, isMobile: true, viewport: { width: 800, height: 600 }, deviceScaleFactor: 1 });

let server: TestServer;
let xev: Xev;
test.beforeAll(async () => {
  server = await TestServer.start();
  xev = await Xev.start(server, 'touch');
});
test.afterAll(() => server.stop());

/** The session has the page's size. */
async function open(page: Page): Promise<void> {
  await page.goto(await viewerUrl(server, xev.session));
  await connected(page);
  await xev.sameSize(page);
}

const row = (page: Page) => page.getByRole('group', { name: 'Keys' });
const pressed = async () =>
  (await xev.keys())
    .filter(({ type }) => type === 'press')
    .map(({ keysym, state }) => `${keysym}${state ? `/${state}` : ''}`);

async function showKeys(page: Page): Promise<void> {
  await pickTool(page, 'Keys on the screen');
  await expect(row(page)).toBeVisible();
  await expect.poll(() => xev.display.tool('xdotool', 'getdisplaygeometry')).toBe('800 548');
}

test('keys of a row, with modifiers that wait or stay', async ({ page }) => {
  await open(page);
  await showKeys(page);
  await xev.forget();
  const key = (name: string) => row(page).getByRole('button', { name }).first();
  for (const name of ['Esc', 'Tab', 'Left', 'PgDn']) await key(name).tap();
  await expect.poll(pressed).toEqual(['Escape', 'Tab', 'Left', 'Next']);

  await xev.forget();
  await key('Ctrl').tap();
  await expect(row(page).getByRole('button', { name: 'Ctrl, for the next key' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await key('Home').tap();
  await key('End').tap();
  // Control is 4 in X's modifiers; the second key is without it.
  await expect.poll(pressed).toEqual(['Control_L', 'Home/4', 'End']);

  await xev.forget();
  await key('Alt').tap();
  await key('Alt').tap();
  await key('Home').tap();
  await key('Home').tap();
  await row(page).getByRole('button', { name: 'Alt, held' }).tap();
  await key('Home').tap();
  await expect.poll(pressed).toEqual(['Alt_L', 'Home/8', 'Home/8', 'Home']);

  await xev.forget();
  await row(page).getByRole('button', { name: 'Function keys' }).tap();
  await key('F5').tap();
  await expect.poll(pressed).toEqual(['F5']);

  // A click is made with them as well.
  await xev.forget();
  await key('Ctrl').tap();
  await (await Fingers.on(page)).tap({ x: 200, y: 300 });
  await expect
    .poll(async () => (await xev.buttons()).map(({ type, state }) => `${type} ${state & 4}`))
    .toEqual(['press 4', 'release 4']);
  await expect(key('Ctrl')).toHaveAttribute('aria-pressed', 'false');
});

test('a key of the row that is kept down repeats in the session', async ({ page }) => {
  await open(page);
  await showKeys(page);
  await xev.forget();
  const at = await row(page).getByRole('button', { name: 'Right' }).boundingBox();
  if (!at) throw new Error('no key');
  const fingers = await Fingers.on(page);
  await fingers.down({ x: at.x + at.width / 2, y: at.y + at.height / 2 });
  await expect.poll(async () => (await pressed()).length).toBeGreaterThan(2);
  await fingers.up();
  await expect.poll(async () => (await xev.keys()).at(-1)?.type).toBe('release');
});

test('what a phone’s keyboard writes, corrects and takes back is written in the session', async ({ page }) => {
  await open(page);
  await showKeys(page);
  await expect(page.locator('.desktop textarea')).toHaveAttribute('inputmode', 'text');
  await expect(page.locator('.desktop textarea')).toBeFocused();
  await xev.forget();
  const line = await page.context().newCDPSession(page);
  // A word as it is composed, then what it is corrected to.
  const compose = (text: string) =>
    line.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  for (const text of ['t', 'te', 'teh', 'the']) await compose(text);
  await line.send('Input.insertText', { text: 'the ' });
  await expect.poll(pressed).toEqual(['t', 'e', 'h', 'BackSpace', 'BackSpace', 'h', 'e', 'space']);

  await xev.forget();
  await row(page).getByRole('button', { name: 'Ctrl' }).tap();
  await line.send('Input.insertText', { text: 'C' });
  await expect.poll(pressed).toEqual(['Control_L', 'c/4']);

  await xev.forget();
  await row(page).getByRole('button', { name: 'Hide the keyboard' }).tap();
  await expect(page.locator('.desktop textarea')).toHaveAttribute('inputmode', 'none');
  await pickTool(page, 'Keys on the screen');
  await expect(row(page)).toHaveCount(0);
  await expect.poll(() => xev.display.tool('xdotool', 'getdisplaygeometry')).toBe('800 600');
});

for (const locale of ['en-GB', 'de-DE']) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`axe finds nothing with the row of keys shown, whose targets are 44 pixels: ${locale}, ${colorScheme}`, async ({
      browser,
    }) => {
      const context = await browser.newContext({
        hasTouch: true,
        isMobile: true,
        viewport: { width: 390, height: 700 },
        locale,
        colorScheme,
      });
      const page = await context.newPage();
      await page.goto(await viewerUrl(server, xev.session));
      await connected(page);
      await page.evaluate((theme) => (document.documentElement.dataset['theme'] = theme), colorScheme);
      const german = locale === 'de-DE';
      await pickTool(
        page,
        german ? 'Tasten auf dem Bildschirm' : 'Keys on the screen',
        german ? 'Weitere Werkzeuge' : 'More tools',
      );
      const keys = page.getByRole('group', { name: german ? 'Tasten' : 'Keys', exact: true });
      await expect(keys).toBeVisible();
      await keys.getByRole('button', { name: german ? 'Strg' : 'Ctrl' }).tap();
      await keys.getByRole('button', { name: german ? 'Umschalt' : 'Shift' }).tap();
      await keys.getByRole('button', { name: german ? 'Umschalt' : 'Shift' }).tap();
      const small = await keys
        .getByRole('button')
        .evaluateAll(
          (all) => all.map((one) => one.getBoundingClientRect()).filter((at) => at.width < 44 || at.height < 44).length,
        );
      expect(small).toBe(0);
      await page.screenshot({ path: test.info().outputPath('keys.png') });
      await accessible(page);
      await context.close();
    });
  }
}
