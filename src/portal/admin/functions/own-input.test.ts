import { expect, it } from 'vitest';
import { readInput } from './own-input.ts';

it.each([
  ['', 1],
  ['{\n "a": nope\n}', 2],
  ['{\n "a": 1,\n}\n', 3],
  ['[1,\n2', 2],
  ['{"a": 1}\n}', 2],
  ['{\n\n"a" 1}', 3],
  ['{"a": "\n"}', 1],
  ["\n\n'a'", 3],
  ['[1\n2]', 2],
  ['[\n,1]', 2],
])('%j is no JSON on line %i', (text, line) => {
  expect(readInput(text)).toEqual({ ok: false, line });
});

it('takes what is JSON', () => {
  expect(readInput(' {"a": [1, {}, [], "x\\n"]} ')).toEqual({ ok: true, input: { a: [1, {}, [], 'x\n'] } });
});
