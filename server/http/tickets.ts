/**
 * Tickets for the viewer's socket: single use, 60 s, bound to session, role and, where it was told, the embedding
 * page's origin. Held in memory, since one that a restart loses is asked for again within seconds.
 */
import { createHash, randomBytes } from 'node:crypto';
import { CasementError } from '../../src/contract/errors.ts';
import type { Role } from '../../src/contract/session.ts';

export const TICKET_LIFETIME_MS = 60_000;
/** Used and expired ones are remembered a while longer, to be able to say which of the two it was. */
const REMEMBERED_MS = 10 * 60_000;
/** Tickets; past it the oldest go. Far more than one server's people can ask for in ten minutes. */
const MOST = 20_000;

export interface TicketGrant {
  readonly sessionId: string;
  readonly login: string;
  readonly role: Role;
  readonly parentOrigin: string | null;
  /** The login it was asked for with: when that ends, so does this. */
  readonly jti: string;
}

/** The hash under which a secret of the viewer's socket is kept. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export class Tickets {
  readonly #now: () => number;
  /** In the order in which they were given out. */
  readonly #tickets = new Map<string, { grant: TicketGrant; given: number; used: boolean }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  give(grant: TicketGrant): string {
    this.#forget();
    const ticket = randomBytes(24).toString('base64url');
    this.#tickets.set(hashToken(ticket), { grant, given: this.#now(), used: false });
    return ticket;
  }

  /**
   * Uses a ticket up. Nothing is awaited in here, so of two that come at once exactly one gets it. One shown for the
   * wrong session or page is used up as well: whoever found it must not try again.
   *
   * @throws CasementError `ticket-unknown`, `ticket-used`, `ticket-expired`, `ticket-foreign`
   */
  use(ticket: string, sessionId: string, parentOrigin: string | undefined): TicketGrant {
    const entry = this.#tickets.get(hashToken(ticket));
    if (!entry) throw new CasementError('ticket-unknown');
    if (entry.used) throw new CasementError('ticket-used');
    if (this.#now() - entry.given > TICKET_LIFETIME_MS) throw new CasementError('ticket-expired');
    entry.used = true;
    const { grant } = entry;
    if (grant.sessionId !== sessionId) throw new CasementError('ticket-foreign');
    if (grant.parentOrigin !== null && grant.parentOrigin !== parentOrigin) throw new CasementError('ticket-foreign');
    return grant;
  }

  /** Forgets what a login that has ended asked for. */
  dropLogin(jti: string): void {
    for (const [hash, { grant }] of this.#tickets) if (grant.jti === jti) this.#tickets.delete(hash);
  }

  #forget(): void {
    const limit = this.#now() - REMEMBERED_MS;
    for (const [hash, { given }] of this.#tickets) {
      if (given > limit && this.#tickets.size < MOST) return;
      this.#tickets.delete(hash);
    }
  }
}
