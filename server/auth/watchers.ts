/** Whatever stays open by somebody's permission: told when the login ends, or the permission does. */
import { CasementError, type ErrorCode } from '../../src/contract/errors.ts';
import type { Action, Auth } from './port.ts';

interface Watcher {
  readonly jti: string;
  readonly action: Action;
  readonly lost: (reason: ErrorCode) => void;
}

type WatchersAuth = Pick<Auth, 'current' | 'refuses'> & { readonly failed: (cause: unknown) => void };

export class Watchers {
  readonly #watchers = new Set<Watcher>();
  readonly #auth: WatchersAuth;

  constructor(auth: WatchersAuth) {
    this.#auth = auth;
  }

  add(jti: string, action: Action, lost: (reason: ErrorCode) => void): () => void {
    const watcher = { jti, action, lost };
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  revoked(jti: string): void {
    for (const watcher of this.#watchers) if (watcher.jti === jti) this.#end(watcher, 'unauthenticated');
  }

  /** The rules have changed. Each login is looked up once, whatever hangs on it. */
  async checkAll(): Promise<void> {
    const logins = new Set([...this.#watchers].map(({ jti }) => jti));
    await Promise.all([...logins].map((jti) => this.#check(jti)));
  }

  async #check(jti: string): Promise<void> {
    let reason: (action: Action) => ErrorCode | undefined;
    try {
      const caller = await this.#auth.current(jti);
      reason = (action) => this.#auth.refuses(caller, action);
    } catch (cause) {
      if (!(cause instanceof CasementError)) this.#auth.failed(cause);
      // Whom nobody can vouch for at this moment comes back, and is asked then.
      reason = () => 'unauthenticated';
    }
    for (const watcher of this.#watchers) {
      const refusal = watcher.jti === jti ? reason(watcher.action) : undefined;
      if (refusal) this.#end(watcher, refusal);
    }
  }

  #end(watcher: Watcher, reason: ErrorCode): void {
    if (this.#watchers.delete(watcher)) watcher.lost(reason);
  }
}
