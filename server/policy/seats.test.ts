/** Sessions that a scheduler starts: they take a seat when they run, and none while they wait. */
import { expect, it } from 'vitest';
import type { Session } from '../../src/contract/session.ts';
import { sessionOf } from '../testing/fake-host.ts';
import { createSeats } from './seats.ts';

it('takes none while a job waits, one once its session runs, and none after', () => {
  const job = { scheduler: 'slurm', id: '7', state: 'pending', reason: null, estimatedStart: null } as const;
  let sessions: Session[] = [sessionOf('by-slurm', { status: 'pending', job })];
  const limits = () => ({ perUser: 1, perServer: 0, total: 0 });
  const seats = createSeats({ limits, sessions: () => sessions, now: () => 0 });
  const wish = { sessionId: 'at-once', login: 'me', serverId: 'server-1', hostname: 'here' };

  expect(seats.taken().total).toBe(0);
  seats.take(wish).settle(false);

  sessions = [sessionOf('by-slurm', { status: 'running', job: { ...job, state: 'running' } })];
  expect(seats.taken().users).toEqual([{ login: 'me', taken: 1 }]);
  // The job is not held up by a limit; whoever wants one more session is, and is told what is in the way.
  expect(() => seats.take(wish)).toThrow(
    expect.objectContaining({
      code: 'seats-taken',
      details: expect.objectContaining({ sessions: [expect.objectContaining({ id: 'by-slurm' })] }) as unknown,
    }) as Error,
  );

  sessions = [sessionOf('by-slurm', { status: 'ended', job: { ...job, state: 'ended' } })];
  seats.take(wish).settle(true);
  expect(seats.taken().total).toBe(1);
});

it('is free at once where a session was started, ended and removed before anybody asked again', () => {
  let sessions: Session[] = [];
  const limits = () => ({ perUser: 1, perServer: 0, total: 0 });
  const seats = createSeats({ limits, sessions: () => sessions, now: () => 0 });
  const wish = { sessionId: 'first', login: 'me', serverId: 'server-1', hostname: 'here' };

  const seat = seats.take(wish);
  sessions = [sessionOf('first')];
  seat.settle(true);
  sessions = [];
  expect(seats.taken().total).toBe(0);
  seats.take({ ...wish, sessionId: 'second' });
});
