/** Programs run as the user through a real link. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pidRuns, TestMachine, until } from './link.test-support.ts';
import type { RunRequest, SessionHost } from './port.ts';

const machine = new TestMachine();
let host: SessionHost;

beforeAll(async () => {
  await machine.build();
  host = machine.host(machine.directory('run'));
}, 60_000);
afterAll(() => machine.dispose(), 60_000);

const run = (argv: string[], more: Partial<RunRequest> = {}) =>
  host.run(machine.user, { argv, timeoutMs: 20_000, maxBytes: 65_536, ...more });
const sh = (script: string, more: Partial<RunRequest> = {}) => run(['/bin/sh', '-c', script], more);

describe('a program that is run as the user', { timeout: 60_000 }, () => {
  it('gets arguments, input and variables as they are, and gives output and exit code back', async () => {
    const words = ["it's", '$(id)', 'a\nb', '-rf', '', 'é'];
    expect((await run(['printf', '<%s>', ...words])).stdout).toBe(words.map((word) => `<${word}>`).join(''));
    const told: string[] = [];
    const result = await sh('read line; echo "$line $X"; echo oops >&2; command -v casement start; exit 3', {
      stdin: 'hello\n',
      env: { X: 'x y' },
      onOutput: (stream, text) => told.push(`${stream}:${text}`),
    });
    expect(result).toMatchObject({ exitCode: 3, timedOut: false, truncated: false });
    expect(result.stdout).toMatch(/^hello x y\n\/.*\/bin\/casement\n/);
    expect(result.output).toContain('oops\n');
    expect(told.join('')).toContain('err:oops');
    expect((await sh('kill -TERM $$')).exitCode).toBe(143);
    await expect(run(['/no/such/program'])).rejects.toMatchObject({ code: 'run-failed' });
  });

  it('is ended with its children when it takes too long, and read no further than was asked', async () => {
    const slow = await sh('sleep 600 & echo $!; wait', { timeoutMs: 300 });
    expect(slow).toMatchObject({ timedOut: true, exitCode: 143 });
    await until(() => !pidRuns(Number(slow.stdout)));
    const long = await sh('yes | head -c 1000000; echo done >&2; exit 4', { maxBytes: 1000 });
    expect(long).toMatchObject({ truncated: true, exitCode: 4 });
    expect(long.output).toHaveLength(1000);
  });

  it('does not wait for what was left in the background', async () => {
    const { stdout, exitCode } = await sh('sleep 600 & echo $!');
    expect(exitCode).toBe(0);
    expect(pidRuns(Number(stdout))).toBe(true);
    process.kill(Number(stdout), 'SIGKILL');
  });

  it('ends with the server that asked', async () => {
    const other = machine.host(machine.directory('run'));
    let pid = 0;
    const gone = other.run(machine.user, {
      argv: ['/bin/sh', '-c', 'echo $$; exec sleep 600'],
      timeoutMs: 600_000,
      maxBytes: 100,
      onOutput: (_stream, text) => (pid = Number(text)),
    });
    const failed = gone.catch((error: unknown) => error);
    await until(() => pid > 0);
    await other.close();
    await until(() => !pidRuns(pid));
    expect(await failed).toMatchObject({ code: 'link-failed' });
  });
});
