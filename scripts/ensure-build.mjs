/** Building only when a source has changed, told by sizes and times, so that an up-to-date tree costs milliseconds. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, say, stampMatches, writeStamp } from './setup.mjs';

/** Everything the build reads. Tests are left out, so that editing one rebuilds nothing. */
const SOURCES = [
  'src',
  'server',
  'cli',
  'decoder/assembly',
  'mocks',
  'public',
  'index.html',
  'vite.config.ts',
  'scripts',
];

function fingerprintSources() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const visit = (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(path).toSorted()) visit(join(path, name));
    } else if (!/\.test\.\w+$/.test(path)) {
      hash.update(`${path.slice(root.length)}\0${stat.size}\0${stat.mtimeMs}\n`);
    }
  };
  for (const name of SOURCES) visit(join(root, name));
  return hash.digest('hex');
}

/** Builds decoder, pages and programs into `dist/` when a source has changed since. */
export async function ensureBuild() {
  const fingerprint = fingerprintSources();
  if (stampMatches('build', fingerprint) && existsSync(join(root, 'dist', 'server', 'main.mjs'))) return;
  say('Building');
  const { buildAll } = await import('./build.mjs');
  // The bundler declares this process a production one; what is run next, tests among it, is not to inherit that.
  const { NODE_ENV } = process.env;
  try {
    await buildAll();
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
  writeStamp('build', fingerprint);
}
