import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { AUDIT_EVENTS } from '../../contract/audit.ts';
import { ERRORS } from '../../contract/errors.ts';
import { START_STEPS } from '../../contract/start.ts';
import { SessionStatus } from '../../contract/session.ts';

const here = dirname(fileURLToPath(import.meta.url));

/** `a.b` → text, for every text of a catalogue. */
function texts(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]]);
  const entries = Object.entries(value ?? {}).flatMap(([name, inner]) => [
    ...texts(inner, path === '' ? name : `${path}.${name}`),
  ]);
  return new Map(entries);
}
const read = (file: string) => texts(JSON.parse(readFileSync(join(here, file), 'utf8')));
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).toSorted();

const english = read('en.json');
const others = readdirSync(here).filter((file) => file.endsWith('.json') && file !== 'en.json');

it.each(others)('%s has every text of the English catalogue with the same places in it', (file) => {
  const own = read(file);
  for (const [key, text] of english) {
    expect(own.get(key), key).toBeTypeOf('string');
    expect(places(own.get(key) ?? ''), key).toEqual(places(text));
  }
  const extra = [...own.keys()].filter((key) => !english.has(key) && !key.startsWith('errors.'));
  expect(extra).toEqual([]);
});

it('every step, every state and every event of the audit list has its name', () => {
  for (const step of START_STEPS) expect(english.has(`step.${step}`), step).toBe(true);
  for (const event of AUDIT_EVENTS) expect(english.has(`audit.events.${event}`), event).toBe(true);
  for (const status of SessionStatus.options) expect(english.has(`status.${status}`), status).toBe(true);
});

/** Said inside the viewer, which has its own words for them. */
const isOfViewer = (code: string) => /^(?:file|folder)-/.test(code);

it.each(others)('%s translates every error, and only those that exist', (file) => {
  const own = [...read(file).keys()].filter((key) => key.startsWith('errors.')).map((key) => key.slice(7));
  const known = [...Object.keys(ERRORS), 'offline', 'aborted', 'unexpected-answer'];
  expect(own.filter((code) => !known.includes(code))).toEqual([]);
  expect(known.filter((code) => !own.includes(code) && !isOfViewer(code))).toEqual([]);
});
