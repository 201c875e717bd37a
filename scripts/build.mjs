/** Builds everything that is shipped into `dist/`: the decoder first, then pages and programs. */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipAndBrotli } from './compress.mjs';
import { root } from './setup.mjs';

export async function buildAll() {
  const { buildDecoder } = await import('./build-decoder.mjs');
  const { bundlePrograms } = await import('./bundle.mjs');
  const { build } = await import('vite');
  await buildDecoder();
  await rm(join(root, 'dist'), { recursive: true, force: true });
  await build({ root, logLevel: 'warn' });
  await build({ root, logLevel: 'warn', mode: 'viewer' });
  await gzipAndBrotli(join(root, 'dist', 'web'));
  await bundlePrograms(join(root, 'dist'));
  await cp(join(root, 'packaging', 'schedulers'), join(root, 'dist', 'schedulers'), { recursive: true });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();
