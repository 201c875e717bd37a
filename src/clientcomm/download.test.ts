import { describe, expect, it } from 'vitest';
import { parseDownload } from './download.ts';

describe('what a script offers', () => {
  it.each([
    ['/a/b.txt', { path: '/a/b.txt' }],
    ['/a/b.txt\n', { path: '/a/b.txt' }],
    ['/a/with a\nbreak', { path: '/a/with a\nbreak' }],
    ['~/x', { path: '~/x' }],
    ['{"path":"/a"}', { path: '/a' }],
    ['{"path":"/a","name":"b"}', { path: '/a', name: 'b' }],
    ['{"path":"/a","name":""}', { path: '/a' }],
    ['{"path":"/a","name":7}', { path: '/a' }],
  ])('%j is a file', (data, expected) => expect(parseDownload(data)).toEqual(expected));

  it.each([
    '',
    '\n',
    '{"name":"x"}',
    '{"path":""}',
    '{"path":7}',
    '/a\0b',
    '{"path":"/a\\u0000"}',
    `/${'x'.repeat(20_000)}`,
  ])('%.20j is none', (data) => expect(parseDownload(data)).toBeUndefined());

  it('has a name of at most 255 characters', () => {
    expect(parseDownload(JSON.stringify({ path: '/a', name: 'x'.repeat(400) }))?.name).toHaveLength(255);
  });
});
