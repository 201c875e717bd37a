import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AdminForm, FormConflict, FormRefusal, type AdminFormSummary } from '../../src/contract/admin-forms.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { idOf } from './form-id.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

const call = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) => {
  const { status, body } = await server.call(method as 'GET', `/api/admin${path}`, payload);
  return { status, result: body.result as unknown, error: body.error };
};
const create = async (name: string, html: string) =>
  AdminForm.parse((await call('POST', '/forms', { name, html })).result);
const input = (name: string) => `<label>${name} <input name="${name}" required></label>`;

describe('a form', () => {
  it('is a draft first, then asked, then changed without anybody noticing until it is published again', async () => {
    const made = await create('GPU nodes', input('a'));
    expect(made).toMatchObject({ id: 'gpu-nodes', revision: 1, published: null, draft: true, by: 'me', findings: [] });
    expect((await server.call('GET', '/api/forms/gpu-nodes')).status).toBe(404);
    const published = AdminForm.parse((await call('POST', '/forms/gpu-nodes/publish', { revision: 1 })).result);
    expect(published).toMatchObject({ published: 1, draft: false });
    await call('PUT', '/forms/gpu-nodes', { name: 'GPU', html: input('b'), revision: 1 });
    const asked = await server.call('GET', '/api/forms/gpu-nodes');
    expect(asked.body.result).toMatchObject({ name: 'GPU nodes', version: 1, fields: [{ name: 'a' }] });
    await call('POST', '/forms/gpu-nodes/publish', { revision: 2 });
    const again = await server.call('GET', '/api/forms/gpu-nodes');
    expect(again.body.result).toMatchObject({ name: 'GPU', version: 2, fields: [{ name: 'b' }] });
    const back = AdminForm.parse((await call('POST', '/forms/gpu-nodes/roll-back', { revision: 1 })).result);
    expect(back).toMatchObject({ published: 3, draft: false, html: input('a') });
    expect((await call('GET', '/forms/gpu-nodes/revisions/2')).result).toEqual({ name: 'GPU', html: input('b') });
  });

  it('is not overwritten by somebody who has not seen the newest save, who is shown it', async () => {
    await create('Nodes', input('a'));
    await call('PUT', '/forms/nodes', { name: 'Nodes', html: 'theirs', revision: 1 });
    const late = await call('PUT', '/forms/nodes', { name: 'Nodes', html: 'mine', revision: 1 });
    expect([late.status, late.error?.name]).toEqual([409, 'form-conflict']);
    expect(FormConflict.parse(late.error?.details).form).toMatchObject({ html: 'theirs', revision: 2 });
    expect((await call('POST', '/forms/nodes/publish', { revision: 1 })).error?.name).toBe('form-conflict');
  });

  it('that is too much is refused with the reason; a doubtful one is saved with it', async () => {
    for (const html of ['x'.repeat(1024 * 1024 + 1), '<div>'.repeat(10_000), '<i>'.repeat(200)]) {
      const refused = await call('POST', '/forms', { name: 'Big', html });
      expect([refused.status, refused.error?.name]).toEqual([422, 'form-unusable']);
      expect(FormRefusal.parse(refused.error?.details).findings[0]?.severity).toBe('error');
    }
    const huge = await call('POST', '/forms', { name: 'Big', html: 'x'.repeat(7 * 1024 * 1024) });
    expect(huge.status).toBe(413);
    const doubtful = await create('Odd', '<input><script>alert(1)</script>');
    const codes = doubtful.findings.map(({ code }) => code);
    expect(codes.toSorted()).toEqual(['element-removed', 'nameless', 'no-fields']);
    const { forms } = (await call('GET', '/forms')).result as { forms: AdminFormSummary[] };
    expect(forms.find(({ id }) => id === 'odd')).toMatchObject({ warnings: 3 });
    expect(forms.some(({ name }) => name === 'Big')).toBe(false);
  });

  it('of the same name gets another id, and a deleted one is gone', async () => {
    await create('Nodes', '');
    expect((await create('Nodes', '')).id).toBe('nodes-2');
    expect((await call('DELETE', '/forms/nodes')).status).toBe(200);
    expect((await call('GET', '/forms/nodes')).status).toBe(404);
    expect((await create('Nodes', '')).id).toBe('nodes-3');
  });

  it('is asked for own commands when it is on the list, in the order of the list', async () => {
    const set = (before: string[], forms: string[]) => call('PUT', '/form-defaults', { before, forms });
    expect((await set([], ['project', 'resources'])).result).toEqual(['project', 'resources']);
    const late = await set([], ['resources']);
    expect([late.status, late.error?.details?.['forms']]).toEqual([409, ['project', 'resources']]);
    expect((await set(['project', 'resources'], ['none'])).error?.name).toBe('form-unknown');
    const { body } = await server.call('GET', '/api/forms');
    expect(body.result).toMatchObject([{ id: 'project', isDefault: true }, { id: 'resources' }]);
    const start = (more: object) =>
      server.call('POST', '/api/start', { command: 'xterm', geometry: '800x600', ...more });
    const own = await start({});
    expect(own.body.result).toMatchObject({ stage: 'form', form: { id: 'project' }, forms: ['resources'] });
    expect((await start({ forms: [] })).body.result).toMatchObject({ stage: 'started' });
    expect((await start({ bookmarkId: 'terminal' })).body.result).toMatchObject({ stage: 'started' });
  });
});

describe('trying forms', () => {
  it('goes through the loop with the form as it is typed, and starts nothing', async () => {
    const draft = { id: 'resources', name: 'Draft', html: input('fresh') };
    const first = await call('POST', '/form-try', { forms: ['resources', 'project'], draft });
    expect(first.result).toMatchObject({ stage: 'form', form: { name: 'Draft', version: 2 }, forms: ['project'] });
    const answered = [{ id: 'resources', version: 2 }];
    const wrong = await call('POST', '/form-try', { forms: ['project'], draft, answered, params: {} });
    expect(wrong.error?.name).toBe('form-invalid');
    const second = await call('POST', '/form-try', { forms: ['project'], draft, answered, params: { fresh: 'x' } });
    expect(second.result).toMatchObject({ stage: 'form', form: { id: 'project' } });
    const done = await call('POST', '/form-try', { forms: [], draft, answered, params: { fresh: 'x' } });
    expect(done.result).toEqual({ stage: 'ready', params: { fresh: 'x' } });
    expect(server.host.starts).toEqual([]);
  });

  it('asks the form filter as the person it is tried as', async () => {
    const seen: unknown[] = [];
    const other = await startTestServer({
      functions: {
        ...(await import('../functions/defaults.ts')).defaultFunctions,
        formFilter: async ({ user, isAdmin, userGroups }) => {
          seen.push([user.login, isAdmin, userGroups]);
          return null;
        },
      },
    });
    const as = { login: 'eve', groups: ['guests'], level: 'full' };
    await other.call('POST', '/api/admin/form-try', { forms: [], as });
    await other.close();
    expect(seen).toEqual([['eve', false, ['guests']]]);
  });
});

it('makes ids that bookmarks and addresses can hold', () => {
  expect(['GPU nodes (new)', ' Größe ', '名前', '<>', 'a:b'].map(idOf)).toEqual([
    'gpu-nodes-new',
    'größe',
    '名前',
    'form',
    'a-b',
  ]);
});
