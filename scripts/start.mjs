/**
 * `npm start`: from a fresh clone to a running server. Installs packages, system packages and the build where they are
 * missing or stale, then runs the server in this process.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './ensure-build.mjs';
import { checkNode, ensurePackages, ensureSystem, root, say, SESSION_PACKAGES } from './setup.mjs';

checkNode();
ensurePackages();
if (process.platform === 'linux') {
  const system = ensureSystem(SESSION_PACKAGES);
  if (!system.ok) {
    say('Some system packages that sessions need are missing, and there is no right to install them here. Run once:');
    say(`  ${system.command}`);
    say('Going on without them.');
  }
}
await ensureBuild();

// The programs read their own arguments; `serve` is the one that `npm start` means.
const program = join(root, 'dist', 'server', 'main.mjs');
process.argv = [process.argv[0] ?? 'node', program, ...process.argv.slice(2)];
await import(pathToFileURL(program).href);
