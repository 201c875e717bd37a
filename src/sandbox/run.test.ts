import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_FUNCTION_INPUT, MAX_FUNCTION_RESULT, type FunctionCause } from '../contract/functions.ts';
import { SAMPLE_INPUTS, SAMPLE_TEXTS } from '../contract/function-samples.ts';
import { loadEngine, MOST_MEMORY, type Engine } from './engine.ts';
import { Sandbox } from './run.ts';

let engine: Engine;
let sandbox: Sandbox;
beforeEach(async () => {
  engine = await loadEngine();
  sandbox = new Sandbox(engine, () => performance.now());
});

const run = (text: string, input: unknown = {}) => sandbox.run(text, JSON.stringify(input) ?? 'null');
const resultOf = (text: string, input: unknown = {}) => {
  const { outcome } = run(text, input);
  return outcome.state === 'returned' ? outcome.result : outcome.failure;
};

describe('a function', () => {
  it.each([
    ['async function (input) { return input.a + 1; }', 2],
    ['async function named(input) { return input.a + 1; };\n', 2],
    ['(input) => input.a', 1],
    ['// first a word\nasync ({ a }) => ({ a })\n// and one at the end', { a: 1 }],
    ['() => undefined', null],
    ['async () => { await null; await new Promise((go) => go()); return [1, "é€😀"]; }', [1, 'é€😀']],
    ['() => ({ then(go) { go("thenable"); } })', 'thenable'],
    [
      '() => ({ at: new Date(0), no: undefined, many: [undefined], nan: NaN })',
      { at: '1970-01-01T00:00:00.000Z', many: [null], nan: null },
    ],
  ])('%s gives %j', (text, result) => {
    expect(resultOf(text, { a: 1 })).toEqual(result);
  });

  it('has what it logs told, in order, clipped, and without control characters', () => {
    const { logs } = run(
      `() => { log('a', 1, { b: [2] }); log('\\u001b[31mred\\u202e'); for (let i = 0; i < 500; i++) log('x'.repeat(9999)); }`,
    );
    expect(logs.slice(0, 2)).toEqual(['a 1 {"b":[2]}', '[31mred']);
    expect(logs).toHaveLength(201);
    expect(logs[2]?.length).toBeLessThan(2010);
  });

  it('finds pick and quote, which it cannot change', () => {
    expect(
      resultOf(`() => [pick({ a: 1, b: 2 }, 'a'), pick({ a: 1, b: 2 }, ['b', 'toString']), pick(null, 'a')]`),
    ).toEqual([{ a: 1 }, { b: 2 }, {}]);
    expect(resultOf(`() => [quote("it's $(x)"), quote(''), quote(7)]`)).toEqual([
      String.raw`'it'\''s $(x)'`,
      "''",
      "'7'",
    ]);
    expect(resultOf(`() => quote('a\\0b')`)).toMatchObject({ cause: 'threw' });
    expect(resultOf(`() => { 'use strict'; quote = () => 'mine'; }`)).toMatchObject({ cause: 'threw' });
    expect(resultOf(`() => { 'use strict'; quote.x = 1; }`)).toMatchObject({ cause: 'threw' });
  });

  it.each(Object.keys(SAMPLE_TEXTS) as (keyof typeof SAMPLE_TEXTS)[])(
    'of the samples works on its input: %s',
    (name) => {
      expect(run(SAMPLE_TEXTS[name], SAMPLE_INPUTS[name]).outcome.state).toBe('returned');
      expect(sandbox.check(SAMPLE_TEXTS[name])).toEqual({ failure: null, spoilt: false });
    },
  );
});

describe('a bad function', () => {
  it.each<[string, FunctionCause]>([
    ['() => { for (;;); }', 'time'],
    ['async () => { for (;;) await null; }', 'time'],
    [
      '() => { const again = () => void Promise.resolve().then(again); again(); return new Promise(() => {}); }',
      'time',
    ],
    ['() => { const all = []; for (;;) all.push(new Uint8Array(1e6)); }', 'memory'],
    ['() => "x".repeat(2 ** 29)', 'memory'],
    ['() => { const all = []; for (;;) all.push({}); }', 'memory'],
    ['() => { const all = []; for (;;) all.push([all]); }', 'memory'],
    ['() => { let all = "x"; for (;;) all = [all, all + "y"].join(""); }', 'memory'],
    ['() => new Promise(() => { const all = new Map(); for (let i = 0; ; i++) all.set(i, [i]); })', 'memory'],
    ['() => { try { new Uint8Array(2 ** 30); } catch (error) { throw error; } }', 'memory'],
    ['function f() { return f() + 1; }', 'stack'],
    ['() => { throw new Error("boom"); }', 'threw'],
    ['() => { throw "words"; }', 'threw'],
    ['() => { throw null; }', 'threw'],
    ['() => { throw { toString() { throw 1; }, toJSON() { throw 2; } }; }', 'threw'],
    ['() => { throw new Proxy({}, { getPrototypeOf() { throw 1; } }); }', 'threw'],
    ['() => Promise.reject(Symbol("no"))', 'threw'],
    ['() => new Promise(() => {})', 'never-settled'],
    ['() => { const a = {}; a.a = a; return a; }', 'result-not-json'],
    ['() => 10n', 'result-not-json'],
    ['() => ({ toJSON() { throw new Error("no"); } })', 'result-not-json'],
    [`() => "x".repeat(${MAX_FUNCTION_RESULT})`, 'result-too-large'],
    [`() => "€".repeat(${MAX_FUNCTION_RESULT / 2})`, 'result-too-large'],
    ['() => { let a = 1; for (let i = 0; i < 100; i++) a = [a]; return a; }', 'result-too-large'],
    ['42', 'not-a-function'],
    ['', 'syntax'],
    ['async function (input) { return input.a', 'syntax'],
    ['() => process.exit()', 'threw'],
  ])('%s fails as %s, and the next call is none the worse', (text, cause) => {
    const { outcome, spoilt } = run(text);
    expect(outcome).toMatchObject({ state: 'failed', failure: { cause, message: expect.any(String) } });
    expect(spoilt).toBe(['time', 'memory', 'stack'].includes(cause));
    expect(resultOf('() => 1')).toBe(1);
  });

  it('is told with the line and the message', () => {
    expect(resultOf('async (input) => {\n  log(1);\n  return input.none.x;\n}')).toMatchObject({
      cause: 'threw',
      message: expect.stringContaining("'x'"),
      line: 3,
    });
    expect(resultOf('() => {\n  return 1 +;\n}')).toMatchObject({ cause: 'syntax', line: 2 });
    expect(sandbox.check('() => {\n  return 1 +;\n}')).toMatchObject({
      failure: { cause: 'syntax', line: 2 },
      spoilt: false,
    });
  });

  it('is refused an input of more than 10 MiB, and takes one of nearly that much or says why not', () => {
    expect(resultOf('(input) => input.length', 'x'.repeat(MAX_FUNCTION_INPUT))).toMatchObject({
      cause: 'input-too-large',
    });
    const much = resultOf('(input) => input.length', 'x'.repeat(MAX_FUNCTION_INPUT - 100));
    expect([MAX_FUNCTION_INPUT - 100, 'memory']).toContain(
      typeof much === 'number' ? much : (much as { cause: string }).cause,
    );
  });
});

describe('from inside', () => {
  it('there is no process, no module, no network, no timer and no file', () => {
    const names = [
      'process',
      'require',
      'module',
      'fetch',
      'XMLHttpRequest',
      'WebSocket',
      'setTimeout',
      'std',
      'os',
      'console',
      'Deno',
      'Bun',
      'postMessage',
      'importScripts',
      'WebAssembly',
      'navigator',
      'SharedArrayBuffer',
      'Atomics',
      '__random',
      '__emit',
      '__limit',
    ];
    expect(resultOf(`() => ${JSON.stringify(names)}.filter((name) => name in globalThis)`)).toEqual([]);
    expect(resultOf('() => import("fs")')).toMatchObject({ cause: 'threw' });
    expect(resultOf('() => log.constructor("return this")() === globalThis')).toBe(true);
    expect(resultOf('() => Function("return typeof process")()')).toBe('undefined');
  });

  it('nothing is left for the next call', () => {
    const leave = `() => {
      globalThis.left = 1;
      Object.prototype.left = 2;
      Array.prototype.map = Promise.prototype.then = Math.random = String.prototype.slice = null;
      JSON.stringify = () => '{}';
      Symbol.for('left').description;
      return Promise.reject(new Error('left'));
    }`;
    const ways = [() => sandbox.run(leave, '{}'), () => sandbox.check(`(${leave})() && (() => 1)`)];
    for (const way of ways) {
      way();
      expect(
        resultOf('async () => [typeof left, ({}).left === undefined, [1].map((x) => x), "ab".slice(1), await 1]'),
      ).toEqual(['undefined', true, [1], 'b', 1]);
    }
    expect(Object.prototype).not.toHaveProperty('left');
  });

  it('chance is another in every call', () => {
    const seen = new Set(Array.from({ length: 20 }, () => resultOf('() => Math.random()')));
    expect(seen.size).toBe(20);
    expect(resultOf('() => { const one = Math.random(); return one >= 0 && one < 1; }')).toBe(true);
  });

  it('a thousand calls need no more memory than one', () => {
    const size = () => engine.getWasmMemory().buffer.byteLength;
    resultOf('() => "x".repeat(1e5)');
    const before = size();
    for (let i = 0; i < 1000; i++)
      run('() => { globalThis.kept = new Array(1e4).fill("x"); log("y"); return kept[0]; }');
    expect(size()).toBe(before);
  });

  it('no buffer shows what another call had', () => {
    const secret = 'hunter2-'.repeat(2000);
    const look = `(input) => {
      const all = [
        ...[1e3, 1e4, 1e5].map((size) => new ArrayBuffer(size)),
        ...[1e3, 1e4, 1e5].map((size) => { const one = new ArrayBuffer(0, { maxByteLength: size }); one.resize?.(size); return one; }),
        ...[1e3, 1e4, 1e5].map((size) => new ArrayBuffer(8).transfer?.(size)),
        ...[1e3, 1e4, 1e5].map((size) => new Uint8Array(size).buffer),
        new Uint8Array(Array.from({ length: 1e4 })).buffer,
      ];
      return all.filter((one) => one && new Uint8Array(one).some((byte) => byte !== 0)).length;
    }`;
    run('(input) => { const more = [...input.secret].map((one) => one + input.secret); return more.length; }', {
      secret,
    });
    const { outcome } = run(look);
    expect(outcome).toEqual({ state: 'returned', result: 0 });
  });

  it('what a function does to the language changes neither its answer nor its error', () => {
    const spoil = `Array.prototype.then = Object.prototype.then = undefined;
      for (const of of [String, Array, Function, Promise, Map]) {
        for (const name of Object.getOwnPropertyNames(of.prototype)) {
          if (name !== 'constructor') try { Object.defineProperty(of.prototype, name, { __proto__: null, value: () => 'no' }); } catch {}
        }
      }
      for (const name of ['value', 'ending', 'cause', 'message', 'stack']) {
        Object.defineProperty(Object.prototype, name, { __proto__: null, get: () => 'not mine', set: () => undefined, configurable: true });
      }
      Object.defineProperty(Array.prototype, 'then', { __proto__: null, value: (go) => go('not mine') });`;
    expect(resultOf(`() => { ${spoil} return { a: 'mine' }; }`)).toEqual({ a: 'mine' });
    expect(resultOf(`() => { ${spoil} throw 'mine'; }`)).toMatchObject({ cause: 'threw', message: 'mine' });
    expect(resultOf(`() => { ${spoil} return 10n; }`)).toMatchObject({ cause: 'result-not-json' });
    expect(resultOf(`() => { String.prototype.slice = null; throw new Error('mine'); }`)).toMatchObject({
      cause: 'threw',
      message: 'mine',
    });
    expect(run(`() => { ${spoil} log('one', 'a\\0b', { two: 2 }); }`).logs).toEqual(['one ab {"two":2}']);
  });

  it('has 32 MiB of memory, and no more', () => {
    const take = (count: number) => `() => {
      const all = [];
      for (let i = 0; i < ${count}; i++) all.push(new Uint8Array(1e6));
      return all.length;
    }`;
    expect(run(take(28))).toMatchObject({ outcome: { state: 'returned', result: 28 }, spoilt: true });
    expect(resultOf(take(40))).toMatchObject({ cause: 'memory' });
    expect(engine.getWasmMemory().buffer.byteLength).toBeLessThanOrEqual(MOST_MEMORY);
  });

  it('a changed JSON or Promise changes nothing for the caller', () => {
    expect(
      resultOf('() => { JSON.stringify = () => "no"; JSON.parse = null; Object.freeze = null; return { a: 1 }; }'),
    ).toEqual({ a: 1 });
  });

  it('a result reaches no prototype', () => {
    const result = resultOf(
      `() => JSON.parse('{"__proto__":{"polluted":1},"a":{"constructor":{"prototype":{"polluted":1}}}}')`,
    );
    expect(Object.keys(result as object)).toEqual(['a']);
    expect(JSON.stringify(result)).toBe('{"a":{}}');
    const merged = Object.assign({}, result);
    expect(merged).not.toHaveProperty('polluted');
  });
});
