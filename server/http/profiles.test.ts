/** Profiles through the API: who writes them, and what two who write at once are told. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Profile } from '../../src/contract/profile.ts';
import type { Body } from '../testing/test-server.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer({}, { levels: { admins: ['@me'], managers: [] } });
});
afterEach(() => server.close());

async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) {
  const answer = await server.app.inject({
    method,
    url: `/api${path}`,
    headers: { authorization: `Bearer ${server.token}` },
    ...(payload === undefined ? {} : { payload }),
  });
  const body = answer.json<Body>();
  return { status: answer.statusCode, error: body.error, result: body.result as unknown };
}

describe('profiles', () => {
  it('are made with today’s behaviour where nothing is said, and an id of their name', async () => {
    const made = await call('POST', '/admin/profiles', { name: ' Büro (neu) ' });
    expect(made.result).toEqual({
      id: 'büro-neu',
      name: 'Büro (neu)',
      description: '',
      version: 1,
      changed: expect.any(Number) as number,
      changedBy: 'me',
      clipboard: 'both',
      sharing: true,
      offlineSharing: false,
      fileTransfer: 'both',
      idleSeconds: null,
      endAfterDisconnectSeconds: null,
      maxRunSeconds: null,
      extensions: 0,
      extensionSeconds: null,
      maxGeometry: null,
      scripts: {},
      hidden: false,
      pools: [],
    });
    expect(((await call('POST', '/admin/profiles', { name: 'Büro (neu)' })).result as Profile).id).toBe('büro-neu-2');
    const taken = await call('POST', '/admin/profiles', { name: 'x', id: 'büro-neu' });
    expect([taken.status, taken.error?.name]).toEqual([409, 'conflict']);
    const { profiles } = (await call('GET', '/admin/profiles')).result as { profiles: Profile[] };
    expect(profiles.map(({ id }) => id)).toEqual(['büro-neu', 'büro-neu-2']);
  });

  it('are saved over the version that was read only; who is late is told what is there', async () => {
    await call('POST', '/admin/profiles', { name: 'Exam' });
    const first = await call('PUT', '/admin/profiles/exam', { name: 'Exam', version: 1, maxRunSeconds: 60 });
    expect(first.result).toMatchObject({ version: 2, maxRunSeconds: 60 });
    const late = await call('PUT', '/admin/profiles/exam', { name: 'Late', version: 1 });
    expect([late.status, late.error?.name]).toEqual([409, 'conflict']);
    expect(late.error?.details?.['profile']).toMatchObject({ version: 2, name: 'Exam' });
    expect((await call('PUT', '/admin/profiles/none', { name: 'x', version: 1 })).error?.name).toBe('not-found');
    expect((await call('DELETE', '/admin/profiles/exam')).status).toBe(200);
    expect((await call('DELETE', '/admin/profiles/exam')).error?.name).toBe('not-found');
    expect((await call('GET', '/admin/profiles/exam')).error?.name).toBe('not-found');
  });

  it('are offered without the hidden ones, and with the default that is there', async () => {
    await call('POST', '/admin/profiles', { name: 'Open', description: 'For all' });
    await call('POST', '/admin/profiles', { name: 'Secret', hidden: true });
    expect((await call('PUT', '/admin/profile-default', { id: 'none' })).error?.name).toBe('not-found');
    expect((await call('PUT', '/admin/profile-default', { id: 'open' })).result).toEqual({ ownDefault: 'open' });
    expect((await call('GET', '/profiles')).result).toEqual([
      { id: 'open', name: 'Open', description: 'For all', isDefault: true },
    ]);
    await call('DELETE', '/admin/profiles/open');
    expect((await call('GET', '/admin/profiles')).result).toMatchObject({ ownDefault: null });
    // One that is made anew under the id is not the default by itself.
    await call('POST', '/admin/profiles', { name: 'Open' });
    expect((await call('GET', '/admin/profiles')).result).toMatchObject({ ownDefault: null });
  });

  it.each([
    ['a name of blanks', { name: '  ' }, 'name'],
    ['a limit of nothing', { name: 'x', idleSeconds: 0 }, 'idleSeconds'],
    ['half a second', { name: 'x', maxRunSeconds: 0.5 }, 'maxRunSeconds'],
    ['a size no server has', { name: 'x', maxGeometry: { width: 10, height: 99999 } }, 'maxGeometry.width'],
    ['a script with arguments on two lines', { name: 'x', scripts: { start: '/bin/sh\nrm' } }, 'scripts.start'],
    ['a script that is found by the search path', { name: 'x', scripts: { start: 'sh' } }, 'scripts.start'],
    ['an id that leaves its place', { name: 'x', id: '../x' }, 'id'],
    ['a clipboard of another kind', { name: 'x', clipboard: 'sideways' }, 'clipboard'],
  ])('are refused with %s', async (_what, payload, field) => {
    const { status, error } = await call('POST', '/admin/profiles', payload);
    expect([status, error?.name, error?.details?.field]).toEqual([400, 'bad-request', field]);
  });
});
