/** Puts the ways to log in together: whatever proved who somebody is, what follows is the same token. */
import { CasementError } from '../../src/contract/errors.ts';
import type { UnixUser } from '../sessions/port.ts';
import type { LiveToken, Store } from '../store/port.ts';
import type { Account, Accounts } from './accounts.ts';
import { lendable, uidMin } from './lendable.ts';
import { higher, levelOf, type LevelLists } from './levels.ts';
import { addLoginLink, redeemLoginLink } from './local.ts';
import type { Decision, Permissions, Person } from '../policy/port.ts';
import type { Auth, Caller, LoginMethod, OidcLogins, PermissionLevel, SshLogins } from './port.ts';
import { createTokens, publicId, type Tokens } from './tokens.ts';
import { Watchers } from './watchers.ts';

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
  /** Accounts with smaller ids are never lent; default: what the machine says. */
  readonly uidMin?: number;
  readonly permissions: Permissions;
  /** Asked for everybody but administrators; default: yes. */
  readonly acceptsLogins?: () => boolean;
  /** How a login by a link ended. `login` is empty where nobody's link was shown. */
  readonly onLocalOutcome?: (outcome: {
    readonly code: string;
    readonly login: string;
    readonly address: string;
  }) => void;
  /** Ending logins after a change of the rules did not work. */
  readonly failed?: (cause: unknown) => void;
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
  const issued = await createTokens({ store, issuer, now });
  const { permissions } = options;
  const decide = (person: Person): Decision => permissions.decide(person);
  const own: Pick<Account, keyof UnixUser | 'groups'> = { ...account, groups };

  /** Whom a login stands for today; nobody once the account, or this way to log in, is gone. */
  async function accountOf(
    login: string,
    method: LoginMethod,
  ): Promise<{ user: UnixUser; groups: readonly string[] } | undefined> {
    if (!methods.includes(method)) return undefined;
    const found = method === 'local' ? own : await accounts?.find(login);
    if (found?.login !== login) return undefined;
    const { uid, gid, home } = found;
    return { user: { login, uid, gid, home }, groups: found.groups };
  }

  /** What no rule takes away. */
  function fixedOf(
    login: string,
    method: LoginMethod,
    given: PermissionLevel | null,
    unixGroups: readonly string[],
  ): PermissionLevel | undefined {
    // It is their own server: there is nobody else to administer it.
    if (method === 'local') return 'admin';
    const listed = levelOf(login, unixGroups, levels);
    return given === null ? listed : higher(given, listed ?? 'disabled');
  }

  /** Nobody gets a login that the rules, or a closed server, keep out. @throws CasementError `account-disabled`, `server-closed` */
  const tokens: Tokens = {
    ...issued,
    async issue(login, method, client, given) {
      const found = await accountOf(login, method);
      const groups = found?.groups ?? [];
      const { level } = decide({ login, groups, fixed: fixedOf(login, method, given ?? null, groups) });
      if (level === 'disabled') throw new CasementError('account-disabled');
      if (level !== 'admin' && options.acceptsLogins?.() === false) throw new CasementError('server-closed');
      return issued.issue(login, method, client, given);
    },
  };

  /** @throws CasementError `unauthenticated` */
  async function callerOf(live: LiveToken): Promise<Caller> {
    const { jti, login, expires, method } = live;
    const found = await accountOf(login, method);
    if (!found) throw new CasementError('unauthenticated');
    const fixed = fixedOf(login, method, live.level, found.groups);
    const { level } = decide({ login, groups: found.groups, fixed });
    if (level === 'disabled') {
      await tokens.revoke(jti);
      throw new CasementError('unauthenticated');
    }
    return { ...found, login, level, jti, expires, ...(fixed === undefined ? {} : { fixed }) };
  }

  async function current(jti: string): Promise<Caller> {
    const live = await store.tokens.find(jti);
    if (!live) throw new CasementError('unauthenticated');
    return callerOf(live);
  }

  const refuses: Auth['refuses'] = ({ login, groups, fixed }, action) =>
    decide({ login, groups, fixed }).actions.has(action) ? undefined : 'forbidden';

  const watchers = new Watchers({ current, refuses, failed: options.failed ?? (() => undefined) });
  tokens.onRevoked((jti) => watchers.revoked(jti));
  permissions.onChange(() => {
    void watchers.checkAll();
    // Logins that nobody uses just now end as well.
    const endDisabled = async () => {
      for (const live of await store.tokens.all()) await callerOf(live).catch(ignoreEnded);
    };
    endDisabled().catch(options.failed ?? (() => undefined));
  });

  return {
    methods,
    async loginLocal(secret, client = UNKNOWN_CLIENT) {
      if (!methods.includes('local')) throw new CasementError('login-unavailable');
      const { address } = client;
      let login = '';
      try {
        await redeemLoginLink(store, secret);
        ({ login } = account);
        const loggedIn = await tokens.issue(login, 'local', client);
        options.onLocalOutcome?.({ code: 'ok', login, address });
        return loggedIn;
      } catch (thrown) {
        const code = thrown instanceof CasementError ? thrown.code : 'internal';
        options.onLocalOutcome?.({ code, login, address });
        throw thrown;
      }
    },
    newLoginSecret: () => addLoginLink(store),
    ssh: options.ssh?.(tokens),
    oidc: options.oidc?.(tokens),

    verify: async (token) => callerOf(await tokens.verify(token)),
    current,

    async logins(caller) {
      const list = await store.tokens.list(caller.login);
      return list.map(({ jti, method, browser, address, issued: created, lastUsed, expires }) => ({
        id: publicId(jti),
        current: jti === caller.jti,
        method,
        browser,
        address,
        created,
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
    watch: (jti, action, lost) => watchers.add(jti, action, lost),
    refuses,

    async runAs(caller, name) {
      if (caller.login === name) return caller.user;
      return lendable(name, { accounts, own: account, uidMin: options.uidMin ?? uidMin() });
    },
    async check(login) {
      const found = await accounts?.find(login);
      const known = found ?? (login === own.login ? own : undefined);
      const groups = known?.groups ?? [];
      // The link stands for this account alone, where it is a way to log in at all.
      const method = login === own.login && methods.includes('local') ? 'local' : 'ssh';
      const { level, actions, rules } = decide({ login, groups, fixed: fixedOf(login, method, null, groups) });
      return {
        login,
        exists: known !== undefined,
        groups: [...groups],
        level,
        actions: [...actions],
        rules: [...rules],
      };
    },
    fixed: levels,
  };
}

/** A login that has ended by then is what is wanted. */
function ignoreEnded(cause: unknown): void {
  if (!(cause instanceof CasementError)) throw cause;
}
