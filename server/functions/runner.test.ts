// @vitest-environment node
/** The runner as it is shipped: bundled, a process of its own, with threads that can be ended. */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
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
    expect(open.filter((path) => path.startsWith('/') && path !== '/dev/null')).toEqual([]);
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

  it('says why each call failed, also when their threads are gone before the answers are read', async () => {
    runner = make();
    await result('() => 1');
    const bad = Array.from({ length: 24 }, () => result('function f() { return f() + 1; }'));
    const late = Array.from({ length: 24 }, () => runner.check('() => { nonsense nonsense }'));
    // The server has something else to do for a while.
    await new Promise((resolve) => setTimeout(resolve, 50));
    const until = performance.now() + 500;
    while (performance.now() < until);
    for (const one of await Promise.all(bad)) expect(one).toMatchObject({ cause: 'stack' });
    for (const one of await Promise.all(late)) expect(one).toMatchObject({ cause: 'syntax' });
  });

  it('leaves nothing of one call for the next on the same thread', async () => {
    runner = make();
    await result('() => { globalThis.mine = 1; Object.prototype.mine = 1; }');
    expect(await result('() => [typeof mine, typeof ({}).mine]')).toEqual(['undefined', 'undefined']);
  });
});

describe('a runner that is no good', () => {
  const withScript = (name: string, text: string) => {
    const script = join(out, name);
    writeFileSync(script, text);
    return new Runner({ script, wasm: '', warn: (_cause, message) => void warned.push(message) });
  };

  it('that cannot be started, or ends at once, fails its calls and can be closed', async () => {
    const { execPath } = process;
    process.execPath = join(out, 'nothing-here');
    try {
      runner = make();
      expect(await result('() => 1')).toMatchObject({ cause: 'engine', message: expect.stringContaining('ENOENT') });
      const open = result('() => 1');
      await runner.close();
      expect(await open).toMatchObject({ cause: 'engine' });
    } finally {
      process.execPath = execPath;
    }
    runner = withScript('ends.mjs', 'process.exit(3);');
    expect(await result('() => 1')).toMatchObject({ cause: 'engine', message: expect.stringContaining('exit code 3') });
  });

  it('whose threads end before they can do anything is not asked for more of them without end', async () => {
    runner = withScript(
      'stillborn.mjs',
      `let count = 0;
       process.on('message', ({ kind, lane }) => {
         count += 1;
         const failure = { cause: 'engine', message: 'stillborn ' + count };
         if (kind === 'open') process.send({ kind: 'ended', lane, failure });
       });`,
    );
    expect(await result('() => 1')).toMatchObject({ cause: 'engine', message: 'stillborn 3' });
    expect(await result('() => 1')).toMatchObject({ cause: 'engine', message: 'stillborn 6' });
  });

  it('that says nothing is ended, once more for each call, and then the call fails', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      runner = withScript('mute.mjs', 'setInterval(() => undefined, 1000);');
      const open = result('() => 1');
      const first = runner.pid;
      vi.advanceTimersByTime(30_000);
      await vi.waitUntil(() => runner.pid !== first && runner.pid !== undefined);
      vi.advanceTimersByTime(30_000);
      expect(await open).toMatchObject({ cause: 'engine', message: expect.stringContaining('SIGKILL') });
    } finally {
      vi.useRealTimers();
    }
  });

  it('that says what it never would is ended', async () => {
    runner = withScript(
      'odd.mjs',
      `import { writeSync } from 'node:fs';
       process.on('message', () => writeSync(4, '\\n{"kind":"ready"}\\nnonsense\\n'));`,
    );
    expect(await result('() => 1')).toMatchObject({ cause: 'engine' });
    expect(warned).toContain('the runner of functions says what it never would, and is ended');
  });
});
