/** A session that is ended while it starts leaves no X server behind. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFifos } from './fifo.ts';
import { makePrivateDirectory } from './files.ts';
import { ownUser, until } from './link.test-support.ts';
import { LinkSession } from './link-session.ts';
import { linkPaths, shortDirectory } from './paths.ts';
import { findByArgument, signal } from './processes.ts';

let dir: string;
let session: LinkSession | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'casement-start-'));
});
afterEach(() => {
  for (const left of findByArgument(session?.paths.rfbSocket ?? '')) signal(left, 'SIGKILL');
  rmSync(shortDirectory(dir), { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
});

it('is ended while its files are made', async () => {
  const link = linkPaths(dir);
  makePrivateDirectory(link.sessions);
  const fifos = {
    async take(...paths: [string, string]) {
      await makeFifos(paths);
      await session?.terminate();
    },
  };
  session = LinkSession.create(
    { link, env: process.env, umask: 0o22, profileMs: undefined, fifos, changed: () => undefined },
    {
      id: 'session-ended',
      name: 'Test',
      command: 'sleep 1000',
      geometry: '640x480',
      params: {},
      profile: null,
      keyboardLayout: 'us',
      login: ownUser().login,
    },
  );
  await expect(session.run()).rejects.toMatchObject({ code: 'session-not-running' });
  expect(session.status).toBe('ended');
  const { rfbSocket } = session.paths;
  await until(() => findByArgument(rfbSocket).length === 0);
});
