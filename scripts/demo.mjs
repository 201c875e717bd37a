/** `npm run demo [-- PORT]`: the portal with no server behind it, on this machine. Nothing is installed on the system. */
import { ensurePackages, root, say } from './setup.mjs';
import { join } from 'node:path';

ensurePackages();
const { buildDemo } = await import('./build-demo.mjs');
await buildDemo();
const { preview } = await import('vite');
const server = await preview({
  root: join(root, 'mocks'),
  configFile: false,
  base: './',
  build: { outDir: join(root, 'dist-demo') },
  preview: { host: '127.0.0.1', port: Number(process.argv[2] ?? 3310) },
});
say(`The demo is on ${server.resolvedUrls?.local[0] ?? ''}`);
