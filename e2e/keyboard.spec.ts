/** Keys as they are pressed on real keyboards, in a browser with a real window; input methods; nothing that stays down. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type BrowserContextOptions, type LaunchOptions, type Page } from '@playwright/test';
import { scanCodeOf } from '../src/input/scancodes.ts';
import { FickleLine } from './support/fickle-line.ts';
import { OuterDisplay } from './support/outer-display.ts';
import { connected, intoTerminal, logInByToken, startByApi, viewerIn, viewerUrl } from './support/pages.ts';
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

test(
  'the locks of keyboard and session are brought in step by the next key',
  { tag: '@firefox' },
  async ({ page, browserName }) => {
    const receiver = await Receiver.start(`locks-${browserName}`);
    await receiver.open(page);
    await page.keyboard.press('a');
    // As if it had been pressed while another window had the keyboard.
    await receiver.display.tool('xdotool', 'key', 'Caps_Lock', 'key', 'Num_Lock');
    const leds = () => receiver.display.tool('sh', '-c', 'xset q | grep -c "Caps Lock: *on.*Num Lock: *on"');
    await expect.poll(leds).toBe('1');
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await expect.poll(() => receiver.lines()).toEqual(['ab']);
  },
);

// Only Chromium's protocol can compose.
test.describe('an input method', () => {
  test('composes where was clicked, and its text arrives whole', async ({ page }) => {
    const receiver = await Receiver.start('composed');
    await receiver.open(page);
    const client = await page.context().newCDPSession(page);
    await page.keyboard.press('a');
    for (const [text, at] of [
      ['に', 1],
      ['にほ', 2],
      ['日本', 2],
    ] as const) {
      await client.send('Input.imeSetComposition', { text, selectionStart: at, selectionEnd: at });
    }
    const field = page.locator('.desktop textarea');
    await expect(field).toHaveCSS('opacity', '1');
    const box = await field.boundingBox();
    const desktop = await page.locator('.desktop').boundingBox();
    expect(Math.abs((box?.x ?? 0) - (desktop?.x ?? 0) - 200)).toBeLessThan(60);
    expect(Math.abs((box?.y ?? 0) - (desktop?.y ?? 0) - 200)).toBeLessThan(60);
    await page.screenshot({ path: test.info().outputPath('composing.png') });
    await client.send('Input.insertText', { text: '日本語' });
    await expect(field).toHaveCSS('opacity', '0');
    // Given up: nothing of it arrives.
    await client.send('Input.imeSetComposition', { text: '無', selectionStart: 1, selectionEnd: 1 });
    await client.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
    await client.send('Input.insertText', { text: '你好，世界 😀' });
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await expect.poll(() => receiver.lines(), { timeout: 15_000 }).toEqual(['a日本語你好，世界 😀b']);
  });
});

test(
  'whoever comes in by keyboard is told the way out; another can be chosen, and works',
  { tag: '@firefox' },
  async ({ page }) => {
    const session = await startByApi(server);
    await page.goto(await viewerUrl(server, session));
    await connected(page);
    const hint = page.locator('.leave-hint');
    await expect(hint).toBeVisible();
    await expect(hint).toHaveText('To leave the desktop by keyboard, press and release Ctrl, Alt and Shift together.');
    await page.screenshot({ path: test.info().outputPath('hint.png') });
    await expect(page.locator('.desktop textarea')).toBeFocused();
    for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.down(key);
    for (const key of ['Control', 'Alt', 'Shift']) await page.keyboard.up(key);
    await expect(page.locator('.desktop textarea')).not.toBeFocused();

    await page.getByRole('button', { name: 'Keyboard', exact: true }).focus();
    await page.keyboard.press('Enter');
    const layout = page.getByLabel('Layout of your keys');
    await expect(layout).toBeFocused();
    await page.screenshot({ path: test.info().outputPath('panel.png') });
    await layout.selectOption({ label: 'Svenska' });
    const display = await XDisplay.of(server, session);
    await expect.poll(() => display.tool('setxkbmap', '-query')).toMatch(/layout: +se/);
    await page.getByLabel('Keys that leave the desktop').selectOption('Pause');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    const field = page.locator('.desktop textarea');
    await expect(field).toBeFocused();
    await expect(hint).toHaveText('To leave the desktop by keyboard, press Pause.');
    await expect(hint).toBeVisible();
    await expect(field).toHaveAttribute('aria-description', /press Pause/);
    await page.keyboard.press('Pause');
    await expect(field).not.toBeFocused();
    // Kept for the next session.
    await page.reload();
    await connected(page);
    await expect(field).toHaveAttribute('aria-description', /press Pause/);
  },
);

test('full screen asks for the keys that the browser keeps, and gives them back', async ({ page }) => {
  const session = await startByApi(server);
  await page.addInitScript(() => {
    const { keyboard } = navigator as Navigator & { keyboard?: { lock(): Promise<void>; unlock(): void } };
    if (!keyboard) return;
    const lock = keyboard.lock.bind(keyboard);
    const unlock = keyboard.unlock.bind(keyboard);
    Object.assign(keyboard, {
      lock: async () => {
        await lock();
        document.documentElement.dataset['keys'] = 'ours';
      },
      unlock: () => {
        unlock();
        document.documentElement.dataset['keys'] = 'theirs';
      },
    });
  });
  await page.goto(await viewerUrl(server, session));
  await connected(page);
  await page.getByRole('button', { name: 'Full screen' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-keys', 'ours');
  await page.getByRole('button', { name: 'Leave full screen' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-keys', 'theirs');
});

test.describe('no key stays down', () => {
  /** Keycodes that the X server's client saw pressed and not released. */
  const held = async (file: string): Promise<string[]> => {
    const down = new Set<string>();
    const events = (await readFile(file, 'utf8')).matchAll(/^Key(Press|Release) event[\s\S]*?keycode (\d+)/gm);
    for (const [, type, code = ''] of events) {
      if (type === 'Press') down.add(code);
      else down.delete(code);
    }
    return [...down].toSorted();
  };

  test('when focus, frame, page or line go', { tag: '@firefox' }, async ({ page, browserName }) => {
    test.setTimeout(120_000);
    const file = join(server.dataDir, `xev-${browserName}.txt`);
    const command = `exec xev -geometry 1000x700+0+0 -event keyboard >${file}`;
    const session = await startByApi(server, { command });
    await (await XDisplay.of(server, session)).tool('xdotool', 'search', '--sync', '--onlyvisible', '--name', 'Event');
    const line = await FickleLine.to(server.port);
    const canvas = () => page.locator('canvas').first();
    const holdTwo = async () => {
      await page.keyboard.down('ControlLeft');
      await page.keyboard.down('x');
      await expect.poll(() => held(file)).toEqual(['37', '53']);
    };
    const released = async () => {
      await expect.poll(() => held(file)).toEqual([]);
      // What the hand lets go of later is nobody's any more.
      await page.keyboard.up('x');
      await page.keyboard.up('ControlLeft');
    };
    try {
      const url = new URL(await viewerUrl(server, session));
      url.port = String(line.port);
      await page.goto(url.href);
      await connected(page);
      await canvas().click();

      await holdTwo();
      await page.getByRole('button', { name: 'Full screen' }).focus();
      await released();

      await canvas().click();
      await holdTwo();
      await page.evaluate(() => window.dispatchEvent(new Event('blur')));
      await released();

      await canvas().click();
      await holdTwo();
      line.cut();
      await released();
      await connected(page);

      await canvas().click();
      await holdTwo();
      await page.goto('about:blank');
      await released();

      // The viewer in a page's frame: the keyboard goes to the page.
      await logInByToken(page, server);
      await page.goto(`${server.url}/session/${session.id}`);
      await connected(viewerIn(page));
      await viewerIn(page).locator('canvas').first().click();
      await holdTwo();
      await page.evaluate(() => {
        const field = document.createElement('input');
        document.body.append(field);
        field.focus();
      });
      await released();
    } finally {
      await line.stop();
    }
  });
});
