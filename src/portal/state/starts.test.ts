import { beforeEach, describe, expect, it } from 'vitest';
import type { Api, CallOptions } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import type { Answers, Form } from '../../contract/form.ts';
import { MAX_FORMS, type StartRequest, type StartResult } from '../../contract/start.ts';
import { deriveFields } from '../../forms/fields/index.ts';
import { createStarts, hasAnswers, stepOf, type Starts } from './starts.ts';

interface Call {
  readonly name: string;
  readonly input: StartRequest & { readonly id?: string };
  readonly startId: string | undefined;
  readonly aborted: () => boolean;
  readonly answer: (result: unknown) => Promise<void>;
  readonly refuse: (failure: ApiFailure) => Promise<void>;
}

/** A server that answers when the test says so. */
function slowServer() {
  const calls: Call[] = [];
  // Continuations of a promise run before the next macrotask.
  const settled = () => new Promise<void>((resolve) => setTimeout(resolve));
  const call = (name: string, input: StartRequest, options: CallOptions = {}) =>
    new Promise<unknown>((resolve, reject) => {
      calls.push({
        name,
        input,
        startId: options.headers?.['x-start-id'],
        aborted: () => options.signal?.aborted ?? false,
        answer: (result) => (resolve(result), settled()),
        refuse: (failure) => (reject(failure), settled()),
      });
    });
  const last = () => {
    const one = calls.at(-1);
    if (!one) throw new Error('nothing was called');
    return one;
  };
  return { calls, last, api: { call } as unknown as Api };
}

function form(id: string, ...names: string[]): Form {
  const html = names.map((name) => `<label>${name} <input name="${name}"></label>`).join('');
  return { id, name: id, html, version: 1, fields: deriveFields(html).fields };
}
const ask = (one: Form, ...left: string[]): StartResult => ({ stage: 'form', form: one, forms: [one.id, ...left] });

let server: ReturnType<typeof slowServer>;
let starts: Starts;
let id: string;
const now = () => {
  const start = starts.store.getState().starts.find((one) => one.id === id);
  if (!start) throw new Error('the start is gone');
  return start;
};
const shown = () => now().trail[now().at]?.form.id;

beforeEach(() => {
  server = slowServer();
  starts = createStarts({ api: () => server.api });
  id = starts.begin('Work', { command: 'xterm', geometry: '800x600', params: { a: 'bookmark', other: 1 } });
});

describe('a start with forms', () => {
  it('ignores an answer that arrives after one went back', async () => {
    await server.last().answer(ask(form('one', 'a'), 'two'));
    starts.answer(id, { a: 'first' });
    const late = server.last();
    expect(starts.back(id)).toBe(true);
    expect([now().phase, shown(), now().trail[0]?.answers]).toEqual(['form', 'one', { a: 'first' }]);
    await late.answer(ask(form('two', 'b')));
    expect([now().phase, shown(), now().trail.length]).toEqual(['form', 'one', 1]);

    starts.answer(id, { a: 'second' });
    await late.refuse(new ApiFailure('offline'));
    expect(now().phase).toBe('sending');
    await server.last().answer(ask(form('two', 'b')));
    expect(shown()).toBe('two');
  });

  it('ends a session that nobody waits for any more', async () => {
    await server.last().answer(ask(form('one', 'a')));
    starts.answer(id, { a: '' });
    const late = server.last();
    starts.back(id);
    await late.answer({ stage: 'started', session: { id: 'unwanted' } });
    expect(server.last()).toMatchObject({ name: 'terminate', input: { id: 'unwanted' } });
    expect([now().phase, now().session]).toEqual(['form', undefined]);
  });

  it('shows a form that is asked twice twice, with its own answers each time', async () => {
    const one = form('one', 'a');
    await server.last().answer(ask(one));
    starts.answer(id, { a: 'first' });
    await server.last().answer(ask(one));
    expect([now().at, now().trail[1]?.answers]).toEqual([1, { a: 'first' }]);
    expect(starts.back(id, { a: 'second' })).toBe(true);
    expect(now().trail.map(({ answers }) => answers)).toEqual([{ a: 'first' }, { a: 'second' }]);
    starts.answer(id, { a: 'first' });
    await server.last().answer(ask(one));
    expect(now().trail[1]?.answers).toEqual({ a: 'second' });
    starts.answer(id, { a: 'second' });
    expect(server.last().input).toMatchObject({
      params: { a: 'second', other: 1 },
      answered: [
        { id: 'one', version: 1 },
        { id: 'one', version: 1 },
      ],
    });
  });

  it('takes what a form asks for from its answers alone, not from the bookmark', async () => {
    await server.last().answer(ask(form('one', 'a')));
    starts.answer(id, {});
    expect(server.last().input.params).toEqual({ other: 1 });
  });

  it('goes on where it was when the connection is back', async () => {
    await server.last().answer(ask(form('one', 'a'), 'two'));
    starts.answer(id, { a: 'kept' });
    await server.last().refuse(new ApiFailure('offline'));
    expect(now()).toMatchObject({ phase: 'failed', at: 1, failure: { code: 'offline' } });
    starts.retry(id);
    expect(server.last().input).toMatchObject({ params: { a: 'kept' }, forms: ['two'] });
    await server.last().answer(ask(form('two', 'b')));
    expect(shown()).toBe('two');
  });

  it('asks 32 forms and not one more', async () => {
    for (let i = 0; i < MAX_FORMS; i++) {
      await server.last().answer(ask(form(`f${i}`, 'a')));
      expect(shown()).toBe(`f${i}`);
      starts.answer(id, { a: String(i) });
    }
    await server.last().answer(ask(form('more', 'a')));
    expect(now()).toMatchObject({ phase: 'failed', failure: { code: 'form-loop' } });
  });

  it('knows which of how many questions it is at, as far as that can be known', async () => {
    await server.last().answer(ask(form('one', 'a'), 'two', 'three'));
    expect([stepOf(now()), hasAnswers(now())]).toEqual([{ step: 1, of: 3 }, false]);
    const typed: Answers = { a: 'x' };
    starts.answer(id, typed);
    await server.last().answer(ask(form('two', 'b')));
    expect([stepOf(now()), hasAnswers(now())]).toEqual([{ step: 2, of: 2 }, true]);
    starts.back(id);
    expect(stepOf(now())).toEqual({ step: 1, of: 3 });
  });
});

describe('a start that is given up', () => {
  it.each(['before it has a session', 'before its session is there'])(
    '%s ends the one that comes all the same',
    async (when) => {
      if (when === 'before its session is there') {
        starts.progress({ startId: now().startId, sessionId: 'unwanted', step: 'link', state: 'running' });
      }
      const begun = server.last();
      starts.cancel(id);
      expect(begun.aborted()).toBe(false);
      // Too early: there is none of this id yet.
      const early = server.last();
      if (early !== begun) await early.refuse(new ApiFailure('session-unknown'));
      await begun.answer({ stage: 'started', session: { id: 'unwanted' } });
      expect(server.last()).not.toBe(early);
      expect(server.last()).toMatchObject({ name: 'terminate', input: { id: 'unwanted' } });
      expect(starts.store.getState().starts).toEqual([]);
    },
  );
});

it('of a start of somebody who is not here any more nothing is heard, and nothing is ended', async () => {
  const begun = server.last();
  starts.clear();
  await begun.answer({ stage: 'started', session: { id: 'theirs' } });
  expect(server.last()).toBe(begun);
  expect(starts.store.getState().starts).toEqual([]);
});

describe('a start that has to log in on the way', () => {
  it('shows the question, goes on from there with the answer, and keeps the answer nowhere', async () => {
    const round = {
      stage: 'keyboard-interactive' as const,
      authtoken: 'round-1',
      prompts: [{ prompt: 'Code:', echo: false }],
    };
    await server.last().answer({ stage: 'login', login: round } satisfies StartResult);
    expect([now().phase, now().login?.prompts]).toEqual(['login', round.prompts]);

    starts.logIn(id, ['123456']);
    expect(server.last().input).toMatchObject({
      command: 'xterm',
      login: { authtoken: 'round-1', answers: ['123456'] },
    });
    expect(JSON.stringify(starts.store.getState())).not.toContain('123456');
    await server.last().refuse(new ApiFailure('login-failed'));
    expect(now().phase).toBe('failed');
  });
});

describe('a start that is tried again', () => {
  it('is the same one where its answer was lost, and a new one where the server refused it', async () => {
    const ids = () => server.calls.map(({ startId }) => startId);
    await server.last().refuse(new ApiFailure('offline'));
    starts.retry(id);
    expect(ids()[1]).toBe(ids()[0]);
    await server.last().refuse(new ApiFailure('unavailable', { status: 502 }));
    starts.retry(id);
    expect(ids()[2]).toBe(ids()[0]);
    await server.last().refuse(new ApiFailure('unavailable', { status: 503, ref: 'abc' }));
    starts.retry(id);
    expect(ids()[3]).not.toBe(ids()[0]);
  });

  it('is a new one after a form was filled in', async () => {
    await server.last().answer(ask(form('one', 'a')));
    starts.answer(id, { a: '' });
    expect(server.calls[1]?.startId).not.toBe(server.calls[0]?.startId);
  });
});
