/**
 * Sessions that run under another account than that of the person they are for. Whose they are is this server's own
 * knowledge: the account that owns the processes could write anything into them.
 */
export interface LentSession {
  readonly session: string;
  /** Under which it runs. */
  readonly account: string;
  /** Whose it is. */
  readonly login: string;
}

/** Where it is kept, so that it outlives the server. */
export interface LentStore {
  list(): Promise<readonly LentSession[]>;
  add(lent: LentSession): Promise<void>;
  remove(session: string): Promise<void>;
}

export class Lent {
  readonly #store: LentStore | undefined;
  readonly #failed: (error: unknown) => void;
  readonly #bySession = new Map<string, LentSession>();

  /** `failed`: something could not be forgotten; it will be the next time. */
  constructor(store: LentStore | undefined, failed: (error: unknown) => void) {
    this.#store = store;
    this.#failed = failed;
  }

  async load(): Promise<void> {
    for (const lent of (await this.#store?.list()) ?? []) this.#bySession.set(lent.session, lent);
  }

  get accounts(): string[] {
    return [...new Set([...this.#bySession.values()].map(({ account }) => account))];
  }

  accountOf(session: string): string | undefined {
    return this.#bySession.get(session)?.account;
  }

  /** Whose a session is that the link of `account` has. */
  loginOf(session: string, account: string): string {
    const lent = this.#bySession.get(session);
    return lent?.account === account ? lent.login : account;
  }

  async add(lent: LentSession): Promise<void> {
    await this.#store?.add(lent);
    this.#bySession.set(lent.session, lent);
  }

  forget(session: string): void {
    if (!this.#bySession.delete(session)) return;
    this.#store?.remove(session).catch(this.#failed);
  }

  /** The link of `account` has said what there is; `under way` is what it may not have heard of yet. */
  keepOnly(account: string, there: ReadonlySet<string>, underWay: ReadonlySet<string>): void {
    for (const lent of this.#bySession.values()) {
      if (lent.account === account && !there.has(lent.session) && !underWay.has(lent.session))
        this.forget(lent.session);
    }
  }
}
