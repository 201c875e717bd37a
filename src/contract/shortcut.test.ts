import { describe, expect, it } from 'vitest';
import { chooseSession } from './shortcut.ts';

const session = (id: string, more: object = {}) => ({
  id,
  status: 'running' as const,
  clients: [],
  params: { bookmarkId: 'b' },
  started: 1,
  lastConnect: null,
  lastDisconnect: null,
  ...more,
});
const client = { id: 'c', login: 'me', role: 'master' as const, connected: 1 };
const chosen = (...sessions: Parameters<typeof chooseSession>[0]) => chooseSession(sessions, 'b')?.id;

describe('a shortcut', () => {
  it('starts one where none has its bookmark, however many others run', () => {
    expect(chosen()).toBeUndefined();
    expect(chosen(session('other', { params: { bookmarkId: 'c' } }), session('none', { params: {} }))).toBeUndefined();
    expect(chosen(session('over', { status: 'ended' }), session('failed', { status: 'failed' }))).toBeUndefined();
    expect(chooseSession([session('none', { params: { bookmarkId: '' } })], '')).toBeUndefined();
  });

  it('leads to the only one', () => {
    expect(chosen(session('one', { clients: [client], lastConnect: 5 }))).toBe('one');
  });

  it('leads, of those without clients, to the one that was left last', () => {
    const left = (id: string, lastDisconnect: number) => session(id, { lastDisconnect });
    expect(chosen(left('a', 10), left('b', 30), left('c', 20))).toBe('b');
    expect(chosen(session('busy', { clients: [client], lastDisconnect: 99 }), left('a', 10))).toBe('a');
  });

  it('leads to the oldest where none was ever left', () => {
    expect(chosen(session('young', { started: 9 }), session('old', { started: 3 }))).toBe('old');
  });

  it('leads to the one connected longest ago where all have clients', () => {
    const busy = (id: string, lastConnect: number) => session(id, { clients: [client], lastConnect });
    expect(chosen(busy('a', 30), busy('b', 10), busy('c', 20))).toBe('b');
  });

  it('waits for one that is coming instead of starting another', () => {
    expect(chosen(session('coming', { status: 'starting' }))).toBe('coming');
    expect(chosen(session('coming', { status: 'pending' }), session('runs', { started: 9 }))).toBe('runs');
  });
});
