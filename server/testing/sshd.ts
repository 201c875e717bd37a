/** A real sshd for tests, on a loopback port of its own, with a PAM service of its own. Needs root. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SshdOptions {
  /** Lines of the PAM service's file; default: `PAM`. */
  readonly pam?: readonly string[];
  /** Lines of `sshd_config`; the first of a name counts, so these win over the defaults. */
  readonly config?: readonly string[];
}

/** As Debian's, without the pause after a wrong password. */
export const PAM = [
  'auth required pam_unix.so nodelay',
  'account required pam_nologin.so',
  'account include common-account',
  'session include common-session',
  'password include common-password',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    // It says its version first.
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}

export class TestSshd {
  readonly port: number;
  readonly dir: string;
  readonly #service: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, dir: string, service: string) {
    this.port = port;
    this.dir = dir;
    this.#service = service;
  }

  static async start({ pam = PAM, config = [] }: SshdOptions = {}): Promise<TestSshd> {
    const dir = mkdtempSync(join(tmpdir(), 'casement-sshd-'));
    chmodSync(dir, 0o755);
    const service = `casement-test-${randomBytes(4).toString('hex')}`;
    const sshd = new TestSshd(await freePort(), dir, service);
    writeFileSync(`/etc/pam.d/${service}`, `${pam.join('\n')}\n`);
    sshd.newHostKey();
    writeFileSync(
      join(dir, 'sshd_config'),
      [
        ...config,
        `Port ${sshd.port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${join(dir, 'host_key')}`,
        `PidFile ${join(dir, 'sshd.pid')}`,
        `AuthorizedKeysFile ${join(dir, 'keys')}/%u`,
        'UsePAM yes',
        'PasswordAuthentication no',
        'KbdInteractiveAuthentication yes',
        'StrictModes no',
        'MaxStartups 100',
        'PrintMotd no',
        'UseDNS no',
        '',
      ].join('\n'),
    );
    mkdirSync(join(dir, 'keys'));
    // sshd's PAM service is called as its program is.
    symlinkSync('/usr/sbin/sshd', join(dir, service));
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    await sshd.run();
    return sshd;
  }

  newHostKey(type = 'ed25519'): void {
    const file = join(this.dir, 'host_key');
    rmSync(file, { force: true });
    rmSync(`${file}.pub`, { force: true });
    execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  }

  get log(): string {
    return readFileSync(join(this.dir, 'log'), 'utf8');
  }

  authorize(login: string, publicKey: string): void {
    writeFileSync(join(this.dir, 'keys', login), publicKey);
  }

  /** Starts it again after `stop()`. */
  async run(): Promise<void> {
    const args = ['-D', '-f', join(this.dir, 'sshd_config'), '-E', join(this.dir, 'log')];
    const child = spawn(join(this.dir, this.#service), args, { stdio: 'ignore' });
    this.#process = child;
    while (!(await answers(this.port))) {
      if (child.exitCode !== null) throw new Error(`sshd did not start: ${this.log}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Ends it, and the processes that serve its connections. */
  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.pid === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    for (const pid of descendants(child.pid)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    }
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(`/etc/pam.d/${this.#service}`, { force: true });
    rmSync(this.dir, { recursive: true, force: true });
  }
}

function descendants(pid: number): number[] {
  let children: number[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // It has just ended by itself.
  }
  return children.flatMap((child) => [...descendants(child), child]);
}
