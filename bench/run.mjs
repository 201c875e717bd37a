/**
 * `npm run bench -- NAME [--json FILE] [its own options]`: runs `bench/NAME/main.ts`, which prints a table for people
 * and returns what goes into the JSON file.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from '../scripts/ensure-build.mjs';
import { ensurePackages, fail, root, say } from '../scripts/setup.mjs';

const names = readdirSync(join(root, 'bench'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);
const [name, ...args] = process.argv.slice(2);
if (!name || !names.includes(name))
  fail(`usage: npm run bench -- NAME [--json FILE]\nNAME is one of: ${names.join(', ')}`);

const at = args.indexOf('--json');
const jsonFile = at >= 0 ? args.splice(at, 2)[1] : undefined;
if (at >= 0 && !jsonFile) fail('--json needs a file name');

process.chdir(root);
ensurePackages();
await ensureBuild();
const { rolldown } = await import('rolldown');
const outDir = join(root, 'node_modules', '.cache', 'casement', 'bench');
mkdirSync(outDir, { recursive: true });
const bundle = await rolldown({
  input: join(root, 'bench', name, 'main.ts'),
  platform: 'node',
  // Packages stay packages: a benchmark measures the product, not how it was bundled with its peers.
  external: (id) => !/^[./]/.test(id) && !id.startsWith('\0'),
  logLevel: 'warn',
});
const file = join(outDir, `${name}.mjs`);
await bundle.write({ file, format: 'esm', codeSplitting: false });
await bundle.close();

/** @type {{ main(args: string[]): Promise<unknown> }} */
const { main } = await import(pathToFileURL(file).href);
const result = await main(args);
if (jsonFile) writeFileSync(jsonFile, `${JSON.stringify(result, null, 2)}\n`);
else say(JSON.stringify(result));
