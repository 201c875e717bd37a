import { describe, expect, it } from 'vitest';
import type { StartResult } from '../../src/contract/start.ts';
import { StartsOnce } from './once.ts';

const CALL = { login: 'me', startId: 'id-1', data: { command: 'xterm' } };

function counted() {
  const clock = { now: 1000 };
  const once = new StartsOnce(() => clock.now);
  let begun = 0;
  const begin = async (): Promise<StartResult> => ({ stage: 'scheduled', output: String(++begun) });
  return { clock, once, begin, begun: () => begun };
}

describe('a start that is called for twice', () => {
  it('is begun once, while it runs and after it', async () => {
    const { once, begin, begun } = counted();
    const [one, two] = await Promise.all([once.run(CALL, begin), once.run({ ...CALL, data: { ...CALL.data } }, begin)]);
    expect(await once.run(CALL, begin)).toEqual(one);
    expect(two).toEqual(one);
    expect(begun()).toBe(1);
  });

  it('is another one of another person, with another id, or with other data', async () => {
    const { once, begin, begun } = counted();
    await once.run(CALL, begin);
    await once.run({ ...CALL, login: 'you' }, begin);
    await once.run({ ...CALL, startId: 'id-2' }, begin);
    await once.run({ ...CALL, data: { command: 'xterm', answered: [{ id: 'one', version: 1 }] } }, begin);
    expect(begun()).toBe(4);
  });

  it('fails the same way', async () => {
    const { once, begin, begun } = counted();
    const broken = () => Promise.reject(new Error('no'));
    await expect(once.run(CALL, broken)).rejects.toThrow('no');
    await expect(once.run(CALL, begin)).rejects.toThrow('no');
    expect(begun()).toBe(0);
  });

  it('is forgotten after some minutes, and before that only when very many have come since', async () => {
    const { once, begin, begun, clock } = counted();
    await once.run(CALL, begin);
    clock.now += 4 * 60_000;
    await once.run(CALL, begin);
    expect(begun()).toBe(1);
    clock.now += 2 * 60_000;
    await once.run(CALL, begin);
    expect(begun()).toBe(2);
    for (let n = 0; n < 1000; n++) await once.run({ ...CALL, startId: `other-${n}` }, begin);
    await once.run(CALL, begin);
    expect(begun()).toBe(1003);
  });
});
