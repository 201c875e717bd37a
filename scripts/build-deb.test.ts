/** The Debian package, taken apart: nothing is installed on the machine that runs the tests. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDeb } from './build-deb.mjs';

const has = (program: string) => spawnSync('which', [program]).status === 0;
const packaging = fileURLToPath(new URL('../packaging', import.meta.url));

describe.skipIf(!has('dpkg-deb'))(`the Debian package${has('dpkg-deb') ? '' : ' (needs dpkg-deb)'}`, () => {
  const base = mkdtempSync(join(tmpdir(), 'casement-deb-test-'));
  const at = (path: string) => join(base, 'root', path);
  let file: string;

  beforeAll(async () => {
    const web = join(base, 'web');
    mkdirSync(web);
    writeFileSync(join(web, 'index.html'), '<!doctype html>');
    file = await buildDeb(join(base, 'out'), web);
    execFileSync('dpkg-deb', ['-R', file, join(base, 'root')]);
  }, 120_000);
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  it('says what it needs, and keeps what an administrator has changed', () => {
    const field = (name: string) => execFileSync('dpkg-deb', ['-f', file, name], { encoding: 'utf8' }).trim();
    expect(field('Package')).toBe('casement');
    expect(field('Depends')).toContain('tigervnc-standalone-server');
    expect(execFileSync('dpkg-deb', ['-I', file, 'conffiles'], { encoding: 'utf8' })).toBe('/etc/default/casement\n');
  });

  it('holds a program that runs without anything of this tree', () => {
    const dist = 'usr/lib/casement/dist';
    for (const path of [
      `${dist}/web/index.html`,
      `${dist}/server/link.mjs`,
      'usr/lib/systemd/system/casement.service',
    ]) {
      expect(existsSync(at(path)), path).toBe(true);
    }
    const run = (code: string) =>
      spawnSync(at('usr/lib/casement/node'), ['-e', code], { cwd: at('usr/lib/casement'), encoding: 'utf8', env: {} });
    expect(run("require('better-sqlite3')(':memory:'); require('ssh2'); console.log('fine')").stdout).toBe('fine\n');
    const help = spawnSync(at('usr/lib/casement/node'), [at(`${dist}/cli/casement.mjs`), '--help'], {
      encoding: 'utf8',
    });
    expect(help.stdout).toContain('casement COMMAND');
  });

  it('has nothing that others than root may change', () => {
    const list = execFileSync('dpkg-deb', ['-c', file], { encoding: 'utf8' }).trim().split('\n');
    const loose = list.filter((line) => !line.includes(' root/root ') || /^.{5}w|^.{8}w/.test(line));
    expect(loose.filter((line) => !line.startsWith('l'))).toEqual([]);
    expect(statSync(at('usr/bin/casement')).mode & 0o777).toBe(0o755);
  });

  it.skipIf(!has('visudo'))('brings a rule for sudo that sudo understands', () => {
    const checked = spawnSync('visudo', ['-cf', join(packaging, 'sudoers')], { encoding: 'utf8' });
    expect(checked.stdout).toContain('parsed OK');
  });
});
