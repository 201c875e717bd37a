// @vitest-environment node
/**
 * Each step of a start, failing in each way it can: the person is told, progress and trace name the step, and no
 * process, directory, row, job or seat is left. Real links, X servers, functions, store and scheduler folders.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CasementError, ERRORS, type ErrorCode } from '../../src/contract/errors.ts';
import type { FunctionName } from '../../src/contract/functions.ts';
import { ProfileDraft } from '../../src/contract/profile.ts';
import { START_STEPS, type StartStep } from '../../src/contract/start.ts';
import type { SessionHost } from '../sessions/port.ts';
import { bookmarkOf, LENT, NOTHING, StartMachine, type StartWorld } from '../testing/start-world.ts';

const TIMEOUT = 60_000;
const machine = new StartMachine();
beforeAll(() => machine.build(), TIMEOUT);
afterAll(() => machine.dispose(), TIMEOUT);

interface Failing {
  /** What the person is told, where it is another sentence than the catalogue's. */
  readonly says?: string;
  readonly data?: object;
  readonly functions?: Partial<Record<FunctionName, string>>;
  readonly before?: (world: StartWorld) => unknown;
  readonly host?: () => SessionHost | Promise<SessionHost>;
  /** The failed session stays on the list, with the reason and a log. */
  readonly card?: true;
  readonly details?: object;
}
type Row = readonly [step: StartStep, code: ErrorCode, how: string, more: Failing];

const answered = (params: object) => ({ answered: [{ id: 'resources', version: 1 }], params });
const BY = (run: string, scheduler?: string) =>
  `() => (${JSON.stringify({ run, ...(scheduler === undefined ? {} : { scheduler }) })})`;
const profile = (more: object) => (world: StartWorld) =>
  world.store.profiles.create('lab', ProfileDraft.parse({ name: 'Lab', ...more }), 'admin');
const script = (name: string, text: string) => (world: StartWorld) =>
  profile({ scripts: { start: machine.write(`${name}.sh`, `#!/bin/sh\n${text}`) } })(world);
const login = (code: ErrorCode) => () =>
  machine.brokenHost(() => ({
    begin: () => Promise.reject(new CasementError(code)),
    answer: () => Promise.reject(new CasementError('login-expired')),
    close: () => undefined,
  }));
/** Somebody else than this process, so that its own link is no way. */
const somebody = (world: StartWorld) => {
  Object.assign(world.caller, { login: 'nobody', user: { ...LENT, login: 'nobody', uid: 65_534 } });
};

const runAs = (account: string) => (world: StartWorld) => world.bookmarks.set('b', bookmarkOf('b', { runAs: account }));

/** What a function may do wrong whichever it is. */
const BAD_FUNCTIONS: Record<string, string> = {
  throws: '() => { throw new Error("secret of the site"); }',
  loops: '() => { for (;;); }',
  allocates: '() => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }',
  'recurses without an end': '() => { const f = () => f() + 1; return f(); }',
  'returns a promise that never settles': '() => new Promise(() => {})',
  'returns a cyclic object': '() => { const a = {}; a.a = a; return a; }',
  'returns more than 10 MiB': '() => ({ id: "x".repeat(10 * 1024 * 1024 + 1) })',
};

const ROWS: readonly Row[] = [
  ['receive', 'bad-request', 'start data of another shape', { data: { geometry: 7 }, details: { field: 'geometry' } }],
  ['receive', 'command-missing', 'a blank command', { data: { command: ' \t' } }],
  ['receive', 'bookmark-unknown', 'a bookmark that is gone', { data: { bookmarkId: 'gone' } }],
  ['permission', 'forbidden', 'somebody who may start nothing', { before: ({ refused }) => refused.add('start') }],
  ['permission', 'bookmark-only', 'a command of one’s own', { before: ({ refused }) => refused.add('start-command') }],
  [
    'permission',
    'run-as-failed',
    'a bookmark of an account there is not',
    { before: runAs('no-such-account'), data: { bookmarkId: 'b' } },
  ],
  ['form-filter', 'form-unknown', 'a form that is gone', { data: { forms: ['gone'] }, details: { form: 'gone' } }],
  ['form-filter', 'form-invalid', 'an answer that does not fit', { data: answered({ cores: 'many' }) }],
  [
    'form-filter',
    'form-loop',
    'a thirty-third form',
    {
      functions: { 'form-filter': '() => "resources"' },
      data: { answered: Array.from({ length: 32 }, (_, i) => ({ id: `f${i}`, version: 1 })) },
    },
  ],
  ...Object.entries(BAD_FUNCTIONS).map(([how, text]): Row => [
    'form-filter',
    'function-failed',
    `a filter that ${how}`,
    { functions: { 'form-filter': text } },
  ]),
  ['form-filter', 'function-failed', 'a form there is not', { functions: { 'form-filter': '() => "gone"' } }],
  ['form-filter', 'function-failed', 'no form', { functions: { 'form-filter': '() => ({ html: 7 })' } }],
  [
    'server-list',
    'function-failed',
    'a list that throws',
    { functions: { 'form-filter': '() => "SERVERLIST"', 'server-list': BAD_FUNCTIONS['throws']! } },
  ],
  [
    'server-list',
    'function-failed',
    'a server that does not exist',
    { functions: { 'form-filter': '() => "SERVERLIST"', 'server-list': '() => [{ serverId: "evil" }]' } },
  ],
  [
    'server-list',
    'server-unknown',
    'a choice that was not offered',
    {
      functions: { 'form-filter': '() => "SERVERLIST"' },
      data: { answered: [{ id: 'casement:servers', version: 1 }], params: { serverId: 'evil' } },
    },
  ],
  [
    'schedule',
    'start-refused',
    'a refusal',
    { functions: { schedule: '() => { throw "not today" }' }, says: 'not today' },
  ],
  ['schedule', 'function-failed', 'no plan', { functions: { schedule: '() => 7' } }],
  [
    'schedule',
    'schedule-template',
    'an unknown placeholder',
    {
      functions: { schedule: BY('echo ${ start.nothing }') },
      details: { message: 'Line 1: there is no placeholder ${ start.nothing }.' },
    },
  ],
  [
    'schedule',
    'run-as-failed',
    'a bookmark of another account',
    { before: runAs(LENT.login), data: { bookmarkId: 'b' }, functions: { schedule: BY('true') } },
  ],
  [
    'event',
    'start-refused',
    'what the start event throws',
    { functions: { 'start-event': '() => { throw new Error("no rm here") }' }, says: 'no rm here' },
  ],
  [
    'event',
    'start-refused',
    'what the schedule event throws',
    {
      functions: { schedule: BY('true'), 'schedule-event': '() => { throw new Error("no rm there") }' },
      says: 'no rm there',
    },
  ],
  ['event', 'function-failed', 'an event that loops', { functions: { 'start-event': '() => { for (;;); }' } }],
  ['event', 'function-failed', 'data that is none', { functions: { 'start-event': '() => ({ data: 7 })' } }],
  ['load-balancing', 'server-unknown', 'a server there is not', { data: { serverId: 'evil' } }],
  ['load-balancing', 'server-unknown', 'an invented one', { functions: { 'load-balancing': '() => "evil"' } }],
  ['load-balancing', 'function-failed', 'no id', { functions: { 'load-balancing': '() => 7' } }],
  [
    'load-balancing',
    'start-disabled',
    'a chosen server that is closed',
    {
      before: ({ policy }) => policy.servers.save('here', { login: true, start: false }, 0),
      says: 'The server here.example does not accept new sessions at the moment.',
    },
  ],
  [
    'send',
    'server-unknown',
    'a server that is out of reach',
    {
      before: ({ server }) => (server.reached = false),
      says: 'The server here.example cannot be reached from here.',
      details: { serverId: 'here' },
    },
  ],
  [
    'load-balancing',
    'profile-unknown',
    'a profile that was removed while it was in use',
    {
      async before(world) {
        await profile({})(world);
        await world.store.profiles.remove('lab');
      },
      data: { profile: 'lab' },
      says: 'There is no profile “lab” for this start.',
    },
  ],
  [
    'load-balancing',
    'profile-server',
    'a profile for other servers',
    {
      before: profile({ pools: ['pool-b'] }),
      data: { profile: 'lab' },
      says: 'The profile “lab” may not be used on the server here.example.',
      details: { pools: ['pool-b'] },
    },
  ],
  [
    'load-balancing',
    'bookmark-server',
    'a bookmark for other servers',
    {
      before: (world) => world.bookmarks.set('b', bookmarkOf('b', { pool: 'pool-b' })),
      data: { bookmarkId: 'b' },
      says: 'This bookmark may not be started on the server here.example.',
      details: { pool: 'pool-b' },
    },
  ],
  [
    'send',
    'schedule-value',
    'a value that no command line carries',
    { functions: { schedule: BY('echo ${ start.params.a }') }, data: { params: { a: 'b\0c' } } },
  ],
  [
    'enabled',
    'start-disabled',
    'a server that was closed in this moment',
    {
      before: ({ server }) => (server.accepts = false),
      says: 'The server here.example does not accept new sessions at the moment.',
    },
  ],
  ['enabled', 'xserver-missing', 'a server without Xvnc', { before: ({ server }) => (server.xserver = false) }],
  ['link', 'link-failed', 'a link that ends at once', { host: () => machine.brokenHost(), card: true }],
  [
    'link',
    'link-failed',
    'the same for a job',
    { host: () => machine.brokenHost(), functions: { schedule: BY('true') } },
  ],
  ['sudo', 'link-failed', 'no rule in sudoers', { host: () => machine.brokenHost(), before: somebody, card: true }],
  [
    'sudo',
    'run-as-failed',
    'no rule for a bookmark’s account',
    { host: () => machine.brokenHost(), before: runAs(LENT.login), data: { bookmarkId: 'b' }, card: true },
  ],
  ...(
    [
      ['login-failed', {}],
      ['login-expired', {}],
      ...(
        [
          'account-refused',
          'account-no-shell',
          'account-no-home',
          'home-full',
          'home-unwritable',
          'ssh-unreachable',
          'ssh-lost',
          'ssh-method',
          'host-key-changed',
          'host-key-unknown',
        ] as const
      ).map((code) => [code, { card: true }] as const),
    ] as const
  ).map(([code, more]): Row => ['ssh', code, 'a login', { host: login(code), before: somebody, ...more }]),
  [
    'seats',
    'seats-taken',
    'a limit that is reached',
    {
      async before({ policy, caller, refused }) {
        await policy.settings.save({ ...policy.settings.get(), seats: { perUser: 1, perServer: 0, total: 0 } });
        const mine = { sessionId: 'another', login: caller.login, serverId: 'here', hostname: 'here.example' };
        const seat = policy.seats.take(mine);
        // It goes once this start has failed.
        taken = () => seat.settle(false);
        expect(refused.size).toBe(0);
      },
      says: 'All 1 sessions of yours that may run at the same time are taken (1).',
      details: { scope: 'user', limit: 1, taken: 1 },
    },
  ],
  ['session', 'command-not-found', 'no such program', { data: { command: 'no-such-program --x' }, card: true }],
  ['session', 'command-died', 'one that ends at once', { data: { command: 'echo reasons >&2; exit 4' }, card: true }],
  [
    'session',
    'xserver-missing',
    'no Xvnc for this account',
    { host: () => machine.host('no-xvnc', machine.path('without')), card: true },
  ],
  [
    'session',
    'xserver-failed',
    'an Xvnc that ends',
    {
      host: () => machine.host('bad-xvnc', machine.path('bad', { Xvnc: '#!/bin/sh\necho "no screen" >&2; exit 1' })),
      card: true,
    },
  ],
  [
    'session',
    'script-failed',
    'a start script that refuses',
    { before: script('refuses', 'exit 1'), data: { profile: 'lab' }, card: true },
  ],
  [
    'session',
    'link-failed',
    'a link that is killed in the middle',
    { before: script('kills', 'kill -KILL "$PPID"'), data: { profile: 'lab' }, card: true },
  ],
  [
    'session',
    'schedule-failed',
    'a command that fails',
    {
      functions: { schedule: BY('echo "word for word"; exit 7') },
      details: { output: 'word for word\n', exitCode: 7 },
    },
  ],
  [
    'session',
    'schedule-failed',
    'a scheduler that refuses',
    {
      functions: { schedule: '() => ({ run: "true", scheduler: "refuses", options: ["--", "gpu"] })' },
      details: { output: 'no such queue: --\n', exitCode: 3 },
    },
  ],
  ['session', 'schedule-failed', 'one that gives no id', { functions: { schedule: BY('true', 'mute') } }],
  ['session', 'run-failed', 'a program there is not', { functions: { schedule: '() => ["no-such-program"]' } }],
  [
    'session',
    'scheduler-unknown',
    'one there is not',
    { functions: { schedule: BY('true', 'gone') }, details: { scheduler: 'gone' } },
  ],
];

let taken: (() => void) | undefined;
let world: StartWorld;
afterEach(() => {
  taken?.();
  taken = undefined;
  return world?.close();
});

/** Rejects with what the start failed with, also where that was only seen once it had begun. */
async function startIn(data: object): Promise<never> {
  const result = await world.start(data);
  if (result.stage !== 'started') throw new Error(`it ended with ${result.stage}`);
  const { id } = result.session;
  await expect.poll(() => world.host.get(id)?.status, { timeout: 10_000 }).toBe('failed');
  const error = world.host.get(id)?.error;
  if (!error) throw new Error('no reason');
  throw Object.assign(new CasementError('command-died'), { later: true });
}

describe('a start that fails', { timeout: TIMEOUT }, () => {
  it.each(ROWS)('at %s with %s: %s', async (step, code, _how, more) => {
    world = await machine.world(await more.host?.());
    await more.before?.(world);
    for (const [name, text] of Object.entries(more.functions ?? {})) {
      await world.publish(name as FunctionName, text);
    }
    const data = { command: 'sleep 600', geometry: '320x240', serverId: 'here', ...more.data };
    const error: unknown = await startIn(data).catch((cause: unknown) => cause);
    if (!(error instanceof CasementError)) throw error;

    const message = more.says ?? ERRORS[code].message;
    expect([error.code, error.message]).toEqual([code, message]);
    if (more.details) expect(error.details).toMatchObject(more.details);
    const [card, ...others] = world.cards();
    expect(others).toEqual([]);
    if (!('later' in error)) {
      expect(world.progress.at(-1)).toMatchObject({ step, state: 'failed', error: { name: code, message } });
      const [trace] = world.traces;
      expect([trace?.outcome, trace?.steps.at(-1)?.step, trace?.steps.at(-1)?.state]).toEqual([code, step, 'failed']);
    }
    expect(JSON.stringify([error, world.progress])).not.toContain('secret of the site');

    taken?.();
    await expect.poll(() => world.leftovers(), { timeout: 10_000 }).toEqual(NOTHING);
    expect(card?.error?.name).toBe(more.card ? code : undefined);
    if (!card) return;
    expect(card).toMatchObject({ status: 'failed', error: { message } });
    await world.host.purge(card.id);
    expect(world.cards()).toEqual([]);
    expect(await world.leftovers()).toEqual(NOTHING);
  });

  it('has a row above for every code that a step may throw', () => {
    const steps = join(import.meta.dirname, 'steps');
    const promised = readdirSync(steps).flatMap((file) => {
      const codes = [...readFileSync(join(steps, file), 'utf8').matchAll(/@throws CasementError ([^/]*)\*\//g)];
      return codes.flatMap(([, text = '']) => [...text.matchAll(/`([a-z-]+)`/g)].map(([, code]) => `${file} ${code}`));
    });
    const rows = ROWS.map(([step, code]) => `${step}.ts ${code}`);
    expect(promised.filter((one) => !rows.includes(one))).toEqual([]);
    expect(promised.length).toBeGreaterThan(20);
    // The server list is the one that never asks and never fails where the filter does not want it.
    expect(START_STEPS.filter((step) => !ROWS.some(([one]) => one === step))).toEqual([]);
  });
});
