/** `createDesktop` of the package, in a page with nothing of ours around it, on an RFB server behind a plain relay. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { WebSocketServer } from 'ws';
import { buildSdk } from '../scripts/build-sdk.mjs';
import { COLOUR, RsaAesServer, SIZE, type RsaAesServerOptions } from '../test/support/rsa-aes-server.ts';
import type * as Sdk from '../src/desktop/sdk.ts';
import { startByApi } from './support/pages.ts';
import { TestServer } from './support/server.ts';

const SDK = fileURLToPath(new URL('../dist-sdk/', import.meta.url));
const PAGE = `<!doctype html><title>Somebody's page</title><div id="desktop" style="width:800px;height:600px"></div>
<script type="module">
import { createDesktop } from './sdk/desktop.js';
window.heard = [];
window.desktop = createDesktop(document.getElementById('desktop'), { url: location.origin.replace('http', 'ws') + '/relay' });
for (const name of ['connected', 'disconnected', 'resize']) desktop.on(name, (body) => heard.push([name, body]));
</script>`;
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

interface DesktopPage {
  heard: [string, { width?: number; code?: string }][];
  desktop: {
    readonly size: { width: number; height: number };
    screenshot(): Promise<{ width: number; rgba: Uint8ClampedArray }>;
    disconnect(): void;
    reconnect(): void;
    dispose(): void;
  };
  foreign: Sdk.RemoteDesktop;
  copied: string[];
}
declare const window: DesktopPage & { document: Document };

/** What a careful page asks of its scripts. */
const WALLS = "require-trusted-types-for 'script'; trusted-types casement-screen";
const RSA_AES: RsaAesServerOptions['type'][] = [6, 129];

let server: TestServer;
let site: Server;
let url: string;

test.beforeAll(async () => {
  await buildSdk();
  server = await TestServer.start();
  const session = await startByApi(server);
  const rfb = join(server.dataDir, 'link', 'sessions', session.id, 'rfb.sock');
  site = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(SDK, normalize(pathname).replace(/^\/sdk\//, ''));
    if (pathname.startsWith('/sdk/') && existsSync(file)) {
      response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
      createReadStream(file).pipe(response);
    } else {
      const walls = pathname === '/walls' ? { 'content-security-policy': WALLS } : {};
      const found = pathname === '/' || pathname === '/walls';
      response.writeHead(found ? 200 : 404, { 'content-type': 'text/html', ...walls }).end(PAGE);
    }
  });
  new WebSocketServer({ server: site }).on('connection', (socket, request) => {
    const type = RSA_AES.find((known) => request.url === `/rsa-aes/${known}`);
    if (type !== undefined) {
      const foreign = new RsaAesServer({ type, username: 'somebody', password: 'casement' }, (bytes) =>
        socket.send(bytes),
      );
      socket.on('message', (data: Buffer) => foreign.receive(data));
      return;
    }
    // What websockify does: bytes of the one are bytes of the other.
    const wire = connect(request.url === '/clipboard' ? join(server.dataDir, 'foreign.sock') : rfb);
    wire.on('data', (chunk) => socket.send(chunk));
    wire.on('close', () => socket.close());
    wire.on('error', () => socket.close());
    socket.on('message', (data: Buffer) => wire.write(data));
    socket.on('close', () => wire.destroy());
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  // The server listens on a port, so its address is one of the network.
  const { port } = site.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/`;
});
test.afterAll(async () => {
  site.closeAllConnections();
  site.close();
  await server.stop();
});

test('shows any RFB server, ends, comes back, and leaves nothing behind', { tag: '@firefox' }, async ({ page }) => {
  await page.goto(url);
  const heard = () => page.evaluate(() => window.heard.map(([name]) => name));
  await expect.poll(heard).toContain('connected');
  const { width, colours } = await page.evaluate(async () => {
    const shot = await window.desktop.screenshot();
    return { width: shot.width, colours: new Set(new Uint32Array(shot.rgba.buffer)).size };
  });
  expect(width).toBe(await page.evaluate(() => window.desktop.size.width));
  expect(colours).toBeGreaterThan(1);

  await page.evaluate(() => window.desktop.disconnect());
  await expect.poll(heard).toContain('disconnected');
  expect(await page.evaluate(() => window.heard.find(([name]) => name === 'disconnected')?.[1].code)).toBeUndefined();
  await page.evaluate(() => window.desktop.reconnect());
  await expect.poll(async () => (await heard()).filter((name) => name === 'connected').length).toBe(2);
  await page.evaluate(() => window.desktop.dispose());
  await expect(page.locator('#desktop > *')).toHaveCount(0);
  await expect(page.locator('#desktop')).toHaveAttribute('style', 'width:800px;height:600px');
});

test('works on a page that takes addresses of scripts from a policy that it names alone', async ({ page }) => {
  const response = await page.goto(`${url}walls`);
  expect(response?.headers()['content-security-policy']).toBe(WALLS);
  await expect.poll(() => page.evaluate(() => window.heard.map(([name]) => name))).toContain('connected');
});

for (const type of RSA_AES) {
  test(
    `a server that logs in by RSA-AES, type ${type}, once its key is accepted`,
    { tag: '@firefox' },
    async ({ page }) => {
      const loaded: string[] = [];
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
      await page.goto(url);
      await expect.poll(() => page.evaluate(() => window.heard.length)).toBeGreaterThan(0);
      const lazy = () => loaded.filter((path) => /login-[^/]*\.js$/.test(path)).length;
      expect(lazy()).toBe(0);

      /** Connects with what the page says about keys; gives what became of it, and the key it was asked about. */
      const connectWith = (trust: string) =>
        page.evaluate(
          async ([address, answer]) => {
            const { createDesktop } = (await import(new URL('/sdk/desktop.js', location.href).href)) as typeof Sdk;
            let asked = '';
            const verifyServer = ({ fingerprint }: { fingerprint: string }): boolean => {
              asked = fingerprint;
              return answer === 'yes';
            };
            const desktop = createDesktop(document.body.appendChild(document.createElement('div')), {
              url: address,
              credentials: { username: 'somebody', password: 'casement' },
              ...(answer === 'yes' || answer === 'no' ? { verifyServer } : { serverKeys: [answer] }),
            });
            const end = await new Promise<string>((resolve) => {
              desktop.on('connected', ({ name }) => resolve(`connected ${name}`));
              desktop.on('disconnected', ({ code }) => resolve(`disconnected ${code}`));
            });
            const { width, rgba } = await desktop.screenshot();
            desktop.dispose();
            return { end, asked, width, pixel: Array.from(rgba.subarray(0, 4)) };
          },
          [`${url.replace('http', 'ws')}rsa-aes/${type}`, trust] as const,
        );

      expect(await connectWith('no')).toMatchObject({ end: 'disconnected rfb-server-key', width: 0 });
      expect(await connectWith('SHA256:of-another')).toMatchObject({ end: 'disconnected rfb-server-key', width: 0 });
      const seen = await connectWith('yes');
      expect(seen).toMatchObject({ end: 'connected a foreign desk', width: SIZE.width, pixel: [...COLOUR, 255] });
      expect(await connectWith(seen.asked)).toMatchObject({ end: 'connected a foreign desk', asked: '' });
      expect(lazy()).toBeGreaterThan(0);
    },
  );
}

test(
  'what is copied, in Unicode and both ways, with a server that has its clipboard on',
  { tag: '@firefox' },
  async ({ page }) => {
    const text = 'Grüße, 世界 🎉\nund mehr';
    const place = ['-rfbport', '-1', '-rfbunixpath', join(server.dataDir, 'foreign.sock'), '-nolisten', 'tcp'];
    const started: ChildProcess[] = [];
    try {
      const xvnc = spawn('Xvnc', ['-displayfd', '3', '-geometry', '320x200', '-SecurityTypes', 'None', ...place], {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      });
      started.push(xvnc);
      const pipe = xvnc.stdio[3];
      if (!pipe || !('on' in pipe)) throw new Error('no pipe');
      const [number] = (await once(pipe, 'data')) as [Buffer];
      const env = { ...process.env, DISPLAY: `:${number.toString().trim()}` };
      const format = ['-selection', 'clipboard', '-target', 'UTF8_STRING'];

      const loaded: string[] = [];
      page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
      const lazy = () => loaded.filter((path) => /extended-clipboard-[^/]*\.js$/.test(path)).length;
      await page.goto(url);
      await expect.poll(() => page.evaluate(() => window.heard.length)).toBeGreaterThan(0);
      expect(lazy()).toBe(0);
      await page.evaluate(
        async (address) => {
          const { createDesktop } = (await import(new URL('/sdk/desktop.js', location.href).href)) as typeof Sdk;
          const desktop = createDesktop(document.body.appendChild(document.createElement('div')), {
            url: address,
            clipboard: true,
          });
          window.foreign = desktop;
          window.copied = [];
          desktop.on('clipboard', (body) => window.copied.push(body.text));
          await new Promise((resolve) => desktop.on('connected', resolve));
        },
        `${url.replace('http', 'ws')}clipboard`,
      );
      await expect.poll(lazy).toBeGreaterThan(0);

      const copying = spawn('xclip', ['-quiet', '-in', ...format], { env, stdio: ['pipe', 'ignore', 'ignore'] });
      started.push(copying);
      copying.stdin?.end(text);
      await expect.poll(() => page.evaluate(() => window.copied)).toContain(text);

      await page.evaluate(() => window.foreign.clipboard('Zurück: 世界'));
      const paste = async () => (await promisify(execFile)('xclip', ['-out', ...format], { env })).stdout;
      await expect.poll(paste).toBe('Zurück: 世界');
    } finally {
      for (const process of started.toReversed()) {
        if (process.exitCode !== null || process.signalCode !== null) continue;
        const gone = once(process, 'exit');
        process.kill('SIGTERM');
        await gone;
      }
    }
  },
);
