import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from '../../contract/form.ts';
import { isParamName, type Params } from '../../contract/json.ts';
import type { RawValue } from './coerce.ts';
import { checkAnswers, collectParams, formState } from './collect.ts';
import { describeFields } from './derive.ts';
import { readJson } from './scalars.ts';

const readParams: (json: string) => Params = JSON.parse;
const example = (type: string) =>
  `<input name=myCustomInput><select name=minRam ${type}><option value=1>1 GB<option value=2>2 GB</select>`;
const collect = (html: string, values: Record<string, RawValue>) => collectParams(describeFields(html), values);
const problems = (html: string, values: Record<string, RawValue>) => {
  const collected = collect(html, values);
  return collected.ok ? [] : collected.errors.map(({ field, code }) => `${field} ${code}`);
};

describe('collecting a filled-in form', () => {
  it('answers the documents’ example with "1" as text and 1 as number', () => {
    const values = { myCustomInput: 'hello', minRam: '1' };
    expect(collect(example(''), values)).toEqual({ ok: true, params: { myCustomInput: 'hello', minRam: '1' } });
    expect(collect(example('data-type=number'), values)).toEqual({
      ok: true,
      params: { myCustomInput: 'hello', minRam: 1 },
    });
  });

  it('complains in the form’s order, once a field', () => {
    expect(
      problems('<input name=a required><input name=b data-type=number min=5><input name=c type=email>', {
        b: '4',
        c: 'me@',
      }),
    ).toEqual(['a required', 'b min', 'c email']);
  });

  it('neither sends nor checks what is hidden, and what depends on hidden values sees them as empty', () => {
    const form = `<select name=queue><option>cpu<option>gpu</select>
      <input name=cards data-type=number required data-show-when="queue=gpu">
      <input name=model required data-show-when="cards=2">`;
    expect(collect(form, { queue: 'cpu', cards: '2', model: 'x' })).toEqual({ ok: true, params: { queue: 'cpu' } });
    expect(problems(form, { queue: 'gpu' })).toEqual(['cards required']);
    expect(collect(form, { queue: 'gpu', cards: '2.0', model: 'x' })).toEqual({
      ok: true,
      params: { queue: 'gpu', cards: 2, model: 'x' },
    });
  });

  it('requires by condition, and offers options by condition', () => {
    const form = `<input name=queue><input name=why data-required-when="queue!=short">
      <select name=size><option value=s>S<option value=xl data-options-when="queue in long,big">XL</select>`;
    expect(problems(form, { queue: 'short', size: 's' })).toEqual([]);
    expect(problems(form, { queue: 'long', size: 's' })).toEqual(['why required']);
    expect(problems(form, { queue: 'short', size: 'xl' })).toEqual(['size option']);
    expect(problems(form, { queue: 'big', why: 'so', size: 'xl' })).toEqual([]);
  });

  it.each([
    ['type=number min=1 max=10', '0', 'min'],
    ['type=number max=10', '11', 'max'],
    ['type=number step=0.1', '0.3', undefined],
    ['type=number step=0.1', '0.35', 'step'],
    ['type=number min=3 step=2', '5', undefined],
    ['type=number min=3 step=2', '6', 'step'],
    ['type=number', 'x', 'number'],
    ['type=number', '1.5', undefined],
    ['minlength=3', 'ab', 'min-length'],
    ['maxlength=3', 'abcd', 'max-length'],
    ['pattern="[a-z]{2}[0-9]"', 'ab1', undefined],
    ['pattern="[a-z]{2}[0-9]"', 'ab12', 'pattern'],
    ['type=email', 'a@b.example', undefined],
    ['type=email', 'a b@c', 'email'],
    ['type=url', 'https://example.org/x', undefined],
    ['type=url', 'example.org', 'url'],
    ['type=date min=2026-01-01', '2026-01-01', undefined],
    ['type=date min=2026-01-01', '2025-12-31', 'min'],
    ['type=date', '2026-02-30', 'type'],
    ['type=date step=7 min=2026-11-02', '2026-11-16', undefined],
    ['type=date step=7 min=2026-11-02', '2026-11-17', 'step'],
    ['type=time min=08:00 max=17:30', '17:31', 'max'],
    ['type=time', '24:00', 'type'],
    ['type=datetime-local', '2026-11-21T08:30', undefined],
    ['type=month max=2026-06', '2026-07', 'max'],
    ['type=week', '2026-W53', undefined],
    ['type=week', '2025-W53', 'type'],
    ['type=color', '#a0B1c2', undefined],
    ['type=color', 'red', 'type'],
    ['data-type=number max=4', '5', 'max'],
  ])('<input %s> with %j: %s', (attributes, value, code) => {
    expect(problems(`<input name=f ${attributes}>`, { f: value })).toEqual(code ? [`f ${code}`] : []);
  });

  it('does not run a pattern that could run for ever', () => {
    expect(problems('<input name=f pattern="(a+)+b">', { f: 'a'.repeat(60) })).toEqual([]);
  });

  it('tells a plain checkbox by "on", "true", or its own value in a condition', () => {
    for (const value of ['on', 'true', 'yes-please']) {
      const fields = describeFields(
        `<input type=checkbox name=c value=yes-please><input name=f data-show-when="c=${value}">`,
      );
      const [, f] = fields;
      if (!f) throw new Error('no field');
      expect(formState(fields, { c: true }).isShown(f)).toBe(true);
      expect(formState(fields, { c: false }).isShown(f)).toBe(false);
    }
  });
});

describe('checking answers on the server', () => {
  const fields = describeFields('<input name=n data-type=number max=8 required><input name=t pattern="x+">');

  it('coerces, passes other names as they are, and leaves patterns to the browser', () => {
    expect(checkAnswers(fields, { n: '4', t: 'y', other: { a: [1] } })).toEqual({
      params: { n: 4, t: 'y', other: { a: [1] } },
      problems: [],
    });
  });
  it('says what is missing or wrong', () => {
    expect(checkAnswers(fields, {}).problems).toEqual([{ field: 'n', code: 'required' }]);
    expect(checkAnswers(fields, { n: 9 }).problems).toEqual([{ field: 'n', code: 'max', limit: '8' }]);
    expect(checkAnswers(fields, { n: 'x' }).problems).toEqual([{ field: 'n', code: 'number' }]);
  });
  it('refuses names that reach a prototype, and leaves Object.prototype alone', () => {
    const answers = readParams('{"n":1,"__proto__":{"admin":true},"constructor":1,"a b":2}');
    const { params, problems } = checkAnswers(fields, answers);
    expect(problems.map(({ field, code }) => [field, code])).toEqual([
      ['__proto__', 'name'],
      ['constructor', 'name'],
      ['a b', 'name'],
    ]);
    expect(Object.keys(params)).toEqual(['n']);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });
  it('looks through thousands of values and options without comparing each with each', () => {
    const options = Array.from({ length: 5000 }, (_, i) => `<option>v${i}`).join('');
    const many = describeFields(`<select name=m multiple>${options}</select>`);
    const started = performance.now();
    const values = Array.from({ length: 50_000 }, (_, i) => `v${i % 5000}`);
    expect(checkAnswers(many, { m: values }).problems).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
  it('does not need what is hidden, but holds it to its type', () => {
    const hidden = describeFields('<input name=a><input name=b data-type=number required data-show-when="a=1">');
    expect(checkAnswers(hidden, { a: '2' }).problems).toEqual([]);
    expect(checkAnswers(hidden, { a: '2', b: 'x' }).problems).toEqual([{ field: 'b', code: 'number' }]);
  });
});

describe('whatever the names and values', () => {
  const letters = fc.constantFrom('a', 'Z', 'ß', '名', '前', 'é');
  const names = fc.oneof(
    fc.constantFrom(
      'a.b',
      '名前',
      'a-b',
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'hasOwnProperty',
      'name',
    ),
    fc
      .tuple(letters, fc.string({ unit: fc.constantFrom('a', '1', '_', '.', '-', '名'), maxLength: 20 }))
      .map(([first, rest]) => first + rest),
  );
  const texts = fc.oneof(
    fc.string(),
    fc.double().map(String),
    fc.json(),
    fc.constantFrom('', ' ', 'on', 'off', '1', '0', 'true', '1e999', '{"__proto__":1}', '0x1F', '-0', '12abc'),
  );
  const field = fc.record({
    name: names,
    type: fc.constantFrom('text', 'textarea', 'checkbox', 'number', 'select'),
    dataType: fc.constantFrom('text', 'number', 'boolean', 'json'),
    required: fc.boolean(),
    multiple: fc.boolean(),
    constraints: fc.constantFrom({}, { min: '1' }, { maxLength: 3 }),
  }) as fc.Arbitrary<Field>;
  const forms = fc.uniqueArray(field, { selector: ({ name }) => name, maxLength: 6 });
  const raws = fc.oneof(texts, fc.boolean(), fc.array(texts, { maxLength: 4 }), fc.constant(undefined));

  it('what the client sends is what the server keeps', () => {
    fc.assert(
      fc.property(forms, fc.array(raws, { minLength: 6, maxLength: 6 }), (fields, values) => {
        const usable = fields.filter(({ name }) => isParamName(name));
        const raw = new Map(usable.map(({ name }, i) => [name, values[i]]));
        const collected = collectParams(usable, raw);
        if (!collected.ok) return;
        const wire = readParams(JSON.stringify(collected.params));
        expect(wire).toEqual(collected.params);
        expect(checkAnswers(usable, wire)).toEqual({ params: collected.params, problems: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('never a name that may not be one, and nothing on a prototype', () => {
    fc.assert(
      fc.property(
        forms,
        fc.dictionary(
          names,
          fc.json().map((json) => readJson(json)),
        ),
        (fields, answers) => {
          const { params } = checkAnswers(fields, answers);
          for (const name of Object.keys(params)) expect(isParamName(name)).toBe(true);
          expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
          expect(Object.keys(Object.prototype)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});
