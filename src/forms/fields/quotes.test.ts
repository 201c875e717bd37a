import { describe, expect, it } from 'vitest';
import { straightenQuotes } from './quotes.ts';

const straight = (html: string) => straightenQuotes(html).html;

describe('quotes from a word processor', () => {
  it.each([
    ['<input name=”a”>', '<input name="a">'],
    ['<input name=“a” value=″1″/>', '<input name="a" value="1"/>'],
    ['<input name=‘a’ title=’it’s’>', '<input name="a" title="it’s">'],
    ['<input placeholder=”two words” name=”b”>', '<input placeholder="two words" name="b">'],
    ['<input placeholder=”say "hi"”>', `<input placeholder='say "hi"'>`],
    ['<input name = ”a” >', '<input name = "a" >'],
    ['<input name=”a">', '<input name="a">'],
    ['<option value=”1″>1 GB</option>', '<option value="1">1 GB</option>'],
  ])('%s', (html, expected) => {
    expect(straight(html)).toBe(expected);
  });

  it.each([
    '<p>”Quoted” text, it’s fine</p>',
    '<input title="a “quoted” word">',
    '<!-- <input name=”a”> -->',
    '<textarea><input name=”a”></textarea>',
    '<input title=”never closed><p>',
    'a < b and name=”x”',
  ])('leaves %s as it is', (html) => {
    expect(straight(html)).toBe(html);
  });

  it('says where, and keeps every character’s place', () => {
    const html = '<p>\n  <input name=”a” id=”b”>\n<input value=”open>';
    const { html: out, findings } = straightenQuotes(html);
    expect(out).toHaveLength(html.length);
    expect(findings.map(({ code, line, column, subject }) => [code, line, column, subject])).toEqual([
      ['curly-quotes', 2, 15, 'a'],
      ['curly-quotes', 2, 22, 'b'],
      ['quote-open', 3, 14, 'value'],
    ]);
  });

  it('takes a megabyte of quotes in its stride', () => {
    const started = performance.now();
    straight('<input name=”a” '.repeat(60_000));
    straight('<a b=”'.repeat(150_000));
    expect(performance.now() - started).toBeLessThan(3000);
  });
});
