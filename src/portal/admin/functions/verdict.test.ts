import { expect, it } from 'vitest';
import { SAMPLE_INPUTS } from '../../../contract/function-samples.ts';
import type { FunctionName, FunctionOutcome } from '../../../contract/functions.ts';
import type { JsonValue } from '../../../contract/json.ts';
import { verdictOf } from './verdict.ts';

const said = (name: FunctionName, outcome: FunctionOutcome, problem: 'not-a-form' | null = null) => {
  const { key, subject, good } = verdictOf(name, SAMPLE_INPUTS[name], { outcome, problem, logs: [], ms: 1 });
  return [key, subject, good];
};
const gave = (name: FunctionName, result: JsonValue) => said(name, { state: 'returned', result });

it.each<[FunctionName, JsonValue, string, string]>([
  ['form-filter', null, 'goes-on', ''],
  ['form-filter', 'SERVERLIST', 'asks-server', ''],
  ['form-filter', 'resources', 'asks-form', 'resources'],
  ['form-filter', { id: 'x', name: 'My form', html: '' }, 'asks-form', 'My form'],
  ['server-list', false, 'no-servers', ''],
  ['server-list', ['one', { serverId: 'two' }], 'offers', 'one, two'],
  ['schedule', null, 'starts-now', ''],
  ['schedule', { run: ['sbatch', 'x'], scheduler: 'slurm' }, 'scheduled', '["sbatch","x"]'],
  ['load-balancing', 'two', 'chosen', 'two'],
  ['start-event', SAMPLE_INPUTS['start-event'], 'unchanged', ''],
  ['start-event', { data: { command: 'xclock' } }, 'changed', ''],
])('%s that gives %j: %s %s', (name, result, key, subject) => {
  expect(gave(name, result)).toEqual([key, subject, true]);
});

it('an event that only orders the members otherwise has changed nothing', () => {
  const data = { geometry: '1x1', command: 'xterm' };
  const outcome = { state: 'returned', result: { data } } as const;
  const run = { outcome, problem: null, logs: [], ms: 1 };
  expect(verdictOf('start-event', { data: { command: 'xterm', geometry: '1x1' } }, run).key).toBe('unchanged');
});

it('what an event throws is for whoever starts; what a filter throws is not', () => {
  const threw = (message: string) => ({ state: 'failed', failure: { cause: 'threw', message } }) as const;
  expect(said('start-event', threw('no rm here'))).toEqual(['refused', 'no rm here', true]);
  expect(said('form-filter', threw('oops'))).toEqual(['failed', 'oops', false]);
  expect(said('start-event', { state: 'failed', failure: { cause: 'time', message: 'x' } })[0]).toBe('failed');
});

it('a problem with the result comes before what the result says', () => {
  expect(said('form-filter', { state: 'returned', result: 'x' }, 'not-a-form')).toEqual([
    'problem',
    'not-a-form',
    false,
  ]);
});
