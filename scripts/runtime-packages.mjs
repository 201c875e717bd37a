/** Copies the packages that the bundled programs still load by name, with what those need, to where they find them. */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXTERNAL } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Sources and build leftovers of native packages, many times the size of what is loaded. */
const NOT_LOADED =
  /\/(?:deps|src|test|examples|benchmark|docs|\.github|obj|obj\.target|node-addon-api|build\/(?:deps|Makefile|.*\.mk))(?:\/|$)|\.(?:md|ts|map|a|o|d|c|cc|gypi?)$/;

/** Needed for building alone. */
const BUILDERS = new Set(['prebuild-install', 'node-gyp', 'nan', 'buildcheck']);

function* closure(names, seen = new Set()) {
  for (const name of names) {
    const from = join(root, 'node_modules', name);
    if (seen.has(name) || BUILDERS.has(name) || !existsSync(from)) continue;
    seen.add(name);
    yield { name, from };
    const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
      readFileSync(join(from, 'package.json'), 'utf8'),
    );
    yield* closure([...Object.keys(dependencies), ...Object.keys(optionalDependencies)], seen);
  }
}

/** @param {string} to the folder that is to have `node_modules` in it */
export function copyRuntimePackages(to) {
  for (const { name, from } of closure(EXTERNAL)) {
    cpSync(from, join(to, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (path) => !NOT_LOADED.test(path.slice(dirname(from).length)),
    });
  }
}
