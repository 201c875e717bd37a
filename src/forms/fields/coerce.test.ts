import { describe, expect, it } from 'vitest';
import type { DataType, Field } from '../../contract/form.ts';
import type { JsonValue } from '../../contract/json.ts';
import { readJson } from './scalars.ts';
import { acceptAnswer, coerceField, type RawValue } from './coerce.ts';

function field(dataType: DataType, more: Partial<Field> = {}): Field {
  return { name: 'f', type: 'text', dataType, required: false, multiple: false, constraints: {}, ...more };
}

const LEFT_OUT = Symbol('left out');
type Expected = JsonValue | typeof LEFT_OUT | { problem: string };

function outcome(field: Field, raw: RawValue): Expected {
  const coerced = coerceField(field, raw);
  if (!coerced.ok) return { problem: coerced.problem.code };
  return coerced.value === undefined ? LEFT_OUT : coerced.value;
}

const no = (problem: string) => ({ problem });

const box = (dataType: DataType, value = 'on') =>
  field(dataType, { type: 'checkbox', options: [{ value, label: '', selected: false, disabled: false }] });
const many = (dataType: DataType) => field(dataType, { type: 'select', multiple: true });
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const accepted = (field: Field, answer: JsonValue): Expected => {
  const result = acceptAnswer(field, answer);
  return result.ok ? (result.value === undefined ? LEFT_OUT : result.value) : no(result.problem.code);
};

describe('the coercion table, for text', () => {
  const rows: [string, Expected, Expected, Expected, Expected][] = [
    // raw, without data-type, number, boolean, json
    ['12', '12', 12, no('boolean'), 12],
    ['1.5e3', '1.5e3', 1500, no('boolean'), 1500],
    ['12abc', '12abc', no('number'), no('boolean'), no('json')],
    ['0x1F', '0x1F', no('number'), no('boolean'), no('json')],
    ['1e999', '1e999', no('number'), no('boolean'), no('json')],
    ['NaN', 'NaN', no('number'), no('boolean'), no('json')],
    ['Infinity', 'Infinity', no('number'), no('boolean'), no('json')],
    ['true', 'true', no('number'), true, true],
    ['false', 'false', no('number'), false, false],
    ['1', '1', 1, true, 1],
    ['0', '0', 0, false, 0],
    ['on', 'on', no('number'), true, no('json')],
    ['off', 'off', no('number'), false, no('json')],
    ['yes', 'yes', no('number'), true, no('json')],
    ['no', 'no', no('number'), false, no('json')],
    ['TRUE', 'TRUE', no('number'), true, no('json')],
    ['Off', 'Off', no('number'), false, no('json')],
    ['', LEFT_OUT, LEFT_OUT, LEFT_OUT, LEFT_OUT],
    ['   ', '   ', LEFT_OUT, LEFT_OUT, LEFT_OUT],
    ['  12 ', '  12 ', 12, no('boolean'), 12],
    [' yes\t', ' yes\t', no('number'), true, no('json')],
    ['{"a":[1,null]}', '{"a":[1,null]}', no('number'), no('boolean'), { a: [1, null] }],
    ['[1,2', '[1,2', no('number'), no('boolean'), no('json')],
    ['{"__proto__":1}', '{"__proto__":1}', no('number'), no('boolean'), no('json-name')],
    ['{"a":{"constructor":1}}', '{"a":{"constructor":1}}', no('number'), no('boolean'), no('json-name')],
    ['[{"prototype":1}]', '[{"prototype":1}]', no('number'), no('boolean'), no('json-name')],
    ['-0', '-0', 0, no('boolean'), 0],
    ['.5', '.5', 0.5, no('boolean'), no('json')],
    ['1_000', '1_000', no('number'), no('boolean'), no('json')],
    ['1,5', '1,5', no('number'), no('boolean'), no('json')],
  ];
  it.each(rows)('%j', (raw, text, number, boolean, json) => {
    expect(outcome(field('text'), raw)).toEqual(text);
    expect(outcome(field('number'), raw)).toEqual(number);
    expect(outcome(field('boolean'), raw)).toEqual(boolean);
    expect(outcome(field('json'), raw)).toEqual(json);
  });
});

describe('the coercion table, for checkboxes', () => {
  it('sends "on" or its value when ticked, and nothing when not', () => {
    expect(outcome(box('text'), true)).toBe('on');
    expect(outcome(box('text', 'gpu'), true)).toBe('gpu');
    expect(outcome(box('text'), undefined)).toBe(LEFT_OUT);
    expect(outcome(box('text'), false)).toBe(LEFT_OUT);
  });
  it('sends the number of its value', () => {
    expect(outcome(box('number', '4'), true)).toBe(4);
    expect(outcome(box('number', '4'), false)).toBe(LEFT_OUT);
    expect(outcome(box('number'), true)).toEqual(no('number'));
  });
  it('sends true or false as a boolean, whatever its value', () => {
    expect(outcome(box('boolean', 'no'), true)).toBe(true);
    expect(outcome(box('boolean'), false)).toBe(false);
    expect(outcome(box('boolean'), undefined)).toBe(false);
  });
  it('parses its value as JSON', () => {
    expect(outcome(box('json', '{"gpu":1}'), true)).toEqual({ gpu: 1 });
    expect(outcome(box('json', '{"gpu":1}'), false)).toBe(LEFT_OUT);
  });
});

describe('the coercion table, for several values', () => {
  it('sends an array of the coerced', () => {
    expect(outcome(many('text'), ['1', '2'])).toEqual(['1', '2']);
    expect(outcome(many('number'), ['1', '2'])).toEqual([1, 2]);
    expect(outcome(many('boolean'), ['yes', '0'])).toEqual([true, false]);
    expect(outcome(many('json'), ['{"a":1}', '[]'])).toEqual([{ a: 1 }, []]);
    expect(outcome(many('number'), ['1', 'x'])).toEqual(no('number'));
    expect(outcome(many('text'), [])).toBe(LEFT_OUT);
    expect(outcome(many('text'), ['one'])).toEqual(['one']);
  });
});

describe('limits of JSON', () => {
  it('takes a depth of 16 and refuses 17, and does not overflow at 20,000', () => {
    expect(outcome(field('json'), nested(16))).not.toHaveProperty('problem');
    expect(outcome(field('json'), nested(17))).toEqual(no('json-too-deep'));
    expect(outcome(field('json'), nested(20_000))).toEqual(no('json-too-deep'));
  });
  it('measures 64 KiB in bytes, not in characters', () => {
    expect(outcome(field('json'), JSON.stringify('x'.repeat(65_534)))).toBe('x'.repeat(65_534));
    expect(outcome(field('json'), JSON.stringify('x'.repeat(65_535)))).toEqual(no('json-too-large'));
    expect(outcome(field('json'), JSON.stringify('名'.repeat(30_000)))).toEqual(no('json-too-large'));
  });
});

describe('answers that come as JSON', () => {
  it('keeps a value of the right type and coerces a string where a number or boolean belongs', () => {
    expect(accepted(field('number'), 4)).toBe(4);
    expect(accepted(field('number'), '4')).toBe(4);
    expect(accepted(field('number'), true)).toEqual(no('number'));
    expect(accepted(field('boolean'), 'off')).toBe(false);
    expect(accepted(field('boolean'), 1)).toEqual(no('boolean'));
    expect(accepted(field('text'), 4)).toEqual(no('type'));
    expect(accepted(field('text'), ['a'])).toEqual(no('type'));
  });
  it('does not parse a JSON value a second time', () => {
    expect(accepted(field('json'), '12')).toBe('12');
    expect(accepted(field('json'), '{"__proto__":1}')).toBe('{"__proto__":1}');
    expect(accepted(field('json'), null)).toBe(null);
  });
  it('refuses an own __proto__ member that came over the wire', () => {
    const answer = readJson('{"__proto__":{"admin":true}}');
    expect(accepted(field('json'), answer)).toEqual(no('json-name'));
  });
});
