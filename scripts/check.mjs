/** `npm run check`: formatting, lint, types and the rooms' rules. Runs all of them and fails if one does. */
import { spawnSync } from 'node:child_process';
import { ensurePackages, root, say } from './setup.mjs';

/** @type {readonly (readonly [name: string, program: readonly string[]])[]} */
const CHECKS = [
  ['format', ['oxfmt', '--check', '.']],
  ['lint', ['oxlint', '--type-aware', '--deny-warnings', '.']],
  ['types of the rooms without DOM', ['tsc', '-p', 'tsconfig.core.json']],
  ['types of the worker', ['tsc', '-p', 'tsconfig.worker.json']],
  ['types of the pages', ['tsc', '-p', 'tsconfig.web.json']],
  ['types of server, tools and tests', ['tsc', '-p', 'tsconfig.node.json']],
  ['rooms', ['depcruise', '--config', '.dependency-cruiser.mjs', 'src', 'server', 'cli', 'mocks', 'bench', 'e2e']],
];

/** @returns {{ passed: number, failed: number }} */
export function check() {
  let failed = 0;
  for (const [name, args] of CHECKS) {
    const run = spawnSync('npx', ['--no-install', ...args], { cwd: root, encoding: 'utf8' });
    if (run.status === 0) {
      say(`ok    ${name}`);
    } else {
      failed++;
      say(`FAIL  ${name}\n${run.stdout}${run.stderr}`);
    }
  }
  return { passed: CHECKS.length - failed, failed };
}

if (process.argv[1]?.endsWith('check.mjs')) {
  ensurePackages();
  process.exitCode = check().failed === 0 ? 0 : 1;
}
