/**
 * Starts that never reached a link. There is no directory for them, so the host keeps what their owner should see: a
 * failed session, and a log with what each way of starting the link said.
 */
import type { Session } from '../../src/contract/session.ts';
import { CasementError } from '../../src/contract/errors.ts';
import type { SessionStart, UnixUser } from './port.ts';

const MOST_PER_USER = 20;

interface FailedStart {
  readonly session: Session;
  readonly log: string;
}

export interface Place {
  readonly hostname: string;
  readonly serverId: string;
}

export class FailedStarts {
  readonly #starts = new Map<string, FailedStart>();
  readonly #changed: (id: string, session: Session | null) => void;

  constructor(changed: (id: string, session: Session | null) => void) {
    this.#changed = changed;
  }

  get sessions(): Session[] {
    return [...this.#starts.values()].map(({ session }) => session);
  }

  get(id: string): FailedStart | undefined {
    return this.#starts.get(id);
  }

  add(user: UnixUser, start: SessionStart, place: Place, error: CasementError, log: string): void {
    const now = Date.now();
    const { id, name, geometry, command, profile, params, owner = user.login } = start;
    const session: Session = {
      id,
      name,
      status: 'failed',
      geometry,
      windowMode: geometry === 'rootless' ? 'rootless' : 'desktop',
      command,
      profile,
      params,
      login: owner,
      user: user.login,
      ...place,
      display: null,
      serverPid: null,
      appPid: null,
      clients: [],
      started: now,
      lastConnect: null,
      lastDisconnect: null,
      ended: now,
      exitCode: null,
      error: error.toJSON(),
      sharing: false,
      thumbnail: null,
      deadline: null,
      job: null,
    };
    this.#starts.set(id, { session, log });
    const theirs = [...this.#starts.values()].filter((one) => one.session.login === owner);
    for (const { session: old } of theirs.slice(0, -MOST_PER_USER)) this.purge(old.id);
    this.#changed(id, session);
  }

  /** False when there is none. */
  purge(id: string): boolean {
    if (!this.#starts.delete(id)) return false;
    this.#changed(id, null);
    return true;
  }
}
