/** The viewer in a page on another origin: one that is on the list of allowed parents, and one that is not. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type FrameLocator, type Page } from '@playwright/test';
import { OtherOrigin } from './support/other-origin.ts';
import { connected, intoTerminal, runInSession, startByApi, typeLine, viewerUrl } from './support/pages.ts';
import { freePort, TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

/** Keysyms of keys that are not spelled like themselves. */
const NAMED: Readonly<Record<string, number>> = { SPACE: 0x20, Return: 0xff0d };
let allowed: OtherOrigin;
let stranger: OtherOrigin;
let server: TestServer;
let session: SessionRow;

test.beforeAll(async () => {
  allowed = await OtherOrigin.start(await freePort());
  stranger = await OtherOrigin.start(await freePort());
  server = await TestServer.start(['--parents', allowed.origin]);
  session = await startByApi(server);
});
test.afterAll(async () => {
  await server.stop();
  await allowed.stop();
  await stranger.stop();
});

/** Into the session's terminal; Firefox's driver sends no keys into frames, so there the shell runs beside it. */
async function enter(page: Page, viewer: FrameLocator, line: string) {
  if (test.info().project.name === 'firefox') {
    await runInSession(server, session, line);
    return;
  }
  await intoTerminal(viewer, server, session);
  await typeLine(page, line);
}

test(
  'a custom type reaches the page around the viewer, and its answer the script',
  { tag: '@firefox' },
  async ({ page }) => {
    await page.goto(allowed.origin);
    await page.evaluate((url) => window.embed(url), await viewerUrl(server, session, allowed.origin));
    const viewer = page.frameLocator('#viewer');
    await connected(viewer);
    const file = join(server.dataDir, 'answer');
    await enter(
      page,
      viewer,
      `clientcomm --clients=master --type=site-save '{"what":"the draft"}' > ${file}; echo "exit $?" >> ${file}`,
    );
    await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('saved the draft\nexit 0\n');

    const received = await page.evaluate(() => window.received);
    expect(new Set(received.map(({ origin }) => origin))).toEqual(new Set([server.url]));
    const custom = received.find(({ data }) => data.msg === 'site-save');
    expect(custom?.data).toMatchObject({ msg: 'site-save', body: { what: 'the draft' } });
    expect(received.map(({ data }) => data.msg)).toContain('connected');
  },
);

test('a program in the session cannot speak with the viewer’s own voice', { tag: '@firefox' }, async ({ page }) => {
  await page.goto(allowed.origin);
  await page.evaluate((url) => window.embed(url), await viewerUrl(server, session, allowed.origin));
  const viewer = page.frameLocator('#viewer');
  await connected(viewer);
  const file = join(server.dataDir, 'denied');
  await enter(page, viewer, `clientcomm --clients=master --type=disconnect bye 2> ${file}; echo "exit $?" >> ${file}`);
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toMatch(/denied[\s\S]*exit 1\n/);
  const received = await page.evaluate(() => window.received);
  expect(received.filter(({ data }) => data.msg === 'disconnect')).toEqual([]);
});

test(
  'a page that is not on the list gets no viewer and no message, and learns which line to add',
  { tag: '@firefox' },
  async ({ page }) => {
    await page.goto(stranger.origin);
    await page.evaluate((url) => window.embed(url), await viewerUrl(server, session));
    const viewer = page.frameLocator('#viewer');
    await expect(viewer.getByText(`--parents ${stranger.origin}`, { exact: true })).toBeVisible();
    await expect(viewer.locator('#viewer')).toHaveCount(0);
    const answered = page.evaluate(() =>
      Promise.race([window.ask('focus'), new Promise((resolve) => setTimeout(resolve, 500, 'silence'))]),
    );
    expect(await answered).toBe('silence');
    expect(await page.evaluate(() => window.received)).toEqual([]);
  },
);

/** Opens the viewer in the allowed page and waits for it. */
async function embedded(page: Page, id = 'viewer') {
  if (!page.url().startsWith(allowed.origin)) await page.goto(allowed.origin);
  await page.evaluate(
    ([url, where]) => window.embed(url ?? '', where),
    [await viewerUrl(server, session, allowed.origin), id],
  );
  const viewer = page.frameLocator(`#${id}`);
  await connected(viewer);
  return viewer;
}
const heard = (page: Page) => page.evaluate(() => window.received.map(({ data }) => data));
const names = async (page: Page) => new Set((await heard(page)).map(({ msg }) => msg));
const ask = (page: Page, msg: string, body?: unknown) =>
  page.evaluate(([name, value]) => window.ask(String(name), value), [msg, body]);

test('every message of the viewer’s table reaches the page around it', { tag: '@firefox' }, async ({ page }) => {
  await page.goto(allowed.origin);
  const url = new URL(await viewerUrl(server, session, allowed.origin));
  const data: unknown = JSON.parse(Buffer.from(url.hash.slice(1), 'base64url').toString());
  const withUi = { ...(data as object), ui: { clipboard: true } };
  const { password, ...withoutPassword } = withUi as unknown as Record<string, unknown>;
  // Without a password the documented question comes first, and the documented answer opens the session.
  await page.evaluate((ticket) => {
    window.password = { password: ticket };
  }, password);
  const address = (value: unknown) =>
    `${url.origin}/xrdp?data=${Buffer.from(JSON.stringify(value)).toString('base64')}`;
  await page.evaluate((to) => window.embed(to), address(withoutPassword));
  const viewer = page.frameLocator('#viewer');
  await connected(viewer);
  await intoTerminal(viewer, server, session);
  // Firefox's driver double-clicks nothing inside frames.
  const selects = test.info().project.name !== 'firefox';
  if (selects) {
    for (const key of 'e c h o SPACE c o p i e d Return'.split(' ')) {
      await ask(page, 'keys', { keysyms: [NAMED[key] ?? key.codePointAt(0)] });
    }
    await expect
      .poll(async () => {
        await viewer.locator('canvas').dblclick({ position: { x: 14, y: 8 } });
        return names(page);
      })
      .toContain('clipboard');
  }
  await page.locator('#viewer').evaluate((frame) => frame.style.setProperty('width', '900px'));
  for (const msg of [
    'security.password',
    'state',
    'title',
    'deadline',
    'connected',
    'resize',
    'settings.update',
    'participants',
    'stats',
  ]) {
    await expect.poll(async () => [msg, (await names(page)).has(msg)], { timeout: 15_000 }).toEqual([msg, true]);
  }
  const all = await heard(page);
  if (selects)
    expect(all.findLast(({ msg }) => msg === 'clipboard')?.body).toEqual({
      text: expect.stringMatching(/\w/) as unknown,
    });
  const bodyOf = (msg: string) => all.find((one) => one.msg === msg)?.body;
  expect(bodyOf('connected')).toEqual({
    id: session.id,
    width: expect.any(Number) as unknown,
    height: expect.any(Number) as unknown,
    role: 'master',
  });
  expect(bodyOf('settings.update')).toEqual({
    '2': { width: expect.any(Number) as unknown, height: expect.any(Number) as unknown },
  });
  expect(bodyOf('security.password')).toEqual({});
  expect(await ask(page, 'disconnect')).toEqual({ result: {} });
  await expect
    .poll(async () => (await heard(page)).find(({ msg }) => msg === 'disconnect'))
    .toMatchObject({ body: expect.any(String), code: 'disconnected' });
  await page.evaluate(
    (to) => window.embed(to),
    `${url.origin}/xrdp#${Buffer.from(JSON.stringify(withUi)).toString('base64url')}`,
  );
  // The ticket was used above: an error, as a sentence with its code. Before that, the page hears that it has nothing to do.
  await expect
    .poll(async () => (await heard(page)).find(({ msg }) => msg === 'error'), { timeout: 15_000 })
    .toMatchObject({ body: expect.any(String) });
  expect(await names(page)).toContain('security.none');
});

test('every message of the page’s table is answered', { tag: '@firefox' }, async ({ page }) => {
  await embedded(page);
  const png = expect.stringMatching(/^data:image\/png;base64,/) as unknown;
  const answers: [string, unknown, unknown][] = [
    ['security.none', {}, { result: {} }],
    [
      'settings.update',
      { '1': { layout: 4, type: 1 }, '2': { width: 640, height: 480 }, '4': { min: 0, max: 7, current: 3 } },
      { result: { applied: ['2', '4'], ignored: ['1'] } },
    ],
    ['scaling', { mode: 'fit' }, { result: {} }],
    ['scaling', { mode: 'stretch' }, { error: { name: 'format' } }],
    ['focus', {}, { result: {} }],
    ['blur', {}, { result: {} }],
    ['keys', { combo: 'escape' }, { result: {} }],
    ['keys', { keysyms: [0xffe1, 0x41] }, { result: {} }],
    ['clipboard', { text: 'from the page' }, { result: {} }],
    ['role.request', { role: 'master' }, { result: { role: 'master' } }],
    ['role.request', { role: 'viewer' }, { error: { name: 'denied' } }],
    [
      'screenshot',
      {},
      { result: { width: expect.any(Number) as unknown, height: expect.any(Number) as unknown, png } },
    ],
    ['clientcomm', { type: 'acme', data: { a: 1 } }, { error: { name: 'unhandled' } }],
    ['ticket', {}, { error: { name: 'format' } }],
    ['security.password', {}, { error: { name: 'format' } }],
    ['no-such-message', {}, { error: { name: 'unhandled' } }],
    ['__proto__', {}, { error: { name: 'unhandled' } }],
    ['disconnect', {}, { result: {} }],
    ['keys', { combo: 'escape' }, { error: { name: 'disconnected' } }],
    ['reconnect', {}, { result: {} }],
  ];
  for (const [msg, body, expected] of answers) {
    expect([msg, await ask(page, msg, body)]).toEqual([msg, expect.objectContaining(deep(expected))]);
  }
  // Whether there was a gesture is the browser's to say.
  const full = await ask(page, 'fullscreen', { active: true });
  expect(full.result ?? full.error?.name).toEqual(full.error ? 'denied' : {});
  await connected(page.frameLocator('#viewer'));
  const ticket = await server.api<{ password: string }>('POST', '/api/connect', {
    id: session.id,
    parentOrigin: allowed.origin,
  });
  expect(await ask(page, 'ticket', { id: session.id, password: ticket.password })).toEqual({ result: {} });
  await connected(page.frameLocator('#viewer'));
});

/** Errors are told by their name; the sentence beside it may be improved. */
function deep(expected: unknown): Record<string, unknown> {
  const { error, result } = expected as { error?: { name: string }; result?: unknown };
  return error ? { error: expect.objectContaining(error) } : { result };
}

test(
  'two viewers on one page do not hear each other, and a forged message does nothing',
  { tag: '@firefox' },
  async ({ page }) => {
    await embedded(page);
    await embedded(page, 'second');
    await page.evaluate(() => window.ask('disconnect', {}, 'second'));
    await expect(page.frameLocator('#second').locator('#viewer')).toHaveAttribute('data-state', 'disconnected');
    await expect(page.frameLocator('#viewer').locator('#viewer')).toHaveAttribute('data-state', 'connected');
    const ended = await page.evaluate(() =>
      window.received
        .filter(({ data }) => data.msg === 'disconnect' && data.body !== undefined)
        .map(({ frame }) => frame),
    );
    expect(ended).toEqual(['second']);
    // From the sibling frame, of an allowed origin but not the parent.
    const second = page
      .frames()
      .find(
        (frame) =>
          frame.url().includes('/xrdp') && frame.parentFrame() === page.mainFrame() && frame !== page.frames()[1],
      );
    await second?.evaluate(() => window.parent.frames[0]?.postMessage({ msg: 'disconnect', body: {}, number: 1 }, '*'));
    await page.evaluate(() => {
      for (const message of [null, 'disconnect', {}, { msg: 7 }, { msg: '' }, { msg: 'disconnect', number: -1 }])
        window.tell(message);
    });
    expect(await ask(page, 'focus')).toEqual({ result: {} });
    await expect(page.frameLocator('#viewer').locator('#viewer')).toHaveAttribute('data-state', 'connected');
  },
);

test('a ticket for one page is refused on another, and the page says which', { tag: '@firefox' }, async ({ page }) => {
  await page.goto(await viewerUrl(server, session, allowed.origin));
  await expect(page.getByText('ticket-foreign')).toBeVisible();
});
