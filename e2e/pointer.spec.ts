/** The pointer: buttons, wheel, drags and the cursor, as a program in the session has them. */
import { expect, test, type Page } from '@playwright/test';
import { decodeViewerData, encodeViewerData, type ViewerUi } from '../src/contract/xrdp.ts';
import { connected, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { Xev } from './support/xev.ts';

let server: TestServer;
let xev: Xev;
test.beforeAll(async () => {
  server = await TestServer.start();
  xev = await Xev.start(server, 'pointer');
});
test.afterAll(() => server.stop());

async function open(page: Page, ui: ViewerUi = {}): Promise<void> {
  const url = new URL(await viewerUrl(server, xev.session));
  const decoded = decodeViewerData(url.hash.slice(1));
  if (!decoded.ok) throw new Error(decoded.problem);
  url.hash = encodeViewerData({ ...decoded.data, ui: { ...decoded.data.ui, ...ui } });
  await page.goto('about:blank');
  await page.goto(url.href);
  await connected(page);
}

const cursor = (page: Page) => page.locator('.desktop').evaluate((one) => getComputedStyle(one).cursor);

test('each button, and where', async ({ page }) => {
  await open(page);
  await xev.sameSize(page);
  await xev.forget();
  for (const [n, button] of (['left', 'middle', 'right'] as const).entries()) {
    await page.mouse.click(300 + n, 400 + n, { button });
    // X tells where the pointer is when a program reads of the button.
    await expect.poll(() => xev.buttons()).toHaveLength(2 * n + 2);
  }
  expect(await xev.buttons()).toEqual(
    [1, 2, 3].flatMap((button) => [
      { type: 'press', button, x: 299 + button, y: 399 + button, state: 0 },
      { type: 'release', button, x: 299 + button, y: 399 + button, state: 1 << (7 + button) },
    ]),
  );
});

test('back and forward of the mouse are the session’s, and the page stays', async ({ page }) => {
  await open(page);
  await xev.sameSize(page);
  await xev.forget();
  const line = await page.context().newCDPSession(page);
  for (const [button, bit] of [
    ['back', 8],
    ['forward', 16],
  ] as const) {
    const at = { x: 500, y: 300, button, clickCount: 1 };
    await line.send('Input.dispatchMouseEvent', { type: 'mousePressed', ...at, buttons: bit });
    await line.send('Input.dispatchMouseEvent', { type: 'mouseReleased', ...at, buttons: 0 });
  }
  // This Xvnc has no buttons beyond the wheel's, so they come as the keys for the same.
  await expect
    .poll(async () => (await xev.keys()).map(({ type, keysym }) => `${type} ${keysym}`))
    .toEqual(['press XF86Back', 'release XF86Back', 'press XF86Forward', 'release XF86Forward']);
  await expect(page.locator('#viewer')).toHaveAttribute('data-state', 'connected');
});

test('the wheel both ways, with nothing lost of small steps', async ({ page }) => {
  await open(page);
  await xev.sameSize(page);
  await page.mouse.move(600, 400);
  await xev.forget();
  // Steps as a fine wheel makes them, of which the browser's own tools have none.
  const turn = (wheelDeltaX: number, wheelDeltaY: number) =>
    page.locator('.desktop').evaluate(
      (one, [x, y]) => {
        const init = { bubbles: true, cancelable: true, clientX: 600, clientY: 400, deltaX: -x, deltaY: -y };
        const event = new WheelEvent('wheel', { ...init, wheelDeltaX: x, wheelDeltaY: y } as WheelEventInit);
        one.dispatchEvent(event);
      },
      [wheelDeltaX, wheelDeltaY] as const,
    );
  for (let n = 0; n < 10; n++) await turn(0, -48);
  await expect.poll(() => xev.clicks()).toEqual([5, 5, 5, 5]);
  for (let n = 0; n < 5; n++) await turn(-48, 0);
  await expect.poll(async () => (await xev.clicks()).slice(4)).toEqual([7, 7]);
  // Notches of a real one.
  await page.mouse.wheel(0, -100);
  await page.mouse.wheel(-100, 0);
  await expect.poll(async () => (await xev.clicks()).slice(6)).toEqual([4, 6]);
});

test('every point of a drag arrives, in order, with its button', async ({ page }) => {
  await open(page);
  await xev.sameSize(page);
  await xev.forget();
  await page.mouse.move(100, 500);
  await page.mouse.down();
  await expect.poll(() => xev.clicks()).toEqual([1]);
  await xev.forget();
  await page.mouse.move(160, 500, { steps: 60 });
  await page.mouse.up();
  await expect.poll(async () => (await xev.buttons()).map(({ x }) => x)).toEqual([160]);
  const drawn = await xev.motions();
  expect(drawn.every(({ y, state }) => y === 500 && state === 0x100)).toBe(true);
  // X itself may put two together that come in one go; ours are never put together.
  expect(drawn.length).toBeGreaterThan(30);
  expect(drawn.map(({ x }) => x)).toEqual(drawn.map(({ x }) => x).toSorted((a, b) => a - b));
});

test('the cursor has the session’s shape, and the size of the picture', async ({ page }) => {
  await open(page, { scaling: 'none' });
  await xev.display.tool('xsetroot', '-cursor_name', 'crosshair');
  await page.mouse.move(700, 500);
  await expect.poll(() => cursor(page)).toMatch(/^url\("data:image\/png;base64,[^"]+"\) \d+ \d+, default$/);
  const own = /\) (\d+) (\d+),/.exec(await cursor(page));
  await page.setViewportSize({ width: 640, height: 400 });
  await open(page, { scaling: 'fit' });
  await page.mouse.move(300, 200);
  await expect.poll(() => cursor(page)).toMatch(/^image-set\(/);
  const scaled = /url\("[^"]+"\) ([\d.]+)dppx.*\) ([\d.]+) ([\d.]+), default$/.exec(await cursor(page));
  const [, resolution, x, y] = scaled ?? [];
  const { width } = (await page.locator('canvas').first().boundingBox()) ?? { width: 0 };
  const drawn = await page
    .locator('canvas')
    .first()
    .evaluate((one: HTMLCanvasElement) => one.width);
  expect(Number(resolution)).toBeCloseTo(drawn / width, 2);
  expect(Number(x)).toBeCloseTo((Number(own?.[1]) * width) / drawn, 1);
  expect(Number(y)).toBeCloseTo((Number(own?.[2]) * width) / drawn, 1);
});

test('who only watches sees the cursor of who works, and no other', async ({ page, browser }) => {
  await open(page);
  await xev.sameSize(page);
  const watching = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  await open(watching, { viewOnly: true, toolbar: false });
  await expect.poll(() => cursor(watching)).toBe('none');
  // Where a cursor is drawn the picture is not what the X server has there.
  const around = (x: number, y: number) =>
    watching
      .screenshot({ clip: { x: x - 24, y: y - 24, width: 48, height: 48 } })
      .then((png) => png.toString('base64'));
  await page.mouse.move(200, 200);
  await expect.poll(() => xev.display.tool('xdotool', 'getmouselocation')).toContain('x:200 y:200');
  const empty = await around(900, 600);
  await page.mouse.move(900, 600);
  await expect.poll(() => around(900, 600)).not.toBe(empty);
  expect(await cursor(page)).not.toBe('none');
  await page.mouse.move(200, 200);
  await expect.poll(() => around(900, 600)).toBe(empty);
  await watching.context().close();
});

test('a key that is held repeats, and stops', async ({ page }) => {
  await open(page);
  await page.mouse.click(300, 300);
  await xev.forget();
  await page.keyboard.down('ArrowRight');
  // As a browser tells of a key that stays down.
  for (let n = 0; n < 3; n++) await page.keyboard.down('ArrowRight');
  const presses = async () => (await xev.keys()).filter(({ type }) => type === 'press').map(({ keysym }) => keysym);
  await expect.poll(presses).toEqual(['Right', 'Right', 'Right', 'Right']);
  await page.keyboard.up('ArrowRight');
  await expect.poll(async () => (await xev.keys()).at(-1)?.type).toBe('release');
});

test('a locked pointer goes by how far the mouse moves, and stays inside the picture', async ({ page }) => {
  await open(page);
  await xev.sameSize(page);
  await page.mouse.move(500, 400);
  const tool = page.locator('.bar button[aria-label="Lock the pointer (3D)"]');
  await tool.focus();
  await page.keyboard.press('Enter');
  await expect(tool).toHaveAttribute('aria-pressed', 'true');
  const drawn = page.locator('[data-pointer]');
  await expect(drawn).toHaveAttribute('data-pointer', '640,400');
  const mouse = () => xev.display.tool('xdotool', 'getmouselocation');
  await page.mouse.move(530, 420);
  await expect(drawn).toHaveAttribute('data-pointer', '670,420');
  await expect.poll(mouse).toContain('x:670 y:420');
  await page.mouse.move(520, 440);
  const [atX, atY] = [660, 440];
  await expect.poll(mouse).toContain(`x:${atX} y:${atY}`);
  await xev.forget();
  await page.mouse.down();
  await page.mouse.up();
  await expect
    .poll(async () => (await xev.buttons()).map(({ x, y }) => `${x},${y}`))
    .toEqual([`${atX},${atY}`, `${atX},${atY}`]);
  await page.mouse.move(1270, 790);
  await expect.poll(mouse).toContain('x:1279 y:790');
  await page.evaluate(() => document.exitPointerLock());
  await expect(tool).toHaveAttribute('aria-pressed', 'false');
  await expect(drawn).toBeHidden();
  await page.mouse.move(300, 310);
  await expect.poll(mouse).toContain('x:300 y:310');
});
