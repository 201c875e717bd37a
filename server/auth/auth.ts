/** Puts the ways to log in together: whatever proved who somebody is, what follows is the same token. */
import { CasementError } from '../../src/contract/errors.ts';
import type { UnixUser } from '../sessions/port.ts';
import type { LiveToken, Store } from '../store/port.ts';
import type { Account, Accounts } from './accounts.ts';
import { higher, levelOf, type LevelLists } from './levels.ts';
import { addLoginLink, redeemLoginLink } from './local.ts';
import type { Auth, LoginMethod, OidcLogins, PermissionLevel, SshLogins } from './port.ts';
import { createTokens, publicId, type Tokens } from './tokens.ts';

export interface AuthOptions {
  readonly store: Store;
  /** Default: the login link alone. */
  readonly methods?: readonly LoginMethod[];
  /** Whom a login link stands for, and their groups. */
  readonly account: UnixUser;
  readonly groups: readonly string[];
  /** Needed for every other way. */
  readonly accounts?: Accounts;
  readonly levels?: LevelLists;
  readonly issuer: string;
  readonly now?: () => number;
  /** Made with the tokens, since they give some out. */
  readonly ssh?: (tokens: Tokens) => SshLogins;
  readonly oidc?: (tokens: Tokens) => OidcLogins;
}

const NO_LISTS: LevelLists = { admins: [], managers: [] };
const UNKNOWN_CLIENT = { address: '', userAgent: '', shared: false };

export async function createAuth(options: AuthOptions): Promise<Auth> {
  const { store, account, groups, accounts, levels = NO_LISTS, issuer, now = Date.now } = options;
  const methods = options.methods ?? ['local'];
  const tokens = await createTokens({ store, issuer, now });
  const own: Pick<Account, keyof UnixUser | 'groups'> = { ...account, groups };

  /** Whom a login stands for today; nobody once the account, or this way to log in, is gone. */
  async function accountOf(live: LiveToken): Promise<{ user: UnixUser; groups: readonly string[] } | undefined> {
    if (!methods.includes(live.method)) return undefined;
    const found = live.method === 'local' ? own : await accounts?.find(live.login);
    if (found?.login !== live.login) return undefined;
    const { login, uid, gid, home } = found;
    return { user: { login, uid, gid, home }, groups: found.groups };
  }

  function level(live: LiveToken, unixGroups: readonly string[]): PermissionLevel {
    // It is their own server: there is nobody else to administer it.
    if (live.method === 'local') return 'admin';
    return higher(levelOf(live.login, unixGroups, levels), live.level ?? 'full');
  }

  return {
    methods,
    async loginLocal(secret, client = UNKNOWN_CLIENT) {
      if (!methods.includes('local')) throw new CasementError('login-unavailable');
      await redeemLoginLink(store, secret);
      return tokens.issue(account.login, 'local', client);
    },
    newLoginSecret: () => addLoginLink(store),
    ssh: options.ssh?.(tokens),
    oidc: options.oidc?.(tokens),

    async verify(token) {
      const live = await tokens.verify(token);
      const found = await accountOf(live);
      if (!found) throw new CasementError('unauthenticated');
      const { jti, login, expires } = live;
      return { ...found, login, level: level(live, found.groups), jti, expires };
    },

    async logins(caller) {
      const list = await store.tokens.list(caller.login);
      return list.map(({ jti, method, browser, address, issued, lastUsed, expires }) => ({
        id: publicId(jti),
        current: jti === caller.jti,
        method,
        browser,
        address,
        created: issued,
        lastUsed,
        expires,
      }));
    },

    async revokeLogin(caller, id) {
      const found = (await store.tokens.list(caller.login)).find(({ jti }) => publicId(jti) === id);
      if (!found) throw new CasementError('not-found', { details: { field: 'id' } });
      await tokens.revoke(found.jti);
    },

    async revokeOthers(caller) {
      const others = (await store.tokens.list(caller.login)).filter(({ jti }) => jti !== caller.jti);
      for (const { jti } of others) await tokens.revoke(jti);
      return others.length;
    },

    revoke: (jti) => tokens.revoke(jti),
    onRevoked: (listener) => tokens.onRevoked(listener),
    refuses: (caller, action) =>
      ['admin', 'audit', 'sessions-all'].includes(action) && caller.level !== 'admin' ? 'forbidden' : undefined,
  };
}
