/**
 * A scanner of POSIX shell text that answers one question: where does a command line stand when it comes to a given
 * place? Only in plain words can a value be made safe by quoting it. Where shells differ on what they read, everything
 * after that place counts as unsafe, rather than be right for one of them.
 */

/** Why a value cannot stand at a place. */
export type UnsafePlace =
  | 'single-quotes'
  | 'double-quotes'
  | 'backticks'
  | 'substitution'
  | 'expansion'
  | 'arithmetic'
  | 'here-document'
  | 'comment'
  | 'unclear';

/** What the scanner found; the values to fill in are claimed by the caller as it comes to them. */
export interface Scan {
  /** A value begins at `at`; gives its length, or 0 where there is none. `place`: `undefined` in plain words. */
  value(at: number, place: UnsafePlace | undefined): number;
  /** Something that was opened at `at` is never closed. */
  unclosed(at: number, place: UnsafePlace): void;
}

/** After one of these a `#` begins a comment, and a word its own life. */
const BREAKS = /[ \t\n;&|()<>]/;

interface HereDocument {
  readonly at: number;
  readonly delimiter: string;
  readonly stripTabs: boolean;
  readonly quoted: boolean;
}

class ShellScanner {
  readonly #text: string;
  readonly #scan: Scan;
  #at = 0;
  /** Shells disagree about something before here. */
  #unclear = false;
  #documents: HereDocument[] = [];

  constructor(text: string, scan: Scan) {
    this.#text = text;
    this.#scan = scan;
  }

  /** Plain words, to the end of the text. */
  run(): void {
    let wordBegins = 0;
    while (this.#at < this.#text.length) {
      const char = this.#text.charAt(this.#at);
      const subscript = /^[A-Za-z_]\w*\[/.test(this.#text.slice(wordBegins, this.#at));
      // The subscript of an array is arithmetic, which runs commands that it finds in quotes.
      const place = this.#unclear ? 'unclear' : subscript ? 'arithmetic' : undefined;
      if (this.#value(place)) continue;
      if (char === '\n') {
        this.#newline();
        wordBegins = this.#at;
      } else if (char === '#' && this.#at === wordBegins) {
        this.#comment();
      } else if (this.#text.startsWith('<<', this.#at)) {
        this.#hereDocument();
      } else {
        // `((` and `[[` are arithmetic in some shells and plain commands in others.
        if (this.#text.startsWith('((', this.#at) || this.#text.startsWith('[[', this.#at)) this.#unclear = true;
        const from = this.#at;
        this.#piece();
        // A line that goes on is no word of its own: what begins the next one still begins a word.
        const goesOn = from === wordBegins && this.#text.slice(from, this.#at) === '\\\n';
        if (goesOn || (this.#at === from + 1 && BREAKS.test(char))) wordBegins = this.#at;
      }
    }
    for (const document of this.#documents) this.#scan.unclosed(document.at, 'here-document');
  }

  /** One character, or one thing that is opened and closed. */
  #piece(): void {
    switch (this.#text.charAt(this.#at)) {
      case '\\':
        this.#escape();
        return;
      case "'":
        this.#singleQuotes();
        return;
      case '"':
        this.#doubleQuotes();
        return;
      case '`':
        this.#backticks('backticks');
        return;
      case '$':
        this.#dollar(undefined);
        return;
      default:
        this.#at++;
    }
  }

  /** Shells take out a backslash before a newline first, so it may stand in the middle of what is opened. */
  #escape(): void {
    const splits = /[$<([]/.test(this.#text.charAt(this.#at - 1)) || this.#text.charAt(this.#at + 2) === '[';
    if (this.#text.charAt(this.#at + 1) === '\n' && splits) this.#unclear = true;
    this.#at += 2;
  }

  #value(place: UnsafePlace | undefined): boolean {
    const length = this.#scan.value(this.#at, place);
    this.#at += length;
    return length > 0;
  }

  #singleQuotes(): void {
    const opened = this.#at++;
    while (this.#at < this.#text.length) {
      if (this.#value('single-quotes')) continue;
      if (this.#text.charAt(this.#at++) === "'") return;
    }
    this.#scan.unclosed(opened, 'single-quotes');
  }

  #doubleQuotes(): void {
    const opened = this.#at++;
    while (this.#at < this.#text.length) {
      if (this.#value('double-quotes')) continue;
      const char = this.#text.charAt(this.#at);
      if (char === '"') {
        this.#at++;
        return;
      }
      if (char === '\\') this.#escape();
      else if (char === '`') this.#backticks('backticks');
      else if (char === '$') this.#dollar('double-quotes');
      else this.#at++;
    }
    this.#scan.unclosed(opened, 'double-quotes');
  }

  #backticks(place: UnsafePlace): void {
    const opened = this.#at++;
    // Inside, shells take away one layer of backslashes before they read on; how quotes count differs.
    while (this.#at < this.#text.length) {
      if (this.#value(place)) continue;
      const char = this.#text.charAt(this.#at);
      this.#at += char === '\\' ? 2 : 1;
      if (char === "'" || char === '"') this.#unclear = true;
      if (char === '`') return;
    }
    this.#scan.unclosed(opened, 'backticks');
  }

  #dollar(inside: UnsafePlace | undefined): void {
    const next = this.#text.charAt(this.#at + 1);
    if (next === '(') {
      this.#substitution(this.#text.startsWith('$((', this.#at) ? 'arithmetic' : 'substitution');
    } else if (next === '{') {
      this.#expansion(inside);
    } else if (next === '[') {
      this.#unclear = true;
      this.#at += 2;
    } else if (next === "'" && inside === undefined) {
      // Quotes with escapes in some shells, a dollar and quotes in others: they end at different places.
      this.#unclear = true;
      this.#at++;
    } else if (next === '$') {
      this.#at += 2;
    } else {
      this.#at++;
    }
  }

  /** `$( … )` and `$(( … ))`: parentheses are counted, and what could hold a lone one makes the rest unclear. */
  #substitution(place: UnsafePlace): void {
    const opened = this.#at;
    this.#at += 2;
    let depth = 1;
    while (this.#at < this.#text.length) {
      if (this.#value(place)) continue;
      const rest = this.#text.slice(this.#at, this.#at + 6);
      const before = this.#text.charAt(this.#at - 1);
      if (/^(?:#|<<|case\s)/.test(rest) && (BREAKS.test(before) || rest.startsWith('<<'))) this.#unclear = true;
      if (rest.startsWith('(')) depth++;
      if (rest.startsWith(')')) depth--;
      const inner = /^['"`$\\]/.test(rest);
      if (inner) this.#nested(place);
      else this.#at++;
      if (depth === 0) return;
    }
    this.#scan.unclosed(opened, place);
  }

  /** `${ … }` of the shell's own. */
  #expansion(inside: UnsafePlace | undefined): void {
    const opened = this.#at;
    this.#at += 2;
    while (this.#at < this.#text.length) {
      if (this.#value('expansion')) continue;
      const char = this.#text.charAt(this.#at);
      if (char === '}') {
        this.#at++;
        return;
      }
      // Whether a quote inside one that is itself quoted counts is a matter of taste.
      if (/['"`]/.test(char) && inside !== undefined) this.#unclear = true;
      if (/['"`$\\]/.test(char)) this.#nested('expansion');
      else this.#at++;
    }
    this.#scan.unclosed(opened, 'expansion');
  }

  /** Inside something unsafe already: what is found there is no safer for its own quotes. */
  #nested(place: UnsafePlace): void {
    const scan = this.#scan;
    const inner = new ShellScanner(this.#text, {
      value: (at, own) => scan.value(at, own ?? place),
      unclosed: (at, own) => scan.unclosed(at, own),
    });
    inner.#at = this.#at;
    inner.#piece();
    this.#at = inner.#at;
    this.#unclear ||= inner.#unclear;
  }

  #comment(): void {
    while (this.#at < this.#text.length && this.#text.charAt(this.#at) !== '\n') {
      if (!this.#value('comment')) this.#at++;
    }
  }

  #hereDocument(): void {
    const at = this.#at;
    this.#at += 2;
    if (this.#text.charAt(this.#at) === '<') {
      // A here-string in some shells, a mistake in others.
      this.#unclear = true;
      this.#at++;
      return;
    }
    const stripTabs = this.#text.charAt(this.#at) === '-';
    if (stripTabs) this.#at++;
    while (/[ \t]/.test(this.#text.charAt(this.#at))) this.#at++;
    let delimiter = '';
    let quoted = false;
    while (this.#at < this.#text.length && !BREAKS.test(this.#text.charAt(this.#at))) {
      if (this.#value('here-document')) continue;
      const char = this.#text.charAt(this.#at);
      if (/[$`]/.test(char)) this.#unclear = true;
      if (char === '\\') {
        quoted = true;
        if (this.#text.charAt(this.#at + 1) === '\n') this.#unclear = true;
        delimiter += this.#text.charAt(this.#at + 1);
        this.#at += 2;
      } else if (char === "'" || char === '"') {
        quoted = true;
        const end = this.#text.indexOf(char, this.#at + 1);
        const word = this.#text.slice(this.#at + 1, end < 0 ? undefined : end);
        if (end < 0 || /[\\\n$`]/.test(word)) this.#unclear = true;
        delimiter += word;
        this.#at = end < 0 ? this.#text.length : end + 1;
      } else {
        delimiter += char;
        this.#at++;
      }
    }
    this.#documents.push({ at, delimiter, stripTabs, quoted });
  }

  /** Here-documents begin on the line after the one that names them. */
  #newline(): void {
    this.#at++;
    for (const { at, delimiter, stripTabs, quoted } of this.#documents.splice(0)) {
      let closed = false;
      while (this.#at < this.#text.length && !closed) {
        const newline = this.#text.indexOf('\n', this.#at);
        const end = newline < 0 ? this.#text.length : newline;
        const line = this.#text.slice(this.#at, end);
        closed = (stripTabs ? line.replace(/^\t+/, '') : line) === delimiter;
        // A line that goes on in the next one hides the delimiter there, from some shells.
        if (!closed && !quoted && line.endsWith('\\')) this.#unclear = true;
        while (this.#at < end) if (!this.#value('here-document')) this.#at++;
        this.#at = Math.max(this.#at, Math.min(end + 1, this.#text.length));
      }
      if (!closed) this.#scan.unclosed(at, 'here-document');
    }
  }
}

/** Reads `text` as a shell would, from its beginning to its end. */
export function scanShell(text: string, scan: Scan): void {
  new ShellScanner(text, scan).run();
}

/** One word for any shell of Bourne's family, whatever it holds; only a NUL cannot be carried. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
