/** The list read over HTTP and what push tells, in whichever order they come. */
import { expect, it } from 'vitest';
import type { Api } from '../../api/client.ts';
import { ApiFailure } from '../../api/failure.ts';
import type { Session } from '../../contract/session.ts';
import { createSessions } from './sessions.ts';

function setUp() {
  const answers: ((ids: string[]) => void)[] = [];
  const api = {
    call: () => new Promise((resolve) => answers.push((ids) => resolve(ids.map(session)))),
  } as unknown as Api;
  const sessions = createSessions(() => api);
  const shown = () => [...sessions.store.getState().sessions.keys()];
  const tell = (id: string) => sessions.pushed({ event: 'session', id, data: session(id) });
  const ready = () => {
    sessions.pushed({ event: 'ready', id: '', data: null });
    sessions.pushState({ at: 'live' });
  };
  const lose = () => sessions.pushState({ at: 'waiting', attempt: 1, nextAt: 0 });
  return { sessions, answers, shown, tell, ready, lose };
}
const session = (id: string) => ({ id }) as Session;
const settled = () => new Promise((resolve) => setTimeout(resolve));

it('a list that comes while push tells what there is by now is not taken for newer', async () => {
  const { sessions, answers, shown, tell, ready, lose } = setUp();
  lose();
  sessions.pushOpened();
  tell('old');
  tell('new');
  answers[0]?.(['old']);
  await settled();
  ready();
  expect(shown()).toEqual(['old', 'new']);
});

it('a list counts again once push is gone before it has told all', async () => {
  const { sessions, answers, shown, tell, lose } = setUp();
  lose();
  sessions.pushOpened();
  tell('one');
  lose();
  answers[1]?.(['one', 'two']);
  await settled();
  expect(shown()).toEqual(['one', 'two']);
});

it('of two lists the one that was asked for last counts', async () => {
  const { answers, shown, lose } = setUp();
  lose();
  lose();
  answers[1]?.(['one', 'two']);
  await settled();
  answers[0]?.(['one']);
  await settled();
  expect(shown()).toEqual(['one', 'two']);
});

it('nothing of a login that is over comes into the next one', async () => {
  const { sessions, answers, shown, lose } = setUp();
  lose();
  sessions.clear();
  answers[0]?.(['theirs']);
  await settled();
  expect([shown(), sessions.store.getState().loaded]).toEqual([[], false]);
});

it('a change that is refused takes back only itself', async () => {
  const ends: { done(params: object): void; refuse(): void }[] = [];
  const api = {
    call: () => new Promise((done, reject) => ends.push({ done, refuse: () => reject(new ApiFailure('param-name')) })),
  } as unknown as Api;
  const sessions = createSessions(() => api);
  sessions.put({ ...session('s'), params: { gone: 1, kept: 'old' } });
  const first = sessions.changeParams('s', { gone: null, kept: 'new', more: true });
  const second = sessions.changeParams('s', { other: 2 });
  ends[1]?.done({ gone: 1, kept: 'old', other: 2, byPush: 3 });
  await second;
  ends[0]?.refuse();
  await expect(first).rejects.toMatchObject({ code: 'param-name' });
  expect(sessions.store.getState().sessions.get('s')?.params).toEqual({ gone: 1, kept: 'old', other: 2, byPush: 3 });
});
