/** A host with a link directory of its own, the bundled link, and everything ended afterwards. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Session } from '../../src/contract/session.ts';
import { createSessionHost } from './host.ts';
import { readRunningLink } from './link-lock.ts';
import { linkPaths, shortDirectory } from './paths.ts';
import { identify, isAlive } from './processes.ts';
import type { SessionHost, SessionStart, StartObserver, UnixUser, ViewerClient, ViewerStream } from './port.ts';

const silent = { info: () => undefined, warn: () => undefined };
export const quiet: StartObserver = { step: () => undefined };

export function ownUser(): UnixUser {
  const { username, uid, gid, homedir } = userInfo();
  return { login: username, uid, gid, home: homedir };
}

interface Bundler {
  bundlePrograms(outDir: string, names: string[]): Promise<void>;
}

export class TestMachine {
  readonly base = mkdtempSync(join(tmpdir(), 'casement-sessions-'));
  readonly user = ownUser();
  #hosts: SessionHost[] = [];
  #directories = new Set<string>();
  #nextId = 1;

  get linkScript(): string {
    return join(this.base, 'dist/server/link.mjs');
  }

  async build(): Promise<void> {
    const bundler: string = fileURLToPath(new URL('../../scripts/bundle.mjs', import.meta.url));
    const { bundlePrograms } = (await import(bundler)) as Bundler;
    await bundlePrograms(join(this.base, 'dist'), ['server/link', 'cli/clientcomm']);
  }

  directory(name: string): string {
    const dir = join(this.base, name);
    this.#directories.add(dir);
    return dir;
  }

  host(dir: string): SessionHost {
    const host = createSessionHost({
      linkDirFor: () => dir,
      linkScript: this.linkScript,
      clientcommScript: join(this.base, 'dist/cli/clientcomm.mjs'),
      log: silent,
      serverId: 'server-1',
      hostname: 'machine',
    });
    this.#hosts.push(host);
    return host;
  }

  start(command: string, rest: Partial<SessionStart> = {}): SessionStart {
    const id = `session-${process.pid}-${this.#nextId++}`;
    const name = 'Test';
    return { id, name, command, geometry: '640x480', params: {}, profile: null, keyboardLayout: 'us', ...rest };
  }

  /** Runs the session's `clientcomm` from outside of it, with what it would find in its environment. */
  clientcomm(dir: string, id: string, args: string[], stdin = ''): Promise<{ code: number; out: string; err: string }> {
    return new Promise((resolve, reject) => {
      const child = spawn(join(dir, 'bin/clientcomm'), args, {
        env: { PATH: process.env['PATH'], FASTX_SESSION_ID: id, FX_CONFIG_DIR: dir, NODE_OPTIONS: '--no-such-option' },
      });
      let [out, err] = ['', ''];
      child.stdout.on('data', (text: Buffer) => (out += text.toString()));
      child.stderr.on('data', (text: Buffer) => (err += text.toString()));
      child.on('error', reject);
      child.on('close', (code) => resolve({ code: code ?? -1, out, err }));
      child.stdin.end(stdin);
    });
  }

  linkPid(dir: string): number {
    const pid = readRunningLink(linkPaths(dir))?.process.pid;
    if (pid === undefined) throw new Error('no link runs');
    return pid;
  }

  async dispose(): Promise<void> {
    for (const host of this.#hosts) {
      for (const { id, status } of host.list()) {
        if (status === 'running' || status === 'starting') await host.terminate(id).catch(() => undefined);
      }
      await host.close();
    }
    for (const dir of this.#directories) {
      const link = readRunningLink(linkPaths(dir));
      if (link) {
        process.kill(link.process.pid, 'SIGTERM');
        await until(() => !isAlive(link.process));
      }
      rmSync(shortDirectory(dir), { recursive: true, force: true });
    }
    rmSync(this.base, { recursive: true, force: true });
  }
}

export function viewerClient(rest: Partial<ViewerClient> = {}): ViewerClient {
  const basics = { clientId: 'c1', login: 'someone', ip: '127.0.0.1', clientVersion: '1', reservedParams: {} };
  return { ...basics, role: 'master', transport: 'Web', ...rest };
}

/** For what no event tells: other processes and files. */
export async function until(condition: () => boolean, ms = 15_000): Promise<void> {
  const end = Date.now() + ms;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves with the session once it is as wanted, by the host's pushes. */
export function whenSession(host: SessionHost, id: string, wanted: (session: Session) => boolean): Promise<Session> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`session ${id} stayed ${JSON.stringify(host.get(id))}`));
    }, 20_000);
    const look = (session: Session | null | undefined) => {
      if (!session || !wanted(session)) return;
      clearTimeout(timer);
      stop();
      resolve(session);
    };
    const stop = host.subscribe((changed, data) => {
      if (changed === id) look(data);
    });
    look(host.get(id));
  });
}

export function pidRuns(pid: number | null): boolean {
  const identity = pid === null ? undefined : identify(pid);
  return identity !== undefined && isAlive(identity);
}

/** What a stream has brought so far, and a way to wait for more. */
export class Recorder {
  readonly texts: { t: string; [member: string]: unknown }[] = [];
  readonly stream: ViewerStream;
  bytes = 0;
  data = Buffer.alloc(0);
  reason: string | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: ViewerStream) {
    this.stream = stream;
    stream.onText = (text) => {
      this.texts.push(JSON.parse(text) as { t: string });
      this.#wake();
    };
    stream.onClose = (reason) => {
      this.reason = reason;
      this.#wake();
    };
    stream.onBinary = (chunk) => {
      this.bytes += chunk.length;
      if (this.data.length < 65536) this.data = Buffer.concat([this.data, chunk]);
      this.#wake();
    };
  }

  async when(condition: () => boolean): Promise<void> {
    const timer = setTimeout(() => this.#wake(), 15_000);
    const end = Date.now() + 15_000;
    while (!condition()) {
      if (Date.now() >= end) throw new Error(`never came: ${condition.toString()}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    clearTimeout(timer);
  }

  text(t: string) {
    return this.texts.filter((frame) => frame.t === t);
  }

  /** Through RFB's handshake; returns the desktop's size. */
  async handshake(): Promise<{ width: number; height: number }> {
    await this.when(() => this.data.length >= 12);
    this.stream.sendBinary(Buffer.from('RFB 003.008\n'));
    await this.when(() => this.data.length >= 14);
    this.stream.sendBinary(Buffer.from([1]));
    await this.when(() => this.data.length >= 18);
    this.stream.sendBinary(Buffer.from([1]));
    await this.when(() => this.data.length >= 42);
    return { width: this.data.readUInt16BE(18), height: this.data.readUInt16BE(20) };
  }

  /** A whole picture. */
  requestAll(width: number, height: number): void {
    const request = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    request.writeUInt16BE(width, 6);
    request.writeUInt16BE(height, 8);
    this.stream.sendBinary(request);
  }
}
