import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import { FORWARD_TIMEOUT_MS } from '../contract/clientcomm.ts';
import type { ViewerUi as ContractUi } from '../contract/xrdp.ts';
import { isBody, isEnvelope, isFromViewerName } from './checks.ts';
import { FROM_VIEWER } from './from-viewer.ts';
import * as messages from './messages.ts';
import type * as types from './types.ts';
import { ANSWER_TIMEOUT_MS } from './viewer-frame.ts';

/** Compiles only where each can stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: {
  envelope: Same<types.Envelope, messages.Envelope>;
  state: Same<types.ViewerState, messages.ViewerState>;
  settings: Same<types.Settings, messages.Settings>;
  scaling: Same<types.Scaling, messages.Scaling>;
  combo: Same<types.KeyCombo, messages.KeyCombo>;
  ticket: Same<types.Ticket, messages.PasswordAnswer>;
  ui: Same<types.ViewerUi, ContractUi>;
  fromViewerNames: Same<types.FromViewerName, messages.FromViewerName>;
  fromParentNames: Same<types.FromParentName, messages.FromParentName>;
  participants: Same<types.FromViewer['participants'], messages.FromViewer['participants']>;
  connected: Same<types.FromViewer['connected'], messages.FromViewer['connected']>;
  deadline: Same<types.FromViewer['deadline'], messages.FromViewer['deadline']>;
  role: Same<types.FromViewer['role'], messages.FromViewer['role']>;
  keys: Same<types.FromParent['keys'], messages.FromParent['keys']>;
  roleRequest: Same<types.FromParent['role.request'], messages.FromParent['role.request']>;
} = {
  envelope: true,
  state: true,
  settings: true,
  scaling: true,
  combo: true,
  ticket: true,
  ui: true,
  fromViewerNames: true,
  fromParentNames: true,
  participants: true,
  connected: true,
  deadline: true,
  role: true,
  keys: true,
  roleRequest: true,
};

const client = { id: 'c', login: 'me', role: 'master', connected: 1 };
/** Values that tell checks apart: good ones of every message, and each of them spoilt. */
const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 60,
  '',
  'text',
  'x'.repeat(129),
  [],
  [1],
  {},
  { text: 'x' },
  { text: 1 },
  { title: '' },
  { title: null },
  { active: true },
  { active: 'yes' },
  { role: 'master' },
  { role: 'king' },
  { width: 1, height: 2 },
  { width: '1', height: 2 },
  { width: Number.NaN, height: 2 },
  { id: 's', width: 1, height: 2 },
  { id: 's', width: 1, height: 2, role: 'viewer' },
  { id: 's', width: 1, height: 2, role: 'x' },
  { clients: [] },
  { clients: [client, { ...client, ip: '::1' }] },
  { clients: [client, { ...client, ip: 1 }] },
  { clients: client },
  { at: 1, reason: '', extendable: false },
  { at: 1, reason: '' },
  { '1': {}, '2': { width: 65535, height: 0 }, '3': { enabled: true }, '4': { min: 0, max: 7, current: 0 }, '9': 1 },
  { '2': { width: 65536, height: 0 } },
  { '2': { width: 1.5, height: 0 } },
  { '3': {} },
  { '4': { min: '0' } },
  { '5': [] },
  { '6': null },
  ...['loading', 'authenticating', 'connecting', 'connected', 'reconnecting', 'disconnected', 'ended', 'odd'].flatMap(
    (state) => [
      { state },
      { state, attempt: 1, nextAt: 2 },
      { state, code: 'c', reason: 'r', recoverable: true },
      { state, exitCode: null, reason: 'r' },
      { state, exitCode: '1' },
    ],
  ),
  { msg: 'a' },
  { msg: '' },
  { msg: 'x'.repeat(129) },
  { msg: 'a', number: 1 },
  { msg: 'a', number: 0 },
  { msg: 'a', number: 1.5 },
  { msg: 'a', v: '1' },
  { msg: 'a', v: 1, ack: true, code: 'c', from: 'f', error: { name: 'n' }, more: 1 },
  { msg: 'a', ack: false },
  { msg: 'a', error: 'n' },
  { msg: 'a', error: { name: 'n', message: 1 } },
  Object.assign(Object.create(null), { msg: 'a' }),
  new Date(0),
  new Map(),
];

describe('checks by hand', () => {
  const names = Object.keys(FROM_VIEWER).filter(messages.isFromViewerName);

  it.each(names)('say of %s what its schema says', (name) => {
    expect(isFromViewerName(name)).toBe(true);
    const schema: z.ZodMiniType = FROM_VIEWER[name];
    for (const value of VALUES) {
      expect([value, isBody(name, value)]).toEqual([value, schema.safeParse(value).success]);
    }
  });

  it('say of envelopes what their schema says', () => {
    for (const value of VALUES) {
      expect([value, isEnvelope(value)]).toEqual([value, messages.Envelope.safeParse(value).success]);
    }
  });

  it('know no names that only look like ones', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'Connected', 'acme']) {
      expect(isFromViewerName(name)).toBe(false);
      expect(messages.isReservedType(name)).toBe(false);
    }
  });

  it('go with the contract: as long to answer as the viewer waits', () => {
    expect(ANSWER_TIMEOUT_MS).toBe(FORWARD_TIMEOUT_MS);
    expect(Object.values(same).every(Boolean)).toBe(true);
  });
});
