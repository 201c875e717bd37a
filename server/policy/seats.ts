/** Seats: sessions that may be starting or running at the same time, per person, per server and in all. */
import { CasementError } from '../../src/contract/errors.ts';
import type { Session } from '../../src/contract/session.ts';
import type { SeatLimits, SeatRefusal } from '../../src/contract/settings.ts';
import type { Seats, SeatWish } from './port.ts';

/** Own sessions that are listed with a refusal. */
const MOST_LISTED = 20;
const MOST_USERS = 50;
/** A session that was started shows in the list by then. */
const SETTLED_MS = 30_000;

export interface SeatsOptions {
  readonly limits: () => SeatLimits;
  /** The sessions of all servers. */
  readonly sessions: () => readonly Session[];
  readonly now: () => number;
}

/** One that waits for its scheduler takes nothing of any server yet. */
const holdsSeat = ({ status }: Session) => status === 'starting' || status === 'running';

interface Holder {
  readonly login: string;
  readonly serverId: string;
}

export function createSeats({ limits, sessions, now }: SeatsOptions): Seats {
  /** By session: starts under way, and those that have just ended and may not be listed yet. */
  const wishes = new Map<string, { wish: SeatWish; until: number }>();

  /** Each session once, whether it is known by its start or by the list. */
  function holders(): Holder[] {
    const listed = sessions();
    const time = now();
    const known = new Set(listed.map(({ id }) => id));
    for (const [id, { until }] of wishes) if (until < time || (until < Infinity && known.has(id))) wishes.delete(id);
    const waiting = [...wishes.values()].filter(({ wish }) => !known.has(wish.sessionId)).map(({ wish }) => wish);
    const held = listed.filter((one) => holdsSeat(one) || (one.status === 'pending' && wishes.has(one.id)));
    return [...held, ...waiting];
  }

  function refuse(scope: SeatRefusal['scope'], limit: number, taken: number, wish: SeatWish): never {
    const own = sessions().filter((session) => session.login === wish.login && holdsSeat(session));
    const details: SeatRefusal = {
      scope,
      limit,
      taken,
      ...(scope === 'server' ? { hostname: wish.hostname } : {}),
      sessions: own.slice(0, MOST_LISTED).map(({ id, name, status, started }) => ({ id, name, status, started })),
    };
    const where = { user: 'of yours', server: `on ${wish.hostname}`, total: 'of this site' }[scope];
    const message = `All ${limit} sessions ${where} that may run at the same time are taken (${taken}).`;
    throw new CasementError('seats-taken', { message, details });
  }

  return {
    limited() {
      const { perUser, perServer, total } = limits();
      return perUser + perServer + total > 0;
    },

    take(wish) {
      const { perUser, perServer, total } = limits();
      const all = holders();
      const mine = all.filter(({ login }) => login === wish.login).length;
      const here = all.filter(({ serverId }) => serverId === wish.serverId).length;
      // One's own first: that is what a person can change by themselves.
      if (perUser > 0 && mine >= perUser) refuse('user', perUser, mine, wish);
      if (perServer > 0 && here >= perServer) refuse('server', perServer, here, wish);
      if (total > 0 && all.length >= total) refuse('total', total, all.length, wish);
      wishes.set(wish.sessionId, { wish, until: Infinity });
      return {
        settle(started) {
          // Listed already, it is known by the list alone: it may have gone from there before anybody asks again.
          const isListed = started && sessions().some(({ id }) => id === wish.sessionId);
          if (started && !isListed) wishes.set(wish.sessionId, { wish, until: now() + SETTLED_MS });
          else wishes.delete(wish.sessionId);
        },
      };
    },

    taken() {
      const all = holders();
      const count = (keys: readonly string[]) => {
        const counts = new Map<string, number>();
        for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
        return [...counts].toSorted((a, b) => b[1] - a[1]);
      };
      return {
        total: all.length,
        servers: count(all.map(({ serverId }) => serverId)).map(([serverId, taken]) => ({ serverId, taken })),
        users: count(all.map(({ login }) => login))
          .slice(0, MOST_USERS)
          .map(([login, taken]) => ({ login, taken })),
      };
    },
  };
}
