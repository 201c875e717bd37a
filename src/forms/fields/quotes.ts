/**
 * Straightens the quotes of attribute values that went through a word processor: `name=”cpu”` becomes `name="cpu"`.
 * Without this, HTML reads the curly quotes as part of an unquoted value. One character is replaced by one, so lines
 * and columns stay true. Text between tags is left alone.
 */
import { finding, type Finding } from './finding.ts';

const DOUBLE = '“”„‟″‶«»＂';
const SINGLE = '‘’‚‛′‵`´';
const CURLY = new RegExp(`[${DOUBLE}${SINGLE}]`);
/** Where these are, tags and attributes are not where a simple walk finds them. None of them is allowed in a form. */
const UNUSUAL = /<(?:svg|math|script|title|style|xmp|iframe|noembed|noframes|noscript|plaintext|frameset|\?|!(?!--))/i;
/** What the name of an attribute begins with that is not to be seen. No attribute that means something does. */
const HIDDEN = '-';
const PATTERN = 'pattern';
/** Elements whose content is text: a `<` in there opens nothing. */
const TEXT_ONLY = /^(textarea|title|script|style|xmp|iframe|noembed|noframes|plaintext)$/;
/** A value in curly quotes that has not ended after this many characters was not meant as one. */
const LONGEST_VALUE = 4096;

export function straightenQuotes(html: string): { html: string; findings: Finding[] } {
  if (!CURLY.test(html)) return { html, findings: [] };
  const scanner = new TagScanner(html);
  scanner.run();
  return { html: scanner.chars.join(''), findings: scanner.findings };
}

/**
 * The same, for a browser's parser, which is not to see a `pattern`: Firefox runs it while it parses, however long that
 * takes. Its name is made another; where a walk might miss one, the word is, wherever it stands.
 */
export function straightenForParser(html: string): string {
  const lower = toLowerCase(html);
  if (!lower.includes(PATTERN)) return straightenQuotes(html).html;
  if (UNUSUAL.test(html)) return straightenQuotes(html.replaceAll(/pattern/gi, (word) => HIDDEN + word.slice(1))).html;
  const scanner = new TagScanner(html, PATTERN);
  scanner.run();
  return scanner.chars.join('');
}

/** Whether an attribute has its name because it was hidden from the parser. */
export const isHiddenName = (name: string): boolean => name.startsWith(HIDDEN);

/** As HTML's names are compared; `String.toLowerCase` may change how many characters there are. */
const toLowerCase = (text: string) => text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** Walks from tag to tag as HTML's own tokenizer does, as far as attribute values are concerned. */
class TagScanner {
  readonly chars: string[];
  readonly findings: Finding[] = [];
  readonly #html: string;
  readonly #lower: string;
  readonly #hide: string | undefined;
  #line = 1;
  #lineStart = 0;
  #counted = 0;

  /** `hide`: the attribute whose name is made another. */
  constructor(html: string, hide?: string) {
    this.#html = html;
    this.#hide = hide;
    this.#lower = toLowerCase(html);
    this.chars = html.split('');
  }

  run(): void {
    const tag = /<(?:!--|(\/?)([a-z][^\s/>]*))/g;
    for (let match = tag.exec(this.#lower); match; match = tag.exec(this.#lower)) {
      const element = match[2];
      if (element === undefined) {
        const end = this.#commentEnd(match.index);
        if (end < 0) return;
        tag.lastIndex = end;
        continue;
      }
      tag.lastIndex = this.#attributes(tag.lastIndex);
      if (match[1] === '' && TEXT_ONLY.test(element)) {
        const close = this.#lower.indexOf(`</${element}`, tag.lastIndex);
        if (close < 0) return;
        tag.lastIndex = close;
      }
    }
  }

  /** The index behind a comment, which may be as short as `<!-->`; below 0 where it does not end. */
  #commentEnd(start: number): number {
    const end = /--!?>/g;
    end.lastIndex = start + 2;
    return end.test(this.#lower) ? end.lastIndex : -1;
  }

  /** Goes over one tag's attributes from behind its name; returns the index behind its `>`. */
  #attributes(from: number): number {
    let i = from;
    for (;;) {
      i = this.#skip(i, /[\s/]/);
      if (i >= this.#html.length) return i;
      if (this.#html.charAt(i) === '>') return i + 1;
      const nameStart = i;
      // An attribute's name may begin with "=", as odd as that is.
      i = this.#skip(i + 1, /[^\s/>=]/);
      const name = this.#html.slice(nameStart, i);
      if (this.#lower.slice(nameStart, i) === this.#hide) this.chars[nameStart] = HIDDEN;
      const equals = this.#skip(i, /\s/);
      if (this.#html.charAt(equals) === '=') i = this.#value(this.#skip(equals + 1, /\s/), name);
    }
  }

  /** Reads the value that begins at `start`; returns the index behind it. */
  #value(start: number, name: string): number {
    const open = this.#html.charAt(start);
    if (open === '"' || open === "'") {
      const close = this.#html.indexOf(open, start + 1);
      return close < 0 ? this.#html.length : close + 1;
    }
    if (open !== '' && CURLY.test(open)) {
      const close = this.#closing(start);
      const value = close < 0 ? '' : this.#html.slice(start + 1, close);
      const quote = value.includes('"') ? "'" : '"';
      if (close >= 0 && !value.includes(quote)) {
        this.chars[start] = quote;
        this.chars[close] = quote;
        this.findings.push(finding('curly-quotes', value, this.#at(start)));
        return close + 1;
      }
      this.findings.push(finding('quote-open', name, this.#at(start)));
    }
    return this.#skip(start, /[^\s>]/);
  }

  /** The quote that closes the one at `open`: of the same kind, or a straight one, and followed by what may follow a value. */
  #closing(open: number): number {
    const closers = DOUBLE.includes(this.#html.charAt(open)) ? `${DOUBLE}"` : `${SINGLE}'`;
    const end = Math.min(this.#html.length, open + LONGEST_VALUE);
    for (let i = open + 1; i < end; i++) {
      const char = this.#html.charAt(i);
      if (char === '<' || char === '\n') return -1;
      if (closers.includes(char) && /^[\s/>]?$/.test(this.#html.charAt(i + 1))) return i;
    }
    return -1;
  }

  #skip(from: number, what: RegExp): number {
    let i = from;
    while (i < this.#html.length && what.test(this.#html.charAt(i))) i++;
    return i;
  }

  /** Line and column of an index; indexes must not decrease from call to call. */
  #at(index: number): { line: number; column: number } {
    for (; this.#counted < index; this.#counted++) {
      if (this.#html.charAt(this.#counted) !== '\n') continue;
      this.#line++;
      this.#lineStart = this.#counted + 1;
    }
    return { line: this.#line, column: index - this.#lineStart + 1 };
  }
}
