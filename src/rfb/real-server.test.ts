import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { vncAuthResponse } from './des.ts';
import type { RfbEvent } from './events.ts';
import { RfbSession } from './session.ts';

const directory = mkdtempSync(join(tmpdir(), 'casement-rfb-'));
const passwords = join(directory, 'passwd');
/** What Xvnc asks about names and passwords; goes with the test. */
const service = `casement-rfb-${process.pid}`;
const pam = join('/etc/pam.d', service);

/** A password file hides the password with a key that everybody knows. */
function passwordFile(password: string): Uint8Array {
  const known = String.fromCharCode(23, 82, 107, 6, 35, 78, 88, 7);
  const padded = new Uint8Array(16);
  padded.set(new TextEncoder().encode(password).subarray(0, 8));
  return vncAuthResponse(known, padded).subarray(0, 8);
}

const SERVERS = {
  VncAuth: ['-SecurityTypes', 'VncAuth', '-PasswordFile', passwords],
  Plain: ['-SecurityTypes', 'Plain', '-PlainUsers', 'root', '-pam_service', service],
};
type Kind = keyof typeof SERVERS;
const running: ChildProcess[] = [];

beforeAll(async () => {
  writeFileSync(passwords, passwordFile('casement'), { mode: 0o600 });
  const check = join(directory, 'check');
  writeFileSync(check, '#!/bin/sh\n[ "$PAM_USER" = root ] && [ "$(tr -d \'\\0\')" = "casement" ]\n', { mode: 0o700 });
  writeFileSync(pam, `auth required pam_exec.so quiet expose_authtok ${check}\naccount required pam_permit.so\n`);
  for (const [kind, args] of Object.entries(SERVERS)) {
    const place = ['-rfbport', '-1', '-rfbunixpath', join(directory, kind), '-rfbunixmode', '0600', '-nolisten', 'tcp'];
    const server = spawn('Xvnc', ['-displayfd', '3', '-geometry', '320x200', ...place, ...args], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    running.push(server);
    const pipe = server.stdio[3];
    if (!pipe || !('on' in pipe)) throw new Error('no pipe');
    await once(pipe, 'data');
  }
}, 20_000);

afterAll(async () => {
  for (const server of running) {
    const gone = once(server, 'exit');
    server.kill('SIGTERM');
    await gone;
  }
  rmSync(directory, { recursive: true, force: true });
  rmSync(pam, { force: true });
});

/** Resolves with the first event, rejects with what ended the session. */
async function logIn(kind: Kind, password: string, username?: string): Promise<RfbEvent> {
  const socket = connect(join(directory, kind));
  try {
    return await new Promise<RfbEvent>((resolve, reject) => {
      const reader = new ByteReader(new Uint8Array(65536), 0, 0);
      const session = new RfbSession(
        reader,
        { resize: () => undefined, begin: () => 1, resume: () => 1 },
        { send: (bytes) => socket.write(bytes), event: resolve, updated: () => undefined },
        {
          shared: true,
          viewOnly: false,
          quality: null,
          compression: 2,
          abilities: { jpeg: false, h264: false },
          password,
          ...(username === undefined ? {} : { username }),
        },
      );
      const take = async (): Promise<void> => {
        for (;;) {
          const need = session.advance();
          if (typeof need !== 'number') await need;
          else while (reader.available < need) await once(socket, 'data');
        }
      };
      socket.on('data', (chunk) => {
        reader.bytes.set(chunk, reader.end);
        reader.end += chunk.length;
      });
      take().catch((error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
      socket.on('error', reject);
    });
  } finally {
    socket.destroy();
  }
}

describe('an Xvnc with a password', () => {
  it('lets in who knows it', async () => {
    await expect(logIn('VncAuth', 'casement')).resolves.toMatchObject({ type: 'connected', width: 320, height: 200 });
  });

  it('says why it does not let in who does not', async () => {
    await expect(logIn('VncAuth', 'wrong')).rejects.toMatchObject({
      code: 'rfb-security',
      details: { reason: expect.stringMatching(/./) },
    });
  });
});

describe('an Xvnc with names and passwords', () => {
  it('lets in who knows both', async () => {
    await expect(logIn('Plain', 'casement', 'root')).resolves.toMatchObject({ type: 'connected', width: 320 });
  });

  it.each([
    ['wrong', 'root', /./],
    ['casement', 'somebody', /./],
    ['casement', undefined, /a user name and a password are needed/],
  ])('does not let in %s for %s', async (password, username, reason) => {
    await expect(logIn('Plain', password, username)).rejects.toMatchObject({
      code: 'rfb-security',
      details: { reason: expect.stringMatching(reason) },
    });
  });
});
