/** `npm run test:e2e [-- playwright's arguments]`: the browser tests against a fresh build. */
import { spawnSync } from 'node:child_process';
import { ensureBuild } from './ensure-build.mjs';
import { ensurePackages, root } from './setup.mjs';

ensurePackages();
await ensureBuild();
const run = spawnSync('npx', ['--no-install', 'playwright', 'test', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = run.status ?? 1;
