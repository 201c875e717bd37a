/** The headers of a download: which part of a file is wanted, and what the browser calls it. */

export interface Range {
  readonly from: number;
  readonly length: number;
}

/** `undefined`: all of it. Several ranges at once are answered with all of it, as RFC 9110 allows. */
export function parseRange(header: string | undefined, size: number): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, length };
  }
  const from = Number(first);
  const to = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < from) return undefined;
  return from >= size ? 'unsatisfiable' : { from, length: to - from + 1 };
}

/** What no file on any system can be called becomes an underscore, the lone surrogates of bytes that are no UTF-8 too. */
export function downloadName(name: string): string {
  const safe = name.replaceAll(/\p{Cc}|\p{Surrogate}|[/\\:*?"<>|\u202a-\u202e\u2066-\u2069]/gu, '_').trim();
  return safe === '' || /^\.+$/.test(safe) ? 'file' : safe;
}

/** Always a download, never a page: what is in a user's home must not run as one of ours. */
export function disposition(name: string): string {
  const plain = name.replaceAll(/[^\u0020-\u007e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
