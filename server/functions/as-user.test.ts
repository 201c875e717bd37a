import { expect, it } from 'vitest';
import type { RunRequest, RunResult, SessionHost } from '../sessions/port.ts';
import { asUserThrough } from './as-user.ts';
import { runExecutable } from './executable.ts';

const user = { login: 'ada', uid: 2001, gid: 2001, home: '/home/ada' };
const body = { kind: 'executable', path: '/opt/site/filter', as: 'user' } as const;

async function run(more: Partial<RunResult>, said: (request: RunRequest) => void = () => undefined) {
  const asked: unknown[] = [];
  const host: Pick<SessionHost, 'run'> = {
    async run(who, request) {
      asked.push([who.login, request.argv, request.stdin]);
      said(request);
      return { output: '', stdout: '', exitCode: 0, timedOut: false, truncated: false, ...more };
    },
  };
  const result = await runExecutable(body, '{"a":1}', { login: 'ada', user }, asUserThrough(host));
  return { asked, ...result };
}

it('gives the program its input as the user, and takes its result and its log', async () => {
  const { asked, outcome, logs } = await run({ stdout: '{"b":2}\n' }, ({ onOutput }) => {
    onOutput?.('err', 'one\n');
    onOutput?.('out', '{"b":2}\n');
  });
  expect(asked).toEqual([['ada', ['/opt/site/filter'], '{"a":1}\n']]);
  expect(outcome).toEqual({ state: 'returned', result: { b: 2 } });
  expect(logs).toEqual(['one']);
});

it.each<[string, Partial<RunResult>, string]>([
  ['takes too long', { timedOut: true, exitCode: 137 }, 'time'],
  ['prints too much', { truncated: true, stdout: '"x' }, 'result-too-large'],
  ['fails', { exitCode: 1 }, 'executable'],
  ['refuses', { exitCode: 3 }, 'threw'],
])('tells one that %s by its cause', async (_what, more, cause) => {
  expect((await run(more)).outcome).toMatchObject({ state: 'failed', failure: { cause } });
});
