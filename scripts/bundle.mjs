/**
 * Bundles the programs that run under Node. One file each, since a start that reads hundreds of modules is a slow one.
 * What must stay a package of its own (native code) is left external.
 */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Packages that stay packages: `ssh2` looks for its optional native part beside itself, and is loaded only where needed. */
export const EXTERNAL = ['better-sqlite3', 'ssh2'];

/** What a program could reach and never does: only links speak X, and `x11` bundled costs the web server 18 MiB. */
const LEFT_OUT = { 'server/main': ['x11'] };

/** Program name in the output folder → its source. */
export const PROGRAMS = {
  'server/main': 'server/main.ts',
  'server/link': 'server/sessions/link-main.ts',
  'server/functions': 'server/functions/runner-main.ts',
  'cli/casement': 'cli/casement.ts',
  'cli/clientcomm': 'cli/clientcomm.ts',
  'cli/link': 'cli/link.ts',
  'cli/login-link': 'cli/login-link.ts',
};

/** Files that programs read, beside them: the engine of functions. */
const FILES = {
  'server/functions': {
    'server/quickjs.wasm': 'node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.wasm',
  },
};

/**
 * @param {string} outDir absolute
 * @param {string[]} names of PROGRAMS; default: all there are
 */
export async function bundlePrograms(outDir, names = Object.keys(PROGRAMS)) {
  for (const name of names) {
    const input = `${root}${PROGRAMS[name]}`;
    if (!existsSync(input)) throw new Error(`no such program: ${PROGRAMS[name]}`);
    const bundle = await rolldown({
      input,
      platform: 'node',
      external: [...EXTERNAL, ...(LEFT_OUT[name] ?? [])],
      logLevel: 'warn',
      transform: { target: 'node20' },
    });
    await bundle.write({
      file: `${outDir}/${name}.mjs`,
      format: 'esm',
      codeSplitting: false,
      minify: false,
      sourcemap: false,
      // Bundled CommonJS packages still call `require` for Node's own modules.
      banner:
        "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    });
    await bundle.close();
    for (const [to, from] of Object.entries(FILES[name] ?? {})) {
      mkdirSync(dirname(`${outDir}/${to}`), { recursive: true });
      copyFileSync(`${root}${from}`, `${outDir}/${to}`);
    }
  }
}
