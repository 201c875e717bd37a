/** Quality by itself, on a line that is really narrow and becomes wide again; and what is exact once it rests. */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { FickleLine } from './support/fickle-line.ts';
import { connected, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { XDisplay } from './support/x-display.ts';

/** Where the picture moves: away from the bar and from the figures. */
const AREA = { x: 420, y: 120, width: 360, height: 300 };
const MOVING = fileURLToPath(new URL('screen/moving-picture.py', import.meta.url));
/** Each step takes some seconds by design, and more where the machine is busy. */
const STEPS = { timeout: 90_000 };

let server: TestServer;
let line: FickleLine;
let picture: ChildProcess | undefined;

test.beforeAll(async () => {
  server = await TestServer.start();
  line = await FickleLine.to(server.port);
});
test.afterEach(() => {
  picture?.kill('SIGKILL');
});
test.afterAll(async () => {
  await line.stop();
  await server.stop();
});

/** 0: lossless; else how far from it. */
async function worse(quality: Locator): Promise<number> {
  const text = (await quality.textContent()) ?? '';
  const jpeg = /^(\d)\/9$/.exec(text)?.[1];
  if (jpeg === undefined && text !== 'lossless') throw new Error(`no quality: ${text}`);
  return jpeg === undefined ? 0 : 10 - Number(jpeg);
}

/** How many pixels of the area are shown otherwise than the X server has them. */
async function differing(page: Page, display: XDisplay): Promise<number> {
  const shown = PNG.sync.read(await page.screenshot({ clip: AREA, animations: 'disabled' }));
  const own = await display.screenshot();
  let count = 0;
  for (let row = 0; row < AREA.height; row++) {
    for (let column = 0; column < AREA.width; column++) {
      const here = (row * AREA.width + column) * 4;
      const there = ((AREA.y + row) * own.width + AREA.x + column) * 3;
      if ([0, 1, 2].some((channel) => shown.data[here + channel] !== own.rgb[there + channel])) count++;
    }
  }
  return count;
}

test('falls on a narrow line while a picture moves, rises when the line is wide, and is exact at rest on either', async ({
  page,
}) => {
  test.setTimeout(300_000);
  await page.setViewportSize({ width: 800, height: 600 });
  const session = await startByApi(server, { command: 'xterm -geometry 20x5+0+0' });
  const { pathname, hash } = new URL(await viewerUrl(server, session));
  await page.goto(`http://localhost:${line.port}${pathname}${hash}`);
  await connected(page);
  await page.keyboard.press('Control+Alt+Shift');
  await page.getByRole('button', { name: 'Statistics', exact: true }).press('Enter');
  const quality = page.getByRole('region', { name: 'Statistics' }).locator('dt:has-text("Quality") + dd');
  await expect(quality).toHaveText('lossless');

  const display = await XDisplay.of(server, session);
  const place = [AREA.x, AREA.y, AREA.width, AREA.height].map(String);
  const moving = (picture = spawn('python3', [MOVING, ...place], { env: display.env, stdio: 'ignore' }));
  await display.tool('xdotool', 'search', '--sync', '--onlyvisible', '--name', 'moving picture');
  // The pointer is drawn by the page.
  await display.tool('xdotool', 'mousemove', '5', '590');

  line.pace({ bytesPerSecond: 200_000, latencyMs: 30 });
  await expect.poll(() => worse(quality), STEPS).toBeGreaterThanOrEqual(4);
  const low = await worse(quality);

  // On the narrow line still.
  moving.kill('SIGSTOP');
  await expect.poll(() => differing(page, display), STEPS).toBe(0);
  await expect.poll(() => worse(quality)).toBeGreaterThanOrEqual(4);

  moving.kill('SIGCONT');
  line.pace(undefined);
  await expect.poll(() => worse(quality), STEPS).toBeLessThan(low);
  await expect(quality).toHaveText('lossless', STEPS);
  moving.kill('SIGSTOP');
  await expect.poll(() => differing(page, display), STEPS).toBe(0);
});
