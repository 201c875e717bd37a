/**
 * What a machine needs before the project can be built, run or tested, and bringing it there. Uses nothing but Node
 * itself, since it runs before any package is installed.
 *
 * Each `ensure…` looks first and does nothing when all is well, so that a second start costs milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const cacheDir = join(root, 'node_modules', '.cache', 'casement');

/** Debian packages by the program (or file) that shows they are there. */
export const SESSION_PACKAGES = {
  Xvnc: ['tigervnc-standalone-server'],
  xterm: ['xterm'],
  openbox: ['openbox'],
  xauth: ['xauth'],
  setxkbmap: ['x11-xkb-utils'],
  '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf': ['fonts-dejavu-core'],
  '/usr/share/fonts/X11/misc': ['xfonts-base'],
};
export const COMPILER_PACKAGES = { 'g++': ['build-essential'], make: ['build-essential'], python3: ['python3'] };
export const TEST_PACKAGES = {
  chromium: ['chromium'],
  'firefox-esr': ['firefox-esr'],
  xclip: ['xclip'],
  xwd: ['x11-apps'],
  xdpyinfo: ['x11-utils'],
  xdotool: ['xdotool'],
  openssl: ['openssl'],
  xsetroot: ['x11-xserver-utils'],
  '/usr/sbin/sshd': ['openssh-server'],
  '/usr/sbin/slurmctld': ['slurm-wlm'],
  '/usr/sbin/munged': ['munge'],
  'google-authenticator': ['libpam-google-authenticator'],
  sudo: ['sudo'],
  x11vnc: ['x11vnc'],
  X0tigervnc: ['tigervnc-scraping-server'],
  'qemu-system-x86_64': ['qemu-system-x86'],
  wayvnc: ['wayvnc'],
  sway: ['sway'],
  foot: ['foot'],
  grim: ['grim'],
  '/usr/lib/x86_64-linux-gnu/libgtk-3.so.0': ['libgtk-3-0'],
};

/** @param {string} line */
export function say(line) {
  process.stdout.write(`${line}\n`);
}

/** @param {string} name a program, or an absolute path */
export function isThere(name) {
  if (name.startsWith('/')) return existsSync(name);
  return (process.env.PATH ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Runs a program and shows its output only when it fails.
 * @returns {boolean} whether it ended with 0
 */
function quietly(command, args, env = process.env) {
  const run = spawnSync(command, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (run.status === 0) return true;
  process.stderr.write(`${run.stdout ?? ''}${run.stderr ?? ''}${run.error ? `${run.error.message}\n` : ''}`);
  return false;
}

/**
 * Installs the Debian packages whose programs are missing, as root or through `sudo -n`.
 * @param {Record<string, string[]>} needs
 * @returns {{ ok: boolean, command?: string }} `command` is the line a person can run where we may not
 */
export function ensureSystem(needs) {
  const missing = Object.keys(needs).filter((name) => !isThere(name));
  if (missing.length === 0) return { ok: true };
  if (!isThere('apt-get')) {
    return { ok: false, command: `(no apt here) install what provides: ${missing.join(', ')}` };
  }
  const installed = installPackages([...new Set(missing.flatMap((name) => needs[name]))]);
  return installed.ok && !missing.every(isThere) ? { ok: false, command: installed.command } : installed;
}

/**
 * Installs Debian packages, or their newest versions.
 * @param {string[]} packages
 * @returns {{ ok: boolean, command: string }} `command` is the line a person can run where we may not
 */
function installPackages(packages) {
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', ...packages];
  const isRoot = process.getuid?.() === 0;
  const sudo = !isRoot && isThere('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  const byHand = `sudo apt-get update && sudo ${install.join(' ')}`;
  if (!isRoot && !sudo) return { ok: false, command: byHand };
  say(`Installing system packages: ${packages.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args) => (isRoot ? quietly(args[0], args.slice(1), env) : quietly('sudo', ['-n', ...args], env));
  // An old package list would bring programs that are months behind; where none can be fetched, it is all there is.
  run(['apt-get', 'update']);
  return { ok: run(install), command: byHand };
}

/** Firefox answers what the tests' driver asks of it from this major version on. */
const FIREFOX_SINCE = 153;

/**
 * Brings the tests' Firefox up to date where an older one is installed.
 * @returns {{ ok: boolean, command?: string }}
 */
export function ensureFirefox() {
  const recent = () => {
    const { stdout } = spawnSync('firefox-esr', ['--version'], { encoding: 'utf8' });
    return Number(/Firefox (\d+)/.exec(stdout ?? '')?.[1] ?? 0) >= FIREFOX_SINCE;
  };
  if (recent()) return { ok: true };
  // What is installed already is brought to the newest version that there is.
  const result = installPackages(['firefox-esr']);
  return result.ok && !recent() ? { ok: false, command: result.command } : result;
}

/** @param {string} name @param {string} fingerprint */
export function stampMatches(name, fingerprint) {
  try {
    return readFileSync(join(cacheDir, name), 'utf8') === fingerprint;
  } catch {
    return false;
  }
}

export function writeStamp(name, fingerprint) {
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(join(cacheDir, name), fingerprint);
}

/** Installs the npm packages when the lock file, or Node itself, is not the one they were installed for. */
export function ensurePackages() {
  const fingerprint = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(process.versions.modules)
    .digest('hex');
  if (stampMatches('packages', fingerprint)) return;
  say('Installing npm packages (the first time this takes a minute or two)');
  const env = { ...process.env };
  // Headers that came with this Node spare node-gyp a download; npm's own setting wins.
  const prefix = dirname(dirname(process.execPath));
  if (!env.npm_config_nodedir && existsSync(join(prefix, 'include', 'node', 'node.h'))) env.npm_config_nodedir = prefix;
  // Not `npm ci`: it refuses a lock file that lacks another platform's optional binaries, and registries differ in those.
  const install = () => quietly('npm', ['install', '--no-save', '--no-audit', '--no-fund'], env);
  if (!install()) {
    // The likeliest reason on a bare machine: a native package found no prebuilt binary and no compiler.
    const compiler = ensureSystem(COMPILER_PACKAGES);
    if (!compiler.ok)
      fail(`The npm packages could not be installed. A compiler may be missing; run:\n  ${compiler.command}`);
    if (!install()) fail('The npm packages could not be installed; the reason is above.');
  }
  writeStamp('packages', fingerprint);
}

/** @returns {never} */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`Casement needs Node 20.19 or newer; this is ${process.versions.node}.`);
}
