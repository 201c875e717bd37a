// @vitest-environment node
/** The runner as it is shipped: bundled, a process of its own, with threads that can be ended. */
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../../scripts/bundle.mjs';
import { kill } from '../testing/kill.ts';
import { Runner } from './runner.ts';

const out = mkdtempSync(join(tmpdir(), 'casement-runner-'));
const warned: string[] = [];
let runner: Runner;

const make = () =>
  new Runner({
    script: join(out, 'server/functions.mjs'),
    wasm: join(out, 'server/quickjs.wasm'),
    warn: (_cause, message) => void warned.push(message),
  });

beforeAll(async () => {
  await bundlePrograms(out, ['server/functions']);
}, 60_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));
afterEach(async () => {
  await runner.close();
  warned.length = 0;
});

const result = async (text: string, input = '{}') => {
  const { outcome } = await runner.run(text, input);
  return outcome.state === 'returned' ? outcome.result : outcome.failure;
};
/** A sort that never comes back to where the engine looks at its clock. */
const SORT = '() => new Array(3e6).fill(0).map((_, i) => i % 7 + "x").sort().length';
/** Found by measuring: ropes of long strings, 27 s past the engine's own limit. */
const ROPES = '() => { const all = []; for (;;) all.push("x".repeat(1e6) + all.length); }';
const BACKTRACKING = '() => /^(a+)+$/.test("a".repeat(40) + "b")';

describe('the runner', () => {
  it('is not started before it is needed, and gives what a function returned, with its logs', async () => {
    runner = make();
    expect(runner.pid).toBeUndefined();
    const run = await runner.run('async (input) => { log("seen", input.a); return { a: input.a }; }', '{"a":1}');
    expect(run).toMatchObject({ outcome: { state: 'returned', result: { a: 1 } }, logs: ['seen 1'] });
    expect(await runner.check('() => {\n nonsense nonsense }')).toMatchObject({ cause: 'syntax', line: 2 });
    expect(await runner.check('() => 1')).toBeNull();
  });

  it('takes and gives what is far longer than a message', async () => {
    runner = make();
    const long = JSON.stringify({ long: 'é'.repeat(2e6) });
    const short = Array.from({ length: 12 }, (_, i) => result('(input) => input', `${i}`));
    expect(await result('(input) => input.long.length', long)).toBe(2e6);
    expect(await result('() => "é".repeat(1e5)')).toBe('é'.repeat(1e5));
    expect(await Promise.all(short)).toEqual(short.map((_, i) => i));
  });

  it.each([
    ['a sort', SORT],
    ['ropes', ROPES],
    ['a pattern that backtracks', BACKTRACKING],
    ['a loop', '() => { for (;;); }'],
  ])('ends %s after a second, and answers others meanwhile', { timeout: 60_000 }, async (_what, text) => {
    runner = make();
    // Two threads, so that the time a thread takes to start is not what is measured.
    const short = '() => { const until = Date.now() + 200; while (Date.now() < until); }';
    await Promise.all([result(short), result(short), result(short)]);
    const bad = runner.run(text, '{}');
    const order: string[] = [];
    const done = bad.then(() => order.push('bad'));
    expect(await result('(input) => input.i', '{"i":7}')).toBe(7);
    order.push('others');
    await done;
    expect(order).toEqual(['others', 'bad']);
    const { outcome, ms } = await bad;
    expect(outcome).toMatchObject({ state: 'failed', failure: { cause: expect.stringMatching(/^(time|memory)$/) } });
    // Nowhere near what it would take; a loaded machine may be late with the timer.
    expect(ms).toBeLessThan(10_000);
    expect(await result('() => 2')).toBe(2);
  });

  it('gives everybody an answer when more bad functions come than it has threads', { timeout: 60_000 }, async () => {
    runner = make();
    const bad = Array.from({ length: 6 }, () => result('() => { for (;;); }'));
    const good = Array.from({ length: 6 }, (_, i) => result('(input) => input', `${i}`));
    for (const one of await Promise.all(bad)) expect(one).toMatchObject({ cause: 'time' });
    expect(await Promise.all(good)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('has an empty environment and no descriptor of the server’s', async () => {
    process.env['CASEMENT_TEST_SECRET'] = 'not for functions';
    const own = openSync(join(out, 'server-only'), 'w');
    runner = make();
    await result('() => 1');
    delete process.env['CASEMENT_TEST_SECRET'];
    const pid = String(runner.pid);
    const open = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
    closeSync(own);
    expect(open.length).toBeGreaterThan(3);
    expect(open.filter((path) => path.includes('server-only'))).toEqual([]);
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment).not.toContain('CASEMENT');
    expect(environment.replace(/NODE_CHANNEL_[A-Z_]+=\w+\0/g, '')).toBe('');
    expect(environment).not.toContain('PATH');
  });

  it(
    'is started again when it was killed, and the call that it was busy with is made again',
    { timeout: 60_000 },
    async () => {
      runner = make();
      await result('() => 1');
      const { pid } = runner;
      expect(pid).toBeDefined();
      const open = result('() => { const until = Date.now() + 300; while (Date.now() < until); return "done"; }');
      kill(pid);
      expect(await open).toBe('done');
      expect(runner.pid).not.toBe(pid);
      expect(warned).toHaveLength(1);
      await runner.close();
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      expect(await result('() => 1')).toMatchObject({ cause: 'engine' });
    },
  );

  it('leaves nothing of one call for the next on the same thread', async () => {
    runner = make();
    await result('() => { globalThis.mine = 1; Object.prototype.mine = 1; }');
    expect(await result('() => [typeof mine, typeof ({}).mine]')).toEqual(['undefined', 'undefined']);
  });
});
