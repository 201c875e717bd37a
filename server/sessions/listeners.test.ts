import { describe, expect, it } from 'vitest';
import { MAX_DATA_BYTES, type ClientCommAnswer } from '../../src/contract/clientcomm.ts';
import type { Role } from '../../src/contract/session.ts';
import type { RoutedClient } from './clientcomm-router.ts';
import { SessionListeners, type ListenerFrame } from './listeners.ts';

function viewer(id: string, role: Role = 'master') {
  const answers: ClientCommAnswer[] = [];
  const client: RoutedClient & { answers: ClientCommAnswer[] } = {
    id,
    role,
    queued: 0,
    answers,
    send: (frame) => {
      if (frame.t === 'answer') answers.push(frame.answer);
    },
  };
  return client;
}

function listener(type?: string) {
  const frames: ListenerFrame[] = [];
  return { type, queued: 0, frames, send: (frame: ListenerFrame) => void frames.push(frame) };
}
const ask = (number: number, type = 'acme', data = 'x') => ({ type, number, data });
const numberOf = (frame: ListenerFrame | undefined) => (frame?.t === 'heard' ? frame.message.number : 0);

describe('messages to a session', () => {
  it('reach every listener of their type, with who said it', async () => {
    const listeners = new SessionListeners();
    const [all, acme, other] = [listener(), listener('acme'), listener('other')];
    for (const one of [all, acme, other]) listeners.add(one);
    await listeners.receive(viewer('v1'), ask(0));
    const heard = { t: 'heard', message: { type: 'acme', number: 0, data: 'x', from: 'v1' } };
    expect([all.frames, acme.frames, other.frames]).toEqual([[heard], [heard], []]);
  });

  it('have numbers that a link that was killed has not given out', async () => {
    const numbers = await Promise.all(
      [1, 2, 3, 4].map(async () => {
        const [listeners, one] = [new SessionListeners(), listener()];
        listeners.add(one);
        await listeners.receive(viewer('v1'), ask(1));
        return numberOf(one.frames[0]);
      }),
    );
    expect(new Set(numbers).size).toBe(4);
  });

  it('are answered by the first, under the number that the viewer gave', async () => {
    const listeners = new SessionListeners();
    const [one, two] = [listener(), listener()];
    listeners.add(one);
    listeners.add(two);
    const [a, b] = [viewer('a'), viewer('b')];
    await listeners.receive(a, ask(7));
    await listeners.receive(b, ask(7));
    const [first, second] = one.frames.map(numberOf);
    expect(first).not.toBe(second);
    listeners.reply(two, { number: second ?? 0, data: 'for b' });
    listeners.reply(one, { number: first ?? 0, ack: true });
    listeners.reply(one, { number: first ?? 0, data: 'for a' });
    listeners.reply(two, { number: first ?? 0, data: 'too late' });
    expect(a.answers).toEqual([
      { number: 7, ack: true },
      { number: 7, data: 'for a' },
    ]);
    expect(b.answers).toEqual([{ number: 7, data: 'for b' }]);
    expect(one.frames.at(-1)).toEqual({ t: 'cancel', number: second });
    expect(two.frames.at(-1)).toEqual({ t: 'cancel', number: first });
  });

  it('are unhandled where nobody listens to the type, or all who do say so', async () => {
    const listeners = new SessionListeners();
    const me = viewer('me');
    await listeners.receive(me, ask(1));
    const [one, two] = [listener(), listener('acme')];
    listeners.add(one);
    listeners.add(two);
    await listeners.receive(me, ask(2));
    const number = numberOf(one.frames[0]);
    listeners.reply(one, { number, error: { name: 'unhandled' } });
    expect(me.answers).toHaveLength(1);
    listeners.reply(two, { number, error: { name: 'unhandled' } });
    expect(me.answers.map((answer) => answer.error?.name)).toEqual(['unhandled', 'unhandled']);
  });

  it('end when the listener leaves, when the viewer does, and with the session', async () => {
    const listeners = new SessionListeners();
    const me = viewer('me');
    const stop = listeners.add(listener());
    await listeners.receive(me, ask(1));
    stop();
    expect(me.answers).toEqual([{ number: 1, error: { name: 'disconnected' } }]);
    const one = listener();
    listeners.add(one);
    await listeners.receive(me, ask(2));
    listeners.left(me);
    expect(one.frames.at(-1)).toEqual({ t: 'cancel', number: numberOf(one.frames[0]) });
    listeners.reply(one, { number: numberOf(one.frames[0]), data: 'x' });
    expect(me.answers).toHaveLength(1);
    listeners.close();
    expect(one.frames.at(-1)).toEqual({ t: 'over' });
  });

  it('are refused: of guests who only look, too large ones, too many, and where nobody reads', async () => {
    const listeners = new SessionListeners({ perSecond: 1, burst: 70, waiting: 0 });
    listeners.add(listener());
    for (const role of ['viewer', 'inactive'] as const) {
      const guest = viewer('guest', role);
      await listeners.receive(guest, ask(1));
      expect(guest.answers[0]?.error?.name).toBe('denied');
    }
    const me = viewer('me');
    await listeners.receive(me, ask(1, 'acme', 'ä'.repeat(MAX_DATA_BYTES / 2 + 1)));
    expect(me.answers.at(-1)?.error?.name).toBe('too-large');
    for (let number = 1; number <= 65; number++) await listeners.receive(me, ask(number));
    expect(me.answers.slice(1)).toEqual([{ number: 65, error: { name: 'busy' } }]);
    const other = viewer('other');
    for (let number = 1; number <= 6; number++) await listeners.receive(other, ask(number));
    expect(other.answers.at(-1)?.error?.message).toMatch(/messages a second/);

    const fresh = new SessionListeners();
    fresh.add({ ...listener(), queued: 5 * 1024 * 1024 });
    await fresh.receive(me, ask(99));
    expect(me.answers.at(-1)).toEqual({ number: 99, error: { name: 'busy' } });
  });

  it('have answers of 1 MiB at most', async () => {
    const listeners = new SessionListeners();
    const one = listener();
    listeners.add(one);
    const me = viewer('me');
    await listeners.receive(me, ask(3));
    listeners.reply(one, { number: numberOf(one.frames[0]), data: 'x'.repeat(MAX_DATA_BYTES + 1) });
    expect(me.answers).toEqual([{ number: 3, error: { name: 'too-large' } }]);
  });
});
