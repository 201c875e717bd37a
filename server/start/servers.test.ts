/** Where a start ends up with several servers, by rules, wishes and switches; and what is said and left where it cannot. */
import { beforeEach, describe, expect, it } from 'vitest';
import { Bookmark } from '../../src/contract/bookmark.ts';
import { CasementError } from '../../src/contract/errors.ts';
import { type Profile, ProfileDraft } from '../../src/contract/profile.ts';
import type { ServerInfo } from '../../src/contract/session.ts';
import type { StartProgress, StartResult } from '../../src/contract/start.ts';
import type { Caller } from '../auth/port.ts';
import { createDefaults } from '../functions/defaults.ts';
import { SERVERLIST, type LoadBalancingInput, type StartFunctions } from '../functions/port.ts';
import type { SessionServer } from '../policy/port.ts';
import { createFakeHost } from '../testing/fake-host.ts';
import type { StartDeps } from './deps.ts';
import { runStart } from './order.ts';

const caller: Caller = {
  user: { login: 'ada', uid: 1, gid: 1, home: '/home/ada' },
  login: 'ada',
  groups: [],
  level: 'full',
  jti: 'j',
  expires: 0,
};

interface Server {
  info: ServerInfo;
  readonly host: ReturnType<typeof createFakeHost>;
  reached: boolean;
  /** What it says itself when it is asked, which may be newer than what is known of it. */
  open: boolean;
  xserver: boolean;
}

function server(serverId: string, serverPool: string, sessions: number, freemem: number): Server {
  const info: ServerInfo = {
    serverId,
    id: serverId,
    serverPool,
    hostname: `${serverId}.example`,
    url: '',
    cpu: 1,
    freemem,
    totalmem: 10,
    loggedInUsers: 0,
    sessions,
    uptime: 1,
    loadavg: [0, 0, 0],
    accepts: { login: true, start: true },
    staticData: {},
  };
  return { info, host: createFakeHost(), reached: true, open: true, xserver: true };
}

const profile = (id: string, pools: string[]): Profile => ({
  ...ProfileDraft.parse({ name: id, pools }),
  id,
  version: 1,
  changed: 0,
  changedBy: 'root',
});
const PROFILES = [profile('anywhere', []), profile('gpu-only', ['gpu']), profile('nowhere', ['mars'])];

function bookmark(more: Partial<Bookmark>): Bookmark {
  const text = { name: 'Tool', icon: 'window', command: 'tool', geometry: '800x600', params: {}, forms: [], tags: [] };
  const rest = { groups: [], runAs: null, restart: 'never', serverId: null, pool: null, profile: null };
  const kept = { builtin: false, hidden: false, favourite: false, version: 1, changed: 0, by: 'root' };
  return Bookmark.parse({ id: 'tool', kind: 'system', ...text, ...rest, ...kept, ...more });
}

let servers: Server[];
let seats: string[];
let asked: LoadBalancingInput[];
let progress: StartProgress[];
let defaults: ReturnType<typeof createDefaults>;

beforeEach(() => {
  servers = [server('a', 'cpu', 3, 1), server('b', 'cpu', 1, 2), server('g', 'gpu', 9, 3), server('h', 'gpu', 8, 9)];
  [seats, asked, progress, defaults] = [[], [], [], createDefaults()];
});

const of = (id: string): Server => {
  const found = servers.find(({ info }) => info.serverId === id);
  if (!found) throw new Error(id);
  return found;
};
const close = (...ids: string[]) => {
  for (const id of ids) of(id).info = { ...of(id).info, accepts: { login: true, start: false } };
};

interface Call {
  readonly bookmark?: Partial<Bookmark>;
  readonly data?: object;
  readonly functions?: Partial<StartFunctions>;
  readonly bookmarksOnly?: boolean;
}

function start(call: Call = {}): Promise<StartResult> {
  const found = call.bookmark && bookmark(call.bookmark);
  const functions: StartFunctions = { ...defaults, ...call.functions };
  const deps: StartDeps = {
    auth: {
      refuses: (_caller, action) => (action === 'start-command' && call.bookmarksOnly ? 'forbidden' : undefined),
      runAs: async ({ user }) => user,
    },
    forms: { get: async () => undefined },
    profiles: { get: async (id) => PROFILES.find((one) => one.id === id), ownDefault: async () => null },
    functions: {
      ...functions,
      loadBalancing: (input, by) => {
        asked.push(input);
        return functions.loadBalancing(input, by);
      },
    },
    scheduling: { hand: () => Promise.reject(new Error('nothing is scheduled here')) },
    checkAnswers: () => ({ params: {}, problems: [] }),
    bookmark: async () => found,
    servers: () => servers.map(({ info }) => info),
    localServerId: 'a',
    server(id): SessionServer | undefined {
      const one = of(id);
      if (!one.reached) return undefined;
      const { host, open, xserver } = one;
      return { host, info: () => of(id).info, canStart: async () => ({ accepts: open, xserver }) };
    },
    seats: {
      limited: () => true,
      take: ({ sessionId }) => {
        seats.push(sessionId);
        return { settle: (kept) => void (kept || (seats = seats.filter((seat) => seat !== sessionId))) };
      },
    },
    progress: (one) => progress.push(one),
    trace: () => undefined,
    warn: () => undefined,
  };
  const data = { command: 'tool', geometry: '800x600', ...(found ? { bookmarkId: found.id } : {}), ...call.data };
  return runStart({ caller, data, startId: 's', ip: '10.0.0.1' }, deps);
}

/** Where it runs, which is one place. */
async function place(call: Call = {}): Promise<string> {
  const result = await start(call);
  const ran = servers.filter(({ host }) => host.list().length > 0).map(({ info }) => info.serverId);
  for (const { host } of servers) for (const { id } of host.list()) await host.purge(id).catch(() => undefined);
  servers = servers.map((one) => ({ ...one, host: createFakeHost() }));
  return `${result.stage} ${ran.join(' ')}`;
}

/** What is said where it cannot start; nothing of it is anywhere then. */
async function refusal(call: Call = {}) {
  const error: unknown = await start(call).then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof CasementError)) throw new Error(`not refused: ${String(error)}`);
  expect(servers.flatMap(({ host }) => host.list())).toEqual([]);
  expect(seats).toEqual([]);
  const last = progress.at(-1);
  expect(last).toMatchObject({ state: 'failed', error: { name: error.code, message: error.message } });
  return { step: last?.step, name: error.code, message: error.message, details: error.details };
}

describe('with several servers, a start', () => {
  it('goes to the one with the fewest sessions, the most memory, or to each in turn; never to a closed one', async () => {
    expect(await place()).toBe('started b');
    const by = (choice: 'most-memory' | 'round-robin') => ({
      loadBalancing: async (input: LoadBalancingInput) => defaults.loadBalancingBy(choice, input),
    });
    expect(await place({ functions: by('most-memory') })).toBe('started h');
    close('h', 'b');
    expect(await place()).toBe('started a');
    expect(await place({ functions: by('most-memory') })).toBe('started g');
    const turns = [];
    for (let at = 0; at < 3; at++) turns.push(await place({ functions: by('round-robin') }));
    expect(turns).toEqual(['started a', 'started g', 'started a']);
    expect(asked.at(-1)?.servers.map(({ serverId }) => serverId)).toEqual(['a', 'g']);
  });

  it('goes to a server that is closed for logins, which is another switch', async () => {
    of('b').info = { ...of('b').info, accepts: { login: false, start: true } };
    expect(await place()).toBe('started b');
  });

  it('goes where the person wishes, by either spelling', async () => {
    expect(await place({ data: { serverId: 'g' } })).toBe('started g');
    expect(await place({ data: { params: { serverId: 'g' } } })).toBe('started g');
  });

  it('stays within the pools of its profile and of its bookmark', async () => {
    expect(await place({ data: { profile: 'gpu-only' } })).toBe('started h');
    expect(asked.at(-1)?.servers.map(({ serverId }) => serverId)).toEqual(['g', 'h']);
    expect(await place({ bookmark: { pool: 'gpu' } })).toBe('started h');
    expect(await place({ bookmark: { pool: 'gpu', profile: 'gpu-only' } })).toBe('started h');
    expect(await place({ bookmark: { pool: 'cpu', profile: 'anywhere' } })).toBe('started b');
    close('h');
    expect(await place({ bookmark: { pool: 'gpu' } })).toBe('started g');
    expect(await place({ bookmark: { pool: 'gpu' }, bookmarksOnly: true })).toBe('started g');
  });

  it('is told which server may not be chosen, and by which rule', async () => {
    const profileSays = {
      name: 'profile-server',
      message: 'The profile “gpu-only” may not be used on the server a.example.',
    };
    const details = { serverId: 'a', hostname: 'a.example', pools: ['gpu'], profile: 'gpu-only' };
    for (const wish of [{ serverId: 'a' }, { params: { serverId: 'a' } }]) {
      const said = await refusal({ data: { profile: 'gpu-only', ...wish } });
      expect(said).toMatchObject({ step: 'load-balancing', ...profileSays, details });
    }
    // Not even by somebody who may start anything: the rule is the bookmark's.
    expect(await refusal({ bookmark: { pool: 'gpu' }, data: { params: { serverId: 'a' } } })).toMatchObject({
      step: 'load-balancing',
      name: 'bookmark-server',
      message: 'This bookmark may not be started on the server a.example.',
      details: { pool: 'gpu', hostname: 'a.example' },
    });
    // Nor by a function.
    const functions = { loadBalancing: async () => 'a' };
    expect(await refusal({ data: { profile: 'gpu-only' }, functions })).toMatchObject(profileSays);
    const event = { startEvent: async ({ data }: { data: object }) => ({ data: { ...data, serverId: 'a' } }) };
    expect(await refusal({ data: { profile: 'gpu-only' }, functions: event })).toMatchObject(profileSays);
  });

  it('is refused where there is no server for its profile or bookmark, or for both together', async () => {
    expect(await refusal({ data: { profile: 'nowhere' } })).toMatchObject({
      step: 'load-balancing',
      name: 'profile-server',
      message: 'The profile “nowhere” may not be used on any server there is.',
    });
    const pool = { name: 'bookmark-server', message: 'This bookmark may not be started on any server there is.' };
    expect(await refusal({ bookmark: { pool: 'mars' } })).toMatchObject(pool);
    expect(await refusal({ bookmark: { pool: 'cpu', profile: 'gpu-only' } })).toMatchObject(pool);
    expect(asked).toEqual([]);
  });

  it('fails with the name of a profile that does not exist', async () => {
    for (const call of [{ data: { profile: 'gone' } }, { bookmark: { profile: 'gone' } }]) {
      expect(await refusal(call)).toMatchObject({
        step: 'load-balancing',
        name: 'profile-unknown',
        message: 'There is no profile “gone” for this start.',
        details: { profile: 'gone' },
      });
    }
    const functions = { startEvent: async ({ data }: { data: object }) => ({ data: { ...data, profile: 'gone' } }) };
    expect(await refusal({ functions })).toMatchObject({ name: 'profile-unknown', details: { profile: 'gone' } });
  });

  it('is told when the servers that are left are closed', async () => {
    close('g', 'h');
    expect(await refusal({ data: { profile: 'gpu-only' } })).toMatchObject({
      step: 'load-balancing',
      name: 'start-disabled',
      details: { reason: 'Every server that this may start on is closed for new sessions.' },
    });
    expect(await refusal({ data: { serverId: 'g' } })).toMatchObject({
      step: 'load-balancing',
      name: 'start-disabled',
      message: 'The server g.example does not accept new sessions at the moment.',
      details: { hostname: 'g.example' },
    });
    expect(await refusal({ data: { serverId: 'x' } })).toMatchObject({
      step: 'load-balancing',
      name: 'server-unknown',
      details: { serverId: 'x' },
    });
  });

  it('is told which server cannot be reached, has closed meanwhile, or has no X server', async () => {
    of('b').reached = false;
    expect(await refusal()).toMatchObject({
      step: 'send',
      name: 'server-unknown',
      message: 'The server b.example cannot be reached from here.',
      details: { serverId: 'b', hostname: 'b.example' },
    });
    Object.assign(of('b'), { reached: true, open: false });
    expect(await refusal()).toMatchObject({
      step: 'enabled',
      name: 'start-disabled',
      message: 'The server b.example does not accept new sessions at the moment.',
    });
    Object.assign(of('b'), { open: true, xserver: false });
    expect(await refusal()).toMatchObject({
      step: 'enabled',
      name: 'xserver-missing',
      details: { hostname: 'b.example' },
    });
    of('b').xserver = true;
    expect(await place()).toBe('started b');
  });

  it('offers only allowed servers to choose among', async () => {
    const functions = { formFilter: async () => SERVERLIST };
    const offered = async (call: Call) => {
      const result = await start({ functions, ...call });
      return result.stage === 'form' ? result.form.servers?.map(({ serverId }) => serverId) : result.stage;
    };
    expect(await offered({})).toEqual(['a', 'b', 'g', 'h']);
    expect(await offered({ data: { profile: 'gpu-only' } })).toEqual(['g', 'h']);
    expect(await offered({ bookmark: { pool: 'cpu' } })).toEqual(['a', 'b']);
  });
});

it('has its bookmark’s restart policy, and none of its own', async () => {
  const policyOf = async (call: Call) => {
    const given: unknown[] = [];
    for (const one of servers) {
      const host = createFakeHost();
      servers = servers.map((old) =>
        old === one
          ? {
              ...old,
              host: {
                ...host,
                start: (user, data, observer) => (given.push(data.restart), host.start(user, data, observer)),
              },
            }
          : old,
      );
    }
    await start(call);
    return given;
  };
  expect(await policyOf({ bookmark: { restart: 'on-failure' } })).toEqual(['on-failure']);
  expect(await policyOf({ data: { restart: 'always' } })).toEqual(['never']);
});
