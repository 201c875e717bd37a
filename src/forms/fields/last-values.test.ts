import { describe, expect, it } from 'vitest';
import { describeFields } from './derive.ts';
import { LastValues, type TextStore } from './last-values.ts';

class Memory implements TextStore {
  readonly map = new Map<string, string>();
  getItem(key: string): string | null {
    return this.map.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.map.set(key, value);
  }
  removeItem(key: string): void {
    this.map.delete(key);
  }
}

const form = (version = 1) => ({
  id: 'resources',
  version,
  fields: describeFields('<input name=cores data-type=number><input name=password><input name=note data-remember=off>'),
});

describe('last values', () => {
  it('come back for the same person, form and version, without what is sensitive', () => {
    const memory = new Memory();
    const mine = new LastValues(() => memory, 'ada');
    mine.save(form(), { cores: 4, password: 'x', note: 'y', other: 'z' });
    expect(mine.load(form())).toEqual({ cores: 4 });
    expect(mine.load(form(2))).toBeUndefined();
    expect(new LastValues(() => memory, 'bob').load(form())).toBeUndefined();
    expect([...memory.map.values()].join('')).not.toContain('x');
    mine.forget(form());
    expect(mine.load(form())).toBeUndefined();
  });

  it('do without a store that is forbidden, full, or holds something else', () => {
    const forbidden = new LastValues(() => {
      throw new Error('forbidden');
    }, 'ada');
    expect(() => forbidden.save(form(), { cores: 4 })).not.toThrow();
    expect(forbidden.load(form())).toBeUndefined();
    expect(() => forbidden.forget(form())).not.toThrow();
    const memory = new Memory();
    const mine = new LastValues(() => memory, 'ada');
    mine.save(form(), { cores: 4 });
    for (const text of ['', 'null', '{', '[]', '{"version":1}', '{"version":1,"answers":3}']) {
      for (const key of memory.map.keys()) memory.setItem(key, text);
      expect(mine.load(form())).toBeUndefined();
    }
  });
});
