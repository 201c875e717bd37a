/** Compresses text-like files beside themselves, so that the server sends them without doing it again for each visitor. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const COMPRESSIBLE = new Set(['.js', '.css', '.html', '.svg', '.wasm', '.json', '.txt', '.map']);
/** Bytes; below this the headers outweigh the gain. */
const SMALLEST = 1024;

/** @param {string} dir */
export async function gzipAndBrotli(dir) {
  for (const name of await readdir(dir, { recursive: true })) {
    const path = join(dir, name);
    if (!COMPRESSIBLE.has(extname(name)) || !(await stat(path)).isFile()) continue;
    const bytes = await readFile(path);
    if (bytes.length < SMALLEST) continue;
    const [br, gz] = await Promise.all([
      promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
      promisify(gzip)(bytes, { level: 9 }),
    ]);
    await Promise.all([writeFile(`${path}.br`, br), writeFile(`${path}.gz`, gz)]);
  }
}
