import { describe, expect, it } from 'vitest';
import { readStartLink } from './start-link.ts';

describe('a link that opens the Start dialog', () => {
  it('says what to select and what to fill in', () => {
    const link = readStartLink('?start=sim&param.project=alloy%20%3Cb%3E&param.tools=gcc&param.tools=gdb&param.a.b=1');
    expect(link?.bookmark).toBe('sim');
    expect([...(link?.texts ?? [])]).toEqual([
      ['project', ['alloy <b>']],
      ['tools', ['gcc', 'gdb']],
      ['a.b', ['1']],
    ]);
  });

  it('is none without "start", and leaves out names that are none', () => {
    expect(readStartLink('?param.project=alloy')).toBeUndefined();
    expect(readStartLink('')).toBeUndefined();
    const link = readStartLink('?start=&param.__proto__=1&param.constructor=1&param.=1&param.%F0%9F=1&command=rm');
    expect([link?.bookmark, link?.texts.size]).toEqual(['', 0]);
  });

  it('takes a hundred values of 4096 characters, and no more', () => {
    const many = Array.from({ length: 500 }, (_, i) => `param.n${i}=1`).join('&');
    expect(readStartLink(`?start&${many}`)?.texts.size).toBe(100);
    expect(readStartLink(`?start&param.a=${'x'.repeat(4097)}`)?.texts.size).toBe(0);
  });
});
