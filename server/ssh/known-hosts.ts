/**
 * Pinned host keys: a file in OpenSSH's `known_hosts` format in the data directory, so that an administrator can fill
 * it with `ssh-keyscan` and take a changed key out with `ssh-keygen -R`. Read anew for each connection: it is small,
 * and an edit counts at once.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import type { ServerHostKeyAlgorithm } from 'ssh2';

export interface KnownHostsOptions {
  /** Absolute. Need not exist yet; its folder does. */
  readonly path: string;
  /** Whether the first key a host shows may be taken as its own. Only for hosts of which that is reasonable. */
  readonly trustFirst: (host: string, port: number) => boolean;
}

/** `changed`: another key is pinned. `unknown`: none is, and this host's first may not simply be believed. */
export type HostKeyVerdict = 'pinned' | 'added' | 'changed' | 'unknown';

export interface KnownHosts {
  /** `key` is the public key as it came over the wire. Adds it where a first key may be trusted. */
  check(host: string, port: number, key: Buffer): HostKeyVerdict;
  /** Key types pinned for a host, e.g. `ssh-ed25519`: another type must not be taken from it. */
  types(host: string, port: number): string[];
}

interface Entry {
  readonly revoked: boolean;
  readonly type: string;
  readonly key: Buffer;
}

/** A host's name as the file spells it; OpenSSH leaves the standard port out. */
function spelling(host: string, port: number): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** One name of a line's first column: plain, or `|1|SALT|HMAC`. */
function names(column: string, name: string): boolean {
  return column.split(',').some((pattern) => {
    const [, salt, hash] = /^\|1\|([^|]+)\|([^|]+)$/.exec(pattern) ?? [];
    if (salt === undefined || hash === undefined) return pattern === name;
    const wanted = Buffer.from(hash, 'base64');
    const found = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
    return wanted.length === found.length && timingSafeEqual(wanted, found);
  });
}

/** A key blob begins with its type, as a length-prefixed string (RFC 4253, 6.6). `''` for what is no key. */
export function keyType(key: Buffer): string {
  if (key.length < 4) return '';
  const length = key.readUInt32BE(0);
  return length > 64 || key.length < 4 + length ? '' : key.toString('latin1', 4, 4 + length);
}

/** How a host key is shown to people: as OpenSSH does. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** A host of which keys are pinned is asked for one of those, so that a new key of another type raises no alarm. */
export function hostKeyAlgorithms(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const known: readonly ServerHostKeyAlgorithm[] = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
  ];
  return types.flatMap((type) =>
    type === 'ssh-rsa' ? (['rsa-sha2-512', 'rsa-sha2-256'] as const) : known.filter((one) => one === type),
  );
}

export function createKnownHosts({ path, trustFirst }: KnownHostsOptions): KnownHosts {
  function entries(host: string, port: number): Entry[] {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
      // A file that is there and cannot be read may pin a key: going on as if it did not would be the unsafe way.
      throw cause;
    }
    const wanted = spelling(host, port);
    const found: Entry[] = [];
    for (const line of text.split('\n')) {
      const words = line.trim().split(/\s+/);
      const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
      const [hosts, type, key] = words;
      if (hosts === undefined || hosts.startsWith('#') || type === undefined || key === undefined) continue;
      if (marker !== undefined && marker !== '@revoked') continue;
      if (names(hosts, wanted)) found.push({ revoked: marker !== undefined, type, key: Buffer.from(key, 'base64') });
    }
    return found;
  }

  return {
    check(host, port, key) {
      const known = entries(host, port);
      const same = known.filter((entry) => entry.key.equals(key));
      if (same.some(({ revoked }) => revoked)) return 'changed';
      if (same.length > 0) return 'pinned';
      if (known.some(({ revoked }) => !revoked)) return 'changed';
      if (!trustFirst(host, port)) return 'unknown';
      const line = `${spelling(host, port)} ${keyType(key)} ${key.toString('base64')}\n`;
      appendFileSync(path, line, { mode: 0o600 });
      return 'added';
    },
    types: (host, port) => [
      ...new Set(
        entries(host, port)
          .filter(({ revoked }) => !revoked)
          .map(({ type }) => type),
      ),
    ],
  };
}
