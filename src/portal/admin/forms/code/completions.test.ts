import { expect, it } from 'vitest';
import { suggestionsAt, type FormNames } from './completions.ts';

const names: FormNames = { fields: [{ name: 'queue', values: ['cpu', 'gpu'] }], ids: ['queue-id'] };
const labels = (before: string) => suggestionsAt(before, names)?.options.map(({ label }) => label) ?? [];

it.each([
  ['<', ['input', 'select', 'fieldset'], ['script', 'form', 'a', 'img']],
  ['<p>text</p>\n<inp', ['input'], []],
  ['<input ', ['name', 'type', 'data-type', 'data-show-when', 'pattern'], ['onclick', 'style', 'for']],
  ['<label class="x" ', ['for', 'class'], ['type', 'onclick', 'pattern']],
  ['<input type="', ['number', 'date', 'range'], ['password', 'file', 'hidden']],
  ['<input data-type="', ['number', 'boolean', 'json'], []],
  [
    '<div class="row ',
    ['g-3', 'mb-3', 'form-group', 'custom-select', 'col-md-6'],
    ['position-fixed', 'd-none', 'modal'],
  ],
  ['<div data-show-when="', ['queue'], []],
  ['<div data-show-when="queue=', ['cpu', 'gpu'], []],
  ['<div data-show-when="a=1; queue in cpu,', ['gpu'], []],
  ['<label for="', ['queue-id'], []],
])('after %s there is what a form may have, and nothing else', (before, there, notThere) => {
  const found = labels(before);
  for (const label of there) expect(found).toContain(label);
  for (const label of notThere) expect(found).not.toContain(label);
});

it('suggests nothing in text, in a closed value, or behind a tag', () => {
  for (const before of ['', 'some text', '<p>te', '<input name="a"', '<p title="x" >t']) {
    expect(suggestionsAt(before, names), before).toBeUndefined();
  }
});

it('replaces only what was typed of it', () => {
  expect(suggestionsAt('<div class="row mb', names)?.typed).toBe(2);
  expect(suggestionsAt('<input ty', names)?.typed).toBe(2);
});

it('does not hang on a long tag', () => {
  const begin = performance.now();
  suggestionsAt(`<input ${'a '.repeat(1900)}"`, names);
  suggestionsAt(`<input ${'a="b" '.repeat(600)}'`, names);
  suggestionsAt(`<input ${' '.repeat(3900)}"`, names);
  expect(performance.now() - begin).toBeLessThan(500);
});
