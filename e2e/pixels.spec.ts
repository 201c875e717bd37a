/** What is on the screen is what the X server has, pixel for pixel, in a page's picture and on a real screen. */
import { chromium as browserType, expect, test, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { chromium } from '../playwright.config.ts';
import { OuterDisplay } from './support/outer-display.ts';
import { connected, intoTerminal, startByApi, typeLine, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { XDisplay, type Picture } from './support/x-display.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

/** The viewer without its bar, so that nothing lies over the picture. */
function bare(url: string): string {
  const [page = '', fragment = ''] = url.split('#');
  const data: Record<string, unknown> = JSON.parse(Buffer.from(fragment, 'base64url').toString());
  return `${page}#${Buffer.from(JSON.stringify({ ...data, ui: { toolbar: false } })).toString('base64url')}`;
}

async function seen(page: Page): Promise<Picture> {
  const { width, height, data } = PNG.sync.read(await page.screenshot({ animations: 'disabled' }));
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { width, height, rgb };
}

/** How many pixels differ; all of them when the sizes do. */
function difference(a: Picture, b: Picture): number {
  if (a.width !== b.width || a.height !== b.height) return Math.max(a.width * a.height, b.width * b.height);
  let count = 0;
  for (let i = 0; i < a.rgb.length; i += 3) {
    if (a.rgb[i] !== b.rgb[i] || a.rgb[i + 1] !== b.rgb[i + 1] || a.rgb[i + 2] !== b.rgb[i + 2]) count++;
  }
  return count;
}

function countColour(picture: Picture, [red, green, blue]: readonly [number, number, number]): number {
  let count = 0;
  for (let i = 0; i < picture.rgb.length; i += 3) {
    if (picture.rgb[i] === red && picture.rgb[i + 1] === green && picture.rgb[i + 2] === blue) count++;
  }
  return count;
}

test('after a workload the picture equals the X server’s own', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 700 });
  const session = await startByApi(server, { command: 'xterm -geometry 90x40 -fa Monospace -fs 9' });
  await page.goto(bare(await viewerUrl(server, session)));
  await connected(page);
  await intoTerminal(page, server, session);
  const display = await XDisplay.of(server, session);
  // Scrolling coloured text, a moved window, a large fill and a gradient of small ones.
  await typeLine(
    page,
    'for i in $(seq 1 400); do printf "\\033[3$((i%8))mline $i of coloured text \\033[4$((i%7))m  \\033[0m\\n"; done; echo finished',
  );
  const window = await display.tool('xdotool', 'search', '--onlyvisible', '--class', 'xterm');
  for (const [x, y] of [
    [10, 10],
    [200, 120],
    [60, 200],
  ])
    await display.tool('xdotool', 'windowmove', window, String(x), String(y));
  await display.tool('xsetroot', '-mod', '16', '16', '-fg', '#335577', '-bg', '#ddeeff');
  // This viewer owns the pointer, so Xvnc leaves it out of the pixels.
  await page.mouse.move(990, 690);

  await expect.poll(async () => difference(await seen(page), await display.screenshot()), { timeout: 15_000 }).toBe(0);
  // Not a page of one colour that happens to agree.
  expect(new Set((await display.screenshot()).rgb).size).toBeGreaterThan(3);
});

test('what is typed is seen on the screen of a browser with a real window', async () => {
  const outer = await OuterDisplay.start('1200x900');
  const browser = await browserType.launch({
    ...chromium,
    headless: false,
    args: [...chromium.args, '--window-position=0,0', '--window-size=1200,900'],
    env: { ...process.env, DISPLAY: outer.display, XAUTHORITY: '/dev/null' },
  });
  try {
    const page = await browser.newPage({ viewport: null });
    const session = await startByApi(server, { command: 'xterm -bg "#124578" -fg white', geometry: '800x600' });
    await page.goto(await viewerUrl(server, session));
    await connected(page);
    const colours = async (colour: readonly [number, number, number]) =>
      countColour(await outer.x.screenshot(), colour);
    await expect.poll(() => colours([0x12, 0x45, 0x78]), { timeout: 15_000 }).toBeGreaterThan(20_000);

    await intoTerminal(page, server, session);
    await typeLine(page, "printf '\\033]11;#785612\\007'; clear");
    await expect.poll(() => colours([0x78, 0x56, 0x12]), { timeout: 15_000 }).toBeGreaterThan(20_000);
    expect(await colours([0x12, 0x45, 0x78])).toBe(0);
  } finally {
    await browser.close();
    await outer.stop();
  }
});
