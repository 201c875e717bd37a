import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ViewerState } from '../embed/messages.ts';
import { waitBefore } from './backoff.ts';
import { Connection } from './connection.ts';

function welcome(resume = 'resume-1', role = 'master') {
  return {
    type: 'text' as const,
    text: JSON.stringify({
      t: 'welcome',
      v: 1,
      clientId: 'c1',
      role,
      resume,
      session: { id: 'session-1234', name: 'Work', windowMode: 'desktop' },
      parents: [],
    }),
  };
}
const connected = { type: 'painted-first' as const };
const refusal = (name: string) => ({
  type: 'text' as const,
  text: JSON.stringify({ t: 'error', error: { name, message: 'no' } }),
});

const settle = () => vi.advanceTimersByTimeAsync(0);

function setup(options: { stored?: string; tickets?: (string | undefined)[] } = {}) {
  const states: ViewerState[] = [];
  const hellos: unknown[] = [];
  const sent: string[] = [];
  const tickets = options.tickets ?? [];
  let token = options.stored;
  let asked = 0;
  let open = false;
  // As a screen does: each that was opened ends once, and the next one ends it, too.
  const close = (code = 1000, reason = '') => {
    if (!open) return;
    open = false;
    connection.event({ type: 'closed', code, reason });
  };
  const connection: Connection = new Connection({
    open: (hello) => {
      close();
      open = true;
      hellos.push(JSON.parse(hello));
    },
    close,
    sendText: (json) => sent.push(json),
    onState: (state) => states.push(state),
    onWelcome: () => undefined,
    onFrame: () => undefined,
    resume: {
      load: () => token,
      save: (next) => (token = next),
      clear: () => (token = undefined),
    },
    askTicket: () => {
      asked++;
      return Promise.resolve(tickets.shift());
    },
    received: () => Promise.resolve(0),
    parentOrigin: () => undefined,
    random: () => 0.5,
  });
  const closed = (code = 1006, reason = '') => close(code, reason);
  return {
    connection,
    states,
    hellos,
    sent,
    closed,
    token: () => token,
    asked: () => asked,
    last: () => states.at(-1),
  };
}

describe('a connection', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('goes from a ticket to connected, and keeps the resume token', () => {
    const { connection, states, hellos, token } = setup();
    connection.start('ticket-1');
    expect(hellos).toEqual([{ t: 'hello', v: 1, ticket: 'ticket-1' }]);
    connection.event(welcome());
    connection.event(connected);
    expect(states.map((state) => state.state)).toEqual(['connecting', 'connected']);
    expect(token()).toBe('resume-1');
  });

  it('is connected without a picture for a guest who waits to be let in', () => {
    const { connection, last } = setup();
    connection.start('ticket-1');
    connection.event(welcome('resume-1', 'viewer'));
    expect(last()).toEqual({ state: 'connecting' });
    connection.disconnect();
    connection.start('ticket-2');
    connection.event(welcome('resume-1', 'inactive'));
    expect(last()).toEqual({ state: 'connected' });
  });

  it('resumes after a reload', () => {
    const { connection, hellos } = setup({ stored: 'kept' });
    connection.start();
    expect(hellos).toEqual([{ t: 'hello', v: 1, resume: 'kept' }]);
  });

  it('tries again by itself, quickly first and then with growing waits', () => {
    const { connection, hellos, closed, last, states } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event(connected);
    closed();
    expect(last()).toEqual({ state: 'reconnecting', attempt: 1, nextAt: Date.now() + 250 });
    vi.advanceTimersByTime(250);
    expect(hellos.at(-1)).toMatchObject({ resume: 'resume-1' });
    closed();
    expect(last()).toEqual({ state: 'reconnecting', attempt: 2, nextAt: Date.now() + 500 });
    vi.advanceTimersByTime(500);
    connection.event(welcome('resume-2'));
    connection.event(connected);
    expect(last()).toEqual({ state: 'connected' });
    closed();
    expect(last()).toMatchObject({ attempt: 1 });
    expect(states.some((state) => state.state === 'disconnected')).toBe(false);
  });

  it('goes back to the ticket when it never was presented', () => {
    const { connection, hellos, closed } = setup();
    connection.start('ticket-1');
    closed();
    vi.advanceTimersByTime(1000);
    expect(hellos).toHaveLength(2);
    expect(hellos[1]).toMatchObject({ ticket: 'ticket-1' });
  });

  it('connects at once when it is asked to, without a second attempt later', () => {
    const { connection, hellos, closed } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    closed();
    connection.reconnect();
    expect(hellos).toHaveLength(2);
    connection.event(welcome());
    connection.event(connected);
    vi.advanceTimersByTime(2000);
    expect(hellos).toHaveLength(2);
  });

  it('takes the place of the one before, whose end is not its own', () => {
    const { connection, hellos, states } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event(connected);
    connection.start('ticket-2');
    vi.advanceTimersByTime(10_000);
    expect(hellos).toMatchObject([{ ticket: 'ticket-1' }, { ticket: 'ticket-2' }]);
    expect(states.map((state) => state.state)).toEqual(['connecting', 'connected', 'connecting']);
  });

  it('is tried once more for each sign of a network, and is then waited for', () => {
    const { connection, hellos, closed, last } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event(connected);
    closed();
    connection.wake();
    connection.wake();
    vi.advanceTimersByTime(10_000);
    expect(hellos).toHaveLength(3);
    expect(last()).toEqual({ state: 'reconnecting', attempt: 1, nextAt: 0 });
  });

  it('uses what the frame was given before when its old ticket is presented again', async () => {
    const { connection, hellos, closed } = setup({ stored: 'kept' });
    connection.start('ticket-1');
    connection.event(refusal('ticket-used'));
    closed(4000, 'ticket-used');
    expect(hellos.at(-1)).toMatchObject({ resume: 'kept' });
  });

  it('asks the page around it for a new ticket, once, when it was away too long', async () => {
    const { connection, hellos, closed, asked, last } = setup({
      stored: 'old',
      tickets: ['ticket-2', 'ticket-3'],
    });
    connection.start();
    connection.event(refusal('resume-unknown'));
    closed(4000, 'resume-unknown');
    await settle();
    expect(hellos.at(-1)).toMatchObject({ ticket: 'ticket-2' });
    connection.event(refusal('ticket-unknown'));
    closed(4000, 'ticket-unknown');
    await settle();
    expect(asked()).toBe(1);
    expect(last()).toEqual({ state: 'disconnected', code: 'ticket-unknown', reason: 'no', recoverable: false });
  });

  it.each(['ticket-expired', 'ticket-foreign', 'session-unknown', 'forbidden'])(
    'ends with the code %s and does not try again',
    async (code) => {
      const { connection, hellos, closed, last } = setup();
      connection.start('ticket-1');
      connection.event(refusal(code));
      closed(4000, code);
      await settle();
      vi.advanceTimersByTime(60_000);
      expect(last()).toMatchObject({ state: 'disconnected', code });
      expect(hellos).toHaveLength(1);
    },
  );

  it('waits for a server that is only just starting', () => {
    const { connection, closed, last } = setup();
    connection.start('ticket-1');
    connection.event(refusal('unavailable'));
    closed(4000, 'unavailable');
    expect(last()).toMatchObject({ state: 'reconnecting' });
  });

  it('offers to reconnect after a damaged stream, with its code, and does not loop', () => {
    const { connection, last, hellos } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event(connected);
    connection.event({ type: 'closed', code: 1000, reason: '', error: { code: 'rfb-protocol', detail: 'byte 7' } });
    expect(last()).toEqual({ state: 'disconnected', code: 'rfb-protocol', reason: 'byte 7', recoverable: true });
    vi.advanceTimersByTime(60_000);
    expect(hellos).toHaveLength(1);
    connection.reconnect();
    expect(hellos).toHaveLength(2);
  });

  it('ends with the session and forgets its token', () => {
    const { connection, last, token, closed, hellos } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event(connected);
    connection.event({ type: 'text', text: '{"t":"ended","exitCode":3,"reason":"command"}' });
    closed(4001);
    vi.advanceTimersByTime(60_000);
    expect(last()).toEqual({ state: 'ended', exitCode: 3, reason: 'command' });
    expect(token()).toBeUndefined();
    connection.reconnect();
    expect(hellos).toHaveLength(1);
  });

  it('does not come back by itself when it was put out, or left on purpose', () => {
    const put = setup();
    put.connection.start('ticket-1');
    put.connection.event(welcome());
    put.connection.event(connected);
    put.closed(4002, 'kicked');
    expect(put.last()).toMatchObject({ state: 'disconnected', code: 'kicked', recoverable: false });

    const left = setup();
    left.connection.start('ticket-1');
    left.connection.event(welcome());
    left.connection.event(connected);
    left.connection.disconnect();
    vi.advanceTimersByTime(60_000);
    expect(left.last()).toMatchObject({ state: 'disconnected', code: 'disconnected', recoverable: true });
    left.connection.reconnect();
    expect(left.hellos).toHaveLength(2);
  });

  it('gives up a server that takes the connection and says nothing', () => {
    const { connection, last } = setup();
    connection.start('ticket-1');
    vi.advanceTimersByTime(20_000);
    expect(last()).toMatchObject({ state: 'reconnecting', attempt: 1 });
  });

  it('notices a dead line by the pongs that stay away, but only of a server that sends them', async () => {
    const silent = setup();
    silent.connection.start('ticket-1');
    silent.connection.event(welcome());
    silent.connection.event(connected);
    vi.advanceTimersByTime(60_000);
    expect(silent.last()).toEqual({ state: 'connected' });
    expect(silent.sent.length).toBeGreaterThan(5);

    const dead = setup();
    dead.connection.start('ticket-1');
    dead.connection.event(welcome());
    dead.connection.event(connected);
    dead.connection.event({ type: 'text', text: '{"t":"pong","at":0}' });
    await vi.advanceTimersByTimeAsync(9000);
    expect(dead.states.some((state) => state.state === 'reconnecting')).toBe(true);
  });

  it('notices a line that dies between the welcome and the first picture', async () => {
    const { connection, last } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event({ type: 'text', text: '{"t":"pong","at":0}' });
    await vi.advanceTimersByTimeAsync(9000);
    expect(last()).toMatchObject({ state: 'reconnecting' });
  });

  it('asks a connection that may have died in its sleep, and ends a wait, when the tab comes back', async () => {
    const { connection, closed, hellos, sent, last } = setup();
    connection.start('ticket-1');
    connection.event(welcome());
    connection.event(connected);
    const before = sent.length;
    connection.wake();
    expect(sent).toHaveLength(before + 1);
    closed();
    connection.wake();
    expect(hellos).toHaveLength(2);
    expect(last()).toMatchObject({ state: 'reconnecting', nextAt: 0 });
  });

  it('has an answer for a page of another version', () => {
    const { connection, last } = setup();
    connection.start('ticket-1');
    connection.event({ type: 'text', text: welcome().text.replace('"v":1', '"v":9') });
    expect(last()).toMatchObject({ state: 'disconnected', code: 'version-mismatch' });
  });

  it('ignores frames that are no JSON or of an unknown kind', () => {
    const { connection, last } = setup();
    connection.start('ticket-1');
    for (const text of ['', '{', '[]', '{"t":"later"}', '{"t":"welcome"}']) connection.event({ type: 'text', text });
    expect(last()).toEqual({ state: 'connecting' });
  });
});

it('waits longer each time, up to a bound, spread by a fifth', () => {
  expect([1, 2, 3, 7, 50].map((attempt) => waitBefore(attempt, 0.5))).toEqual([250, 500, 1000, 15_000, 15_000]);
  expect(waitBefore(1, 0)).toBe(200);
  expect(waitBefore(1, 1)).toBe(300);
});
