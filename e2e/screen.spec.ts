/** The screen alone, against a real Xvnc behind a plain relay: no portal, no session, no side channel. */
import { expect, test, type Page } from '@playwright/test';
import { fileURLToPath } from 'node:url';
import { PageServer, relay } from './support/page-server.ts';
import { differingPixels } from './support/framebuffer.ts';
import { OuterDisplay } from './support/outer-display.ts';

let pages: PageServer;
let server: OuterDisplay;

test.beforeAll(async () => {
  server = await OuterDisplay.start('1000x700');
  const root = fileURLToPath(new URL('..', import.meta.url));
  pages = await PageServer.start(root, 'e2e/screen/page.html', {
    onSocket(socket, path) {
      if (path === '/rfb') relay(socket, { path: server.rfbSocket });
      else if (path === '/garbage') socket.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'));
      else socket.close();
    },
  });
});
test.afterAll(async () => {
  await pages.stop();
  await server.stop();
});

async function open(page: Page, path: string, options: object = {}): Promise<void> {
  await page.goto(pages.origin);
  await page.evaluate(
    ([url, more]) => {
      window.screenClient.open({ transport: { kind: 'websocket', url }, ...more });
    },
    [`${pages.origin.replace('http', 'ws')}${path}`, options] as const,
  );
}

async function event(page: Page, type: string): Promise<void> {
  await page.waitForFunction((wanted) => window.screenEvents.some((seen) => seen.type === wanted), type);
}

const differing = (page: Page) => differingPixels(page, server.x);

for (const quality of [null, 8]) {
  test(`the framebuffer is the X server’s own after a workload, ${quality === null ? 'lossless' : 'once JPEG has been refined'}`, async ({
    page,
  }) => {
    await open(page, '/rfb', { quality });
    await event(page, 'painted-first');
    await page.evaluate(() => window.screenClient.pointer(999, 699, 0));
    const terminal = server.run(
      'xterm',
      '-geometry',
      '100x40+20+10',
      '-e',
      'for i in $(seq 1 300); do printf "\\033[3$((i%8))mline $i \\033[4$((i%7))m and more \\033[0m\\n"; done; sleep 100',
    );
    await server.x.focused('xterm');
    await expect.poll(() => differing(page), { timeout: 20_000 }).toBe(0);
    await server.x.tool('xdotool', 'search', '--class', 'xterm', 'windowmove', '250', '120');
    await expect.poll(() => differing(page), { timeout: 20_000 }).toBe(0);
    terminal.kill();
  });
}

test('keys and pointer reach the session', async ({ page }) => {
  await open(page, '/rfb');
  await event(page, 'painted-first');
  await page.evaluate(() => window.screenClient.pointer(321, 123, 0));
  await expect.poll(() => server.x.tool('xdotool', 'getmouselocation')).toContain('x:321 y:123');
});

test('another size is asked for and comes', async ({ page }) => {
  await open(page, '/rfb');
  await event(page, 'painted-first');
  await page.evaluate(() => window.screenClient.resize(800, 600));
  await page.waitForFunction(() =>
    window.screenEvents.some((seen) => seen.type === 'resize' && seen.width === 800 && seen.reason === 'client'),
  );
  await page.evaluate(() => window.screenClient.pointer(799, 599, 0));
  await expect.poll(() => differing(page), { timeout: 20_000 }).toBe(0);
});

test('the canvas shows the framebuffer', async ({ page }) => {
  await open(page, '/rfb');
  await event(page, 'painted-first');
  await page.evaluate(() => window.screenClient.pointer(5, 5, 0));
  const dialog = server.run('xterm', '-bg', '#224466', '-geometry', '40x10+100+100', '-e', 'sleep 100');
  await server.x.focused('xterm');
  await expect.poll(() => differing(page), { timeout: 20_000 }).toBe(0);
  const equal = (): Promise<boolean> =>
    page.evaluate(async () => {
      const shot = await window.screenClient.screenshot();
      const source = document.querySelector('canvas');
      const copy = document.createElement('canvas');
      copy.width = shot.width;
      copy.height = shot.height;
      const context = copy.getContext('2d');
      if (!context || !source) return false;
      context.drawImage(source, 0, 0);
      return context.getImageData(0, 0, shot.width, shot.height).data.every((value, i) => value === shot.rgba[i]);
    });
  await expect.poll(equal).toBe(true);
  dialog.kill();
});

test('what is not RFB ends in a code, once, and another attempt works', async ({ page }) => {
  await open(page, '/garbage');
  await event(page, 'closed');
  const closed = await page.evaluate(() => window.screenEvents.filter((seen) => seen.type === 'closed'));
  expect(closed).toHaveLength(1);
  expect(closed[0]).toMatchObject({ error: { code: 'rfb-protocol' } });
  await page.evaluate(
    (url) => {
      window.screenClient.open({ transport: { kind: 'websocket', url } });
    },
    `${pages.origin.replace('http', 'ws')}/rfb`,
  );
  await event(page, 'painted-first');
});

test('video is shown at its place, and what comes after it lies above it', async ({ page }) => {
  await page.goto(pages.origin);
  const shown = await page.evaluate(async () => {
    const chunks: Uint8Array[] = [];
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const data = new Uint8Array(chunk.byteLength);
        chunk.copyTo(data);
        chunks.push(data);
      },
      error: (error) => {
        throw error;
      },
    });
    encoder.configure({
      codec: 'avc1.42E01E',
      width: 64,
      height: 64,
      avc: { format: 'annexb' },
      latencyMode: 'realtime',
    });
    for (const [i, colour] of ['#c00000', '#0000c0'].entries()) {
      const canvas = new OffscreenCanvas(64, 64);
      const context = canvas.getContext('2d');
      if (!context) throw new Error('no context');
      context.fillStyle = colour;
      context.fillRect(0, 0, 64, 64);
      const frame = new VideoFrame(canvas, { timestamp: i * 1000 });
      encoder.encode(frame, { keyFrame: i === 0 });
      frame.close();
    }
    await encoder.flush();

    const number = (value: number, bytes: number): number[] =>
      Array.from({ length: bytes }, (_, i) => (value >>> (8 * (bytes - 1 - i))) & 255);
    const rectangle = (encoding: number, x: number, y: number, w: number, h: number, data: number[]): number[] => [
      ...[x, y, w, h].flatMap((value) => number(value, 2)),
      ...number(encoding, 4),
      ...data,
    ];
    const video = (data: Uint8Array, flags: number): number[] =>
      rectangle(50, 32, 16, 64, 64, [...number(data.length, 4), ...number(flags, 4), ...data]);
    const update = (...all: number[][]): ArrayBuffer =>
      Uint8Array.from([0, 0, ...number(all.length, 2), ...all.flat()]).buffer;
    const { port1, port2 } = new MessageChannel();
    window.screenClient.open({ transport: { kind: 'port', port: port2 }, quality: 6 });
    const text = (value: string): number[] => [...new TextEncoder().encode(value)];
    port1.postMessage(Uint8Array.from([...text('RFB 003.008\n'), 1, 1, 0, 0, 0, 0]).buffer);
    port1.postMessage(Uint8Array.from([...number(128, 2), ...number(96, 2), ...number(0, 20)]).buffer);
    const [first, second] = chunks;
    if (!first || !second) throw new Error('no frames');
    const green = Array.from({ length: 8 * 8 }, () => [0, 200, 0, 0]).flat();
    // Both frames, then a square of raw pixels in the middle of them, then the second frame's neighbour.
    port1.postMessage(update(video(first, 1), video(second, 0), rectangle(0, 60, 40, 8, 8, green)));
    const at = (rgba: Uint8ClampedArray, x: number, y: number): number[] => [
      ...rgba.subarray((y * 128 + x) * 4, (y * 128 + x) * 4 + 3),
    ];
    for (;;) {
      const { rgba, width } = await window.screenClient.screenshot();
      const seen =
        width === 128 ? { video: at(rgba, 40, 24), square: at(rgba, 62, 42), outside: at(rgba, 10, 10) } : undefined;
      if (seen && (seen.square[1] ?? 0) > 100) return seen;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  });
  expect(shown.square).toEqual([0, 200, 0]);
  expect(shown.outside).toEqual([0, 0, 0]);
  expect(shown.video[2]).toBeGreaterThan(150);
  expect(shown.video[0]).toBeLessThan(40);
});

test('where a canvas cannot be handed to a worker, the page itself does the same', async ({ page }) => {
  await page.addInitScript(() => {
    Reflect.deleteProperty(HTMLCanvasElement.prototype, 'transferControlToOffscreen');
  });
  await open(page, '/rfb');
  await event(page, 'painted-first');
  await page.evaluate(() => window.screenClient.pointer(7, 7, 0));
  await expect.poll(() => differing(page), { timeout: 20_000 }).toBe(0);
  expect(await page.evaluate(async () => (await window.screenClient.stats()).thread)).toBe('main');
});

test('two screens on one page do not know of each other', async ({ page }) => {
  await open(page, '/rfb');
  await event(page, 'painted-first');
  const other = await page.evaluate(
    async (url) => {
      const { constructor } = window.screenClient;
      const canvas = document.body.appendChild(document.createElement('canvas'));
      const seen: string[] = [];
      const client: typeof window.screenClient = Reflect.construct(constructor, [
        canvas,
        (told: { type: string }) => seen.push(told.type),
      ]);
      client.open({ transport: { kind: 'websocket', url } });
      while (!seen.includes('painted-first')) await new Promise((resolve) => requestAnimationFrame(resolve));
      client.dispose();
      const shot = await window.screenClient.screenshot();
      return { closed: window.screenEvents.some((told) => told.type === 'closed'), width: shot.width };
    },
    `${pages.origin.replace('http', 'ws')}/rfb`,
  );
  expect(other.closed).toBe(false);
  expect(other.width).toBeGreaterThan(0);
});
