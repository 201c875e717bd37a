import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { describe, expect, it } from 'vitest';
import { straightenForParser, straightenQuotes } from './quotes.ts';

/** Without scripts, as cleaning parses it, what stands in `noscript` is read as well. */
function hasPattern(node: DefaultTreeAdapterTypes.Node): boolean {
  if ('attrs' in node && node.attrs.some(({ name }) => name === 'pattern')) return true;
  if ('content' in node && hasPattern(node.content)) return true;
  return 'childNodes' in node && node.childNodes.some(hasPattern);
}

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

describe('for a browser’s parser', () => {
  it.each([
    ['<input pattern="a">', '<input -attern="a">'],
    [
      '<p>A pattern = nothing</p><input title="pattern" PATTERN=a>',
      '<p>A pattern = nothing</p><input title="pattern" -ATTERN=a>',
    ],
    ['<textarea><input pattern="a"></textarea>', '<textarea><input pattern="a"></textarea>'],
    ['<input pattern=”a”>', '<input -attern="a">'],
    ['<input data-pattern="a" patterns="b">', '<input data-pattern="a" patterns="b">'],
    ['<p>no such word</p><input name=”a”>', '<p>no such word</p><input name="a">'],
  ])('%s is %s', (html, expected) => {
    expect(straightenForParser(html)).toBe(expected);
  });

  it.each([
    '<input value="x"pattern=a>',
    '<input/pattern/>',
    'İİİİ<input\npattern\n=a>',
    '<!--><input pattern=a>-->',
    '<!---><input pattern=a>-->',
    '<!-- --!><input pattern=a>-->',
    "<!x <input title='> <input pattern=a>",
    "<?x <input title='> <input pattern=a>",
    '<svg><title><input pattern=a></title></svg>',
    "<svg><![CDATA[<input title='>]]></svg><input pattern=a>",
    "<script><!--<script></script><input title='</script><input pattern=a>",
    '<select><title><input pattern=a></title></select>',
    '<select><xmp><input pattern=a></xmp></select>',
    '<noscript><input pattern=a></noscript>',
    '<p title=`<input><input pattern=a>',
    '<input a=b=c pattern=a>',
    "<input a='b' 'pattern=a><input pattern=a>",
  ])('no parser finds a pattern in %s', (html) => {
    expect(hasPattern(parse(html, { scriptingEnabled: false }))).toBe(true);
    expect(hasPattern(parse(straightenForParser(html), { scriptingEnabled: false }))).toBe(false);
  });
});
