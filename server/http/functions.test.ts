/* oxlint-disable typescript/no-unsafe-type-assertion -- a test claims shapes and fails where they are wrong */
/** Functions by the API: drafts, versions, dry runs, recorded inputs and shadows, down to what a start does. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_INPUTS } from '../../src/contract/function-samples.ts';
import type { AdminFunction, FunctionBody, FunctionRun } from '../../src/contract/functions.ts';
import { deriveFields } from '../../src/forms/fields/index.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const js = (text: string): FunctionBody => ({ kind: 'javascript', text });

async function ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) {
  const answer = await server.app.inject({
    method,
    url: `/api/admin/functions${path}`,
    headers: { authorization: `Bearer ${server.token}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return answer.json<{ result: never; error?: { name: string; message: string; details: never } }>();
}
const save = async (name: string, body: FunctionBody, revision = 0) => ask('PUT', `/${name}`, { body, revision });
async function publish(name: string, body: FunctionBody) {
  const { revision } = (await ask('GET', `/${name}`)).result as AdminFunction;
  const saved = (await save(name, body, revision)).result as AdminFunction;
  const answer = await ask('POST', `/${name}/publish`, { revision: saved.revision });
  expect(answer.error).toBeUndefined();
  return answer.result as AdminFunction;
}
const start = (data: object = {}) =>
  server.call('POST', '/api/start', { command: 'xterm', geometry: '800x600', ...data });

describe('a function', () => {
  it('is a draft, then a version, then another, and goes back, and is taken out of use', async () => {
    expect((await ask('GET', '/start-event')).result).toMatchObject({ revision: 0, live: 'built-in', published: null });
    await save('start-event', js('() => { throw new Error("first") }'));
    expect((await start()).body.result).toMatchObject({ stage: 'started' });
    await ask('POST', '/start-event/publish', { revision: 1 });
    expect((await start()).body.error).toMatchObject({ name: 'start-refused', message: 'first' });
    await save('start-event', js('() => { throw "second" }'), 1);
    await ask('POST', '/start-event/publish', { revision: 2 });
    expect((await start()).body.error?.message).toBe('second');
    await save('start-event', js('(input) => input'), 2);
    const back = await ask('POST', '/start-event/roll-back', { revision: 1 });
    expect(back.result).toMatchObject({ published: 3, revision: 5, draft: true, body: js('(input) => input') });
    expect((await start()).body.error?.message).toBe('first');
    expect((await ask('GET', '/start-event/revisions/2')).result).toEqual({ body: js('() => { throw "second" }') });
    expect((await ask('DELETE', '/start-event')).result).toMatchObject({ published: null, live: 'built-in' });
    expect((await start()).body.result).toMatchObject({ stage: 'started' });
    expect((await ask('DELETE', '/start-event')).error?.name).toBe('not-found');
  });

  it('is not saved over what somebody else has saved, nor published with a mistake in it', async () => {
    await save('schedule', js('() => null'));
    const lost = await save('schedule', js('() => "mine"'));
    expect(lost.error).toMatchObject({ name: 'function-conflict', details: { function: { revision: 1 } } });
    expect((await save('schedule', js('() => {\n oops oops }'), 1)).result).toMatchObject({
      failure: { cause: 'syntax', line: 2 },
    });
    const refused = await ask('POST', '/schedule/publish', { revision: 2 });
    expect(refused.error).toMatchObject({ name: 'function-unusable', details: { failure: { line: 2 } } });
    expect((await ask('POST', '/schedule/publish', { revision: 1 })).error?.name).toBe('function-conflict');
    expect((await ask('GET', '/nonsense')).error?.name).toBe('not-found');
    expect((await save('schedule', { kind: 'executable', path: 'relative', as: 'service' }, 2)).error?.name).toBe(
      'bad-request',
    );
    expect((await save('schedule', { kind: 'built-in', choice: 'round-robin' }, 2)).error?.name).toBe('bad-request');
  });

  it('is tried without any effect: a text, a revision, and what is live', async () => {
    const dry = async (name: string, more: object) =>
      (await ask('POST', `/${name}/dry-run`, { input: SAMPLE_INPUTS[name as 'schedule'], ...more }))
        .result as FunctionRun;
    expect(await dry('load-balancing', {})).toMatchObject({
      outcome: { state: 'returned', result: 'two' },
      problem: null,
    });
    expect(await dry('load-balancing', { body: js('() => { log("x"); return "three" }') })).toMatchObject({
      problem: 'server-closed',
      logs: ['x'],
    });
    expect(await dry('load-balancing', { body: js('() => "none"') })).toMatchObject({ problem: 'server-unknown' });
    expect(await dry('form-filter', { body: js('() => "none"') })).toMatchObject({ problem: 'form-unknown' });
    expect(await dry('server-list', { body: js('() => 7') })).toMatchObject({ problem: 'not-a-list' });
    expect(await dry('start-event', { body: js('() => null') })).toMatchObject({ problem: 'not-start-data' });
    expect(await dry('schedule', { body: js('() => 7') })).toMatchObject({ problem: 'not-a-template' });
    await save('schedule', js('() => { throw new Error("x") }'));
    expect(await dry('schedule', { revision: 1 })).toMatchObject({
      outcome: { failure: { cause: 'threw', message: 'x' } },
    });
    expect(server.host.starts).toEqual([]);
  });
});

describe('at a start', () => {
  it('the administrator is told the cause, the log as well, and the trace has what was returned', async () => {
    await publish('load-balancing', js('(input) => { input.none.x }'));
    const failed = await start();
    expect(failed.body.error).toMatchObject({
      name: 'function-failed',
      details: { failure: { cause: 'threw', line: 1 } },
    });
    expect(server.logged()).toContain('the load balancing function failed');
    expect(server.host.starts).toEqual([]);
    await publish('load-balancing', js('(input) => input.servers[0].serverId'));
    await publish(
      'start-event',
      js('(input) => { input.data.params = { password: "hunter2", seen: 1 }; return input }'),
    );
    expect((await start()).body.result).toMatchObject({ stage: 'started', session: { params: { seen: 1 } } });
    const [good, bad] = await server.store.traces.recent('me', 2);
    expect(bad?.steps.at(-1)?.reason).toContain('threw');
    const returned = new Map(good?.steps.map((step) => [step.step, step.returned]));
    expect(returned.get('load-balancing')).toBe('"server-1"');
    expect(returned.get('event')).toContain('"seen":1');
    expect(JSON.stringify(good)).not.toContain('hunter2');
  });

  it('a form that a function makes has its fields derived, and cannot pass for a stored one', async () => {
    await publish(
      'form-filter',
      js(
        `(input) => input.data.answered.some(({ id }) => id === 'own') ? null : ({ id: 'own', name: 'Own', html: '<input name="a" required><script>1</script>', fields: [{ name: 'evil' }] })`,
      ),
    );
    const asked = await start({ answered: [] });
    expect(asked.body.result).toMatchObject({
      stage: 'form',
      form: { id: 'own', fields: [{ name: 'a', required: true }] },
    });
    expect((await start({ answered: [{ id: 'own', version: 1 }], params: { a: 'x' } })).body.result).toMatchObject({
      stage: 'started',
    });
    await publish('form-filter', js(`() => ({ id: 'resources', html: '<input name="a">' })`));
    expect((await start()).body.error).toMatchObject({
      name: 'function-failed',
      details: { problem: 'form-unusable' },
    });
    await publish('form-filter', js(`() => 'SERVERLIST'`));
    await publish('server-list', js(`(input) => input.servers.filter((one) => one.hostname === 'here')`));
    expect((await start()).body.result).toMatchObject({ stage: 'form', form: { servers: [{ serverId: 'server-1' }] } });
    await publish('server-list', js(`() => ['elsewhere']`));
    expect((await start()).body.error?.name).toBe('function-failed');
  });

  it('inputs are recorded with their secrets masked, and only the newest of them', async () => {
    await publish('start-event', js('(input) => input'));
    // What a shadow is read by is kept in a burst as well.
    await save('start-event', js('(input) => ({ ...input })'), 1);
    await ask('POST', '/start-event/shadow', { revision: 2 });
    for (let i = 0; i < 55; i++)
      await start({ params: { i, apiToken: 'abc123', dbPassword: 'abc123', keyboard: 'us', nested: { PIN: 1234 } } });
    await server.functions.settled();
    const list = (await ask('GET', '/start-event/inputs')).result as { id: number }[];
    expect(list).toHaveLength(50);
    const newest = (await ask('GET', `/start-event/inputs/${list[0]?.id}`)).result as {
      input: { data: { params: object } };
    };
    expect(newest.input.data.params).toEqual({
      i: 54,
      apiToken: '•••',
      dbPassword: '•••',
      keyboard: 'us',
      nested: { PIN: '•••' },
    });
    expect(JSON.stringify(newest)).not.toContain('abc123');
    expect((await ask('GET', `/start-event/inputs/1`)).error?.name).toBe('not-found');
  });

  it('what a form says is not kept is in no input, result or failure, wherever the function put it', async () => {
    const html = '<input name="project"><input name="licence" data-remember="off">';
    const { fields } = deriveFields(html);
    await server.store.forms.addMissing({ id: 'ask', name: 'Ask', html, version: 1, fields });
    await publish(
      'start-event',
      js(
        '(input) => { if (/fail/.test(input.data.params.project)) throw new Error(input.data.params.licence); return input; }',
      ),
    );
    await publish(
      'load-balancing',
      js('(input) => { log(input.data.params.licence); return input.servers[0].serverId; }'),
    );
    const answered = [{ id: 'ask', version: 1 }];
    for (const project of ['good', 'fail']) await start({ answered, params: { project, licence: 'L-4711-x' } });
    for (const name of ['form-filter', 'start-event', 'load-balancing']) {
      const list = (await ask('GET', `/${name}/inputs`)).result as { id: number }[];
      expect(list.length).toBeGreaterThan(0);
      for (const { id } of list) {
        const kept = JSON.stringify(await ask('GET', `/${name}/inputs/${id}`));
        expect(kept).toContain('•••');
        expect(kept).not.toContain('4711');
      }
    }
  });

  it('a shadow runs beside the live one without effect, and where they differ is listed', async () => {
    await publish('load-balancing', js('(input) => input.servers[0].serverId'));
    await save(
      'load-balancing',
      js('(input) => input.data.command === "xterm" ? input.servers[0].serverId : "other"'),
      1,
    );
    expect((await ask('POST', '/load-balancing/shadow', { revision: 2 })).result).toMatchObject({
      revision: 2,
      runs: 0,
    });
    await start();
    await server.functions.settled();
    expect((await start({ command: 'xclock' })).body.result).toMatchObject({ stage: 'started' });
    await server.functions.settled();
    const report = (await ask('GET', '/load-balancing/shadow')).result as { differences: { input: number }[] };
    expect(report).toMatchObject({
      runs: 2,
      different: 1,
      failed: 0,
      differences: [{ live: { result: 'server-1' }, shadow: { result: 'other' } }],
    });
    const input = await ask('GET', `/load-balancing/inputs/${report.differences[0]?.input}`);
    expect(input.result).toMatchObject({ input: { data: { command: 'xclock' } } });
    expect((await ask('POST', '/load-balancing/shadow', { revision: null })).result).toMatchObject({
      revision: null,
      differences: [],
    });
    expect((await ask('POST', '/load-balancing/shadow', { revision: 99 })).error?.name).toBe('not-found');
  });
});

describe('an executable', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'casement-executable-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const program = (script: string): FunctionBody => {
    const path = join(dir, 'function');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return { kind: 'executable', path, as: 'service' };
  };
  const dry = async (body: FunctionBody) =>
    (await ask('POST', '/schedule/dry-run', { body, input: SAMPLE_INPUTS.schedule })).result as FunctionRun;

  it('gets the input as JSON, and gives the result; what it says beside that is its log', async () => {
    expect(await dry(program(`echo one >&2; sed 's/^{/["/; s/:.*/]/; s/""/"/'`))).toMatchObject({
      outcome: { state: 'returned', result: ['user'] },
      logs: ['one'],
    });
    expect(await dry(program('env | cut -d= -f1 | sort | tr "\\n" " " | sed "s/.*/\\"&\\"/"'))).toMatchObject({
      outcome: { result: expect.not.stringMatching(/NODE|HOME|USER|CASEMENT|VITEST/) },
    });
  });

  it.each([
    ['exit 4', 'executable', 'exit code 4'],
    ['echo not here >&2; exit 3', 'threw', 'not here'],
    ['echo nonsense', 'result-not-json', ''],
    ['yes', 'result-too-large', ''],
    ['kill -9 $$', 'executable', 'signal'],
  ])('%s fails as %s', async (script, cause, message) => {
    const { outcome } = await dry(program(script));
    expect(outcome).toMatchObject({ state: 'failed', failure: { cause, message: expect.stringContaining(message) } });
  });

  it('that is not there, or cannot be run as the user here, is told so', async () => {
    const missing = await dry({ kind: 'executable', path: join(dir, 'none'), as: 'service' });
    expect(missing.outcome).toMatchObject({
      failure: { cause: 'executable', message: expect.stringContaining('ENOENT') },
    });
    expect((await dry({ kind: 'executable', path: '/bin/true', as: 'user' })).outcome).toMatchObject({
      state: 'failed',
    });
  });
});
