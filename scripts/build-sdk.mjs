/**
 * `npm run build:sdk`: the package for those who embed the viewer, in `dist-sdk/`. The embedding half has no
 * dependencies and no worker; `desktop` is the viewer's core with its worker and decoder beside it.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { ensurePackages, fail, root, say } from './setup.mjs';

const TARGET = ['chrome120', 'firefox121', 'safari17'];
/** Bytes, gzipped, of what a page that embeds the viewer loads. */
const MOST = 8 * 1024;

/** Entry of the package → its source. */
const MODULES = {
  index: 'src/embed/sdk.ts',
  element: 'src/embed/define.ts',
  react: 'src/embed/react/CasementViewer.tsx',
};

async function bundle(out, input, output, format) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: typeof input === 'string' ? join(root, input) : input,
    external: ['react', 'react/jsx-runtime'],
    transform: { target: TARGET, jsx: { runtime: 'automatic' } },
    logLevel: 'warn',
  });
  await build.write({
    dir: out,
    format,
    minify: true,
    sourcemap: false,
    ...(format === 'iife'
      ? { name: 'Casement', entryFileNames: output }
      : { entryFileNames: '[name].js', chunkFileNames: 'shared-[hash].js' }),
  });
  await build.close();
}

async function buildDesktop(out) {
  const { buildDecoder } = await import('./build-decoder.mjs');
  const { build } = await import('vite');
  await buildDecoder();
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    // Worker and decoder are found beside the module, wherever it is served from.
    base: './',
    publicDir: false,
    worker: { format: 'es' },
    build: {
      outDir: out,
      emptyOutDir: false,
      target: TARGET,
      modulePreload: false,
      assetsInlineLimit: 0,
      assetsDir: 'desktop-parts',
      rollupOptions: {
        input: { desktop: join(root, 'src/desktop/sdk.ts') },
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  });
}

/** Declarations of exactly the files that the entries' types need; they name no package but React. */
function declareTypes(to) {
  const dir = mkdtempSync(join(tmpdir(), 'casement-types-'));
  const config = join(dir, 'tsconfig.json');
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(root, 'tsconfig.web.json'),
      compilerOptions: {
        noEmit: false,
        declaration: true,
        emitDeclarationOnly: true,
        outDir: join(dir, 'out'),
        rootDir: join(root, 'src'),
        typeRoots: [join(root, 'node_modules/@types')],
        types: [join(root, 'node_modules/vite/client')],
      },
      include: [],
      files: [...Object.values(MODULES), 'src/desktop/sdk.ts'].map((file) => join(root, file)),
    }),
  );
  const run = spawnSync('npx', ['--no-install', 'tsc', '-p', config], { cwd: root, encoding: 'utf8' });
  if (run.status !== 0) fail(`The types could not be made:\n${run.stdout}${run.stderr}`);
  const out = join(dir, 'out');
  const wanted = new Set();
  const visit = (file) => {
    if (wanted.has(file)) return;
    wanted.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, path] of text.matchAll(/(?:from|import\()\s*'(\.[^']+)\.tsx?'/g))
      visit(join(dirname(file), `${path}.d.ts`));
  };
  const entries = [...Object.entries(MODULES), ['desktop', 'src/desktop/sdk.ts']];
  for (const [, source] of entries) visit(join(out, relative('src', source).replace(/\.tsx?$/, '.d.ts')));
  for (const file of wanted) {
    const target = join(to, 'types', relative(out, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, readFileSync(file, 'utf8').replace(/((?:from|import\()\s*'\.[^']+)\.tsx?'/g, "$1.js'"));
  }
  rmSync(dir, { recursive: true });
  return Object.fromEntries(
    entries.map(([name, source]) => [name, `./types/${relative('src', source).replace(/\.tsx?$/, '.d.ts')}`]),
  );
}

function describePackage(types) {
  const { version, license } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const entry = (name) => ({ types: types[name], default: `./${name}.js` });
  return {
    name: '@casement/embed',
    version,
    description: 'Remote desktops of a Casement server, or of any RFB server, in a page of your own',
    license,
    type: 'module',
    sideEffects: ['./element.js', './casement.js'],
    exports: {
      '.': entry('index'),
      './element': entry('element'),
      './react': entry('react'),
      './desktop': entry('desktop'),
      './casement.js': './casement.js',
      './package.json': './package.json',
    },
    peerDependencies: { react: '>=18' },
    peerDependenciesMeta: { react: { optional: true } },
  };
}

/**
 * @param {string} out absolute; what is there is replaced
 * @returns {Promise<{ script: number, module: number, desktop: number }>} bytes, gzipped
 */
export async function buildSdk(out = join(root, 'dist-sdk')) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const entries = Object.entries(MODULES).map(([name, file]) => [name, join(root, file)]);
  await bundle(out, Object.fromEntries(entries), '', 'es');
  await bundle(out, 'src/embed/script.ts', 'casement.js', 'iife');
  await buildDesktop(out);
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(describePackage(declareTypes(out)), null, 2)}\n`);
  cpSync(join(root, 'docs/embedding.md'), join(out, 'README.md'));
  const gzipped = (names) =>
    names.reduce((sum, name) => sum + gzipSync(readFileSync(join(out, name)), { level: 9 }).length, 0);
  const shared = readdirSync(out).filter((name) => name.startsWith('shared-'));
  const parts = readdirSync(join(out, 'desktop-parts')).map((name) => join('desktop-parts', name));
  return {
    script: gzipped(['casement.js']),
    module: gzipped(['index.js', ...shared]),
    desktop: gzipped(['desktop.js', ...parts]),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensurePackages();
  const sizes = await buildSdk();
  for (const [name, bytes] of Object.entries(sizes)) say(`${name.padEnd(8)} ${bytes} bytes gzipped`);
  if (sizes.script > MOST || sizes.module > MOST) fail(`The embedding half is to stay below ${MOST} bytes.`);
}
