/** Copy and paste between this computer and a session, as the browser allows it and as the session's profile does. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect as base, test, type Page } from '@playwright/test';
import { accessible } from './support/page-checks.ts';
import { connected, intoTerminal, startByApi, viewerUrl } from './support/pages.ts';
import { TestServer } from './support/server.ts';
import { XClipboard } from './support/x-clipboard.ts';
import { XDisplay } from './support/x-display.ts';

test.setTimeout(120_000);
/** A busy machine takes its time. */
const expect = base.configure({ timeout: 20_000 });

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const UNICODE = 'Größe 日本語 🎉\nzweite Zeile';

let server: TestServer;
let clipboard: XClipboard | undefined;
test.beforeAll(async () => {
  server = await TestServer.start();
});
test.afterEach(() => clipboard?.stop());
test.afterAll(() => server.stop());

async function open(page: Page, mode?: string): Promise<XClipboard> {
  const profile = mode
    ? await server.api<{ id: string }>('POST', '/api/admin/profiles', { name: `Clipboard ${mode}`, clipboard: mode })
    : undefined;
  const session = await startByApi(server, profile ? { profile: profile.id } : {});
  await page.goto(await viewerUrl(server, session));
  await connected(page);
  await intoTerminal(page, server, session);
  clipboard = new XClipboard(await XDisplay.of(server, session));
  return clipboard;
}

/** The first copy of a session, which is not told as news if it was there before somebody watches. */
async function firstCopy(page: Page, session: XClipboard, text: string): Promise<void> {
  await expect(async () => {
    await session.copy(text);
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText()), { timeout: 5000 }).toBe(text);
  }).toPass({ timeout: 40_000 });
}

/** Puts it on this computer's clipboard as another program would: from a page of its own, by the browser's key. */
async function copyHere(page: Page, text: string): Promise<void> {
  await byKey(page, 'copy', 'Control+c', text);
  await backTo(page);
}

/** What another page gets by the browser's key for pasting. */
const pastedHere = (page: Page): Promise<string> => byKey(page, 'paste', 'Control+v');

async function byKey(page: Page, type: 'copy' | 'paste', key: string, text = ''): Promise<string> {
  const other = await page.context().newPage();
  await other.setContent('<textarea>something</textarea>');
  const field = other.locator('textarea');
  // A field would lay out what it is given first, which takes long for a mebibyte.
  await field.evaluate(
    (element: HTMLTextAreaElement, [on, value]) => {
      element.focus();
      element.select();
      document.addEventListener(on, (event) => {
        event.preventDefault();
        if (on === 'copy') event.clipboardData?.setData('text/plain', value);
        element.dataset['text'] = on === 'copy' ? value : (event.clipboardData?.getData('text/plain') ?? '');
      });
    },
    [type, text] as const,
  );
  await other.keyboard.press(key);
  await expect(field).toHaveAttribute('data-text');
  const found = await field.evaluate((element) => element.dataset['text'] ?? '');
  await other.close();
  return found;
}

/** Pages driven by a program believe that they always have the focus, and hear nothing of it. */
async function backTo(page: Page): Promise<void> {
  await page.bringToFront();
  await page.evaluate(async () => {
    window.dispatchEvent(new Event('focus'));
    // Keys reach the page before the browser takes it for the one in front again.
    for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
  });
}

const kinds = (page: Page) =>
  page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
const tool = (page: Page) => page.getByRole('button', { name: 'Clipboard', exact: true });
const panel = (page: Page) => page.getByRole('dialog', { name: 'Clipboard' });
const allow = (page: Page) =>
  page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });

async function showPanel(page: Page): Promise<void> {
  await page.mouse.move(640, 2);
  await tool(page).click();
  await expect(panel(page)).toBeVisible();
}

test.describe('with the browser’s permission', () => {
  test.beforeEach(({ page }) => allow(page));

  test('what is copied in the session is on this computer, and the other way round, without a key', async ({
    page,
  }) => {
    const session = await open(page);
    await firstCopy(page, session, UNICODE);
    await copyHere(page, `${UNICODE} back`);
    await expect.poll(() => session.text()).toBe(`${UNICODE} back`);
    await expect.poll(() => session.text('primary')).toBe(`${UNICODE} back`);
    // What came from the session does not go back into it.
    await session.copy('once more');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('once more');
    await backTo(page);
    expect(await session.text()).toBe('once more');
    await session.copy('by a program', 'text/plain;charset=utf-8');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('by a program');
  });

  test('HTML and images, both ways', async ({ page }) => {
    const session = await open(page);
    await firstCopy(page, session, 'words');
    await session.copy(PNG, 'image/png');
    await expect.poll(() => kinds(page)).toEqual(['image/png']);
    await session.copy('<b>bold</b>', 'text/html');
    await expect.poll(() => kinds(page)).toContain('text/html');

    const other = await page.context().newPage();
    await other.route('**/empty', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await other.goto(`${server.url}/empty`);
    await other.evaluate(async () => {
      const canvas = document.createElement('canvas');
      canvas.width = 321;
      canvas.height = 123;
      canvas.getContext('2d')?.fillRect(10, 10, 50, 50);
      const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const html = new Blob(['<i>slanted</i>'], { type: 'text/html' });
      const text = new Blob(['slanted'], { type: 'text/plain' });
      await navigator.clipboard.write([
        new ClipboardItem({ 'text/plain': text, 'text/html': html, 'image/png': png ?? '' }),
      ]);
    });
    await other.close();
    await backTo(page);
    await expect.poll(async () => (await session.paste('text/html')).toString()).toContain('<i>slanted</i>');
    expect(await session.text()).toBe('slanted');
    const image = await session.paste('image/png');
    expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([321, 123]);
  });
});

test('the key for pasting needs no permission, and the text is there before the key @firefox', async ({ page }) => {
  const session = await open(page);
  const file = join(server.dataDir, 'home', 'pasted');
  await page.keyboard.type(`cat > ${file}`);
  await page.keyboard.press('Enter');
  await copyHere(page, 'first local\n');
  await page.keyboard.press('Shift+Insert');
  await expect.poll(() => session.text()).toBe('first local\n');
  await expect.poll(() => readFile(file, 'utf8')).toBe('first local\n');
  // Copied there since: that is what is meant, for this computer's clipboard is as it was.
  await session.copy('copied there\n', 'UTF8_STRING', 'primary');
  await page.keyboard.press('Shift+Insert');
  await expect.poll(() => readFile(file, 'utf8')).toBe('first local\ncopied there\n');
  await copyHere(page, `${UNICODE}\n`);
  await page.keyboard.press('Shift+Insert');
  // The terminal asks for what it pastes, and takes other keys meanwhile: none are sent.
  await expect.poll(() => readFile(file, 'utf8')).toBe(`first local\ncopied there\n${UNICODE}\n`);
});

test('a mebibyte is pasted by key, and fetched by the panel @firefox', async ({ page }) => {
  const session = await open(page);
  const long = 'äöü 0123456789\n'.repeat(70_000);
  await copyHere(page, long);
  await page.keyboard.press('Control+v');
  await expect.poll(async () => (await session.text()) === long, { timeout: 20_000 }).toBe(true);
  await session.copy(`${long}and back`);
  await showPanel(page);
  await expect(panel(page).getByRole('textbox', { name: 'Copied in the session' })).toHaveValue(/^äöü/);
  await panel(page).getByRole('button', { name: 'Copy to this computer' }).click();
  await expect(panel(page).getByRole('status')).toHaveText('It is on this computer’s clipboard now.');
  await expect.poll(async () => (await pastedHere(page)) === `${long}and back`, { timeout: 20_000 }).toBe(true);
});

test('without the permission there is a panel for both ways, which says why @firefox', async ({
  page,
  browserName,
}) => {
  const session = await open(page);
  await session.copy(UNICODE);
  await showPanel(page);
  await expect(panel(page).getByRole('textbox', { name: 'Copied in the session' })).toHaveValue(UNICODE);
  await expect(panel(page)).toContainText('Ctrl+V');
  await page.screenshot({ path: test.info().outputPath('panel.png') });
  if (browserName === 'chromium') await accessible(page);
  await panel(page).getByRole('button', { name: 'Copy to this computer' }).click();
  await expect.poll(() => pastedHere(page)).toBe(UNICODE);

  const field = panel(page).getByRole('textbox', { name: 'To be pasted in the session' });
  await field.fill('by hand\nin two lines');
  await panel(page).getByRole('button', { name: 'Put on the session’s clipboard' }).click();
  await expect(panel(page).getByRole('status')).toHaveText('It can be pasted in the session now.');
  expect(await session.text()).toBe('by hand\nin two lines');
  expect(await session.text('primary')).toBe('by hand\nin two lines');
});

test('what is only selected is told to who wants that', async ({ page }) => {
  await allow(page);
  const session = await open(page);
  await firstCopy(page, session, 'copied');
  await session.copy('selected', 'UTF8_STRING', 'primary');
  await showPanel(page);
  await panel(page).getByRole('checkbox', { name: 'What is merely selected' }).check();
  await session.copy('selected again', 'UTF8_STRING', 'primary');
  await expect.poll(() => pastedHere(page)).toBe('selected again');
});

test.describe('as the profile says', () => {
  test.beforeEach(({ page }) => allow(page));

  test('only into the session', async ({ page }) => {
    const session = await open(page, 'to-remote');
    await copyHere(page, 'into');
    await expect.poll(() => session.text()).toBe('into');
    await session.copy('secret');
    await showPanel(page);
    await expect(panel(page)).toContainText('gives nothing that is copied in it');
    await expect(panel(page).getByRole('button', { name: 'Copy to this computer' })).toHaveCount(0);
    // Had it been told, it would be there before what comes back on the same way.
    await panel(page).getByRole('textbox').fill('after');
    await panel(page).getByRole('button', { name: 'Put on the session’s clipboard' }).click();
    await expect.poll(() => session.text()).toBe('after');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('into');
  });

  test('only out of it', async ({ page }) => {
    const session = await open(page, 'to-local');
    await firstCopy(page, session, 'out');
    await copyHere(page, 'not into');
    await page.keyboard.press('Control+v');
    await showPanel(page);
    await expect(panel(page)).toContainText('takes nothing that you paste');
    await session.copy('out again');
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('out again');
    expect(await session.text()).toBe('out again');
  });

  test('not at all', async ({ page }) => {
    const session = await open(page, 'off');
    await session.copy('stays');
    await copyHere(page, 'stays here');
    await page.keyboard.press('Control+v');
    await page.mouse.move(640, 2);
    await expect(page.getByRole('button', { name: 'Send keys' })).toBeVisible();
    await expect(tool(page)).toBeHidden();
    expect(await session.text()).toBe('stays');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('stays here');
  });
});

test('what is too long or damaged gets a message, and the session goes on', async ({ page }) => {
  await allow(page);
  const session = await open(page);
  const notice = page.locator('.notices');
  const paste = (what: 'text' | 'image') =>
    page.evaluate((kind) => {
      const data = new DataTransfer();
      if (kind === 'text') data.setData('text/plain', 'x'.repeat(100 * 1024 * 1024));
      else
        data.items.add(
          new File([new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 1, 2, 3])], 'a.png', { type: 'image/png' }),
        );
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('.desktop textarea')?.dispatchEvent(event);
    }, what);
  await firstCopy(page, session, 'as it was');
  await paste('text');
  await expect(notice).toContainText('Text of 100 MiB is too much for the clipboard: at most 16 MiB fit.');
  await page.screenshot({ path: test.info().outputPath('too-large.png') });
  await paste('image');
  await expect(notice).toContainText('The image on the clipboard is damaged and was left out.');
  expect(await session.text()).toBe('as it was');
  await notice.getByRole('button', { name: 'Close' }).first().click();
  await notice.getByRole('button', { name: 'Close' }).first().click();

  await session.copy(Buffer.alloc(100 * 1024 * 1024, 'y'));
  await expect(notice).toContainText('What was copied in the session is over 16 MiB', { timeout: 20_000 });
  await notice.getByRole('button', { name: 'Close' }).first().click();
  await session.copy(Buffer.concat([PNG.subarray(0, 40), Buffer.alloc(200, 7)]), 'image/png');
  await expect(notice).toContainText('The image on the clipboard is damaged');
  await session.copy('goes on');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('goes on');
});
