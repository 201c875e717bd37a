/** Bookmarks over the API: who sees them, who changes them, what they fix, and what is kept of a start. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BookmarkText } from '../../src/contract/bookmark.ts';
import { createTokens, type Tokens } from '../auth/tokens.ts';
import { CasementError } from '../../src/contract/errors.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const CLIENT = { address: '127.0.0.1', userAgent: 'curl/8', shared: false };
const GROUPS: Record<string, string[]> = { alice: ['cfd'], bob: [], ada: ['wheel'], lim: ['guests'] };

let server: TestServer;
let tokens: Tokens;
let people: Record<string, string>;

beforeEach(async () => {
  server = await startTestServer(
    {},
    {
      methods: ['local', 'ssh'],
      levels: { admins: ['ada'], managers: [] },
      accounts: {
        ownGroups: () => Promise.resolve([]),
        find: (login) => {
          const groups = GROUPS[login];
          const uid = 2000 + Object.keys(GROUPS).indexOf(login);
          const account = { login, uid, gid: uid, home: `/home/${login}`, shell: '/bin/sh', groups: groups ?? [] };
          return Promise.resolve(groups ? account : undefined);
        },
      },
    },
  );
  tokens = await createTokens({ store: server.store, issuer: 'casement:test', now: Date.now });
  people = {};
  for (const login of Object.keys(GROUPS)) people[login] = (await tokens.issue(login, 'ssh', CLIENT)).token;
});
afterEach(() => server.close());

interface Answer {
  readonly status: number;
  readonly result: Record<string, unknown> & { id: string; version: number };
  readonly error: { readonly name: string; readonly details?: { field?: string; bookmark?: { version: number } } };
}

async function as(
  who: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
): Promise<Answer> {
  const answer = await server.app.inject({
    method,
    url: `/api${url}`,
    headers: { authorization: `Bearer ${people[who]}` },
    ...(method === 'GET' ? {} : { payload: payload ?? {} }),
  });
  const { result, error } = answer.json<Pick<Answer, 'result' | 'error'>>();
  return { status: answer.statusCode, result, error };
}

const names = async (who: string, query = '') => {
  const { result } = await as(who, 'GET', `/bookmarks${query}`);
  return (result as unknown as { bookmarks: { name: string }[] }).bookmarks.map(({ name }) => name);
};
const TEXT = { name: 'Solver', command: 'solver --fast' };

describe('bookmarks', () => {
  it('of the system are written by administrators and seen by those whom they are for', async () => {
    const made = await as('ada', 'POST', '/bookmarks', { ...TEXT, system: true, groups: ['@cfd'] });
    expect(made.result).toMatchObject({ kind: 'system', version: 1, groups: ['@cfd'], by: 'ada' });
    expect(await names('alice')).toEqual(['Terminal', 'Solver']);
    expect(await names('bob')).toEqual(['Terminal']);
    const foreign = await as('bob', 'GET', `/bookmarks/${made.result.id}`);
    const none = await as('bob', 'GET', '/bookmarks/none');
    expect([foreign.status, { ...foreign.error, ref: '' }]).toEqual([404, { ...none.error, ref: '' }]);
    // Whom else it is for is nobody's business.
    expect((await as('alice', 'GET', `/bookmarks/${made.result.id}`)).result).toMatchObject({ groups: [], by: '' });
    for (const method of ['PUT', 'DELETE'] as const) {
      const tried = await as('alice', method, `/bookmarks/${made.result.id}`, { ...TEXT, version: 1 });
      expect([tried.status, tried.error.name]).toEqual([403, 'forbidden']);
    }
    expect((await as('bob', 'POST', '/bookmarks', { ...TEXT, system: true })).error.name).toBe('forbidden');
    const audit = await server.store.audit.query({}, undefined, 10);
    expect(audit.at(-1)).toMatchObject({ event: 'bookmark-created', login: 'ada' });
    expect(audit.filter(({ outcome }) => outcome === 'forbidden').map(({ event, login }) => [event, login])).toEqual([
      ['refused', 'bob'],
      ['refused', 'alice'],
      ['refused', 'alice'],
    ]);
  });

  it('of one’s own are nobody else’s, not even an administrator’s', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', TEXT);
    for (const who of ['alice', 'ada']) {
      expect((await as(who, 'GET', `/bookmarks/${result.id}`)).error.name).toBe('bookmark-unknown');
      expect((await as(who, 'DELETE', `/bookmarks/${result.id}`)).error.name).toBe('bookmark-unknown');
    }
    expect(await names('ada', '?all=true')).toEqual(['Terminal']);
    expect((await as('bob', 'GET', '/bookmarks?all=true')).error.name).toBe('forbidden');
  });

  it.each([
    ['runAs', { runAs: 'sim' }, 'forbidden'],
    ['groups', { groups: ['alice'] }, 'forbidden'],
    ['forms', { forms: ['none'] }, 'form-unknown'],
    ['icon', { icon: 'data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=' }, 'bad-request'],
    ['icon', { icon: 'https://example.org/x.png' }, 'bad-request'],
    ['icon', { icon: `data:image/png;base64,${'/9j/'.repeat(20)}` }, 'bad-request'],
    ['icon', { icon: `data:image/png;base64,iVBORw0KGgo${'A'.repeat(20_000)}` }, 'bad-request'],
    ['params.constructor', { params: JSON.parse('{"constructor": 1}') as object }, 'param-name'],
    ['command', { command: '  ' }, 'bad-request'],
  ])('refuse what may not be in %s', async (_field, more, error) => {
    expect((await as('bob', 'POST', '/bookmarks', { ...TEXT, ...more })).error.name).toBe(error);
  });

  it('do not lose an update: the second of two is refused with what the first saved', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', TEXT);
    const save = (name: string) => as('bob', 'PUT', `/bookmarks/${result.id}`, { ...TEXT, name, version: 1 });
    const answers = await Promise.all([save('one'), save('two')]);
    const [good, bad] = answers.toSorted((a, b) => a.status - b.status);
    expect([good?.status, bad?.status, bad?.error.name]).toEqual([200, 409, 'bookmark-conflict']);
    expect(bad?.error.details?.bookmark).toMatchObject({ version: 2, name: good?.result['name'] });
  });

  it('can be deleted, and for a day be taken back', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', TEXT);
    await as('bob', 'DELETE', `/bookmarks/${result.id}`);
    expect(await names('bob')).toEqual(['Terminal']);
    expect((await as('alice', 'POST', `/bookmarks/${result.id}/restore`)).error.name).toBe('bookmark-unknown');
    expect((await as('bob', 'POST', `/bookmarks/${result.id}/restore`)).result).toMatchObject(TEXT);
    expect(await names('bob')).toEqual(['Terminal', 'Solver']);
    await as('bob', 'DELETE', `/bookmarks/${result.id}`);
    server.clock.ahead = 25 * 3600 * 1000;
    await server.store.sweep();
    expect(await server.store.bookmarks.deleted(result.id)).toBeUndefined();
  });

  it('of the machine can be hidden from everybody by administrators', async () => {
    expect((await as('bob', 'PUT', '/bookmarks/terminal/hidden', { hidden: true })).error.name).toBe('forbidden');
    await as('ada', 'PUT', '/bookmarks/terminal/hidden', { hidden: true });
    expect(await names('bob')).toEqual([]);
    expect(await names('ada', '?all=true')).toEqual(['Terminal']);
    const start = { command: 'xterm', geometry: '800x600', bookmarkId: 'terminal' };
    expect((await as('bob', 'POST', '/start', start)).error.name).toBe('bookmark-unknown');
    await as('ada', 'PUT', '/bookmarks/terminal/hidden', { hidden: false });
    expect(await names('bob')).toEqual(['Terminal']);
  });

  it('are starred by each for themselves, in an order of their own', async () => {
    const [a, b] = [
      (await as('bob', 'POST', '/bookmarks', { ...TEXT, name: 'A' })).result,
      (await as('bob', 'POST', '/bookmarks', { ...TEXT, name: 'B' })).result,
    ];
    await as('bob', 'PUT', `/bookmarks/${b.id}/favourite`, { favourite: true });
    await as('bob', 'PUT', `/bookmarks/${a.id}/favourite`, { favourite: true });
    expect(await names('bob')).toEqual(['B', 'A', 'Terminal']);
    await as('bob', 'PUT', `/bookmarks/${a.id}/favourite`, { favourite: true, before: b.id });
    expect(await names('bob')).toEqual(['A', 'B', 'Terminal']);
    expect(await names('bob', '?favourite=true')).toEqual(['A', 'B']);
    expect(await names('alice', '?favourite=true')).toEqual([]);
    const none = await as('alice', 'PUT', `/bookmarks/${a.id}/favourite`, { favourite: true });
    expect(none.error.name).toBe('bookmark-unknown');
  });

  it('are found in ten thousand, a page at a time', { timeout: 120_000 }, async () => {
    for (let n = 0; n < 10_000; n++) {
      const text = BookmarkText.parse({ name: `Tool ${n}`, command: `tool-${n}`, tags: [n % 2 ? 'odd' : 'even'] });
      await server.store.bookmarks.create('', text, 'ada', 20_000);
    }
    const { result } = await as('bob', 'GET', '/bookmarks?search=TOOL-99%20odd&limit=5');
    expect(result).toMatchObject({
      total: 56,
      tags: [
        { tag: 'even', count: 5000 },
        { tag: 'odd', count: 5000 },
      ],
    });
    expect(await names('bob', '?search=TOOL-99%20odd&limit=2&start=1')).toEqual(['Tool 991', 'Tool 993']);
    expect(await names('bob')).toHaveLength(200);
    const wholes = async (search: string) => {
      const began = performance.now();
      for (let n = 0; n < 20; n++) await names('bob', search);
      return ((performance.now() - began) / 20).toFixed(1);
    };
    const [searched, whole] = [await wholes('?search=99'), await wholes('')];
    process.stdout.write(`10,000 bookmarks: ${searched} ms a search, ${whole} ms the first page of all\n`);
    // Seen at once when one of them is changed, and nobody's star is another's.
    const [id = ''] = (
      (await as('bob', 'GET', '/bookmarks?search=tool-5005')).result['bookmarks'] as { id: string }[]
    ).map((one) => one.id);
    await as('bob', 'PUT', `/bookmarks/${id}/favourite`, { favourite: true });
    expect((await names('bob'))[0]).toBe('Tool 5005');
    expect(await names('bob', '?favourite=true')).toEqual(['Tool 5005']);
    expect(await names('alice', '?favourite=true')).toEqual([]);
    await as('ada', 'PUT', `/bookmarks/${id}`, { name: 'Renamed', command: 'renamed', version: 1 });
    expect(await names('bob', '?search=tool-5005')).toEqual([]);
    expect(await names('bob', '?search=renamed')).toEqual(['Renamed']);
  });
});

describe('a start by a bookmark', () => {
  const geometry = '800x600';

  it('brings its forms, and may be changed by those who may start anything', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', { ...TEXT, forms: ['project'] });
    const asked = await as('bob', 'POST', '/start', { command: 'other', geometry, bookmarkId: result.id });
    expect(asked.result).toMatchObject({ stage: 'form', form: { id: 'project' } });
    await as('bob', 'POST', '/start', { command: 'other', geometry, bookmarkId: result.id, forms: [] });
    expect(server.host.starts[0]).toMatchObject({ command: 'other', params: { bookmarkId: result.id } });
  });

  it('of another’s, or of a group that one is not in, does not exist', async () => {
    const hers = await as('alice', 'POST', '/bookmarks', TEXT);
    const groups = await as('ada', 'POST', '/bookmarks', { ...TEXT, system: true, groups: ['@cfd'] });
    for (const { result } of [hers, groups]) {
      for (const [path, more] of [
        ['/start', { bookmarkId: result.id, command: 'x', geometry }] as const,
        ['/connect/shortcut', { id: result.id }] as const,
      ]) {
        expect((await as('bob', 'POST', path, more)).error.name).toBe('bookmark-unknown');
      }
    }
    expect(server.host.starts).toEqual([]);
  });

  it('whose form has been deleted since fails with its name', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', { ...TEXT, forms: ['project'] });
    await server.store.library.remove('project');
    const failed = await as('bob', 'POST', '/start', { command: 'x', geometry, bookmarkId: result.id });
    expect(failed.error).toMatchObject({ name: 'form-unknown', details: { form: 'project' } });
  });

  it('is kept with its answers, each thing once, but without what its form does not let be kept', async () => {
    const fields = [
      {
        name: 'licence',
        type: 'text',
        dataType: 'text',
        required: false,
        multiple: false,
        constraints: {},
        remember: false,
      },
      { name: 'cores', type: 'number', dataType: 'number', required: false, multiple: false, constraints: {} },
    ] as const;
    const form = {
      id: 'secret',
      name: 'Secret',
      html: '<input data-remember="off" name="licence"><input name="cores">',
      version: 1,
    };
    await server.store.forms.addMissing({ ...form, fields: fields.map((field) => ({ ...field })) });
    const start = {
      command: 'xterm',
      geometry,
      forms: [],
      answered: [{ id: 'secret', version: 1 }],
      params: { licence: 'hunter3', token: 'hunter2', cores: 4 },
    };
    await as('bob', 'POST', '/start', start);
    await as('bob', 'POST', '/start', start);
    const past = (await as('bob', 'GET', '/past-starts')).result as unknown as { id: string }[];
    expect(past).toHaveLength(1);
    expect(past[0]).toMatchObject({ command: 'xterm', params: { cores: 4 }, ask: true });
    expect(JSON.stringify(past)).not.toContain('hunter2');
    expect((await as('alice', 'GET', '/past-starts')).result).toEqual([]);
    expect((await as('alice', 'DELETE', `/past-starts/${past[0]?.id}`)).error.name).toBe('not-found');
    expect((await as('bob', 'DELETE', '/past-starts')).status).toBe(200);
    expect((await as('bob', 'GET', '/past-starts')).result).toEqual([]);
  });
});

describe('connect/shortcut', () => {
  it('starts one where there is none, asking its forms first, and answers as connect does', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', { ...TEXT, forms: ['project'], params: { a: 1 } });
    const asked = await as('bob', 'POST', '/connect/shortcut', { id: result.id });
    expect(asked.result).toMatchObject({ stage: 'form', form: { id: 'project' } });
    const answers = { params: { project: 'wing' }, forms: [], answered: [{ id: 'project', version: 1 }] };
    await as('bob', 'POST', '/connect/shortcut', { id: result.id, ...answers });
    expect(server.host.starts[0]).toMatchObject({ command: TEXT.command, params: { a: 1, project: 'wing' } });
  });

  it('leads to the session that is there', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', TEXT);
    server.host.put(sessionOf('his-1', { login: 'bob', params: { bookmarkId: result.id } }));
    server.host.put(sessionOf('hers-1', { login: 'alice', params: { bookmarkId: result.id }, lastDisconnect: 9 }));
    const there = await as('bob', 'POST', '/connect/shortcut', { id: result.id });
    expect(there.result).toMatchObject({ id: 'his-1', username: 'bob' });
    expect(there.result['url']).toContain('/xrdp#');
    expect(server.host.starts).toEqual([]);
  });

  it('starts one where two ask in the same moment, and leads both to it', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', TEXT);
    const start = server.host.start.bind(server.host);
    let open = () => {};
    const gate = new Promise<void>((go) => (open = go));
    const begun = vi.spyOn(server.host, 'start').mockImplementation(async (...call) => {
      await gate;
      return start(...call);
    });
    const ask = () => as('bob', 'POST', '/connect/shortcut', { id: result.id });
    const first = ask();
    await vi.waitFor(() => expect(begun).toHaveBeenCalledOnce());
    const looked = vi.spyOn(server.store.bookmarks, 'get');
    const second = ask();
    await vi.waitFor(() => expect(looked).toHaveBeenCalled());
    // A call that is through by then has overtaken the second.
    await as('alice', 'POST', '/connect/shortcut', { id: 'none' });
    open();
    const [one, two] = [await first, await second];
    expect(server.host.starts).toHaveLength(1);
    expect(one.result['id']).toBe(server.host.starts[0]?.id);
    expect(two.result['id']).toBe(one.result['id']);
  });

  it('starts for the second what did not start for the first', async () => {
    const { result } = await as('bob', 'POST', '/bookmarks', TEXT);
    server.host.failNext = new CasementError('command-not-found');
    const ask = () => as('bob', 'POST', '/connect/shortcut', { id: result.id });
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    expect(server.host.starts).toHaveLength(2);
  });
});
