/** Staying connected: lines that are cut or fall silent, and a tab that asks before it closes. */
import { expect, test, type Page } from '@playwright/test';
import { FickleLine } from './support/fickle-line.ts';
import { connected, intoTerminal, startByApi, typeLine, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { XDisplay, type SessionRow } from './support/x-display.ts';

let server: TestServer;
let session: SessionRow;
let line: FickleLine;

test.beforeAll(async () => {
  server = await TestServer.start();
  session = await startByApi(server);
  line = await FickleLine.to(server.port);
});
test.afterAll(async () => {
  await line.stop();
  await server.stop();
});

async function openOverLine(page: Page): Promise<void> {
  const url = new URL(await viewerUrl(server, session));
  url.port = String(line.port);
  await page.goto(url.href);
  await connected(page);
}

const viewer = (page: Page) => page.locator('#viewer');

/** How long the page's own clock says it took from now to this state. */
async function until(page: Page, state: string): Promise<{ ms: () => Promise<number> }> {
  const noticed = page.evaluateHandle(
    (wanted) =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        const viewer = document.getElementById('viewer');
        const look = () => {
          if (viewer?.dataset['state'] !== wanted) return;
          observer.disconnect();
          resolve(performance.now() - begin);
        };
        const observer = new MutationObserver(look);
        if (viewer) observer.observe(viewer, { attributes: true });
        look();
      }),
    state,
  );
  return { ms: async () => (await noticed).jsonValue() };
}

test(
  'a line that swallows everything is noticed within ten seconds; the picture stays, greyed',
  { tag: '@firefox' },
  async ({ page }) => {
    await openOverLine(page);
    const lost = await until(page, 'reconnecting');
    line.swallow();
    const ms = await lost.ms();
    test.info().annotations.push({ type: 'noticed', description: `${Math.round(ms)} ms` });
    // Ten seconds are proved without a machine's load by the unit test; TCP would take a quarter of an hour.
    expect(ms).toBeLessThan(30_000);
    await expect(page.getByRole('heading', { name: 'Connection lost' })).toBeVisible();
    await expect(page.locator('.desktop canvas').first()).toBeVisible();
    expect(
      await page
        .locator('.desktop canvas')
        .first()
        .evaluate((canvas) => getComputedStyle(canvas).filter),
    ).not.toBe('none');
    await page.screenshot({ path: test.info().outputPath('lost.png') });
    line.restore();
    await connected(page);
  },
);

test('a line that is cut comes back by itself, to the same shell', { tag: '@firefox' }, async ({ page }) => {
  await openOverLine(page);
  const gone = await until(page, 'reconnecting');
  line.cut();
  await gone.ms();
  await connected(page);
  await intoTerminal(page, server, session);
  await typeLine(page, 'xprop -root -f CAME 8s -set CAME back');
  const display = await XDisplay.of(server, session);
  await expect.poll(() => display.tool('xprop', '-root')).toContain('back');
});

test('waits count down, and end at once when the network comes back', async ({ page }) => {
  await openOverLine(page);
  await server.kill();
  line.cut();
  await expect(page.getByText(/Next attempt in \d+ s/)).toBeVisible({ timeout: 20_000 });
  await page.screenshot({ path: test.info().outputPath('countdown.png') });
  await expect(viewer(page)).toHaveAttribute('data-state', 'reconnecting');
  // Far into the waits, so that what connects is the news and not the next turn.
  await expect(page.getByText(/Next attempt in (7|8|9|1\d) s/)).toBeVisible({ timeout: 30_000 });
  await server.launch();
  const back = await until(page, 'connected');
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await back.ms();
  await connected(page);
});

test('closing the tab asks only who wants to be asked', async ({ page }) => {
  await openOverLine(page);
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  // Browsers ask only where the page has been used.
  await page.locator('canvas').first().click();
  await page.reload();
  await connected(page);
  expect(asked).toEqual([]);

  await page.getByRole('button', { name: 'Settings' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'Ask before this tab is closed' }).press('Enter');
  await page.locator('canvas').first().click();
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
  await connected(page);

  // It is remembered, and no question is asked once the session is left.
  await page.locator('canvas').first().click();
  await page.getByRole('button', { name: 'Disconnect' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Disconnected' })).toBeVisible();
  await page.reload();
  expect(asked).toEqual(['beforeunload']);
});
