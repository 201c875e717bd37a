/** The screen against RFB servers that have no X behind them: a virtual machine's and a Wayland compositor's. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, type Page } from '@playwright/test';
import type { PixelEncoding } from '../src/rfb/encodings.ts';
import { exists, openScreen, Program, serving } from './support/foreign-server.ts';
import { differingPixels } from './support/framebuffer.ts';
import { PageServer, relay } from './support/page-server.ts';
import { readPpm, type RgbPicture } from './support/ppm.ts';

const run = promisify(execFile);
/** PC scan codes of the letters that are typed. */
const SCAN: Readonly<Record<string, number>> = { c: 0x2e, a: 0x1e, s: 0x1f, e: 0x12, m: 0x32, n: 0x31, t: 0x14 };
const ENTER = [0xff0d, 0x1c] as const;

let pages: PageServer;
let directory: string;
let socket: string;

test.beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'casement-rfb-'));
  socket = join(directory, 'rfb');
  pages = await PageServer.start(fileURLToPath(new URL('..', import.meta.url)), 'e2e/screen/page.html', {
    onSocket: (client) => relay(client, { path: socket }),
  });
});
test.afterAll(async () => {
  await pages.stop();
  await rm(directory, { recursive: true, force: true });
});

const bytesIn = (page: Page) => page.evaluate(async () => (await window.screenClient.stats()).bytesIn);

const type = (page: Page, keys: readonly (readonly [number, number])[]) =>
  page.evaluate((pressed) => {
    for (const [keysym, code] of pressed) {
      window.screenClient.key(true, keysym, code);
      window.screenClient.key(false, keysym, code);
    }
  }, keys);
const letters = (text: string) => Array.from(text, (letter) => [letter.charCodeAt(0), SCAN[letter] ?? 0] as const);

/** A boot sector that hides the cursor and writes every key that is pressed in a colour of its own. */
function bootSector(): Buffer {
  const sector = Buffer.alloc(512);
  const code = [
    [0xb4, 0x01, 0xb9, 0x07, 0x26, 0xcd, 0x10], // int 10h, 1: a cursor of no size
    [0x31, 0xc0, 0xcd, 0x16], // int 16h, 0: wait for a key
    [0x88, 0xc3, 0xb7, 0x00, 0xb9, 0x01, 0x00, 0xb4, 0x09, 0xcd, 0x10], // int 10h, 9: colour
    [0xb4, 0x0e, 0xcd, 0x10, 0xeb, 0xeb], // int 10h, 14: write; the next key
  ];
  sector.set(code.flat());
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Asks the machine itself, by QMP. */
async function qmp(path: string): Promise<(command: string, args?: object) => Promise<unknown>> {
  const line = connect(path);
  await once(line, 'connect');
  const lines = createInterface(line)[Symbol.asyncIterator]();
  const ask = async (command: string, args: object = {}): Promise<unknown> => {
    line.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error('the machine is gone');
      const said = JSON.parse(value) as { return?: unknown; error?: { desc: string } };
      if (said.error) throw new Error(said.error.desc);
      if ('return' in said) return said.return;
    }
  };
  await ask('qmp_capabilities');
  return ask;
}

test('QEMU: a machine with a password, in every encoding it has, by keys as well', async ({ page }) => {
  const disk = join(directory, 'disk');
  const monitor = join(directory, 'qmp');
  await writeFile(disk, bootSector());
  const machine = '-machine pc -accel tcg -m 16 -nodefaults -display none -vga std -no-reboot'.split(' ');
  const command = ['qemu-system-x86_64', ...machine, '-drive', `file=${disk},format=raw,if=ide`];
  command.push('-object', 'secret,id=login,data=casement', '-vnc', `unix:${socket},password-secret=login`);
  command.push('-qmp', `unix:${monitor},server=on,wait=off`);
  await serving(command, socket, {}, async () => {
    const ask = await qmp(monitor);
    const text = async (): Promise<string> => {
      const dump = String(await ask('human-monitor-command', { 'command-line': 'xp /2000hx 0xb8000' }));
      return Array.from(dump.matchAll(/0x[0-9a-f]{2}([0-9a-f]{2})/g), ([, code = '']) =>
        String.fromCharCode(parseInt(code, 16)),
      ).join('');
    };
    const picture = async (): Promise<RgbPicture> => {
      const filename = join(directory, 'shot.ppm');
      await ask('screendump', { filename });
      return readPpm(await readFile(filename));
    };
    await expect.poll(text, { timeout: 30_000 }).toContain('Booting from Hard Disk');
    await page.goto(pages.origin);
    await openScreen(page, pages.origin, { password: 'wrong' });
    expect(await page.evaluate(() => window.screenEvents)).toMatchObject([
      { type: 'closed', error: { code: 'rfb-security' } },
    ]);

    const raw = 720 * 400 * 4;
    const encodings: PixelEncoding[] = ['raw', 'hextile', 'zlib', 'tight', 'tightPng', 'zrle'];
    let written = '';
    for (const encoding of encodings) {
      await openScreen(page, pages.origin, { encodings: [encoding], password: 'casement' });
      await expect.poll(() => differingPixels(page, { screenshot: picture }), { timeout: 10_000 }).toBe(0);
      const first = await bytesIn(page);
      // A server may send Raw whatever it is asked for; this one has what it was asked for.
      if (encoding === 'raw') expect(first).toBeGreaterThan(raw);
      else expect(first).toBeLessThan(raw / 3);
      await type(page, letters('casement'));
      written += 'casement';
      await expect.poll(text, { timeout: 10_000 }).toContain(written);
      await expect.poll(() => differingPixels(page, { screenshot: picture }), { timeout: 10_000 }).toBe(0);
    }
  });
});

/** A compositor refuses to run as root. */
const AS = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

test('wayvnc on a headless compositor, by keys as well', async ({ page }) => {
  const typed = join(directory, 'typed');
  const script = join(directory, 'content.sh');
  const config = join(directory, 'sway');
  await writeFile(
    script,
    `i=0; while [ $i -lt 60 ]; do printf "\\033[3$((i%8))mline $i \\033[4$((i%7))m and more \\033[0m\\n"; i=$((i+1)); done
read -r line; printf %s "$line" >${typed}; exec sleep 100\n`,
  );
  await writeFile(
    config,
    `xwayland disable\noutput HEADLESS-1 resolution 640x480\nexec foot --fullscreen -o pad=0x0 sh ${script}\n`,
  );
  await chmod(directory, 0o700);
  if (AS.uid !== undefined) await chown(directory, AS.uid, AS.gid);
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: directory,
    XDG_RUNTIME_DIR: directory,
    LANG: 'C.UTF-8',
    WAYLAND_DISPLAY: 'wayland-1',
    WLR_BACKENDS: 'headless',
    WLR_RENDERER: 'pixman',
    WLR_LIBINPUT_NO_DEVICES: '1',
  };
  const { WAYLAND_DISPLAY: _, ...outside } = env;
  const compositor = new Program(['sway', '-c', config], { ...AS, env: outside });
  try {
    await expect.poll(() => exists(join(directory, 'wayland-1')), { timeout: 15_000 }).toBe(true);
    await serving(['wayvnc', '-u', socket], socket, { ...AS, env }, async () => {
      const picture = async (): Promise<RgbPicture> => {
        const shot = await run('grim', ['-t', 'ppm', '-'], { ...AS, env, encoding: 'buffer', maxBuffer: 1 << 24 });
        return readPpm(shot.stdout);
      };
      const colours = async () => new Set((await picture()).rgb).size;
      await expect.poll(colours, { timeout: 15_000 }).toBeGreaterThan(20);
      await page.goto(pages.origin);
      const raw = 640 * 480 * 4;
      const encodings: PixelEncoding[] = ['raw', 'tight', 'zrle'];
      for (const encoding of encodings) {
        await openScreen(page, pages.origin, { encodings: [encoding] });
        await expect.poll(() => differingPixels(page, { screenshot: picture }), { timeout: 10_000 }).toBe(0);
        const first = await bytesIn(page);
        if (encoding === 'raw') expect(first).toBeGreaterThan(raw);
        else expect(first).toBeLessThan(raw / 3);
        await type(page, letters('case'));
        await expect.poll(() => differingPixels(page, { screenshot: picture }), { timeout: 10_000 }).toBe(0);
      }
      await type(page, [ENTER]);
      await expect.poll(() => readFile(typed, 'utf8').catch(() => ''), { timeout: 10_000 }).toBe('casecasecase');
    });
  } finally {
    await compositor.stop();
  }
});
