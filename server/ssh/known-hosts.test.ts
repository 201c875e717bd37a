import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnownHosts, keyType } from './known-hosts.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-known-'));
  path = join(dir, 'known_hosts');
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A key blob: its type, and anything behind. */
function key(type: string, rest: string): Buffer {
  return Buffer.concat([Buffer.from([0, 0, 0, type.length]), Buffer.from(type), Buffer.from(rest)]);
}
const ED = key('ssh-ed25519', 'one');
const OTHER = key('ssh-ed25519', 'two');
const RSA = key('ssh-rsa', 'three');
const known = (trust = true) => createKnownHosts({ path, trustFirst: () => trust });

describe('host keys', () => {
  it('are pinned at the first connection where that is allowed, and only that key counts from then on', () => {
    expect(known(false).check('h', 22, ED)).toBe('unknown');
    expect(known().check('h', 22, ED)).toBe('added');
    expect([known().check('h', 22, ED), known(false).check('h', 22, ED)]).toEqual(['pinned', 'pinned']);
    expect([known().check('h', 22, OTHER), known().check('h', 22, RSA)]).toEqual(['changed', 'changed']);
    expect(known().types('h', 22)).toEqual(['ssh-ed25519']);
    // Another port is another sshd.
    expect(known().check('h', 2222, OTHER)).toBe('added');
    expect(readFileSync(path, 'utf8')).toBe(
      `h ssh-ed25519 ${ED.toString('base64')}\n[h]:2222 ssh-ed25519 ${OTHER.toString('base64')}\n`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('may be several, in lines as OpenSSH writes them', () => {
    const line = (names: string, blob: Buffer) => `${names} ${keyType(blob)} ${blob.toString('base64')} a comment`;
    writeFileSync(
      path,
      ['# ours', '', line('x,h', ED), line('h,192.0.2.1', RSA), `@revoked ${line('h', OTHER)}`].join('\n'),
    );
    expect([known().check('h', 22, ED), known().check('h', 22, RSA)]).toEqual(['pinned', 'pinned']);
    expect(known().types('h', 22)).toEqual(['ssh-ed25519', 'ssh-rsa']);
    expect(known().check('h', 22, OTHER)).toBe('changed');
    expect(known(false).check('other', 22, ED)).toBe('unknown');
  });

  it('are found under hashed names, as ssh-keygen -H makes them', () => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, 'k')]);
    const [type = '', blob = ''] = readFileSync(join(dir, 'k.pub'), 'utf8').split(' ');
    writeFileSync(path, `[h]:2222 ${type} ${blob}\n`);
    execFileSync('ssh-keygen', ['-q', '-H', '-f', path], { stdio: 'ignore' });
    expect(readFileSync(path, 'utf8')).toMatch(/^\|1\|/);
    expect(known(false).check('h', 2222, Buffer.from(blob, 'base64'))).toBe('pinned');
    expect(known(false).check('h', 22, Buffer.from(blob, 'base64'))).toBe('unknown');
  });

  it('count for nothing where the file cannot be read: nobody goes on without it', () => {
    writeFileSync(path, '');
    rmSync(path);
    execFileSync('mkdir', [path]);
    expect(() => known().check('h', 22, ED)).toThrow();
  });

  it('of no sensible form have no type', () => {
    expect([keyType(Buffer.alloc(0)), keyType(Buffer.from([0, 0, 0, 9, 1])), keyType(Buffer.alloc(99, 255))]).toEqual([
      '',
      '',
      '',
    ]);
  });
});
