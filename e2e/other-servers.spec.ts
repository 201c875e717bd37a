/** The screen against RFB servers that are not Xvnc, in each encoding that they have. */
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import type { PixelEncoding } from '../src/rfb/encodings.ts';
import { openScreen, serving } from './support/foreign-server.ts';
import { differingPixels } from './support/framebuffer.ts';
import { OuterDisplay } from './support/outer-display.ts';
import { PageServer, relay } from './support/page-server.ts';

const CONTENT =
  'for i in $(seq 1 120); do printf "\\033[3$((i%8))mline $i \\033[4$((i%7))m and more \\033[0m\\n"; done; sleep 100';

let display: OuterDisplay;
let pages: PageServer;
let directory: string;
let socket: string;
let terminal: ChildProcess;

test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'casement-rfb-'));
  socket = join(directory, 'rfb');
  display = await OuterDisplay.start('640x480');
  pages = await PageServer.start(fileURLToPath(new URL('..', import.meta.url)), 'e2e/screen/page.html', {
    onSocket: (client) => relay(client, { path: socket }),
  });
  // Servers that look at a display from outside may see the pointer in its pixels; a dump by X does not.
  const nothing = join(directory, 'nothing.xbm');
  await writeFile(
    nothing,
    '#define n_width 1\n#define n_height 1\n#define n_x_hot 0\n#define n_y_hot 0\nstatic char n_bits[] = {\n0x00 };\n',
  );
  await display.x.tool('xsetroot', '-cursor', nothing, nothing);
  await display.x.tool('xdotool', 'mousemove', '639', '479');
  terminal = display.run('xterm', '-geometry', '60x20+20+10', '-e', CONTENT);
  await display.x.focused('xterm');
});
test.afterAll(async () => {
  terminal.kill();
  await pages.stop();
  await display.stop();
  await rm(directory, { recursive: true, force: true });
});

/** One server on the display, and what it has said; ends with the callback. */
const onDisplay = (command: string[], look: (said: () => string) => Promise<void>) =>
  serving(command, socket, { env: { ...process.env, DISPLAY: display.display } }, (server) => look(() => server.said));

const open = (page: Page, encodings: PixelEncoding[]) => openScreen(page, pages.origin, { encodings });

const differing = (page: Page) => differingPixels(page, display.x);

/** Shown whole, then after a window has been moved: the second is what CopyRect and small rectangles are for. */
async function followsTheDisplay(page: Page, step: number): Promise<void> {
  await expect.poll(() => differing(page), { timeout: 8000 }).toBe(0);
  const place = [String(30 + step * 20), String(20 + step * 15)];
  await display.x.tool('xdotool', 'search', '--class', 'xterm', 'windowmove', ...place);
  await expect.poll(() => differing(page), { timeout: 8000 }).toBe(0);
}

test('x11vnc, in every encoding it has', async ({ page }) => {
  const command = 'x11vnc -norc -nopw -forever -shared -noipv6 -noxrecord -wait 10 -defer 5 -rfbport 0';
  await onDisplay([...command.split(' '), '-display', display.display, '-unixsock', socket], async (said) => {
    await page.goto(pages.origin);
    const all: PixelEncoding[] = ['raw', 'rre', 'corre', 'hextile', 'zlib', 'tight', 'zrle'];
    for (const [step, encoding] of all.entries()) {
      await open(page, ['copyRect', encoding]);
      await followsTheDisplay(page, step);
      const name = encoding === 'corre' ? 'CoRRE' : encoding;
      expect(said().toLowerCase()).toContain(`using ${name.toLowerCase()} encoding`);
    }
  });
});

test('TigerVNC’s server for a display that is there already', async ({ page }) => {
  const command = 'X0tigervnc -SecurityTypes None -rfbport -1 -rfbunixmode 0600 -PollingCycle 10';
  await onDisplay([...command.split(' '), '-display', display.display, '-rfbunixpath', socket], async () => {
    await page.goto(pages.origin);
    const all: PixelEncoding[] = ['raw', 'rre', 'hextile', 'tight', 'zrle'];
    for (const [step, encoding] of all.entries()) {
      await open(page, ['copyRect', encoding]);
      await followsTheDisplay(page, step);
    }
  });
});

test('a picture at rest is exact, whatever its quality', async ({ page }) => {
  const command = 'x11vnc -norc -nopw -forever -shared -noipv6 -noxrecord -wait 10 -defer 5 -rfbport 0';
  const image = join(directory, 'image.xwd');
  await writeFile(image, photograph(400, 300));
  const shown = display.run('xwud', '-in', image, '-geometry', '+100+80');
  try {
    await display.x.tool('xdotool', 'search', '--sync', '--onlyvisible', '--name', 'casement');
    await onDisplay([...command.split(' '), '-display', display.display, '-unixsock', socket], async () => {
      await page.goto(pages.origin);
      await openScreen(page, pages.origin, { encodings: ['tight'], quality: 0 });
      await expect.poll(() => differing(page), { timeout: 15_000 }).toBe(0);
    });
  } finally {
    shown.kill();
  }
});

/** With so many colours that every encoder takes it for a photograph, as an X Window Dump. */
function photograph(width: number, height: number): Buffer {
  const title = Buffer.from('casement\0');
  const words = [100 + title.length, 7, 2, 24, width, height, 0, 0, 32, 0, 32, 32, width * 4, 4];
  words.push(0xff0000, 0xff00, 0xff, 8, 256, 0, width, height, 0, 0, 0);
  const header = Buffer.alloc(100);
  for (const [index, word] of words.entries()) header.writeUInt32BE(word, index * 4);
  const pixels = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const wave = (a: number, b: number) =>
        Math.round(127 + 60 * Math.sin(x / a + y / b) + ((x * 7919 + y * 104729) % 60));
      pixels.writeUInt32LE((wave(17, 23) << 16) | (wave(31, 11) << 8) | wave(9, 41), (y * width + x) * 4);
    }
  }
  return Buffer.concat([header, title, pixels]);
}
