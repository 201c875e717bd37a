import { describe, expect, it } from 'vitest';
import { MAX_NAME_BYTES, newName, numbered, pathBytes, pathText } from './files-names.ts';

describe('names that are bytes', () => {
  it.each([
    ['text', Buffer.from('Grüße 漢字 😀.txt')],
    ['Latin-1', Buffer.from('Gr\u00fc\u00dfe.txt', 'latin1')],
    ['a line break', Buffer.from('a\nb')],
    ['every byte', Buffer.from(Array.from({ length: 255 }, (_, at) => at + 1))],
    ['a sequence that is cut off', Buffer.from([0x61, 0xf0, 0x9f, 0x98])],
    ['an escaped surrogate, which UTF-8 has not', Buffer.from([0xed, 0xb2, 0x80, 0x62])],
    ['text beside bytes', Buffer.concat([Buffer.from([0xff]), Buffer.from('ü😀')])],
    ['a mark of byte order', Buffer.from([0xef, 0xbb, 0xbf, 0x61])],
  ])('come back as they were: %s', (_what, bytes) => {
    expect(pathBytes(pathText(bytes))).toEqual(bytes);
    // On the way they are JSON.
    expect(pathBytes(JSON.parse(JSON.stringify(pathText(bytes))) as string)).toEqual(bytes);
  });

  it('are readable where they are text', () => {
    expect(pathText(Buffer.from('Grüße'))).toBe('Grüße');
    expect(pathText(Buffer.from([0x61, 0xfc]))).toBe('a\udcfc');
  });

  it('never have a NUL', () => {
    expect(() => pathBytes('a\0b')).toThrow(expect.objectContaining({ code: 'file-name' }));
  });
});

describe('the name of a new file', () => {
  it.each(['a', '.hidden', '...', 'a b', 'ü'.repeat(127), '-rf', '漢字.txt', 'a\\b', "it's"])('may be %j', (name) => {
    expect(newName(name).toString()).toBe(name);
  });

  it.each(['', '.', '..', '../x', 'a/b', '/', 'a\nb', 'a\rb', 'a\0b', '\u001b[2J', 'a\u007f', 'a\u0085b', 'a\udcfc'])(
    'may not be %j',
    (name) => {
      expect(() => newName(name)).toThrow(expect.objectContaining({ code: 'file-name' }));
    },
  );

  it('has at most 255 bytes', () => {
    expect(newName('x'.repeat(255))).toHaveLength(255);
    expect(() => newName('ü'.repeat(128))).toThrow(expect.objectContaining({ code: 'file-name' }));
  });
});

describe('a name with a number', () => {
  it.each([
    ['report.pdf', 'report (2).pdf'],
    ['archive', 'archive (2)'],
    ['.profile', '.profile (2)'],
    ['a.tar.gz', 'a.tar (2).gz'],
    ['no.ending of this length', 'no.ending of this length (2)'],
  ])('%s', (name, expected) => expect(numbered(name, 2)).toBe(expected));

  it('is cut between characters where it would be too long', () => {
    const made = numbered(`${'😀'.repeat(62)}.txt`, 12);
    expect(Buffer.byteLength(made)).toBeLessThanOrEqual(MAX_NAME_BYTES);
    expect(made).toMatch(/^(?:😀)+ \(12\)\.txt$/u);
  });
});
