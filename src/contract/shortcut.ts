/** Which session a shortcut leads to (contract section 1), by what every session says of itself. */
import type { Session } from './session.ts';

type Known = Pick<Session, 'id' | 'status' | 'clients' | 'params' | 'started' | 'lastConnect' | 'lastDisconnect'>;

/** The first by `rank`; of equals the one that started first, and of those the smaller id. */
function first<One extends Known>(sessions: readonly One[], rank: (session: One) => number): One | undefined {
  return sessions.toSorted((a, b) => rank(a) - rank(b) || a.started - b.started || (a.id < b.id ? -1 : 1))[0];
}

/**
 * Of one's own sessions with this `bookmarkId`: where nobody is connected, the one left last, else, never having been
 * left, the oldest; where all have viewers, the one connected longest ago. One that waits or starts is taken where none
 * runs, so that asking twice does not start twice. `undefined`: start one.
 */
export function chooseSession<One extends Known>(sessions: readonly One[], bookmarkId: string): One | undefined {
  const mine = sessions.filter(({ params }) => bookmarkId !== '' && params['bookmarkId'] === bookmarkId);
  const running = mine.filter(({ status }) => status === 'running');
  const free = running.filter(({ clients }) => clients.length === 0);
  const left = free.filter(({ lastDisconnect }) => lastDisconnect !== null);
  const coming = mine.filter(({ status }) => status === 'pending' || status === 'starting');
  return (
    first(left, ({ lastDisconnect }) => -(lastDisconnect ?? 0)) ??
    first(free, ({ started }) => started) ??
    first(running, ({ lastConnect }) => lastConnect ?? 0) ??
    first(coming, ({ started }) => started)
  );
}
