/** The viewer on an origin of its own: a second host name that leads to the same server, beside a portal on a third. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { expect, test } from '@playwright/test';
import { OtherOrigin } from './support/other-origin.ts';
import { connected, runInSession, startByApi } from './support/pages.ts';
import { freePort, TestServer } from './support/server.ts';
import type { SessionRow } from './support/x-display.ts';

let portal: OtherOrigin;
let server: TestServer;
let session: SessionRow;
let name: Server;
let viewerOrigin: string;
const sockets = new Set<Socket>();

test.beforeAll(async () => {
  portal = await OtherOrigin.start(await freePort());
  const port = await freePort();
  viewerOrigin = `http://127.0.0.1:${port}`;
  server = await TestServer.start(['--parents', portal.origin], {}, { viewerOrigin });
  name = createServer((inward) => {
    const outward = connect(server.port, '127.0.0.1');
    for (const [from, to] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => sockets.delete(from));
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => name.listen(port, '127.0.0.1', resolve));
  session = await startByApi(server, { command: 'xterm' });
});
test.afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  name.close();
  await server.stop();
  await portal.stop();
});

test(
  'it connects, speaks with the portal, and the portal’s page hears nobody else',
  { tag: '@firefox' },
  async ({ page }) => {
    const { url } = await server.api<{ url: string }>('POST', '/api/connect', {
      id: session.id,
      parentOrigin: portal.origin,
    });
    expect(new URL(url).origin).toBe(viewerOrigin);
    await page.goto(portal.origin);
    await page.evaluate((to) => window.embed(to), url);
    await connected(page.frameLocator('#viewer'));
    const received = await page.evaluate(() => window.received);
    expect(received.map(({ data }) => data.msg)).toContain('connected');
    expect(new Set(received.map(({ origin }) => origin))).toEqual(new Set([viewerOrigin]));
    expect(await page.evaluate(() => window.ask('scaling', { mode: 'fit' }))).toMatchObject({ result: {} });
    const file = join(server.dataDir, 'answer');
    await runInSession(server, session, `clientcomm --clients=master --type=site-save '{"what":"it"}' > ${file}`);
    expect(await readFile(file, 'utf8')).toBe('saved it\n');
    // The API's cookie belongs to another host, so nothing of a login is there to be ridden on.
    expect(await page.context().cookies(viewerOrigin)).toEqual([]);
  },
);

test('a viewer that comes back after a reload needs nothing of the other origins', async ({ page }) => {
  const { url } = await server.api<{ url: string }>('POST', '/api/connect', { id: session.id });
  await page.goto(url);
  await connected(page);
  await page.reload();
  await connected(page);
  expect(new URL(page.url()).origin).toBe(viewerOrigin);
});
