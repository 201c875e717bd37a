import { describe, expect, it } from 'vitest';
import { CROWD_ROLES, MAX_DATA_BYTES } from '../src/contract/clientcomm.ts';
import { LINK_VERSION } from '../server/sessions/wire.ts';
import { parseArguments, UsageError } from './clientcomm-args.ts';
import { WIRE_VERSION } from './clientcomm-link.ts';
import { Exit, runClientComm } from './clientcomm-run.ts';

describe('the command line of clientcomm', () => {
  it('accepts values behind a blank and behind an equals sign', () => {
    const spaced = parseArguments(['--type', 'acme', '--clients', 'master', '--timeout', '1.5', '--id', 'i', 'a', 'b']);
    const joined = parseArguments(['--type=acme', '--clients=master', '--timeout=1.5', '--id=i', 'a', 'b']);
    expect(spaced).toEqual(joined);
    expect(joined).toMatchObject({ type: 'acme', clients: 'master', timeoutMs: 1500, id: 'i', message: 'a b' });
  });

  it('has defaults, reads standard input for a dash and keeps dashes inside a message', () => {
    expect(parseArguments(['-'])).toMatchObject({ type: 'fx-notify', message: undefined, clients: undefined });
    expect(parseArguments(['a', '--type=x'])).toMatchObject({ type: 'fx-notify', message: 'a --type=x' });
    expect(parseArguments(['--', '--list']).message).toBe('--list');
  });

  it.each([
    [[]],
    [['--nonsense', 'x']],
    [['--type']],
    [['--type=', 'x']],
    [['--type=a b', 'x']],
    [['--timeout=soon', 'x']],
    [['--timeout=-1', 'x']],
    [['--list=yes']],
    [['--clients=', 'x']],
    [['--exec=cat', 'x']],
    [['--listen', 'x']],
    [['--listen', '--list']],
    [['--listen', '--clients=master']],
    [['--listen', '--timeout=3']],
    [['--listen', '--exec=']],
    ...CROWD_ROLES.map((role) => [[`--clients=${role}`, 'x']]),
  ])('refuses %j', (argv) => {
    expect(() => parseArguments(argv)).toThrow(UsageError);
  });

  it('listens to all types, or to one', () => {
    expect(parseArguments(['--listen'])).toMatchObject({ listen: true, listenType: undefined, exec: undefined });
    expect(parseArguments(['--listen', '--type=acme', '--exec', './run'])).toMatchObject({
      listenType: 'acme',
      exec: './run',
    });
  });

  it('notifies roles of many when there is a comma', () => {
    expect(parseArguments(['--clients=viewer,', 'x']).clients).toBe('viewer,');
  });

  it('says usage when it does not know where to send, and too-large before it tries', async () => {
    let err = '';
    const io = {
      env: {},
      cwd: '/',
      readStdin: () => new Uint8Array(MAX_DATA_BYTES + 1),
      readArguments: () => new Uint8Array(),
      readLines: () => undefined,
      out: () => undefined,
    };
    const run = (argv: string[]) => runClientComm(argv, { ...io, err: (text) => (err += text) });
    expect(await run(['x'])).toBe(Exit.usage);
    expect(await run(['--id=some-session', 'x'])).toBe(Exit.usage);
    expect(await run(['--id=some-session', '--config_path=/nowhere', '-'])).toBe(Exit.error);
    expect(err).toContain('too-large');
  });

  it('speaks the same version as the link', () => {
    expect(WIRE_VERSION).toBe(LINK_VERSION);
  });
});
