/**
 * `npm run bench -- latency`: from a key press on the X screen of a headed Chromium to the changed pixel on that same
 * screen, through a viewer, a socket, an X server and a program in it. Ours and noVNC against one Xvnc, and a session of ours.
 */
import { chromium as browserType, type Browser, type Page } from '@playwright/test';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import x11 from 'x11';
import { OuterDisplay } from '../../e2e/support/outer-display.ts';
import { PageServer, relay } from '../../e2e/support/page-server.ts';
import { TestServer } from '../../e2e/support/server.ts';
import { startByApi, viewerUrl } from '../../e2e/support/pages.ts';
import { chromium } from '../../playwright.config.ts';
import { median, percentile, rounded } from '../support/statistics.ts';

const root = process.cwd();
const KEYS = 40;
const TURNS = 3;
/** The X keycode of A. */
const KEY = 38;
/** Nothing that takes longer is a key press. */
const TIMEOUT_MS = 3000;
/** A point well inside every viewer. */
const POINT = { x: 300, y: 300 };

/** What this needs of the `x11` package beyond the types that the server's own room gives it. */
interface Client {
  GetImage(
    format: number,
    drawable: number,
    x: number,
    y: number,
    width: number,
    height: number,
    planes: number,
    answer: (error: Error | null, image: { data: Buffer }) => void,
  ): void;
  require(name: string, answer: (error: Error | null, extension: XTest) => void): void;
  terminate(): void;
}
interface XTest {
  KeyPress: number;
  KeyRelease: number;
  FakeInput(type: number, keycode: number, time: number, window: number, x: number, y: number): void;
}

interface Result {
  oursMsMedian: number;
  novncMsMedian: number;
  oursMsP95: number;
  novncMsP95: number;
  oursSessionMsMedian: number;
}

export async function main(): Promise<Result> {
  /** In the order in which they were opened; closed the other way round, whatever happens. */
  const opened: (() => unknown)[] = [];
  const keep = <T>(thing: T, close: (thing: T) => unknown): T => {
    opened.push(() => close(thing));
    return thing;
  };
  try {
    const stop = (thing: { stop(): Promise<void> }): Promise<void> => thing.stop();
    const outer = keep(await OuterDisplay.start('1024x768'), stop);
    const inner = keep(await OuterDisplay.start('1024x768'), stop);
    keep(inner.run(process.execPath, join(root, 'bench/latency/client.mjs')), (program) => program.kill());
    const pages = keep(
      await PageServer.start(root, 'bench/latency/page.html', {
        onSocket: (socket) => void relay(socket, { path: inner.rfbSocket }),
      }),
      stop,
    );
    const server = keep(await TestServer.start(), stop);
    const hand = keep(await Hand.on(outer.display), (one) => one.leave());
    const browser = keep(
      await browserType.launch({
        ...chromium,
        headless: false,
        args: [...chromium.args, '--window-position=0,0', '--window-size=1024,768', '--kiosk'],
        env: { ...process.env, DISPLAY: outer.display },
      }),
      (one) => one.close(),
    );
    const ours: number[] = [];
    const novnc: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      for (const [who, list] of [
        ['ours', ours],
        ['novnc', novnc],
      ] as const) {
        const page = await openPage(browser, `${pages.origin}/?who=${who}`);
        await page.waitForFunction(() => window.ready);
        list.push(...(await measure(outer, page, hand)));
        await page.context().close();
      }
    }
    const session = await inSession(browser, server, outer, hand);
    const result = {
      oursMsMedian: rounded(median(ours)),
      novncMsMedian: rounded(median(novnc)),
      oursMsP95: rounded(percentile(ours, 95)),
      novncMsP95: rounded(percentile(novnc, 95)),
      oursSessionMsMedian: rounded(median(session)),
    };
    console.error(
      `key to pixel, ms: ours ${result.oursMsMedian} (p95 ${result.oursMsP95}), noVNC ${result.novncMsMedian} ` +
        `(p95 ${result.novncMsP95}), our session at 120 frames ${result.oursSessionMsMedian}`,
    );
    return result;
  } finally {
    for (const close of opened.toReversed()) await close();
  }
}

async function openPage(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: null });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

async function inSession(browser: Browser, server: TestServer, outer: OuterDisplay, hand: Hand): Promise<number[]> {
  const session = await startByApi(server, {
    command: `exec '${process.execPath}' '${join(root, 'bench/latency/client.mjs')}'`,
    geometry: '1024x768',
  });
  const context = await browser.newContext({ viewport: null });
  await context.addCookies([
    { name: 'token', value: await server.token(), url: server.url, httpOnly: true, sameSite: 'Strict' },
  ]);
  const page = await context.newPage();
  await page.goto(await viewerUrl(server, session));
  await page.locator('#viewer[data-state=connected]').waitFor();
  return measure(outer, page, hand);
}

async function measure(outer: OuterDisplay, page: Page, hand: Hand): Promise<number[]> {
  await page.bringToFront();
  await outer.x.tool('xdotool', 'mousemove', String(POINT.x), String(POINT.y), 'click', '1');
  // The page settles, and what is read is what the program shows.
  await delay(1500);
  const times: number[] = [];
  // The first few load code and caches.
  for (let i = -5; i < KEYS; i++) {
    await delay(40 + ((i * 37 + 200) % 61));
    const ms = await hand.press();
    if (i >= 0) times.push(ms);
  }
  return times;
}

/** Presses keys on an X display and looks at one pixel of it. */
class Hand {
  readonly #client: Client;
  readonly #test: XTest;
  readonly #root: number;

  private constructor(client: Client, test: XTest, window: number) {
    this.#client = client;
    this.#test = test;
    this.#root = window;
  }

  static on(display: string): Promise<Hand> {
    return new Promise((resolve, reject) => {
      x11.createClient({ display }, (error, connected) => {
        if (error) return reject(error);
        const window = connected.screen[0]?.root ?? 0;
        const client = connected.client as unknown as Client;
        client.require('xtest', (missing, test) => {
          if (missing) reject(missing);
          else resolve(new Hand(client, test, window));
        });
      });
    });
  }

  /** Milliseconds until the pixel has another colour. */
  async press(): Promise<number> {
    const before = await this.#pixel();
    const start = performance.now();
    this.#test.FakeInput(this.#test.KeyPress, KEY, 0, this.#root, 0, 0);
    while ((await this.#pixel()) === before) {
      if (performance.now() - start > TIMEOUT_MS) throw new Error('the key press changed nothing on the screen');
    }
    const ms = performance.now() - start;
    this.#test.FakeInput(this.#test.KeyRelease, KEY, 0, this.#root, 0, 0);
    return ms;
  }

  leave(): void {
    this.#client.terminate();
  }

  #pixel(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#client.GetImage(2, this.#root, POINT.x, POINT.y, 1, 1, 0xffffffff, (error, image) => {
        if (error) reject(error);
        else resolve(image.data.readUInt32LE(0) & 0xffffff);
      });
    });
  }
}
