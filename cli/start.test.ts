/** `casement start` with no server anywhere: the built program, a real link and X server. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bundlePrograms } from '../scripts/bundle.mjs';
import { ProfileSettings } from '../src/contract/profile.ts';
import { Session } from '../src/contract/session.ts';
import { rememberProfile } from '../server/sessions/known-profiles.ts';
import { linkPaths, sessionPaths } from '../server/sessions/paths.ts';
import { ConfigError } from '../server/config.ts';
import { parseStartArguments } from './start-args.ts';

describe('the options of a start', () => {
  const parse = (...argv: string[]) => {
    const parsed = parseStartArguments(argv);
    if (parsed === 'help') throw new Error('help');
    return parsed;
  };

  it('are read with a blank and with =, and the command line wins over --json', () => {
    expect(
      parse(
        '--json={"command":"a","geometry":"rootless","params":{"n":1,"x":"json"},"userid":7}',
        '--command',
        'xterm -ls',
        '--param=x=a=b',
        '--param',
        'y=',
        '--name',
        'Mine',
        '--userdata=u',
      ),
    ).toMatchObject({
      command: 'xterm -ls',
      geometry: 'rootless',
      name: 'Mine',
      params: { n: 1, x: 'a=b', y: '', userid: 7, userdata: 'u' },
      cli: false,
      keyboardLayout: 'us',
      profile: null,
    });
    expect(parse('--command=xterm -ls')).toMatchObject({ name: 'xterm', geometry: 'fullscreen', params: {} });
    expect(parse('--command', '-rf', '--name', '--help', '--param', 'x=--cli')).toMatchObject({
      command: '-rf',
      name: '--help',
      params: { x: '--cli' },
      cli: false,
    });
    expect(parse('--command=xterm', '--param=name=Named')).toMatchObject({ name: 'Named', params: {} });
  });

  it.each([
    [[], /--command is needed/],
    [['--command', ' '], /--command is needed/],
    [['--command=x', '--geometry=10x'], /--geometry 10x/],
    [['--command=x', '--id=../../etc'], /--id/],
    [['--command=x', '--param=novalue'], /NAME=VALUE/],
    [['--command=x', '--param=__proto__=1'], /a name is a letter/],
    [['--command=x', '--json=[1]'], /JSON object/],
    [['--command=x', '--json={'], /not JSON/],
    [['--command=x', '--json={"cli":"yes"}'], /--json: cli/],
    [['--command=x', '--env=9999'], /cannot be read/],
    [['--command=x', '--nonsense'], /nonsense/],
  ])('%j are refused', (argv, message) => {
    expect(() => parseStartArguments(argv)).toThrow(ConfigError);
    expect(() => parseStartArguments(argv)).toThrow(message);
  });
});

describe('a start without a server', { timeout: 60_000 }, () => {
  const base = mkdtempSync(join(tmpdir(), 'casement-start-'));
  const casement = join(base, 'dist/cli/casement.mjs');
  const data = ['--data', join(base, 'data')];

  beforeAll(() => bundlePrograms(join(base, 'dist'), ['cli/casement', 'cli/clientcomm', 'server/link']), 60_000);
  afterAll(async () => {
    await run(['terminate', '--all', ...data]);
    const info = JSON.parse(readFileSync(join(base, 'data/link/link.json'), 'utf8')) as { process: { pid: number } };
    process.kill(info.process.pid, 'SIGTERM');
    rmSync(base, { recursive: true, force: true });
  });

  interface Ran {
    readonly child: ChildProcess;
    readonly result: Promise<{ code: number | null; out: string; err: string }>;
    readonly said: (text: string) => Promise<void>;
  }

  function go(args: string[], env = '', job = ''): Ran {
    const child = spawn(process.execPath, [casement, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...(job === '' ? {} : { SLURM_JOB_ID: job }) },
    });
    const extra = child.stdio[3];
    if (extra && 'end' in extra) extra.end(env);
    let [out, err] = ['', ''];
    child.stdout?.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (err += text.toString()));
    return {
      child,
      result: once(child, 'close').then(([code]: (number | null)[]) => ({ code: code ?? null, out, err })),
      said: async (text) => {
        while (!out.includes(text) && child.stdout) await once(child.stdout, 'data');
      },
    };
  }
  const run = (args: string[], env = '') => go(args, env).result;

  it('prints the session and leaves it running', async () => {
    const { code, out } = await run(['start', '--command', 'sleep 600', '--id', 'mine-1', '--param', 'job=7', ...data]);
    expect(code).toBe(0);
    expect(Session.parse(JSON.parse(out))).toMatchObject({ id: 'mine-1', status: 'running', params: { job: '7' } });
    expect((await run(['sessions', ...data])).out).toMatch(/^mine-1 {2}running/);
    const again = await run(['start', '--command', 'sleep 600', '--id', 'mine-1', ...data]);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('(bad-request)');
  });

  it('goes by the profile as the link last knew it, and says so where it knows nothing', async () => {
    const of = (profile: string) => ['start', '--command', 'sleep 600', '--profile', profile, '--geometry', '800x600'];
    const unknown = await run([...of('lab'), ...data]);
    expect([unknown.code, Session.parse(JSON.parse(unknown.out)).geometry]).toEqual([0, '800x600']);
    expect(unknown.err).toMatch(/^casement: nothing is known here of the profile “lab”.*none of its limits/);

    const settings = ProfileSettings.parse({ maxGeometry: { width: 640, height: 480 }, clipboard: 'off' });
    rememberProfile(linkPaths(join(base, 'data/link')), 'lab', settings);
    const known = await run([...of('lab'), ...data]);
    expect([known.code, known.err]).toEqual([0, '']);
    expect(Session.parse(JSON.parse(known.out))).toMatchObject({
      profile: 'lab',
      geometry: '640x480',
      allows: { clipboard: 'off' },
    });
    expect((await run([...of('other'), ...data])).err).toContain('“other”');
  });

  it('with --cli hands on output, errors and exit code, and takes variables by a pipe', async () => {
    const command = 'echo "to out $SECRET"; echo "to err" >&2; echo "$DISPLAY"; sleep 1.2; exit 7';
    const args = ['start', '--cli', '--env', '3', ...data];
    const { code, out, err } = await run(args, JSON.stringify({ SECRET: 'by pipe', args: { command } }));
    expect(code).toBe(7);
    expect(out).toMatch(/^to out by pipe\n:\d+\n$/);
    expect(err).toBe('to err\n');
    expect((await run(['start', '--cli', '--command', 'no-such-program', ...data])).code).toBe(127);
  });

  it('in a job is held to what its profile says', async () => {
    const start = { id: 'mine-3', command: 'sleep 600', profile: 'lab', limits: { maxRunSeconds: 1 } };
    const { result } = go(['start', '--cli', '--json', JSON.stringify(start), ...data], '', '7');
    expect((await result).code).not.toBe(0);
    const sessions = await run(['sessions', '--json', ...data]);
    const listed = (JSON.parse(sessions.out) as Session[]).find(({ id }) => id === 'mine-3');
    expect(listed).toMatchObject({
      status: 'ended',
      profile: 'lab',
      error: { name: 'run-time-over' },
      job: { id: '7' },
    });
  });

  it('in a job starts its command again there, as its bookmark wants, and ends with the last run', async () => {
    const mark = join(base, 'mark');
    const command = `echo "run of $SLURM_JOB_ID"; sleep 1.2; [ -e ${mark} ] || { touch ${mark}; exit 3; }`;
    const start = JSON.stringify({ id: 'mine-4', command, restart: 'on-failure' });
    const { code, out, err } = await go(['start', '--cli', '--json', start, ...data], '', '7').result;
    expect([code, out, err]).toEqual([0, 'run of 7\nrun of 7\n', '']);
    const sessions = await run(['sessions', '--json', ...data]);
    const listed = (JSON.parse(sessions.out) as Session[]).find(({ id }) => id === 'mine-4');
    expect(listed).toMatchObject({ status: 'ended', exitCode: 0, restarts: { count: 1, exitCode: 3 } });
  });

  it('in a job without --cli says that nobody will start the command again', async () => {
    const start = JSON.stringify({ id: 'mine-5', command: 'sleep 1.2; exit 3', restart: 'always' });
    const { code, err } = await go(['start', '--json', start, ...data], '', '7').result;
    expect([code, err]).toEqual([0, expect.stringContaining('only with --cli') as string]);
    await vi.waitFor(async () => expect((await run(['sessions', ...data])).out).toMatch(/mine-5 {2}ended/), 10_000);
  });

  it('with --cli ends the session when it is interrupted before it runs', async () => {
    const { child, result } = go(['start', '--cli', '--id', 'mine-6', '--command', 'sleep 600', ...data]);
    const { dir } = sessionPaths(linkPaths(join(base, 'data/link')), 'mine-6');
    await vi.waitFor(() => expect(existsSync(dir)).toBe(true), { timeout: 30_000, interval: 1 });
    child.kill('SIGTERM');
    expect((await result).code).toBe(143);
    expect((await run(['sessions', ...data])).out).toMatch(/mine-6 {2}ended/);
  });

  it('with --cli ends the session when it is interrupted', async () => {
    const { child, result, said } = go([
      'start',
      '--cli',
      '--id',
      'mine-2',
      '--command',
      'echo up; sleep 600',
      ...data,
    ]);
    await said('up');
    child.kill('SIGINT');
    expect((await result).code).toBe(130);
    expect((await run(['sessions', ...data])).out).toMatch(/mine-2 {2}ended/);
  });
});
