/**
 * Which link has which session, and whose it is. Both are this server's own knowledge: a link's process belongs to its
 * user, who can have it say anything.
 */
import type { Session } from '../../src/contract/session.ts';
import { Lent, type LentStore } from './lent.ts';
import type { UserLink } from './user-link.ts';

/** Reports about one account; a link that goes on and on fills no list. */
const MOST_REFUSALS = 100;

export interface Refusal {
  /** Whose link it is. */
  readonly account: string;
  readonly session: string;
  /** Whose the session is. */
  readonly owner: string;
}

export interface SessionOwnersOptions {
  readonly lent: LentStore | undefined;
  readonly place: Pick<Session, 'hostname' | 'serverId'>;
  /** Who an id belongs to that no link has announced yet. */
  readonly elsewhere: (id: string) => { readonly account: string; readonly login: string } | undefined;
  /** A link has announced an id that is somebody else's. */
  readonly refused: (refusal: Refusal) => void;
  readonly failed: (error: unknown) => void;
}

export class SessionOwners {
  readonly lent: Lent;
  readonly #options: SessionOwnersOptions;
  /** The first to announce an id has it. */
  readonly #links = new Map<string, UserLink>();
  /** Starts of sessions under another account, which their links may not have heard of. */
  readonly #lending = new Set<string>();
  /** Ids by account, so that each is reported once. */
  readonly #refusals = new Map<string, Set<string>>();

  constructor(options: SessionOwnersOptions) {
    this.#options = options;
    this.lent = new Lent(options.lent, options.failed);
  }

  get ids(): Iterable<string> {
    return this.#links.keys();
  }

  linkOf(id: string): UserLink | undefined {
    return this.#links.get(id);
  }

  /** Whatever the link says of whose it is, where, and by what id. */
  complete(link: UserLink, id: string, session: Session): Session {
    const { login } = link.user;
    return { ...session, id, login: this.lent.loginOf(id, login), user: login, ...this.#options.place };
  }

  /** The link has it from now on. False: it is somebody else's. */
  take(link: UserLink, id: string): boolean {
    const owner = this.#otherOwner(link, id);
    if (owner === undefined) this.#links.set(id, link);
    else this.#refuse({ account: link.user.login, session: id, owner });
    return owner === undefined;
  }

  /** False: it was not this link's. */
  drop(link: UserLink, id: string): boolean {
    if (this.#links.get(id) !== link) return false;
    this.#links.delete(id);
    this.lent.forget(id);
    return true;
  }

  /** The link has said what there is. */
  keepOnly(link: UserLink, there: ReadonlySet<string>): void {
    this.lent.keepOnly(link.user.login, there, this.#lending);
  }

  /** Runs the start of a session that is for `login` and runs under `account`. `isUnknown`: it may have begun. */
  async whileLending<Result>(
    id: string,
    account: string,
    login: string,
    start: () => Promise<Result>,
    isUnknown: (error: unknown) => boolean,
  ): Promise<Result> {
    this.#lending.add(id);
    try {
      // Before anything of it is begun: its account must never see it as its own.
      await this.lent.add({ session: id, account, login });
      return await start();
    } catch (error) {
      if (!isUnknown(error) && !this.#links.has(id)) this.lent.forget(id);
      throw error;
    } finally {
      this.#lending.delete(id);
    }
  }

  #otherOwner(link: UserLink, id: string): string | undefined {
    const { login } = link.user;
    const holder = this.#links.get(id);
    if (holder) return holder === link ? undefined : this.lent.loginOf(id, holder.user.login);
    const lentBy = this.lent.accountOf(id);
    if (lentBy !== undefined) return lentBy === login ? undefined : this.lent.loginOf(id, lentBy);
    const known = this.#options.elsewhere(id);
    return known === undefined || known.account === login ? undefined : known.login;
  }

  #refuse(refusal: Refusal): void {
    const known = this.#refusals.get(refusal.account) ?? new Set();
    this.#refusals.set(refusal.account, known);
    if (known.has(refusal.session) || known.size >= MOST_REFUSALS) return;
    known.add(refusal.session);
    this.#options.refused(refusal);
  }
}
