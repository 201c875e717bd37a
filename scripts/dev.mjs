/**
 * `npm run dev`: pages served by Vite with reload on save, the API by a server built from the sources, which is built
 * and started anew when its sources change. Sessions survive that, as they do any restart.
 */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, root, say } from './setup.mjs';

ensurePackages();
const { createServer } = await import('vite');
const { buildDecoder } = await import('./build-decoder.mjs');
const { bundlePrograms } = await import('./bundle.mjs');

const API_PORT = 3301;
const PAGE_PORT = 3300;
const outDir = join(root, 'dist');

await buildDecoder();
const pages = await createServer({
  root,
  server: {
    port: PAGE_PORT,
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/v3', '/ws', '/sse'].map((path) => [path, { target: `http://127.0.0.1:${API_PORT}`, ws: true }]),
    ),
  },
  plugins: [
    {
      name: 'casement-pages',
      configureServer(server) {
        const files = { '/xrdp': '/src/viewer/xrdp.html', '/demo': '/mocks/demo.html' };
        server.middlewares.use((request, _response, next) => {
          const [path = '/'] = (request.url ?? '/').split('?');
          const file = files[path] ?? (/^\/(login|session|admin)\b/.test(path) ? '/index.html' : undefined);
          if (file) request.url = file;
          next();
        });
      },
    },
  ],
});

/** @type {import('node:child_process').ChildProcess | undefined} */
let server;
let building = false;
let stale = false;

async function restart() {
  if (building) {
    stale = true;
    return;
  }
  building = true;
  try {
    do {
      stale = false;
      await bundlePrograms(outDir);
    } while (stale);
    if (server) {
      const gone = new Promise((resolve) => server?.once('exit', resolve));
      server.kill('SIGTERM');
      await gone;
    }
    const parents = `http://localhost:${PAGE_PORT},http://127.0.0.1:${PAGE_PORT}`;
    const args = [
      join(outDir, 'server', 'main.mjs'),
      '--port',
      String(API_PORT),
      '--parents',
      parents,
      ...process.argv.slice(2),
    ];
    server = spawn(process.execPath, args, { stdio: 'inherit' });
  } catch (error) {
    say(`The server was not built: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    building = false;
  }
}

await pages.listen();
pages.printUrls();
await restart();
say(`In development open the login link on port ${PAGE_PORT} instead of ${API_PORT}.`);
for (const dir of ['server', 'cli', 'src/contract', 'src/rfb', 'src/forms/fields']) {
  watch(join(root, dir), { recursive: true }, () => void restart());
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    server?.kill('SIGTERM');
    void pages.close().then(() => process.exit(0));
  });
}
