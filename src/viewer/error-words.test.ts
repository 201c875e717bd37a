import { expect, it } from 'vitest';
import { ERRORS } from '../contract/errors.ts';
import { ERRORS_EN, isKnownError } from './error-words.ts';

it('are the catalogue’s own sentences', () => {
  for (const [code, sentence] of Object.entries(ERRORS_EN)) {
    expect(sentence).toBe(isKnownError(code) ? ERRORS[code].message : '');
  }
});

it('are there for every code that a viewer finds by itself', () => {
  const own = Object.keys(ERRORS).filter((code) => /^(rfb-|ticket-|resume-|decode-|viewer-)/.test(code));
  expect(own.filter((code) => !isKnownError(code))).toEqual([]);
});
