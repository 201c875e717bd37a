import { describe, expect, it, vi } from 'vitest';
import { createApi } from './client.ts';
import { ApiFailure } from './failure.ts';

function answering(status: number, body: unknown) {
  return vi.fn<typeof fetch>(
    async () => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }),
  );
}

async function failureOf(work: Promise<unknown>): Promise<ApiFailure> {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ApiFailure)) throw new Error('the call did not fail as it should');
  return thrown;
}

describe('createApi', () => {
  it('sends a change as JSON with the CSRF token and resolves with the checked result', async () => {
    const fetch = answering(200, { result: {} });
    await expect(createApi(fetch, { csrf: () => 'abc' }).call('terminate', { id: 'abcd' })).resolves.toEqual({});
    const [url, init] = fetch.mock.calls[0] ?? [];
    expect(url).toBe('/api/terminate');
    expect(init).toMatchObject({ method: 'POST', body: '{"id":"abcd"}', headers: { 'x-csrf-token': 'abc' } });
  });

  it('puts the input of a GET into the query, and no token with it', async () => {
    const fetch = answering(200, { result: [] });
    await createApi(fetch, { csrf: () => 'abc' }).call('sessions', { limit: 5, filter: ['name==a', 'name==b'] });
    expect(fetch.mock.calls[0]?.[0]).toBe('/api/sessions?limit=5&filter=name%3D%3Da&filter=name%3D%3Db');
    expect(fetch.mock.calls[0]?.[1]?.headers).not.toHaveProperty('x-csrf-token');
  });

  it('escapes the members of a path', async () => {
    const form = { id: 'a/b', name: 'A', html: '', version: 1, fields: [] };
    const fetch = answering(200, { result: form });
    await createApi(fetch).call('form', {}, { path: { id: 'a/b' } });
    expect(fetch.mock.calls[0]?.[0]).toBe('/api/forms/a%2Fb');
  });

  it('rejects with the code, sentence and reference of the answer', async () => {
    const error = { name: 'function-failed', message: 'It broke.', ref: 'r1', details: { field: 'x' } };
    const failure = await failureOf(createApi(answering(502, { error })).call('me', {}));
    expect(failure).toMatchObject({ code: 'function-failed', message: 'It broke.', ref: 'r1', status: 502 });
  });

  it('refuses a result that does not fit the schema', async () => {
    const failure = await failureOf(createApi(answering(200, { result: { login: 7 } })).call('me', {}));
    expect(failure.code).toBe('unexpected-answer');
  });

  it('takes a proxy’s page for a server that is away, and an unknown code for an unknown answer', async () => {
    expect((await failureOf(createApi(answering(503, '<h1>no</h1>')).call('me', {}))).code).toBe('unavailable');
    const strange = answering(400, { error: { name: 'toString', message: '' } });
    expect((await failureOf(createApi(strange).call('me', {}))).code).toBe('unexpected-answer');
  });

  it('tells when nobody is logged in, and when the network is gone', async () => {
    const onUnauthenticated = vi.fn();
    const out = answering(401, { error: { name: 'unauthenticated', message: '' } });
    await failureOf(createApi(out, { onUnauthenticated }).call('me', {}));
    expect(onUnauthenticated).toHaveBeenCalledOnce();
    const offline = vi.fn<typeof fetch>(() => Promise.reject(new TypeError('no network')));
    const failure = await failureOf(createApi(offline).call('me', {}));
    expect([failure.code, failure.retryable]).toEqual(['offline', true]);
  });
});
