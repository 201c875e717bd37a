import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CasementError, ERRORS } from './errors.ts';

/** Rows of the page: code and status. */
function documented(): [string, number][] {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  return [...page.matchAll(/^\| `([a-z-]+)` \| (\d+) \| (\S.*) \|$/gm)].map((row) => [row[1] ?? '', Number(row[2])]);
}

it('has every code of the catalogue on the page about errors, with its status, once and in order', () => {
  expect(documented()).toEqual(Object.entries(ERRORS).map(([code, { status }]) => [code, status]));
});

it('gives every code a sentence and a status that fits', () => {
  for (const [code, { status, message }] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(message).toMatch(/^[A-Z].*\.$/s);
    expect(status === 0 || (status >= 400 && status < 600)).toBe(true);
  }
});

it('answers with code, sentence and details, never with the cause or a stack', () => {
  const error = new CasementError('form-invalid', { details: { form: 'x' }, cause: new Error('inside') });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'form-invalid',
    message: ERRORS['form-invalid'].message,
    details: { form: 'x' },
  });
});
