/** Keys as they are pressed on real keyboards, in a browser with a real window; input methods; nothing that stays down. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type BrowserContextOptions, type LaunchOptions, type Page } from '@playwright/test';
import { scanCodeOf } from '../src/input/scancodes.ts';
import { OuterDisplay } from './support/outer-display.ts';
import { connected, intoTerminal, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { XDisplay, type SessionRow } from './support/x-display.ts';

let server: TestServer;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterAll(() => server.stop());

/** A terminal that writes down what it reads, line by line. */
class Receiver {
  readonly session: SessionRow;
  readonly display: XDisplay;
  readonly #file: string;

  private constructor(session: SessionRow, display: XDisplay, file: string) {
    this.session = session;
    this.display = display;
    this.#file = file;
  }

  static async start(name: string): Promise<Receiver> {
    const file = join(server.dataDir, `${name}.txt`);
    const receive = `sh -c 'stty -echo; echo ready >${file}; exec cat >>${file}'`;
    const command = `LC_ALL=C.UTF-8 exec xterm -fullscreen -u8 -e ${receive}`;
    const session = await startByApi(server, { command });
    await expect.poll(() => readFile(file, 'utf8').catch(() => ''), { timeout: 15_000 }).toBe('ready\n');
    return new Receiver(session, await XDisplay.of(server, session), file);
  }

  /** All lines so far but the last, which may not be whole. */
  async lines(): Promise<string[]> {
    return (await readFile(this.#file, 'utf8')).split('\n').slice(1, -1);
  }

  async open(page: Page): Promise<void> {
    await page.goto(await viewerUrl(server, this.session));
    await connected(page);
    await intoTerminal(page, server, this.session);
  }

  /** `de`, `us(dvorak)` */
  async layout(): Promise<string> {
    const printed = await this.display.tool('setxkbmap', '-query');
    const [layout, variant] = ['layout', 'variant'].map(
      (name) => new RegExp(`^${name}: *(.*)$`, 'm').exec(printed)?.[1],
    );
    return variant ? `${layout}(${variant})` : String(layout);
  }
}

const HELD = { S: 'ShiftLeft', G: 'AltRight' } as const;

/** The keycode that a PC's keyboard has in X. */
function keycode(code: string): string {
  const scanCode = scanCodeOf(code) ?? 0;
  return code === 'AltRight' ? '108' : String(scanCode + 8);
}

/** Presses them on the keyboard of the screen that the browser is on. */
async function press(outer: OuterDisplay, keys: string): Promise<void> {
  const strokes = keys.split(' ').flatMap((stroke) => {
    const [, modifier, code = ''] = /^(?:([SG])-)?(.+)$/.exec(stroke) ?? [];
    const held = modifier === 'S' || modifier === 'G' ? keycode(HELD[modifier]) : undefined;
    return [...(held ? ['keydown', held] : []), 'key', keycode(code), ...(held ? ['keyup', held] : [])];
  });
  await outer.x.tool('xdotool', ...strokes, 'key', keycode('Enter'));
}

test.describe('on a real keyboard', () => {
  let outer: OuterDisplay;
  test.beforeAll(async () => {
    outer = await OuterDisplay.start('1200x900');
  });
  test.afterAll(() => outer.stop());

  const onOuter = async (
    browserType: { launch(options: LaunchOptions): Promise<import('@playwright/test').Browser> },
    work: (page: Page) => Promise<void>,
  ) => {
    const use = test.info().project.use as { launchOptions?: LaunchOptions } & BrowserContextOptions;
    const browser = await browserType.launch({
      ...use.launchOptions,
      headless: false,
      args: [
        ...(use.launchOptions?.args ?? []),
        ...(test.info().project.name === 'chromium' ? ['--window-position=0,0', '--window-size=1200,900'] : []),
      ],
      env: { ...process.env, DISPLAY: outer.display, XAUTHORITY: '/dev/null', LC_ALL: 'C.UTF-8' },
    });
    try {
      await work(await browser.newPage({ viewport: null }));
    } finally {
      await browser.close();
    }
  };

  /** By layout: a first line by which the layout may have to be learned, then (keys, text). */
  const TABLE: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      'de',
      [
        ['KeyY KeyQ', 'zq'],
        ['G-KeyQ G-KeyE G-Digit7', '@€{'],
        ['Semicolon S-Quote Minus', 'öÄß'],
        ['Equal KeyE S-Equal KeyA', 'éà'],
        ['Backquote KeyA', 'â'],
      ],
    ],
    [
      'fr',
      [
        ['KeyQ KeyA', 'aq'],
        ['Digit2 S-Digit2 G-Digit0', 'é2@'],
        ['BracketLeft KeyE S-BracketLeft KeyI', 'êï'],
      ],
    ],
    [
      'us(dvorak)',
      [
        ['KeyS KeyD', 'oe'],
        ['KeyQ S-KeyQ Slash', '\'"z'],
      ],
    ],
    [
      'us',
      [
        ['KeyY Slash', 'y/'],
        ['S-Digit2 Quote KeyQ', "@'q"],
      ],
    ],
  ];

  test(
    'what is printed on the keys arrives, dead keys and AltGr too, when the layout changes as well',
    { tag: '@firefox' },
    async ({ playwright, browserName }) => {
      test.setTimeout(120_000);
      const receiver = await Receiver.start(`keys-${browserName}`);
      await onOuter(playwright[browserName], async (page) => {
        await receiver.open(page);
        for (const [layout, rows] of TABLE) {
          const before = (await receiver.lines()).length;
          const [name = '', variant = ''] = layout.split(/[()]/);
          await outer.x.tool('setxkbmap', '-layout', name, '-variant', variant);
          await page.reload();
          await connected(page);
          await page
            .locator('canvas')
            .first()
            .click({ position: { x: 200, y: 200 } });
          const [first, ...others] = rows;
          await press(outer, first?.[0] ?? '');
          await expect.poll(async () => (await receiver.lines()).slice(before)).toEqual([first?.[1]]);
          await expect.poll(() => receiver.layout()).toBe(layout);
          for (const [keys] of others) await press(outer, keys);
          await expect.poll(async () => (await receiver.lines()).slice(before)).toEqual(rows.map(([, text]) => text));
        }
      });
    },
  );
});
