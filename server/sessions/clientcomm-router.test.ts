import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Role } from '../../src/contract/session.ts';
import type { ServerFrame } from '../../src/contract/socket.ts';
import { ClientCommRouter, type RoutedClient } from './clientcomm-router.ts';

class FakeClient implements RoutedClient {
  readonly id: string;
  readonly role: Role;
  readonly frames: ServerFrame[] = [];
  queued = 0;

  constructor(id: string, role: Role = 'master') {
    this.id = id;
    this.role = role;
  }

  send(frame: ServerFrame): void {
    this.frames.push(frame);
  }

  /** Number of the newest question. */
  get number(): number {
    const frame = this.frames.findLast((one) => one.t === 'clientcomm');
    return frame?.t === 'clientcomm' ? frame.message.number : -1;
  }
}

const to = (clients?: string, timeoutMs?: number, data = 'x') => ({ type: 'fx-notify', data, clients, timeoutMs });

describe('ClientComm of a session', () => {
  afterEach(() => vi.useRealTimers());

  function set() {
    const router = new ClientCommRouter({ graceMs: 1000 });
    const [master, second, guest] = [new FakeClient('a'), new FakeClient('b'), new FakeClient('g', 'viewer')];
    for (const client of [master, second, guest]) router.add(client);
    return { router, master, second, guest };
  }

  it('delivers ten thousand in a row in their order, each kept only until it is sent', async () => {
    const router = new ClientCommRouter();
    const got: string[] = [];
    router.add({
      id: 'a',
      role: 'master',
      queued: 0,
      send: (frame) => {
        if (frame.t === 'clientcomm') got.push(frame.message.data);
      },
    });
    vi.useFakeTimers();
    const all = (async () => {
      for (let n = 0; n < 10_000; n++) await router.send(to(undefined, undefined, String(n)));
    })();
    while (got.length < 10_000) await vi.advanceTimersByTimeAsync(100);
    await all;
    expect(got).toEqual(Array.from({ length: 10_000 }, (_, n) => String(n)));
  });

  it('tells whoever sends faster than that, without waiting, that it is too much', async () => {
    const router = new ClientCommRouter({ pace: { perSecond: 10, burst: 2, waiting: 3 } });
    router.add(new FakeClient('a'));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => router.send(to())));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.code)] : []));
    expect(refused).toEqual(['busy', 'busy', 'busy']);
  });

  it('notifies all, or a list of clients and roles, with number 0', async () => {
    const { router, master, guest } = set();
    expect(await router.send(to())).toEqual({ delivered: 3 });
    expect(await router.send(to('viewer,nobody'))).toEqual({ delivered: 1 });
    expect(await router.send(to('viewer,'))).toEqual({ delivered: 1 });
    expect(master.frames).toHaveLength(1);
    expect(guest.frames).toHaveLength(3);
    expect(guest.number).toBe(0);
    await expect(router.send(to('nobody,'))).rejects.toMatchObject({ code: 'no-clients' });
  });

  it('takes the first answer of a role and cancels the question at the others', async () => {
    const { router, master, second, guest } = set();
    const outcome = router.send(to('master'));
    expect(master.number).toBe(second.number);
    const { number } = master;
    router.answer(guest, { number, data: 'not asked' });
    router.answer(second, { number, data: 'second' });
    router.answer(master, { number, data: 'late' });
    expect(await outcome).toEqual({ delivered: 2, answer: { number, data: 'second' } });
    expect(master.frames.at(-1)).toEqual({ t: 'cancel', number });
    expect(second.frames.at(-1)?.t).toBe('clientcomm');
  });

  it('stops waiting after the time given, unless somebody works on it', async () => {
    vi.useFakeTimers();
    const { router, master } = set();
    const first = router.send(to('a', 500));
    await vi.advanceTimersByTimeAsync(501);
    expect((await first).answer?.error?.name).toBe('timeout');
    expect(master.frames.at(-1)?.t).toBe('cancel');

    const second = router.send(to('a', 500));
    router.answer(master, { number: master.number, ack: true });
    await vi.advanceTimersByTimeAsync(60_000);
    router.answer(master, { number: master.number, data: 'done' });
    expect((await second).answer?.data).toBe('done');
  });

  it('asks a client again that comes back, and gives up when it does not', async () => {
    vi.useFakeTimers();
    const { router, master } = set();
    const first = router.send(to('a'));
    const { number } = master;
    router.remove(master);
    await vi.advanceTimersByTimeAsync(900);
    const again = new FakeClient('a');
    router.add(again);
    expect(again.number).toBe(number);
    await vi.advanceTimersByTimeAsync(5000);
    router.answer(again, { number, data: 'here' });
    expect((await first).answer?.data).toBe('here');

    const second = router.send(to('a'));
    router.remove(again);
    await vi.advanceTimersByTimeAsync(1001);
    expect((await second).answer?.error?.name).toBe('disconnected');
  });

  it('takes a question back when the script goes away', async () => {
    const { router, master } = set();
    let cancel = () => undefined as void;
    const outcome = router.send(to('a'), (it) => (cancel = it));
    cancel();
    await outcome;
    expect(master.frames.at(-1)?.t).toBe('cancel');
  });

  it('refuses what is too large, roles of many, and more than it can hold', async () => {
    const { router, master, second } = set();
    await expect(router.send(to(undefined, undefined, 'ä'.repeat(524_289)))).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(await router.send(to(undefined, undefined, 'ä'.repeat(524_288)))).toEqual({ delivered: 3 });
    for (const role of ['viewer', 'inactive', '']) {
      await expect(router.send(to(role))).rejects.toMatchObject({ code: 'bad-request' });
    }
    master.queued = 5 * 1024 * 1024;
    await expect(router.send(to('a'))).rejects.toMatchObject({ code: 'busy' });
    expect(second.frames).toHaveLength(1);
    for (let i = 0; i < 64; i++) void router.send(to('b'));
    await expect(router.send(to('b'))).rejects.toMatchObject({ code: 'busy' });
    router.close();
  });
});
