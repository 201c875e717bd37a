import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkUsable, createAccounts, isAccountName, parsePasswd } from './accounts.ts';
import { levelOf } from './levels.ts';
import { summarizeBrowser } from './browser.ts';

describe('names of accounts', () => {
  it.each(['alice', 'Alice.B-c_1', 'a@example.org', 'EXAMPLE\\alice', 'machine$', 'jürgen', '_apt', '1alice'])(
    '%s may be one',
    (name) => {
      expect(isAccountName(name)).toBe(true);
    },
  );
  it.each([
    '',
    '-a',
    '0',
    '1000',
    'a b',
    'a\nb',
    'a\0',
    'a:b',
    'a/b',
    '.',
    '..',
    'a\u202e',
    '\u{fffd}',
    'a'.repeat(130),
    'a;b',
    '$(a)',
    "a'b",
  ])('%j is none', (name) => {
    expect(isAccountName(name)).toBe(false);
  });
});

describe('accounts of the machine', () => {
  it('are found with their groups, and only by a name', async () => {
    const accounts = createAccounts();
    const own = userInfo();
    expect(await accounts.find(own.username)).toMatchObject({
      login: own.username,
      uid: own.uid,
      gid: own.gid,
      home: own.homedir,
    });
    expect((await accounts.find(own.username))?.groups).toEqual(await accounts.ownGroups());
    expect(await accounts.find(String(own.uid))).toBeUndefined();
    expect(await accounts.find('cmtnobody-there')).toBeUndefined();
  });

  it('are asked for again after a while, at once where they could not be asked', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'casement-accounts-'));
    const getent = join(dir, 'getent');
    const write = (body: string) => writeFileSync(getent, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    let time = 0;
    const accounts = createAccounts({ getent, rememberMs: 100, now: () => time });
    write('exit 1');
    await expect(accounts.find('root')).rejects.toThrow();
    write('echo root:x:0:0:Super User:/root:/bin/sh');
    expect(await accounts.find('root')).toMatchObject({ home: '/root', shell: '/bin/sh' });
    write('exit 2');
    expect(await accounts.find('root')).toBeDefined();
    time = 100;
    expect(await accounts.find('root')).toBeUndefined();
    rmSync(dir, { recursive: true });
  });

  it('come from lines of which nothing is believed', () => {
    expect(parsePasswd('a:x:1:2:::\n')).toEqual({ login: 'a', uid: 1, gid: 2, home: '/', shell: '/bin/sh' });
    for (const line of ['', 'a', 'a:x:one:2::/:', ':x:1:2::/:/bin/sh']) expect(parsePasswd(line)).toBeUndefined();
  });

  it('need a shell and a home; one that cannot be looked at may well be there', async () => {
    const home = mkdtempSync(join(tmpdir(), 'casement-home-'));
    await checkUsable({ shell: '/bin/bash', home });
    await expect(checkUsable({ shell: '/sbin/nologin', home })).rejects.toMatchObject({ code: 'account-no-shell' });
    await expect(checkUsable({ shell: '/bin/false', home })).rejects.toMatchObject({ code: 'account-no-shell' });
    for (const missing of [join(home, 'none'), join(home, 'file'), join(home, 'file', 'below')]) {
      writeFileSync(join(home, 'file'), '');
      await expect(checkUsable({ shell: '/bin/sh', home: missing })).rejects.toMatchObject({ code: 'account-no-home' });
    }
    rmSync(home, { recursive: true });
  });
});

it('gives levels by name and by Unix group, the highest that applies', () => {
  const lists = { admins: ['root', '@wheel'], managers: ['@staff', 'max'] };
  expect(levelOf('root', [], lists)).toBe('admin');
  expect(levelOf('max', ['wheel'], lists)).toBe('admin');
  expect(levelOf('max', [], lists)).toBe('manager');
  expect(levelOf('eve', ['staff'], lists)).toBe('manager');
  // Neither a group called like a person nor a person called like a group is one.
  expect(levelOf('wheel', ['root'], lists)).toBeUndefined();
});

it.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'Safari on macOS',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36',
    'Chrome on Android',
  ],
  ['curl/8.5.0', 'curl'],
  ['', ''],
])('says of %s in a few words what it is', (header, words) => {
  expect(summarizeBrowser(header)).toBe(words);
});
