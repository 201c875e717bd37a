/** Fingers on the desktop of a device with a touch screen, as a program in the session has them. */
import { expect, test, type Page } from '@playwright/test';
import { Fingers } from './support/fingers.ts';
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

/** Opens the viewer; the session has the page's size, so that both count the same pixels. */
async function open(page: Page): Promise<Fingers> {
  await page.goto(await viewerUrl(server, xev.session));
  await connected(page);
  await xev.sameSize(page);
  await xev.forget();
  return Fingers.on(page);
}

const picture = (page: Page) => page.locator('.desktop canvas').first();
const presses = async () =>
  (await xev.buttons()).filter(({ type }) => type === 'press').map(({ button, x, y }) => ({ button, x, y }));
const motions = async () => (await xev.motions()).map(({ x, y }) => `${x},${y}`);

async function chooseMode(page: Page, name: string): Promise<void> {
  await pickTool(page, 'Touch');
  await page.getByRole('menuitemradio', { name }).tap();
}

test('one finger taps the left button, two the right and three the middle one', async ({ page }) => {
  const fingers = await open(page);
  await fingers.tap({ x: 100, y: 250 });
  await expect.poll(presses).toEqual([{ button: 1, x: 100, y: 250 }]);
  await fingers.tap({ x: 200, y: 260 }, { x: 260, y: 250 });
  await expect.poll(presses).toHaveLength(2);
  expect((await presses())[1]).toEqual({ button: 3, x: 200, y: 260 });
  await fingers.tap({ x: 300, y: 270 }, { x: 360, y: 260 }, { x: 420, y: 260 });
  await expect.poll(presses).toHaveLength(3);
  expect((await presses())[2]).toEqual({ button: 2, x: 300, y: 270 });
  await expect.poll(async () => (await xev.buttons()).filter(({ type }) => type === 'release')).toHaveLength(3);
});

test('two taps are a double click at one place', async ({ page }) => {
  const fingers = await open(page);
  await fingers.tap({ x: 100, y: 250 });
  await fingers.tap({ x: 109, y: 244 });
  await expect.poll(presses).toHaveLength(2);
  const [first, second] = await presses();
  expect(second).toEqual(first);
});

test('a finger held is a right click, or drags', async ({ page }) => {
  const fingers = await open(page);
  const ring = page.locator('.desktop > div').nth(1);
  await fingers.down({ x: 150, y: 300 });
  await expect(ring).toBeVisible();
  await fingers.up();
  await expect.poll(presses).toEqual([{ button: 3, x: 150, y: 300 }]);
  await xev.forget();
  await fingers.down({ x: 150, y: 300 });
  await expect(ring).toBeVisible();
  await fingers.move([{ x: 250, y: 340 }]);
  await fingers.up();
  await expect
    .poll(async () => (await xev.buttons()).map(({ type, button }) => `${type} ${button}`))
    .toEqual(['press 1', 'release 1']);
  expect(await motions()).toContain('250,340');
});

test('a finger that moves drags from where it came down', async ({ page }) => {
  const fingers = await open(page);
  await fingers.down({ x: 100, y: 400 });
  await fingers.move([{ x: 300, y: 420 }], 12);
  await fingers.up();
  await expect.poll(async () => (await xev.buttons()).map(({ type }) => type)).toEqual(['press', 'release']);
  expect((await presses())[0]).toMatchObject({ button: 1, x: 100, y: 400 });
  expect(await motions()).toContain('300,420');
});

test('two fingers are the wheel, both ways', async ({ page }) => {
  const fingers = await open(page);
  await fingers.down({ x: 300, y: 400 }, { x: 380, y: 400 });
  await fingers.move([
    { x: 300, y: 250 },
    { x: 380, y: 250 },
  ]);
  await fingers.up();
  await expect.poll(() => xev.clicks()).toEqual([5, 5, 5]);
  await fingers.down({ x: 300, y: 300 }, { x: 380, y: 300 });
  await fingers.move([
    { x: 400, y: 300 },
    { x: 480, y: 300 },
  ]);
  await fingers.up();
  await expect.poll(async () => (await xev.clicks()).slice(3)).toEqual([6, 6]);
});

test('two fingers that part zoom here alone, and then move the picture; a tap hits what is seen', async ({ page }) => {
  const fingers = await open(page);
  const before = await picture(page).boundingBox();
  await fingers.down({ x: 380, y: 300 }, { x: 420, y: 300 });
  await fingers.move([
    { x: 320, y: 300 },
    { x: 480, y: 300 },
  ]);
  await fingers.up();
  const zoomed = await picture(page).boundingBox();
  if (!before || !zoomed) throw new Error('no picture');
  const factor = zoomed.width / before.width;
  expect(factor).toBeGreaterThan(2);
  // What was between the fingers is there still.
  expect(Math.abs(zoomed.x + 400 * factor - 400)).toBeLessThan(3);
  expect(Math.abs(zoomed.y + 300 * factor - 300)).toBeLessThan(3);
  await page.screenshot({ path: test.info().outputPath('zoomed.png') });

  await fingers.tap({ x: 500, y: 200 });
  await expect.poll(presses).toHaveLength(1);
  const [tap] = await presses();
  expect(Math.abs((tap?.x ?? 0) - (500 - zoomed.x) / factor)).toBeLessThan(2);
  expect(Math.abs((tap?.y ?? 0) - (200 - zoomed.y) / factor)).toBeLessThan(2);

  await fingers.down({ x: 300, y: 300 }, { x: 360, y: 300 });
  await fingers.move([
    { x: 400, y: 340 },
    { x: 460, y: 340 },
  ]);
  await fingers.up();
  const panned = await picture(page).boundingBox();
  expect(Math.round((panned?.x ?? 0) - zoomed.x)).toBeGreaterThan(80);
  expect(Math.round((panned?.y ?? 0) - zoomed.y)).toBeGreaterThan(25);
  // Nothing of it was the session's business.
  expect(await presses()).toHaveLength(1);
  expect(await xev.display.tool('xdotool', 'getdisplaygeometry')).toBe('800 600');

  // Three fingers are the wheel all the same.
  await fingers.down({ x: 300, y: 400 }, { x: 380, y: 400 }, { x: 460, y: 400 });
  const up = [300, 380, 460].map((x) => ({ x, y: 320 }));
  await fingers.move(up);
  await fingers.up();
  await expect.poll(async () => (await xev.clicks()).slice(1)).toEqual([5]);

  await fingers.down({ x: 300, y: 300 }, { x: 500, y: 300 });
  await fingers.move([
    { x: 390, y: 300 },
    { x: 410, y: 300 },
  ]);
  await fingers.up();
  await expect.poll(() => picture(page).boundingBox()).toEqual(before);
});

test('as a trackpad: the pointer is drawn, goes with the finger, clicks, drags, and is kept in view', async ({
  page,
}) => {
  const fingers = await open(page);
  await chooseMode(page, 'The screen is a trackpad');
  await fingers.down({ x: 600, y: 500 });
  await fingers.move([{ x: 560, y: 470 }]);
  await fingers.up();
  const drawn = page.locator('[data-pointer]');
  await expect(drawn).toBeVisible();
  const where = async () => {
    const [x = 0, y = 0] = ((await drawn.getAttribute('data-pointer')) ?? '').split(',').map(Number);
    return { x, y };
  };
  const mouse = async () => {
    const [, x, y] = /x:(\d+) y:(\d+)/.exec(await xev.display.tool('xdotool', 'getmouselocation')) ?? [];
    return { x: Number(x), y: Number(y) };
  };
  await expect.poll(mouse).toEqual(await where());
  await page.screenshot({ path: test.info().outputPath('trackpad.png') });

  await xev.forget();
  await fingers.tap({ x: 700, y: 100 });
  await expect.poll(presses).toEqual([{ button: 1, ...(await where()) }]);
  await fingers.tap({ x: 700, y: 100 }, { x: 740, y: 100 });
  await expect.poll(presses).toHaveLength(2);
  expect((await presses())[1]).toEqual({ button: 3, ...(await where()) });

  await xev.forget();
  await fingers.tap({ x: 400, y: 300 });
  await fingers.down({ x: 400, y: 300 });
  await fingers.move([{ x: 450, y: 300 }], 12);
  await fingers.up();
  await expect
    .poll(async () => (await xev.buttons()).map(({ type, button }) => `${type} ${button}`))
    .toEqual(['press 1', 'release 1']);
  expect((await xev.motions()).some(({ state }) => state === 0x100)).toBe(true);

  // Zoomed in, the view goes where the pointer goes.
  await fingers.down({ x: 380, y: 300 }, { x: 420, y: 300 });
  await fingers.move([
    { x: 300, y: 300 },
    { x: 500, y: 300 },
  ]);
  await fingers.up();
  for (let n = 0; n < 4; n++) {
    await fingers.down({ x: 100, y: 100 });
    await fingers.move([{ x: 700, y: 500 }]);
    await fingers.up();
  }
  expect(await where()).toEqual({ x: 799, y: 599 });
  await expect(drawn.locator('canvas')).toBeInViewport();
  await chooseMode(page, 'The finger is the pointer');
  await expect(drawn).toBeHidden();
});

test('a way of pointing is remembered', async ({ page }) => {
  await open(page);
  await chooseMode(page, 'The screen is a trackpad');
  await page.reload();
  await connected(page);
  await expect(page.locator('[data-pointer]')).toBeVisible();
  await expect(page.locator('[data-pointer]')).toHaveAttribute('data-pointer', '400,300');
});
