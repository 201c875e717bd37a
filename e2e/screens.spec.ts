/** The screen: dense displays, how large things are drawn, two monitors, panning, figures, and windows without a desktop. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { PNG } from 'pngjs';
import { accessible } from './support/page-checks.ts';
import { connected, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { XDisplay, type Picture, type SessionRow } from './support/x-display.ts';
import { readXSettings } from './support/xsettings.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

/** As it is in the address: the bar away, so that nothing lies over the picture. */
function bare(url: string): string {
  const [page = '', fragment = ''] = url.split('#');
  const data: Record<string, unknown> = JSON.parse(Buffer.from(fragment, 'base64url').toString());
  return `${page}#${Buffer.from(JSON.stringify({ ...data, ui: { toolbar: false } })).toString('base64url')}`;
}

async function open(page: Page, start: Record<string, unknown> = {}, withBar = true) {
  const session = await startByApi(server, { command: 'xterm -geometry 60x20+20+20', ...start });
  const url = await viewerUrl(server, session);
  await page.goto(withBar ? url : bare(url));
  await connected(page);
  return { session, display: await XDisplay.of(server, session) };
}

const size = (display: XDisplay) =>
  display.tool('xdpyinfo').then((text) => /dimensions:\s+(\d+x\d+)/.exec(text)?.[1] ?? text);
const dpi = (display: XDisplay) =>
  display.tool('xdpyinfo').then((text) => Number(/resolution:\s+(\d+)x/.exec(text)?.[1] ?? 0));
const resource = (display: XDisplay) =>
  display.tool('xrdb', '-query').then((text) => Number(/^Xft\.dpi:\s*(\d+)/m.exec(text)?.[1] ?? 0));

async function seen(page: Page): Promise<Picture> {
  const { width, height, data } = PNG.sync.read(await page.screenshot({ animations: 'disabled', scale: 'device' }));
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) rgb.set(data.subarray(i * 4, i * 4 + 3), i * 3);
  return { width, height, rgb };
}

/** Empty where both are the same; else how many pixels differ, and where. */
function difference(a: Picture, b: Picture): string {
  if (a.width !== b.width || a.height !== b.height) return `${a.width}x${a.height} and ${b.width}x${b.height}`;
  const at: number[] = [];
  for (let i = 0; i < a.rgb.length; i += 3) {
    if (a.rgb[i] !== b.rgb[i] || a.rgb[i + 1] !== b.rgb[i + 1] || a.rgb[i + 2] !== b.rgb[i + 2]) at.push(i / 3);
  }
  const columns = at.map((one) => one % a.width);
  const [first = 0, last = 0] = [at[0], at.at(-1)];
  const place = `${Math.min(...columns)},${Math.floor(first / a.width)} to ${Math.max(...columns)},${Math.floor(last / a.width)}`;
  return at.length === 0 ? '' : `${at.length} from ${place}`;
}

const tool = (page: Page, name: string) => page.getByRole('toolbar').getByRole('button', { name, exact: true });

/** Also where the bar has no room for it and keeps it behind its last button. */
async function press(page: Page, name: string): Promise<void> {
  await showBar(page);
  await expect(tool(page, name)).toBeAttached();
  if (!(await tool(page, name).isVisible())) await tool(page, 'More tools').click();
  await tool(page, name).click();
}

async function showBar(page: Page): Promise<void> {
  await page.mouse.move(400, 3);
  await expect(page.locator('.toolbar')).toHaveClass(/shown/);
}

test.describe('on a display of two pixels for one', () => {
  test.use({ viewport: { width: 800, height: 600 }, deviceScaleFactor: 2 });

  test('the session has the device’s pixels, and programs draw twice as large', async ({ page }) => {
    const report = join(server.dataDir, 'gtk-report');
    const script = join(process.cwd(), 'e2e', 'screen', 'gtk-report.py');
    const { session, display } = await open(page, { command: `/usr/bin/python3 ${script} ${report}` }, false);
    await expect.poll(() => size(display)).toBe('1600x1200');
    await expect.poll(() => resource(display)).toBe(192);
    await expect.poll(() => dpi(display)).toBe(192);
    await expect
      .poll(() => readXSettings(server, session))
      .toMatchObject({ 'Xft/DPI': 192 * 1024, 'Gdk/WindowScalingFactor': 2, 'Gdk/UnscaledDPI': 96 * 1024 });
    // A program that was there before follows.
    await expect.poll(() => readFile(report, 'latin1')).toBe('96 x2');

    // A resize puts the millimetres back to 96; they are set again.
    await page.setViewportSize({ width: 700, height: 500 });
    await expect.poll(() => size(display)).toBe('1400x1000');
    await expect.poll(() => dpi(display)).toBe(192);
    await expect.poll(() => resource(display)).toBe(192);
  });

  test('each pixel of the device is one of the session', async ({ page }) => {
    const { display } = await open(page, {}, false);
    await expect.poll(() => size(display)).toBe('1600x1200');
    await display.focused('xterm');
    // Until this viewer has pointed at something, the X server paints its own pointer.
    await page.mouse.move(300, 250);
    await expect.poll(() => display.tool('xdotool', 'getmouselocation')).toContain('x:600 y:500');
    await expect
      .poll(async () => difference(await seen(page), await display.screenshot()), { timeout: 30_000 })
      .toBe('');
  });

  test('how large things are drawn is chosen in the bar, and kept', async ({ page }) => {
    const { session, display } = await open(page);
    await expect.poll(() => resource(display)).toBe(192);
    await press(page, 'Picture');
    const panel = page.getByRole('dialog', { name: 'Picture' });
    await panel.getByRole('radio', { name: '150 %' }).check({ force: true });
    await expect.poll(() => resource(display)).toBe(144);
    expect(await readXSettings(server, session)).toMatchObject({
      'Xft/DPI': 144 * 1024,
      'Gdk/WindowScalingFactor': 1,
      'Gdk/UnscaledDPI': 144 * 1024,
    });
    await expect.poll(() => size(display)).toBe('1600x1200');
    await page.screenshot({ path: test.info().outputPath('picture-panel.png') });
    await accessible(page);
    await panel.getByRole('checkbox', { name: 'Sharp pixels' }).uncheck();
    await expect.poll(() => size(display)).toBe('800x600');
    await page.reload();
    await connected(page);
    await expect.poll(() => size(display)).toBe('800x600');
    await expect.poll(() => resource(display)).toBe(144);
  });
});

test('zoom and another monitor are followed, however odd their ratio', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  const { display } = await open(page);
  await expect.poll(() => size(display)).toBe('800x600');
  const devtools = await page.context().newCDPSession(page);
  for (const [deviceScaleFactor, width, height, pixels, dots] of [
    [1.5, 640, 480, '960x720', 144],
    [0.5, 1000, 800, '500x400', 48],
    [5, 300, 400, '1500x2000', 384],
    [1.25, 800, 600, '1000x750', 120],
    [1, 820, 600, '820x600', 96],
  ] as const) {
    const factor = deviceScaleFactor;
    await devtools.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor, mobile: false });
    await expect.poll(() => size(display), { message: `at ${factor}` }).toBe(pixels);
    await expect.poll(() => resource(display), { message: `at ${factor}` }).toBe(dots);
  }
});

test('a larger picture than the window is moved by the pointer at its edge and by keyboard', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  const { display } = await open(page);
  await press(page, 'Size');
  await page.getByRole('menuitemradio', { name: 'Original size' }).click();
  await display.tool('xrandr', '-s', '1600x1200');
  const desktop = page.locator('.desktop');
  const scrolled = () => desktop.evaluate((element) => [element.scrollLeft, element.scrollTop]);
  await expect
    .poll(() => desktop.evaluate(({ scrollWidth, scrollHeight }) => [scrollWidth, scrollHeight]))
    .toEqual([1600, 1200]);
  await page.mouse.move(400, 300);
  await page.mouse.move(795, 300);
  await expect.poll(async () => (await scrolled())[0]).toBeGreaterThan(100);
  await page.mouse.move(400, 300);
  const [left = 0] = await scrolled();
  // What lies under the pointer is what the session hears of.
  await expect.poll(() => display.tool('xdotool', 'getmouselocation')).toContain(`x:${400 + left} y:300`);
  await page.keyboard.press('Control+Alt+Shift');
  await tool(page, 'Move the picture').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Up', exact: true })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(async () => (await scrolled())[0]).toBeLessThan(left);
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await scrolled())[1]).toBeGreaterThan(0);
  await page.screenshot({ path: test.info().outputPath('panning.png') });
});

const monitors = async (display: XDisplay) =>
  [...(await display.tool('xrandr')).matchAll(/^VNC-\d+ connected (?:primary )?(\d+x\d+\+\d+\+\d+)/gm)]
    .map(([, place]) => place)
    .toSorted();

async function secondWindow(page: Page): Promise<Page> {
  const popup = page.waitForEvent('popup');
  await press(page, 'Open a second monitor');
  return popup;
}

test('a second window is a second monitor, on the same connection, until it is closed by hand', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  const { session, display } = await open(page);
  const second = await secondWindow(page);
  await second.setViewportSize({ width: 640, height: 480 });
  await expect.poll(() => monitors(display)).toEqual(['640x480+800+0', '800x600+0+0']);
  expect((await clients(session)).length).toBe(1);
  await expect(page.locator('canvas')).toHaveJSProperty('width', 800);
  await expect(second.locator('canvas')).toHaveJSProperty('width', 640);

  // Pointer and keys of the second window reach the right half.
  await second.locator('canvas').click({ position: { x: 100, y: 50 } });
  await expect.poll(() => display.tool('xdotool', 'getmouselocation')).toContain('x:900 y:50');
  await display.tool('xdotool', 'search', '--sync', '--class', 'xterm', 'windowmove', '--sync', '820', '30');
  await second.locator('canvas').click({ position: { x: 100, y: 150 } });
  await display.focused('xterm');
  const file = join(server.dataDir, 'typed');
  await second.keyboard.type(`echo right > ${file}`);
  await second.keyboard.press('Enter');
  await expect.poll(() => readFile(file, 'latin1').catch(() => '')).toBe('right\n');
  // What is seen there is the right half, pixel for pixel.
  await second.mouse.move(600, 450);
  await expect
    .poll(async () => difference(await seen(second), part(await display.screenshot(), 800, 640, 480)), {
      timeout: 30_000,
    })
    .toBe('');
  await second.screenshot({ path: test.info().outputPath('second.png') });
  await page.screenshot({ path: test.info().outputPath('first.png') });

  await second.setViewportSize({ width: 500, height: 700 });
  await expect.poll(() => monitors(display)).toEqual(['500x700+800+0', '800x600+0+0']);
  await second.close();
  await expect.poll(() => monitors(display)).toEqual(['800x600+0+0']);
  await expect(page.getByText('The second monitor was closed')).toBeVisible();
  // What lay there is within reach, and what was typed there is still in it.
  await expect.poll(() => windowLeft(display, '--class', 'xterm')).toBeLessThan(800 - 16);
  await expect(page.locator('#viewer')).toHaveAttribute('data-state', 'connected');
  await expect(page.locator('canvas')).toHaveJSProperty('width', 800);
  expect((await clients(session)).length).toBe(1);
  // And once more, closed from the bar.
  const again = await secondWindow(page);
  await expect.poll(async () => (await monitors(display)).length).toBe(2);
  const gone = again.waitForEvent('close');
  await press(page, 'Close the second monitor');
  await gone;
  await expect.poll(() => monitors(display)).toEqual(['800x600+0+0']);
});

function part(whole: Picture, left: number, width: number, height: number): Picture {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const from = (y * whole.width + left) * 3;
    rgb.set(whole.rgb.subarray(from, from + width * 3), y * width * 3);
  }
  return { width, height, rgb };
}

async function clients({ id }: SessionRow): Promise<unknown[]> {
  const rows = await server.api<(SessionRow & { clients: unknown[] })[]>('GET', '/api/sessions');
  return rows.find((row) => row.id === id)?.clients ?? [];
}

test('a window that the browser does not open is offered again', async ({ page }) => {
  await page.addInitScript(() => {
    const real = window.open.bind(window);
    let first = true;
    window.open = (...args) => {
      if (!first) return real(...args);
      first = false;
      return null;
    };
  });
  const { display } = await open(page);
  await press(page, 'Open a second monitor');
  await expect(page.getByRole('alert')).toContainText('The browser did not open the window');
  await page.screenshot({ path: test.info().outputPath('blocked.png') });
  const popup = page.waitForEvent('popup');
  await page.getByRole('alert').getByRole('button', { name: 'Open the second monitor' }).click();
  await popup;
  await expect.poll(async () => (await monitors(display)).length).toBe(2);
});

test('figures are shown over the desktop and copied as text', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.setViewportSize({ width: 800, height: 600 });
  await open(page, { command: 'xterm -fullscreen -e sh -c "while :; do date +%N; sleep 0.05; done"' });
  await press(page, 'Statistics');
  const overlay = page.getByRole('region', { name: 'Statistics' });
  const row = (name: string) => overlay.locator(`dt:has-text("${name}") + dd`);
  await expect(row('Session')).toHaveText('800 × 600');
  await expect(row('Latency')).toHaveText(/^[\d.,]+ ms$/);
  await expect(row('Frames')).toHaveText(/^[1-9][\d.,]* \/s$/);
  await expect(row('Received')).toHaveText(/[1-9].*B\/s/);
  await expect(row('Encodings')).toHaveText(/Tight|CopyRect|ZRLE/);
  await page.screenshot({ path: test.info().outputPath('statistics.png') });
  await accessible(page);
  await overlay.getByRole('button', { name: 'Copy as text' }).click();
  await expect(overlay.getByRole('status')).toHaveText('Copied');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/Session: 800 × 600\n/);
  expect(text).toContain('Chrome/');
  await overlay.getByRole('button', { name: 'Close the statistics' }).click();
  await expect(overlay).toHaveCount(0);
});

test('without a desktop windows lie on the page’s ground, and are raised and closed from a list', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  const session = await startByApi(server, {
    command: 'sh -c "xterm -T Alpha -geometry 50x15+10+60 & xterm -T Beta -geometry 50x15+2500+60 & wait"',
    geometry: 'rootless',
  });
  await page.goto(await viewerUrl(server, session));
  await connected(page);
  const display = await XDisplay.of(server, session);
  await expect.poll(() => size(display)).toBe('800x600');
  const ground = async () => [...(await display.screenshot()).rgb.subarray(3 * 799, 3 * 800)];
  await expect.poll(ground).toEqual([0x0d, 0x11, 0x17]);

  await press(page, 'Windows');
  const panel = page.getByRole('dialog', { name: 'Windows' });
  await expect(panel.getByRole('listitem')).toHaveCount(2);
  await page.screenshot({ path: test.info().outputPath('windows.png') });
  await accessible(page);
  const active = () => display.tool('xdotool', 'getactivewindow', 'getwindowname');
  for (const name of ['Alpha', 'Beta', 'Alpha']) {
    if (await panel.isHidden()) {
      await press(page, 'Windows');
    }
    await panel.getByRole('button', { name, exact: false }).first().click();
    await expect.poll(active).toBe(name);
  }
  // Where a program wanted its window far outside, it is in view all the same.
  await expect.poll(() => windowLeft(display, '--name', '^Beta$')).toBeLessThan(740);

  await press(page, 'Windows');
  await panel.getByRole('button', { name: 'Close “Beta”' }).click();
  await expect(panel.getByRole('listitem')).toHaveCount(1);
  await panel.getByRole('button', { name: 'Close “Alpha”' }).click();
  await expect(page.locator('#viewer')).toHaveAttribute('data-state', 'ended');
});

async function windowLeft(display: XDisplay, by: string, what: string): Promise<number> {
  const told = await display.tool('xdotool', 'search', by, what, 'getwindowgeometry', '--shell');
  return Number(/X=(-?\d+)/.exec(told)?.[1] ?? Number.NaN);
}
