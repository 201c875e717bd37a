import { describe, expect, it } from 'vitest';
import { CasementError } from '../../src/contract/errors.ts';
import { START_STEPS, type StartProgress, type StartResult } from '../../src/contract/start.ts';
import { checkAnswers, deriveFields } from '../../src/forms/fields/index.ts';
import type { Caller } from '../auth/port.ts';
import { defaultFunctions } from '../functions/defaults.ts';
import { SERVERLIST, type StartFunctions } from '../functions/port.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import type { SessionServer } from '../policy/port.ts';
import type { SessionHost } from '../sessions/port.ts';
import type { Handover } from '../schedule/port.ts';
import type { StartDeps } from './deps.ts';
import { EXAMPLE_FORMS } from './example-forms.ts';
import { runStart } from './order.ts';

const caller: Caller = {
  user: { login: 'me', uid: 1, gid: 1, home: '/home/me' },
  login: 'me',
  groups: ['staff'],
  level: 'full',
  jti: 'j',
  expires: 0,
};
const server = (serverId: string, sessions: number) => ({
  serverId,
  id: serverId,
  serverPool: '',
  hostname: `${serverId}.example`,
  url: '',
  cpu: 1,
  freemem: 1,
  totalmem: 1,
  loggedInUsers: 0,
  sessions,
  uptime: 1,
  loadavg: [0, 0, 0] as [number, number, number],
  accepts: { login: true, start: true },
  staticData: {},
});

const at = (id: string, host: SessionHost = createFakeHost()): SessionServer => ({
  info: () => server(id, 1),
  host,
  canStart: () => ({ accepts: true, xserver: true }),
});

interface More {
  functions?: Partial<StartFunctions>;
  deps?: Partial<StartDeps>;
  data?: object;
  host?: SessionHost;
  at?: Partial<SessionServer>;
}

function start(more: More = {}) {
  const progress: StartProgress[] = [];
  const warned: string[] = [];
  const traces: string[] = [];
  const deps: StartDeps = {
    auth: { refuses: () => undefined, runAs: async ({ user }) => user },
    forms: {
      get: async (id) => {
        const form = EXAMPLE_FORMS.find((one) => one.id === id);
        return form && { ...form, version: 1, fields: deriveFields(form.html).fields };
      },
    },
    profiles: { get: async () => undefined, ownDefault: async () => null },
    functions: { ...defaultFunctions, ...more.functions },
    scheduling: { hand: () => Promise.reject(new Error('nothing is scheduled here')) },
    checkAnswers: (fields, answers) => checkAnswers([...fields], answers),
    bookmark: () => Promise.resolve(undefined),
    servers: () => [server('here', 3), server('there', 1)],
    localServerId: 'here',
    server: (id) => ({ ...at(id, more.host), ...more.at }),
    seats: { limited: () => false, take: () => ({ settle: () => undefined }) },
    progress: (one) => progress.push(one),
    trace: (trace) => traces.push(trace.outcome),
    warn: (_cause, message) => warned.push(message),
    ...more.deps,
  };
  const data = { command: 'xterm', geometry: '800x600', serverId: 'here', ...more.data };
  return { result: runStart({ caller, data, startId: 's', ip: '10.0.0.1' }, deps), progress, warned, traces };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing',
    (error: unknown) => (error instanceof CasementError ? error.code : String(error)),
  );

describe('the order of operations', () => {
  it('is the fourteen steps, each begun and ended before the next', async () => {
    const { result, progress } = start();
    expect((await result).stage).toBe('started');
    expect(progress.map(({ step }) => step)).toEqual(START_STEPS.flatMap((step) => [step, step]));
    expect(progress.filter(({ state }) => state === 'running')).toHaveLength(START_STEPS.length);
    expect(progress.filter(({ sessionId }) => sessionId !== undefined)[0]?.step).toBe('enabled');
  });

  it('stops at the form filter when there is a form to ask', async () => {
    const { result, progress, traces } = start({ data: { forms: ['resources'] } });
    expect(await result).toMatchObject({ stage: 'form', form: { id: 'resources' }, forms: [] });
    expect(progress.at(-1)).toMatchObject({ step: 'form-filter', state: 'done' });
    expect(traces).toEqual(['form']);
  });

  it.each([
    [
      'permission',
      'forbidden',
      { deps: { auth: { refuses: () => 'forbidden' as const, runAs: async () => caller.user } } },
    ],
    ['send', 'server-unknown', { deps: { server: () => undefined } }],
    ['enabled', 'start-disabled', { at: { canStart: () => ({ accepts: false, xserver: true }) } }],
    ['enabled', 'xserver-missing', { at: { canStart: async () => ({ accepts: true, xserver: false }) } }],
  ])('ends at %s with %s', async (step, code, more) => {
    const { result, progress, traces } = start(more);
    expect(await codeOf(result)).toBe(code);
    expect(progress.at(-1)).toMatchObject({ step, state: 'failed', error: { name: code } });
    expect(traces).toEqual([code]);
  });

  it('waits for sudo and ssh where the link failed and the host goes on to them', async () => {
    const fake = createFakeHost();
    const host: SessionHost = {
      ...fake,
      async start(user, data, observer) {
        observer.step('link', 'running');
        observer.step('link', 'failed', 1);
        await Promise.resolve();
        observer.step('sudo', 'running');
        await Promise.resolve();
        observer.step('sudo', 'done', 5);
        return fake.start(user, data, {
          step: (step, state, ms) => step === 'session' && observer.step(step, state, ms),
        });
      },
    };
    const { result, progress } = start({ host });
    expect((await result).stage).toBe('started');
    const ends = progress.filter(({ state }) => state !== 'running').map(({ step, state }) => `${step} ${state}`);
    expect(ends.slice(9)).toEqual(['link skipped', 'sudo done', 'ssh skipped', 'seats skipped', 'session done']);
  });
});

describe('a session server that asks something first', () => {
  function asking() {
    const fake = createFakeHost();
    const host: SessionHost = {
      ...fake,
      async start(user, data, observer) {
        observer.step('link', 'running');
        observer.step('link', 'failed', 1, new Error('no link runs'));
        observer.step('ssh', 'running');
        const prompts = [{ prompt: 'Code: ', echo: true }];
        const answers = await observer.ask?.({ stage: 'keyboard-interactive', prompts });
        if (answers?.[0] !== '42') throw new CasementError('login-failed');
        observer.step('ssh', 'done', 5);
        return fake.start(user, data, {
          step: (step, state, ms) => step === 'session' && observer.step(step, state, ms),
        });
      },
    };
    return start({ host });
  }
  const tokenOf = (result: StartResult) => (result.stage === 'login' ? (result.login.authtoken ?? '') : '');
  const answer = (authtoken: string, answers: string[], login = 'me') =>
    runStart(
      { caller: { ...caller, login }, data: { login: { authtoken, answers } }, startId: 's', ip: '10.0.0.1' },
      // Nothing of a second start is looked at.
      {} as StartDeps,
    );

  it('has its question handed on, and the start goes on with the answer', async () => {
    const { result, progress, traces } = asking();
    const asked = await result;
    expect(asked).toMatchObject({ stage: 'login', login: { prompts: [{ prompt: 'Code: ', echo: true }] } });
    expect(traces).toEqual([]);
    expect((await answer(tokenOf(asked), ['42'])).stage).toBe('started');
    expect(traces).toEqual(['started']);
    expect(progress.filter(({ state }) => state === 'running').map(({ step }) => step)).toEqual([...START_STEPS]);
  });

  it('takes an answer once, and from nobody else', async () => {
    const { result, traces } = asking();
    const token = tokenOf(await result);
    expect(await codeOf(answer(token, ['42'], 'somebody'))).toBe('login-expired');
    expect(await codeOf(answer(token, ['41']))).toBe('login-failed');
    expect(await codeOf(answer(token, ['42']))).toBe('login-expired');
    expect(traces).toEqual(['login-failed']);
  });
});

describe('functions of the site', () => {
  it.each<[string, Partial<StartFunctions>]>([
    ['a form filter that throws', { formFilter: () => Promise.reject(new Error('boom')) }],
    ['a form filter that returns nonsense', { formFilter: async () => ({ html: 7 }) }],
    ['a form filter that names no form', { formFilter: async () => 'no-such-form' }],
    [
      'a server list that invents a server',
      { formFilter: async () => SERVERLIST, serverList: async () => [server('evil', 0)] },
    ],
    ['a schedule that is nothing a schedule function may return', { schedule: async () => 7 }],
    ['a start event that returns nothing', { startEvent: async () => undefined }],
    ['a start event that breaks the data', { startEvent: async () => ({ data: { command: 7 } }) }],
    ['load balancing that returns no id', { loadBalancing: async () => 7 }],
  ])('%s starts nothing, tells the person one sentence and the log why', async (_what, functions) => {
    const { result, warned, progress } = start({ functions });
    expect(await codeOf(result)).toBe('function-failed');
    expect(warned).toHaveLength(1);
    expect(progress.some(({ step }) => step === 'link')).toBe(false);
  });

  it('may change the start data, ask a form by its id, and stop a start with a code', async () => {
    const changed = start({ functions: { startEvent: async ({ data }) => ({ data: { ...data, command: 'true' } }) } });
    expect(await changed.result).toMatchObject({ session: { command: 'true' } });
    const asked = start({ functions: { formFilter: async () => 'project' } });
    expect(await asked.result).toMatchObject({ stage: 'form', form: { id: 'project' } });
    const stopped = start({ functions: { startEvent: () => Promise.reject(new CasementError('forbidden')) } });
    expect(await codeOf(stopped.result)).toBe('forbidden');
  });

  it('may let the person choose a server, and only one that was offered', async () => {
    const functions = { formFilter: async () => SERVERLIST };
    const asked = await start({ functions }).result;
    expect(asked).toMatchObject({
      stage: 'form',
      form: { fields: [{ name: 'serverId', options: [{ value: 'here' }, { value: 'there' }] }] },
    });
    const form = asked.stage === 'form' ? asked.form : undefined;
    expect(form?.servers?.map(({ serverId }) => serverId)).toEqual(['here', 'there']);
    // What a browser shows as a table, it need not know the address of.
    expect(JSON.stringify(form)).not.toMatch(/url|staticData/);
    const id = asked.stage === 'form' ? asked.form.id : '';
    const answer = (serverId: string) => ({ answered: [{ id, version: 1 }], params: { serverId } });
    expect((await start({ functions, data: answer('here') }).result).stage).toBe('started');
    expect(await codeOf(start({ functions, data: answer('elsewhere') }).result)).toBe('server-unknown');
  });

  it('choose, where there are none, the server with the fewest sessions unless one was chosen', async () => {
    const input = { action: 'session/start', user: { login: 'me', sub: 'me' }, local: 'here' } as const;
    const servers = [server('here', 3), server('there', 1)];
    const data = { command: 'x', geometry: '800x600', keyboardLayout: 'us' };
    expect(await defaultFunctions.loadBalancing({ ...input, servers, data })).toBe('there');
    const chosen = { ...data, params: { serverId: 'here' } };
    expect(await defaultFunctions.loadBalancing({ ...input, servers, data: chosen })).toBe('here');
    expect(servers.map(({ serverId }) => serverId)).toEqual(['here', 'there']);
  });
});

it('names a session by its bookmark, else by its program', async () => {
  const named = async (data: object, deps: Partial<StartDeps> = {}) => {
    const result = await start({ data, deps }).result;
    return result.stage === 'started' ? result.session.name : result.stage;
  };
  expect(await named({ command: '  /usr/bin/xterm -ls' })).toBe('xterm');
  expect(await named({ command: 'xterm', name: ' Mine ' })).toBe('Mine');
});

describe('a start that is scheduled', () => {
  const template = 'casement start --id ${ start.id } --command ${ start.command } --name ${ start.name }';
  const scheduled = (returned: unknown, data: object = {}) => {
    const events: string[] = [];
    const handed: Handover[] = [];
    const run = start({
      data,
      functions: {
        schedule: async () => returned,
        startEvent: async (input) => {
          events.push('start');
          return input;
        },
        scheduleEvent: async (input) => {
          events.push(input.action);
          return { ...input, data: { ...input.data, command: `nice ${input.data.command}` } };
        },
      },
      deps: {
        server: (id) => ({ ...at(id), canStart: () => ({ accepts: true, xserver: false }) }),
        scheduling: {
          async hand(handover, observer) {
            handed.push(handover);
            observer.step('link', 'running');
            observer.step('link', 'done', 1);
            return { output: 'Submitted.\n' };
          },
        },
      },
    });
    return { ...run, events, handed };
  };

  it('goes by the schedule event alone, and its command has what that left of the data', async () => {
    const { result, events, handed, progress } = scheduled(template, { name: "it's" });
    expect(await result).toEqual({ stage: 'scheduled', output: 'Submitted.\n' });
    expect(events).toEqual(['schedule']);
    const [{ start: session, plan } = { start: undefined, plan: undefined }] = handed;
    expect(plan).toMatchObject({
      script: `casement start --id '${session?.id}' --command 'nice xterm' --name 'it'\\''s'`,
    });
    expect(progress.filter(({ state }) => state === 'running').map(({ step }) => step)).toEqual(START_STEPS);
  });

  it('starts now where nothing is returned, by the start event alone', async () => {
    const { result, events, handed } = scheduled(null);
    // It gets as far as the X server that is not here.
    expect(await codeOf(result)).toBe('xserver-missing');
    expect([events, handed]).toEqual([['start'], []]);
  });

  it('is refused before anything happens where the template is not safe, and where a value cannot be carried', async () => {
    const unsafe = scheduled('sh -c "${ start.command }"');
    await expect(unsafe.result).rejects.toMatchObject({
      code: 'schedule-template',
      details: { message: 'Line 1: ${ start.command } stands inside double quotes, where quoting cannot protect it.' },
    });
    expect(unsafe.events).toEqual([]);
    const nul = scheduled('x ${ start.params.a }', { params: { a: 'b\0c' } });
    expect(await codeOf(nul.result)).toBe('schedule-value');
    expect(nul.handed).toEqual([]);
  });
});
