/** Who calls, how they proved it, and what they may do. */
import type { Client } from 'ssh2';
import type { Login, SshStage } from '../../src/contract/login.ts';
import type { ErrorCode } from '../../src/contract/errors.ts';
import type { Action, PermissionCheck, PermissionLevel } from '../../src/contract/permissions.ts';
import type { UnixUser } from '../sessions/port.ts';

export type { Action, PermissionLevel } from '../../src/contract/permissions.ts';
export type LoginMethod = 'local' | 'ssh' | 'oidc';

export interface Caller {
  readonly user: UnixUser;
  readonly login: string;
  readonly groups: readonly string[];
  readonly level: PermissionLevel;
  /** What they have whatever the rules say. */
  readonly fixed?: PermissionLevel | undefined;
  /** The token's id; also what `X-CSRF-TOKEN` has to be. */
  readonly jti: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** The browser that logs in. */
export interface LoginClient {
  readonly address: string;
  readonly userAgent: string;
  /** A computer that others use as well: the login ends with the browser, and sooner. */
  readonly shared: boolean;
}

export interface LoggedIn {
  readonly token: string;
  readonly login: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
}

export interface SshBegin {
  readonly username: string;
  readonly password?: string | undefined;
  /** Every prompt is answered with the password; the outcome is success or an error. */
  readonly basic?: boolean | undefined;
  /** One line in OpenSSH's format, if the browser's side can sign for it. */
  readonly publicKey?: string | undefined;
}

export interface SshContinue {
  readonly authtoken: string;
  readonly answers?: readonly string[] | undefined;
  /** Bytes in base64. */
  readonly signature?: string | undefined;
}

/** `loggedIn` goes with the stage `success`. */
export interface SshOutcome {
  readonly stage: SshStage;
  readonly loggedIn?: LoggedIn;
  /** As it was given at the beginning. */
  readonly shared?: boolean;
}

export interface SshLogins {
  /** @throws CasementError `login-failed`, `rate-limited` (with `details.retryAfter`, seconds), those of a conversation */
  begin(input: SshBegin, client: LoginClient): Promise<SshOutcome>;
  /** @throws CasementError as `begin`, and `login-expired` */
  go(input: SshContinue): Promise<SshOutcome>;
}

export interface OidcLogins {
  /** Shown on the button; `undefined`: a general word. */
  readonly label: string | undefined;
  /** Where to send the browser, and what its cookie has to hold when it comes back. @throws CasementError `oidc-failed` */
  begin(redirectUri: string): Promise<{ url: string; state: string }>;
  /** `url`: the one the browser came back to. @throws CasementError `login-expired`, `oidc-failed`, `oidc-denied`, `oidc-unmapped`, `account-…` */
  finish(url: URL, redirectUri: string, state: string | undefined, client: LoginClient): Promise<LoggedIn>;
  /** Where the browser goes to log out at the provider too, if that is possible. Call it before the token is revoked. */
  logoutUrl(jti: string, back: string): string | undefined;
}

/** Called with each authenticated connection, which belongs to the callee from then on. */
export type AdoptConnection = (user: UnixUser, connection: Client) => void;

export interface Auth {
  /** Ways to log in, in the order in which to offer them. */
  readonly methods: readonly LoginMethod[];
  /** @throws CasementError `login-link-used`, `login-link-unknown`, `login-unavailable` */
  loginLocal(secret: string, client?: LoginClient): Promise<LoggedIn>;
  /** A new one-time secret. Those given out before and not used stop working. */
  newLoginSecret(): Promise<string>;
  readonly ssh: SshLogins | undefined;
  readonly oidc: OidcLogins | undefined;
  /** @throws CasementError `unauthenticated`, whatever is wrong with the token */
  verify(token: string): Promise<Caller>;
  /** The caller's own logins, newest use first. */
  logins(caller: Caller): Promise<Login[]>;
  /** Ends one of the caller's own logins. @throws CasementError `not-found` */
  revokeLogin(caller: Caller, id: string): Promise<void>;
  /** Ends all of the caller's logins but this one. @returns how many */
  revokeOthers(caller: Caller): Promise<number>;
  /** Ends the login, and tells those who listen. */
  revoke(jti: string): Promise<void>;
  onRevoked(listener: (jti: string) => void): () => void;
  /** Who a login stands for at this moment. @throws CasementError `unauthenticated` */
  current(jti: string): Promise<Caller>;
  /**
   * For whatever stays open: `lost` is called once, with why, when the login ends or the action is taken away. Whoever
   * begins to watch asks `current` and `refuses` afterwards, so that nothing is missed between the two.
   */
  watch(jti: string, action: Action, lost: (reason: ErrorCode) => void): () => void;
  /** As the rules are at this moment, not as they were when the caller came. `undefined` when allowed. */
  refuses(caller: Pick<Caller, 'login' | 'groups' | 'fixed'>, action: Action): ErrorCode | undefined;
  /**
   * The account that a bookmark of the system names, for a start by this caller. @throws CasementError `run-as-failed`,
   * with why as its cause, for one that is not there or may not be lent
   */
  runAs(caller: Pick<Caller, 'user' | 'login'>, account: string): Promise<UnixUser>;
  /** What the rules come to for an account. */
  check(login: string): Promise<PermissionCheck>;
  /** Accounts and groups of the server's own file, which the rules do not touch. */
  readonly fixed: { readonly admins: readonly string[]; readonly managers: readonly string[] };
}
