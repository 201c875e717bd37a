/** `npm run build:deb`: the Debian package, made of `packaging/`, the build, and the Node that runs this. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundlePrograms } from './bundle.mjs';
import { ensureBuild } from './ensure-build.mjs';
import { copyRuntimePackages } from './runtime-packages.mjs';
import { checkNode, ensurePackages, root, say } from './setup.mjs';

const LIB = 'usr/lib/casement';
const EXAMPLES = 'usr/share/doc/casement/examples';

/** File of `packaging/` → its place, and its mode. */
const FILES = [
  ['casement.sh', 'usr/bin/casement', 0o755],
  ['casement.service', 'usr/lib/systemd/system/casement.service', 0o644],
  ['sysusers.conf', 'usr/lib/sysusers.d/casement.conf', 0o644],
  ['tmpfiles.conf', 'usr/lib/tmpfiles.d/casement.conf', 0o644],
  ['default', 'etc/default/casement', 0o644],
  ['sudoers', `${EXAMPLES}/sudoers`, 0o644],
  ['casement-sudo.conf', `${EXAMPLES}/casement-sudo.conf`, 0o644],
  ['nginx.conf', `${EXAMPLES}/nginx.conf`, 0o644],
  ['debian/postinst', 'DEBIAN/postinst', 0o755],
  ['debian/prerm', 'DEBIAN/prerm', 0o755],
  ['debian/postrm', 'DEBIAN/postrm', 0o755],
];

const DEPENDS = 'libc6, libstdc++6, tigervnc-standalone-server, xauth, x11-xkb-utils';
const RECOMMENDS = 'openssh-server, openbox, xterm, fonts-dejavu-core';

function put(stage, to, content, mode = 0o644) {
  const path = join(stage, to);
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

/**
 * @param {string} outDir
 * @param {string} web the built pages
 * @returns {Promise<string>} path of the package
 */
export async function buildDeb(outDir, web = join(root, 'dist/web')) {
  const { version, description } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const arch = execFileSync('dpkg', ['--print-architecture'], { encoding: 'utf8' }).trim();
  const stage = mkdtempSync(join(tmpdir(), 'casement-deb-'));
  try {
    chmodSync(stage, 0o755);
    for (const [from, to, mode] of FILES) put(stage, to, readFileSync(join(root, 'packaging', from)), mode);
    put(stage, 'usr/share/doc/casement/service.md', readFileSync(join(root, 'docs/service.md')));
    put(stage, 'DEBIAN/conffiles', '/etc/default/casement\n');

    await bundlePrograms(join(stage, LIB, 'dist'));
    cpSync(join(root, 'packaging/schedulers'), join(stage, LIB, 'dist/schedulers'), { recursive: true });
    cpSync(web, join(stage, LIB, 'dist/web'), { recursive: true });
    copyRuntimePackages(join(stage, LIB));
    put(stage, `${LIB}/package.json`, JSON.stringify({ name: 'casement', version, type: 'module' }));
    cpSync(process.execPath, join(stage, LIB, 'node'), { dereference: true });
    chmodSync(join(stage, LIB, 'node'), 0o755);
    for (const name of ['start', 'clientcomm']) {
      put(stage, `${LIB}/bin/${name}`, `#!/bin/sh\nexec /usr/bin/casement ${name} "$@"\n`, 0o755);
    }

    const size = execFileSync('du', ['-sk', stage], { encoding: 'utf8' }).split('\t')[0];
    put(
      stage,
      'DEBIAN/control',
      [
        'Package: casement',
        `Version: ${version}`,
        `Architecture: ${arch}`,
        'Maintainer: Casement <casement@localhost>',
        'Section: net',
        'Priority: optional',
        `Installed-Size: ${size}`,
        `Depends: ${DEPENDS}`,
        `Recommends: ${RECOMMENDS}`,
        'Suggests: sudo, nginx',
        `Description: ${description}`,
        ' A web server that opens the desktops of the people who have an account on',
        ' this machine in their browsers. It needs no rights of its own.',
        '',
      ].join('\n'),
    );
    // Whatever umask the build ran with.
    execFileSync('chmod', ['-R', 'u=rwX,go=rX', stage]);
    mkdirSync(outDir, { recursive: true });
    const file = join(outDir, `casement_${version}_${arch}.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-z6', '--build', stage, file], { stdio: 'pipe' });
    return file;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith('build-deb.mjs')) {
  checkNode();
  ensurePackages();
  await ensureBuild();
  say(await buildDeb(process.argv[2] ?? join(root, 'dist')));
}
