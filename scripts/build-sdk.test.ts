import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSdk } from './build-sdk.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
let dir: string;
let sdk: string;
let sizes: Awaited<ReturnType<typeof buildSdk>>;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'casement-sdk-'));
  sdk = join(dir, 'node_modules/@casement/embed');
  sizes = await buildSdk(sdk);
}, 120_000);
afterAll(() => rmSync(dir, { recursive: true }));

/** What a portal's developer writes. */
const GOOD = `
import { createViewer, defineViewerElement, type ViewerHandle, type ViewerState } from '@casement/embed';
import '@casement/embed/element';
import { createDesktop } from '@casement/embed/desktop';
import { CasementViewer } from '@casement/embed/react';
declare const host: HTMLElement;
const viewer: ViewerHandle = createViewer(host, { url: 'x', scaling: 'fit', getTicket: async () => ({ id: 's', password: 't' }) });
viewer.on('state', (state: ViewerState) => { if (state.state === 'reconnecting') state.nextAt.toFixed(); });
viewer.on('error', (message, code) => message.length + (code ?? '').length);
viewer.onMessage('save', async ({ data }) => ({ saved: data }));
const shot: Promise<{ png: string }> = viewer.screenshot();
defineViewerElement('my-viewer');
createDesktop(host, { url: 'wss://relay/', credentials: { password: 'x' } }).on('connected', ({ name }) => name.length);
const Component: (props: { url: string }) => unknown = CasementViewer;
export { shot, Component };
`;
/** Each of these is a mistake that the types are to find. */
const BAD = [
  "createViewer(host, { url: 'x', scaling: 'stretch' })",
  "createViewer(host, { url: 'x' }).on('conected', () => {})",
  "createViewer(host, { url: 'x' }).scaling('big')",
  "createViewer(host, { url: 'x' }).keys('ctrl-x')",
  "createViewer(host, { url: 'x' }).requestRole('king')",
  "createViewer('#id', { url: 'x' })",
  'createDesktop(host, {})',
];

describe('the package', () => {
  it('is small, and needs no package but React, which its own entry names', () => {
    expect(sizes.script).toBeLessThan(8 * 1024);
    expect(sizes.module).toBeLessThan(8 * 1024);
    const named = new Set<string>();
    for (const name of readdirSync(sdk).filter((file) => file.endsWith('.js') && file !== 'react.js')) {
      const code = readFileSync(join(sdk, name), 'utf8');
      for (const [, path] of code.matchAll(/(?:^|[;}])(?:import|export)\b[^'"`;]*?from\s*["'`]([^"'`]+)["'`]/g))
        named.add(path ?? '');
    }
    expect([...named].filter((path) => !path.startsWith('./'))).toEqual([]);
    expect(readFileSync(join(sdk, 'react.js'), 'utf8')).toMatch(/from\s*["'`]react["'`]/);
    const types = readdirSync(join(sdk, 'types'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.d.ts'),
    );
    for (const file of types)
      expect([file, /zod/.test(readFileSync(join(sdk, 'types', file), 'utf8'))]).toEqual([file, false]);
  });

  it('has the files that its description names', () => {
    const { exports } = JSON.parse(readFileSync(join(sdk, 'package.json'), 'utf8')) as {
      exports: Record<string, string | { types: string; default: string }>;
    };
    const files = Object.values(exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : [entry.types, entry.default],
    );
    for (const file of files) expect(readFileSync(join(sdk, file), 'utf8').length).toBeGreaterThan(0);
  });

  it('has types that fit, and that find mistakes', () => {
    mkdirSync(join(dir, 'node_modules/@types'), { recursive: true });
    symlinkSync(join(root, 'node_modules/@types/react'), join(dir, 'node_modules/@types/react'));
    symlinkSync(join(root, 'node_modules/csstype'), join(dir, 'node_modules/csstype'));
    symlinkSync(join(root, 'node_modules/react'), join(dir, 'node_modules/react'));
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
    const head =
      "import { createViewer } from '@casement/embed';\nimport { createDesktop } from '@casement/embed/desktop';\ndeclare const host: HTMLElement;\n";
    writeFileSync(join(dir, 'good.ts'), GOOD);
    BAD.forEach((line, index) =>
      writeFileSync(join(dir, `bad-${index}.ts`), `${head}${line};\nexport { createViewer, createDesktop };\n`),
    );
    const compilerOptions = {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2023', 'dom', 'dom.iterable'],
      jsx: 'react-jsx',
      types: [],
    };
    writeFileSync(join(dir, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const run = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', dir], { encoding: 'utf8' });
    const wrong = new Set([...run.stdout.matchAll(/^(?:.*\/)?([\w-]+\.ts)\(/gm)].map((match) => match[1]));
    expect([run.stdout, [...wrong].toSorted()]).toEqual([run.stdout, BAD.map((_, index) => `bad-${index}.ts`)]);
  }, 60_000);
});
