/** What `casement doctor` looks at, one function a matter. */
import { execFile } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { isLoopback, type ConfigFile } from '../server/config.ts';
import { findProgram } from '../server/machine.ts';

export interface Finding {
  readonly what: string;
  /** `problem`: sessions, or the server, cannot work. `note`: they can, and somebody should know. */
  readonly state: 'ok' | 'note' | 'problem';
  readonly text: string;
  readonly todo?: string;
}

export interface Subject {
  readonly dataDir: string;
  /** Absent where it cannot be read. */
  readonly config: ConfigFile | undefined;
  readonly path: string;
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

type Check = (subject: Subject) => Finding[] | Promise<Finding[]>;

const WAIT_MS = 5000;
const DAY_MS = 24 * 3600 * 1000;
const MIB = 1024 * 1024;
/** A session's log alone may grow to 4 MiB. */
const ROOM_MIB = 200;
const INSTALLED = '/usr/bin/casement';

function ran(program: string, args: readonly string[]): Promise<{ ok: boolean; out: string }> {
  return new Promise((done) => {
    execFile(program, [...args], { timeout: WAIT_MS, env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) =>
      done({ ok: !error, out: `${stdout}${stderr}` }),
    );
  });
}

const node: Check = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 19);
  return [
    fits
      ? { what: 'Node', state: 'ok', text: process.versions.node }
      : { what: 'Node', state: 'problem', text: process.versions.node, todo: 'Node 20.19 or newer is needed' },
  ];
};

const PROGRAMS = [
  ['Xvnc', 'tigervnc-standalone-server', 'problem', 'no session can be started'],
  ['xauth', 'xauth', 'note', 'some programs look for it'],
  ['setxkbmap', 'x11-xkb-utils', 'note', 'sessions begin with the layout us, whatever was asked for'],
  ['openbox', 'openbox', 'note', 'single windows cannot be moved'],
  ['xterm', 'xterm', 'note', 'there is no terminal to start with one click'],
] as const;

const programs: Check = async ({ path }) =>
  Promise.all(
    PROGRAMS.map(async ([name, pack, state, means]): Promise<Finding> => {
      const found = findProgram(name, path);
      if (found === undefined) {
        return { what: name, state, text: `not installed: ${means}`, todo: `apt-get install ${pack}` };
      }
      const version = name === 'Xvnc' ? /Xvnc TigerVNC ([\d.]+)/.exec((await ran(found, ['-version'])).out)?.[1] : '';
      return { what: name, state: 'ok', text: [version, found].filter(Boolean).join(', ') };
    }),
  );

/** sshd says its version as soon as one connects. */
function greeting(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: WAIT_MS });
    socket.once('data', (text: Buffer) => {
      socket.destroy();
      resolve(text.toString('latin1').split(/\r?\n/)[0] ?? '');
    });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('it closed the connection')));
  });
}

const sshd: Check = async ({ config }) => {
  const { host, port } = config?.ssh ?? { host: '127.0.0.1', port: 22 };
  const where = `${host}:${port}`;
  try {
    const said = await greeting(host, port);
    if (!said.startsWith('SSH-')) {
      const todo = 'set "ssh" in config.json to where sshd listens';
      return [{ what: 'sshd', state: 'problem', text: `${where} is not an SSH server`, todo }];
    }
    const trusted = isLoopback(host) || config?.ssh.trustFirstKey === true;
    return [
      { what: 'sshd', state: 'ok', text: `${where}, ${said}` },
      ...(trusted
        ? []
        : [
            {
              what: 'host key',
              state: 'note',
              text: 'a first key of another machine is not simply believed',
              todo: `ssh-keyscan -p ${port} ${host} >>known_hosts in the data directory, and compare it`,
            } as const,
          ]),
    ];
  } catch (error) {
    const text = `nothing answers at ${where} (${error instanceof Error ? error.message : String(error)})`;
    const todo = 'apt-get install openssh-server; systemctl enable --now ssh. Needed for logins with --auth ssh';
    return [{ what: 'sshd', state: 'problem', text, todo }];
  }
};

const sudo: Check = async ({ config, path }) => {
  if (config?.sudo === false) return [{ what: 'sudo', state: 'ok', text: 'turned off in config.json' }];
  const without = 'not used: sessions start over SSH, which is enough where people log in with --auth ssh';
  const found = findProgram('sudo', path);
  if (found === undefined) return [{ what: 'sudo', state: 'ok', text: without }];
  const { getuid } = process;
  const asked = getuid?.() === 0 ? ['-n', '-l', '-U', 'casement'] : ['-n', '-l'];
  const { out } = await ran(found, asked);
  if (!/casement(?:\.mjs)? link/.test(out)) return [{ what: 'sudo', state: 'ok', text: without }];
  const parts = [INSTALLED, '/usr/lib/casement', '/usr/lib/casement/node', '/usr/lib/casement/dist/cli/casement.mjs'];
  const loose = parts.filter((part) => {
    const stat = statSync(part, { throwIfNoEntry: false });
    return stat && (stat.uid !== 0 || (stat.mode & 0o022) !== 0);
  });
  return [
    loose.length === 0
      ? { what: 'sudo', state: 'ok', text: 'may start links' }
      : {
          what: 'sudo',
          state: 'problem',
          text: `what sudo runs can be changed by others: ${loose.join(', ')}`,
          todo: `chown root:root, chmod go-w`,
        },
  ];
};

const permissions: Check = ({ dataDir }) => {
  const stat = lstatSync(dataDir, { throwIfNoEntry: false });
  if (!stat) return [{ what: 'data', state: 'note', text: `${dataDir} is not there: no server has run with it yet` }];
  const findings: Finding[] = [];
  if (!stat.isDirectory() || (stat.mode & 0o077) !== 0) {
    const todo = `chmod 700 ${dataDir}`;
    findings.push({ what: 'data', state: 'problem', text: `${dataDir} is not its server's alone`, todo });
  }
  for (const name of ['casement.db', 'links.json', 'known_hosts', 'config.json']) {
    const file = lstatSync(`${dataDir}/${name}`, { throwIfNoEntry: false });
    if (file && file.uid !== stat.uid && file.uid !== 0) {
      const todo = `chown --reference=${dataDir} ${dataDir}/${name}`;
      findings.push({ what: 'data', state: 'problem', text: `${name} belongs to somebody else`, todo });
    }
  }
  return findings.length > 0 ? findings : [{ what: 'data', state: 'ok', text: dataDir }];
};

const logind: Check = () => {
  let text: string;
  try {
    text = readFileSync('/etc/systemd/logind.conf', 'utf8');
  } catch {
    return [];
  }
  if (!/^\s*KillUserProcesses\s*=\s*(?:yes|true|on|1)\s*$/im.test(text)) return [];
  const todo = 'set it to no, or run loginctl enable-linger for those who use sessions';
  return [{ what: 'logind', state: 'problem', text: 'KillUserProcesses ends sessions with the last login', todo }];
};

const time: Check = async ({ path, now }) => {
  const built = statSync(new URL(import.meta.url)).mtimeMs;
  if (now < built - DAY_MS) {
    const text = `the clock says ${new Date(now).toISOString()}, which is before this program was made`;
    return [{ what: 'time', state: 'problem', text, todo: 'set the clock: logins and one-time codes need it' }];
  }
  const timedatectl = existsSync('/run/systemd/system') ? findProgram('timedatectl', path) : undefined;
  if (timedatectl === undefined) return [{ what: 'time', state: 'ok', text: new Date(now).toISOString() }];
  const { out } = await ran(timedatectl, ['show', '--property=NTPSynchronized']);
  return [
    /=yes/.test(out)
      ? { what: 'time', state: 'ok', text: `${new Date(now).toISOString()}, kept right over the network` }
      : {
          what: 'time',
          state: 'note',
          text: `${new Date(now).toISOString()}, not compared with any other clock`,
          todo: 'apt-get install systemd-timesyncd: one-time codes fail when clocks differ by half a minute',
        },
  ];
};

const disk: Check = ({ dataDir }) => {
  const places = new Set([dataDir, homedir(), tmpdir()].map((place) => (existsSync(place) ? place : dirname(place))));
  return [...places].filter(existsSync).map((place) => {
    const { bavail, bsize, ffree, files } = statfsSync(place);
    const free = Math.floor((bavail * bsize) / MIB);
    if (files > 0 && ffree === 0) {
      return { what: 'disk', state: 'problem', text: `${place} can take no more files`, todo: 'remove some' } as const;
    }
    return free < ROOM_MIB
      ? ({ what: 'disk', state: 'problem', text: `${place} has ${free} MiB left`, todo: 'make room' } as const)
      : ({ what: 'disk', state: 'ok', text: `${place} has ${free} MiB left` } as const);
  });
};

const tls: Check = ({ certFile, keyFile, config, now }) => {
  const what = 'TLS';
  if (certFile === undefined) {
    const proxied = (config?.proxies.length ?? 0) > 0;
    return [
      proxied
        ? { what, state: 'ok', text: 'left to the proxy in front' }
        : {
            what,
            state: 'note',
            text: 'no certificate given: fine on this machine alone, or behind a proxy that has one',
            todo: 'doctor --tls-cert FILE --tls-key FILE looks at one; docs/service.md has a recipe for nginx',
          },
    ];
  }
  try {
    const cert = new X509Certificate(readFileSync(certFile));
    if (keyFile === undefined || !cert.checkPrivateKey(createPrivateKey(readFileSync(keyFile)))) {
      const text = 'the private key is not that of the certificate';
      return [{ what, state: 'problem', text, todo: 'give the pair that belongs together' }];
    }
    const days = Math.floor((Date.parse(cert.validTo) - now) / DAY_MS);
    if (days < 0 || Date.parse(cert.validFrom) > now) {
      return [{ what, state: 'problem', text: `not valid today (until ${cert.validTo})`, todo: 'renew it' }];
    }
    const names = cert.subjectAltName ?? '';
    if (names === '') {
      const text = 'the certificate has no subjectAltName, so browsers refuse it';
      return [{ what, state: 'problem', text, todo: 'have one made that names this server' }];
    }
    return [{ what, state: days < 14 ? 'note' : 'ok', text: `${names}; ${days} days left` }];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return [{ what, state: 'problem', text, todo: 'PEM files that this account may read are needed' }];
  }
};

export const DOCTOR_CHECKS: readonly Check[] = [node, programs, sshd, sudo, permissions, logind, time, disk, tls];
