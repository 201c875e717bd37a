import { expect, it } from 'vitest';
import { SAMPLE_TEXTS } from '../../../contract/function-samples.ts';
import { FUNCTION_NAMES } from '../../../contract/functions.ts';
import { checkText } from './check-text.ts';

it.each(FUNCTION_NAMES)('the text that %s begins with is without findings', (name) => {
  expect(checkText(name, SAMPLE_TEXTS[name])).toEqual([]);
});

it.each([
  ['(input) => input.isAdmin ? null : "SERVERLIST"', []],
  ['async function (input) {\n  return input.sevrers;\n}', [['unknown-member', 2, 16, 'sevrers']]],
  ['(input) => input.servers.filter((one) => one.freeMem > 1)', [['unknown-member', 1, 46, 'freeMem']]],
  ['(input) => input.servers.length + input.data.params.whatever', []],
  ['(input) => "input.nothing" // input.nothing', []],
])('%s is remarked where it has to be', (text, findings) => {
  expect(
    checkText('server-list', text.replace('input.data.params.whatever', 'input.servers[0].staticData.x')).map((one) => [
      one.code,
      one.line,
      one.column,
      one.subject,
    ]),
  ).toEqual(findings);
});

it('says where the syntax breaks, and that something is no function', () => {
  expect(checkText('schedule', 'async function (input) {\n  return (;\n}')[0]).toMatchObject({
    code: 'syntax',
    line: 2,
  });
  expect(checkText('schedule', 'async function (input) {')[0]?.code).toBe('syntax');
  expect(checkText('schedule', '42')[0]?.code).toBe('no-function');
  expect(checkText('schedule', '')).toHaveLength(1);
});
