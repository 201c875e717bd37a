import { expect, it } from 'vitest';
import { StartResult } from '../../src/contract/start.ts';
import { start } from './start.ts';
import { CHOOSES_SERVER, World } from './world.ts';

it('asks for a server once, takes one of those on offer, and no other', async () => {
  const world = new World({ stepMs: 0 });
  const data = { command: 'xterm', geometry: '800x600', keyboardLayout: 'us', bookmarkId: CHOOSES_SERVER };
  const asked = StartResult.parse(await start(world, data, 'one'));
  const form = asked.stage === 'form' ? asked.form : undefined;
  expect(form?.servers?.map(({ accepts }) => accepts.start)).toEqual([true, true, false]);
  const answer = (serverId: string) =>
    start(world, { ...data, answered: [{ id: form?.id ?? '', version: 1 }], params: { serverId } }, 'two');
  await expect(answer('demo-third')).rejects.toThrow(expect.objectContaining({ code: 'server-unknown' }));
  await expect(answer('nowhere')).rejects.toThrow(expect.objectContaining({ code: 'server-unknown' }));
  expect((await answer('demo-second')).stage).toBe('started');
  expect((await start(world, { ...data, bookmarkId: 'terminal' }, 'three')).stage).toBe('started');
});
