import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { doctor } from './doctor.ts';
import type { Finding } from './doctor-checks.ts';

describe('casement doctor', () => {
  let dir: string;
  let server: Server;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'casement-doctor-'));
    mkdirSync(join(dir, 'bin'));
    server = createServer((socket) => socket.end('SSH-2.0-Test\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    settings({ ssh: { port: (server.address() as AddressInfo).port } });
  });
  afterEach(() => {
    server.close();
    rmSync(dir, { recursive: true });
  });

  const settings = (value: object) => writeFileSync(join(dir, 'config.json'), JSON.stringify(value));
  const install = (name: string) => writeFileSync(join(dir, 'bin', name), '#!/bin/sh\n', { mode: 0o755 });

  async function examine(...args: string[]) {
    let out = '';
    const io = { env: { PATH: join(dir, 'bin') }, out: (text: string) => (out += text), err: () => undefined };
    const code = await doctor(['--data', dir, '--json', ...args], io);
    const findings = JSON.parse(out) as Finding[];
    return { code, of: (what: string) => findings.find((finding) => finding.what === what) };
  }

  it('finds nothing in the way where all is there', async () => {
    install('Xvnc');
    const { code, of } = await examine();
    expect(code).toBe(0);
    expect(of('Xvnc')).toMatchObject({ state: 'ok' });
    expect(of('sshd')).toMatchObject({ state: 'ok', text: expect.stringContaining('SSH-2.0-Test') });
    expect(of('xterm')).toMatchObject({ state: 'note', todo: 'apt-get install xterm' });
    expect(of('data')).toMatchObject({ state: 'ok' });
  });

  it.each([
    ['no X server', 'Xvnc', () => undefined, 'apt-get install tigervnc-standalone-server'],
    ['a stopped sshd', 'sshd', () => settings({ ssh: { port: 1 } }), 'openssh-server'],
    ['settings that are none', 'settings', () => writeFileSync(join(dir, 'config.json'), '{'), 'put the file right'],
    ['data that others may read', 'data', () => chmodSync(dir, 0o755), 'chmod 700'],
  ])('names %s, and what to do', async (_what, what, breakIt, todo) => {
    breakIt();
    const { code, of } = await examine();
    expect(code).toBe(1);
    expect(of(what)).toMatchObject({ state: 'problem', todo: expect.stringContaining(todo) });
  });

  it('says what is wrong with a certificate', async () => {
    install('Xvnc');
    const { code, of } = await examine('--tls-cert', join(dir, 'missing.pem'), '--tls-key', join(dir, 'missing.key'));
    expect(code).toBe(1);
    expect(of('TLS')).toMatchObject({ state: 'problem' });
  });
});
