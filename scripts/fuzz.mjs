/** `npm run fuzz -- --seconds N [--seed S]`: damaged and hostile streams against the decoder. Exits 1 at the first finding. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensurePackages, root } from './setup.mjs';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' } },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 30) : Number(values.seed);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error('usage: npm run fuzz -- --seconds N [--seed S]');
  process.exit(2);
}

ensurePackages();
const { rolldown } = await import('rolldown');
const outDir = join(root, 'node_modules', '.cache', 'casement');
mkdirSync(outDir, { recursive: true });
const bundle = await rolldown({
  input: { fuzz: join(root, 'decoder/test/fuzz-main.ts') },
  platform: 'node',
  external: (id) => !/^[./]/.test(id) && !id.startsWith('\0'),
  logLevel: 'warn',
});
const file = join(outDir, 'fuzz.mjs');
await bundle.write({ file, format: 'esm', codeSplitting: false });
await bundle.close();
process.chdir(root);
/** @type {{ main(seconds: number, seed: number): Promise<void> }} */
const { main } = await import(pathToFileURL(file).href);
await main(seconds, seed);
