/**
 * `npm run build:demo`: the portal without a server, in `dist-demo/`. A folder of static files that works from any path
 * of any web server: all addresses in it are relative.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages, root, say } from './setup.mjs';

/** @param {string} out absolute; what is there is replaced */
export async function buildDemo(out = join(root, 'dist-demo')) {
  const { buildDecoder } = await import('./build-decoder.mjs');
  const { build } = await import('vite');
  const { default: react } = await import('@vitejs/plugin-react');
  await buildDecoder();
  await build({
    root: join(root, 'mocks'),
    configFile: false,
    mode: 'static',
    plugins: [react()],
    base: './',
    publicDir: join(root, 'public'),
    logLevel: 'warn',
    worker: { format: 'es' },
    build: {
      outDir: out,
      emptyOutDir: true,
      target: ['chrome120', 'firefox121', 'safari17'],
      chunkSizeWarningLimit: 900,
      rollupOptions: { input: ['demo.html', 'demo-xrdp.html'].map((name) => join(root, 'mocks', name)) },
    },
  });
  copyFileSync(join(out, 'demo.html'), join(out, 'index.html'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensurePackages();
  await buildDemo();
  say('The demo is in dist-demo/. Any web server can serve it; opened as a file it cannot start its service worker.');
}
