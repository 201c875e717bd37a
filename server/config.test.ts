import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, isLoopback, parseConfig, readConfigFile } from './config.ts';

const env = { HOME: '/home/me' };

describe('flags', () => {
  it('have defaults that let one person start at once', () => {
    expect(parseConfig([], env)).toMatchObject({
      host: '127.0.0.1',
      port: 3300,
      dataDir: '/home/me/.local/share/casement',
      ownDataDir: false,
      auth: ['local'],
      parents: [],
    });
    expect(parseConfig([], { ...env, XDG_DATA_HOME: '/data' })).toMatchObject({ dataDir: '/data/casement' });
    expect(parseConfig([], { ...env, XDG_DATA_HOME: 'relative' })).toMatchObject({
      dataDir: '/home/me/.local/share/casement',
    });
    expect(parseConfig(['-h'], env)).toBe('help');
  });

  it('take several ways to log in', () => {
    expect(parseConfig(['--auth', 'ssh,oidc'], env)).toMatchObject({ auth: ['ssh', 'oidc'] });
  });

  it('take origins in their canonical spelling', () => {
    const config = parseConfig(['--parents', 'https://Portal.example.org:443,http://localhost:8080/'], env);
    expect(config).toMatchObject({ parents: ['https://portal.example.org', 'http://localhost:8080'] });
  });

  it.each([
    [['--port', 'x'], /--port x/],
    [['--port', '65536'], /0 to 65535/],
    [['--auth', 'ldap'], /local, ssh, oidc/],
    [['--auth', 'ssh,'], /local, ssh, oidc/],
    [['--tls-cert', 'a'], /go together/],
    [['--parents', '*'], /not an origin/],
    [['--parents', 'https://a.example/path'], /not an origin/],
    [['--nonsense'], /nonsense/],
    [['stray'], /stray/],
  ])('%j is refused with its reason', (argv, reason) => {
    expect(() => parseConfig(argv, env)).toThrow(ConfigError);
    expect(() => parseConfig(argv, env)).toThrow(reason);
  });

  it('know which addresses stay on this machine', () => {
    expect(['127.0.0.1', '127.1.2.3', '::1', 'localhost'].map(isLoopback)).not.toContain(false);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.example.org'].map(isLoopback)).not.toContain(true);
  });
});

describe('config.json in the data directory', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'casement-config-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const write = (text: string) => writeFileSync(join(dir, 'config.json'), text);

  it('names allowed parents, and may be missing', () => {
    const ssh = { host: '127.0.0.1', port: 22, trustFirstKey: false };
    const audit = { lines: 'file', maxMiB: 10, keep: 5 };
    const defaults = {
      parents: [],
      admins: [],
      managers: [],
      proxies: [],
      ssh,
      oidc: undefined,
      audit,
      sudo: true,
      schedulers: '/etc/casement/schedulers',
    };
    expect(readConfigFile(dir)).toEqual(defaults);
    write('{"parents":["https://portal.example.org"],"admins":["@wheel"],"ssh":{"port":2222}}');
    expect(readConfigFile(dir)).toEqual({
      ...defaults,
      parents: ['https://portal.example.org'],
      admins: ['@wheel'],
      ssh: { ...ssh, port: 2222 },
    });
  });

  it.each([
    '{',
    '{"parents":"https://a.example"}',
    '{"parents":["nowhere"]}',
    '{"admin":["me"]}',
    '{"ssh":{"port":0}}',
    '{"oidc":{"issuer":"https://id.example.org"}}',
  ])('%s is refused by its path', (text) => {
    write(text);
    expect(() => readConfigFile(dir)).toThrow(ConfigError);
    expect(() => readConfigFile(dir)).toThrow(/config\.json/);
  });
});
