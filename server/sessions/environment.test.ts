import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { baseEnvironment } from './environment.ts';

const home = mkdtempSync(join(tmpdir(), 'casement-home-'));
afterAll(() => rmSync(home, { recursive: true }));

it('passes on what a session needs and nothing else of the server’s', () => {
  const env = baseEnvironment({ PATH: '/bin', LANG: 'C', DB_PASSWORD: 'secret', NODE_OPTIONS: '--inspect' });
  expect(env).toMatchObject({ PATH: '/bin', LANG: 'C', USER: userInfo().username });
  expect(Object.keys(env)).not.toContain('DB_PASSWORD');
  expect(Object.keys(env)).not.toContain('NODE_OPTIONS');
});

it('keeps a home that its user has set, and no home that is missing, relative, or not a directory', () => {
  expect(baseEnvironment({ HOME: home })['HOME']).toBe(home);
  for (const wrong of [join(home, 'missing'), 'relative', '/etc/passwd']) {
    expect(baseEnvironment({ HOME: wrong })['HOME']).toBe(userInfo().homedir);
  }
});
