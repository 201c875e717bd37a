/** `casement terminate`, where not all of the sessions can be ended. */
import { expect, it } from 'vitest';
import { createFakeHost, sessionOf } from '../server/testing/fake-host.ts';
import { terminateAll } from './sessions.ts';

function setUp() {
  const host = createFakeHost();
  for (const id of ['one', 'two', 'three']) host.put(sessionOf(id));
  const said = { out: '', err: '' };
  const io = {
    env: {},
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  };
  return { host, said, io };
}

it('--all ends the others where one has ended by itself meanwhile', async () => {
  const { host, said, io } = setUp();
  const ids = ['one', 'two', 'three'];
  host.put(sessionOf('one', { status: 'ended' }));
  host.drop('two');
  expect(await terminateAll(host, ids, true, io)).toBe(0);
  expect(said).toEqual({ out: 'three ended\n', err: '' });
});

it('ends the others where one is not there, and says so', async () => {
  const { host, said, io } = setUp();
  expect(await terminateAll(host, ['none', 'one'], false, io)).toBe(1);
  expect(said.out).toBe('one ended\n');
  expect(said.err).toMatch(/^casement: none: .*\(session-unknown\)\n$/);
  expect(host.get('one')?.status).toBe('ended');
});
