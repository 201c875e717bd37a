import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findingCodes } from './finding.ts';
import { compilePattern } from './pattern.ts';

describe('patterns', () => {
  it.each(['(a+)+', '(a*)*b', '(a|a)*', '((ab)+c)+', '(x{1,100})*', '(?:a+){5,}', '([a-z]+)*$', '(a|b|ab)+'])(
    'does not run %s',
    (source) => {
      expect(compilePattern(source)).toEqual({ ok: false, problem: 'pattern-slow' });
    },
  );
  it.each(['[a-z]+', '(ab)+', '[0-9]{4}-[0-9]{2}', '(foo|bar)', '(a{2})*', '\\(+', '[\\(+]+', '[A-Z][a-z]*( [A-Z])?'])(
    'runs %s',
    (source) => {
      expect(compilePattern(source).ok).toBe(true);
    },
  );
  it.each(['(', '[', 'a{2,1}', '[a--]'])('knows that %s is no pattern', (source) => {
    expect(compilePattern(source)).toEqual({ ok: false, problem: 'pattern-invalid' });
  });
  it('matches the whole value', () => {
    const pattern = compilePattern('a|b');
    expect(pattern.ok && [pattern.test('a'), pattern.test('ab'), pattern.test('xa')]).toEqual([true, false, false]);
  });
});

describe('the guide for those who write forms', () => {
  it('explains every finding', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/forms.md'), 'utf8');
    expect(findingCodes.filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
  });
});
