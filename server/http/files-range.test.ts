import { describe, expect, it } from 'vitest';
import { disposition, downloadName, parseRange } from './files-range.ts';

describe('a range', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-', { from: 0, length: 100 }],
    ['bytes=10-19', { from: 10, length: 10 }],
    ['bytes=90-1000', { from: 90, length: 10 }],
    ['bytes=-30', { from: 70, length: 30 }],
    ['bytes=-1000', { from: 0, length: 100 }],
    ['bytes=99-', { from: 99, length: 1 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=-', undefined],
    ['bytes=20-10', undefined],
    ['bytes=0-1,5-6', undefined],
    ['lines=0-1', undefined],
    ['bytes=a-b', undefined],
  ])('%s', (header, expected) => expect(parseRange(header, 100)).toEqual(expected));
});

describe('what a download is called', () => {
  it.each([
    ['plain.txt', 'plain.txt'],
    ['Grüße 漢字.txt', 'Grüße 漢字.txt'],
    ['../../etc/passwd', '.._.._etc_passwd'],
    ['a\r\nset-cookie: x', 'a__set-cookie_ x'],
    ['a\udcfcb', 'a_b'],
    ['gpj.\u202eexe', 'gpj._exe'],
    ['..', 'file'],
    [' ', 'file'],
    ['', 'file'],
  ])('%j', (name, expected) => expect(downloadName(name)).toBe(expected));

  it('has both spellings in its header, and nothing that ends one', () => {
    expect(disposition(`"ü's" 50%.txt`)).toBe(
      `attachment; filename="__'s_ 50_.txt"; filename*=UTF-8''%22%c3%bc%27s%22%2050%25.txt`.replace('%c3%bc', '%C3%BC'),
    );
    expect(disposition(downloadName('a\r\nb'))).not.toMatch(/[\r\n]/);
  });
});
