// @vitest-environment node
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { INPUTS_KEPT } from '../../src/contract/functions.ts';
import type { NewInput } from '../store/port.ts';
import { Recorder, type Seen } from './recorder.ts';

const seen = (input: unknown, secrets: string[] = []): Seen => ({
  login: 'ada',
  secrets,
  text: JSON.stringify(input),
  outcome: { state: 'returned', result: null },
  ms: 1,
});

let written: [string, NewInput[]][] = [];
let problems: unknown[] = [];
let fails = false;
const make = () =>
  new Recorder({
    library: {
      async record(name, inputs) {
        if (fails) throw new Error('full');
        written.push([name, [...inputs]]);
        return inputs.map((_, index) => index + 7);
      },
    },
    failed: (cause) => void problems.push(cause),
  });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  [written, problems, fails] = [[], [], false];
});
afterEach(() => void vi.useRealTimers());

describe('what functions were asked', () => {
  it('is written together after a moment, a kind at a time, with secrets masked', async () => {
    const recorder = make();
    recorder.add('schedule', seen({ n: 1, password: 'secret' }));
    recorder.add('start-event', seen({ n: 2 }));
    recorder.add('schedule', seen({ n: 3 }));
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    await expect.poll(() => written).toHaveLength(2);
    expect(written.map(([name, inputs]) => [name, inputs.map(({ input }) => input)])).toEqual([
      ['schedule', [{ n: 1, password: expect.not.stringContaining('secret') }, { n: 3 }]],
      ['start-event', [{ n: 2 }]],
    ]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toHaveLength(2);
  });

  it('has no secret of the person’s in it, wherever a function put it', async () => {
    const recorder = make();
    const secrets = ['open sesame', '4711'];
    const told = seen({ start: 'run --code 4711', say: ['open sesame!'], room: 47113 }, secrets);
    recorder.add('schedule', told);
    const failure = { cause: 'threw', message: 'not open sesame', stack: 'Error: not open sesame' } as const;
    recorder.add('start-event', { ...told, outcome: { state: 'failed', failure } });
    await recorder.flush();
    expect(written[0]?.[1][0]?.input).toEqual({ start: 'run --code •••', say: ['•••!'], room: 47113 });
    expect(written[1]?.[1][0]?.outcome).toEqual({
      state: 'failed',
      failure: { cause: 'threw', message: 'not •••', stack: 'Error: not •••' },
    });
  });

  it('is written at once for whoever looks, and once only', async () => {
    const recorder = make();
    recorder.add('schedule', seen({ n: 1 }));
    await recorder.flush();
    expect(written).toHaveLength(1);
    await recorder.flush();
    await vi.advanceTimersByTimeAsync(1000);
    expect(written).toHaveLength(1);
    expect(await recorder.record('schedule', seen({ n: 2 }))).toBe(7);
    expect(written).toHaveLength(2);
  });

  it('of a burst is the newest of each kind', async () => {
    const recorder = make();
    for (let n = 0; n < 3 * INPUTS_KEPT; n++) recorder.add('schedule', seen(n));
    recorder.add('start-event', seen('other'));
    await recorder.flush();
    expect(written[0]?.[1].map(({ input }) => input)).toEqual(
      Array.from({ length: INPUTS_KEPT }, (_, i) => 2 * INPUTS_KEPT + i),
    );
    expect(written[1]?.[1]).toHaveLength(1);
  });

  it('takes no more memory than some, whatever is asked', async () => {
    const recorder = make();
    const large = 'x'.repeat(1_000_000);
    recorder.add('schedule', seen(`${large}${large}${large}${large}${large}`));
    for (let n = 0; n < 20; n++) recorder.add('schedule', seen({ n, large }));
    recorder.add('start-event', seen({ large }));
    await recorder.flush();
    const [first, second] = written;
    expect(first?.[1].map(({ input }) => Object(input).n)).toEqual([17, 18, 19]);
    expect(second?.[1]).toHaveLength(1);
    recorder.add('schedule', seen({ large }));
    await recorder.flush();
    expect(written).toHaveLength(3);
  });

  it('that cannot be written is told, and what comes after it is written', async () => {
    const recorder = make();
    fails = true;
    recorder.add('schedule', seen(1));
    await recorder.flush();
    expect(problems).toHaveLength(1);
    fails = false;
    recorder.add('schedule', seen(2));
    await recorder.flush();
    expect(written).toHaveLength(1);
  });
});
