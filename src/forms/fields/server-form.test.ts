import { expect, it } from 'vitest';
import type { ServerChoice } from '../../contract/form.ts';
import { deriveFields } from './derive.ts';
import { serverForm } from './server-form.ts';

const choice = (serverId: string, hostname: string, start = true): ServerChoice => ({
  serverId,
  serverPool: '',
  hostname,
  cpu: 1,
  freemem: 1,
  totalmem: 1,
  loggedInUsers: 0,
  sessions: 0,
  loadavg: [0, 0, 0],
  accepts: { start },
});

it('offers every server, the suggested one chosen, closed ones not to be chosen', () => {
  const form = serverForm([choice('a', '"><b>x'), choice('b', 'second'), choice('c', 'closed', false)], 'b');
  expect(form.fields[0]?.options).toEqual([
    { value: 'a', label: '"><b>x', selected: false, disabled: false },
    { value: 'b', label: 'second', selected: true, disabled: false },
    { value: 'c', label: 'closed', selected: false, disabled: true },
  ]);
  // What is shown says the same as what is checked.
  expect(deriveFields(form.html).fields[0]?.options).toEqual(form.fields[0]?.options);
  expect(form.fields[0]?.defaultValue).toBe('b');
});
