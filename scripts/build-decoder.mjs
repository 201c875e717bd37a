/**
 * Compiles `decoder/assembly` to `decoder/build/decoder.wasm`. The result is not committed; it is made again when a
 * source, this script or the compiler is newer.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Bundled into a benchmark this file lies elsewhere; npm runs those in the project's folder.
const beside = fileURLToPath(new URL('..', import.meta.url));
const root = existsSync(join(beside, 'decoder/assembly')) ? beside : process.cwd();
const sources = join(root, 'decoder/assembly');
const output = join(root, 'decoder/build/decoder.wasm');

/**
 * @param {{ force?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<string>} the path of the wasm
 */
export async function buildDecoder({ force = false, log = () => {} } = {}) {
  if (!force && isFresh()) return output;
  const asc = await import('assemblyscript/asc');
  mkdirSync(join(root, 'decoder/build'), { recursive: true });
  // Written beside and renamed, so that a test that starts at the same time never loads half a file.
  const partial = `decoder/build/decoder.${process.pid}.wasm`;
  const { error, stderr } = await asc.main([
    'decoder/assembly/index.ts',
    '--baseDir',
    root,
    '--outFile',
    partial,
    '-O3',
    '--converge',
    '--noAssert',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--importMemory',
    '--initialMemory',
    '16',
    '--maximumMemory',
    '8192',
    '--memoryBase',
    '1024',
    '--use',
    'abort=',
  ]);
  // The compiler's streams are buffers with a `toString` that their type does not tell of.
  const warnings = `${/** @type {{ toString(): string }} */ (stderr).toString()}`;
  if (error) throw new Error(`the decoder does not compile:\n${warnings}`, { cause: error });
  if (warnings) log(warnings);
  renameSync(join(root, partial), output);
  return output;
}

function isFresh() {
  let built;
  try {
    built = statSync(output).mtimeMs;
  } catch {
    return false;
  }
  const compiler = join(root, 'node_modules/assemblyscript/package.json');
  const script = join(root, 'scripts/build-decoder.mjs');
  const inputs = [script, compiler, ...readdirSync(sources).map((name) => join(sources, name))];
  return inputs.every((path) => statSync(path).mtimeMs <= built);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = await buildDecoder({ force: process.argv.includes('--force'), log: (line) => console.error(line) });
  console.log(`${path} ${readFileSync(path).length} bytes`);
}
