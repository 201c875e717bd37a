/**
 * OpenID Connect, code flow with PKCE, `state` and `nonce`. The browser's own half of `state` is a cookie, so that a
 * person cannot be logged in with somebody else's answer.
 */
import { randomBytes } from 'node:crypto';
import type { Configuration } from 'openid-client';
import { CasementError } from '../../src/contract/errors.ts';
import { checkUsable, type Accounts } from './accounts.ts';
import type { OidcConfig } from './oidc-config.ts';
import { accountNameOf, levelFromClaims, type Claims } from './oidc-map.ts';
import type { OidcLogins } from './port.ts';
import type { Tokens } from './tokens.ts';

/** How long a person may take at their provider. */
const LIFETIME_MS = 10 * 60_000;
const MOST = 1000;
/** Seconds the provider may take for one request. */
const ASK_SECONDS = 10;
/** Logins of which the provider's token is kept, to log out there without another question. */
const MOST_HINTS = 5000;

export interface OidcOptions {
  readonly config: OidcConfig;
  readonly clientSecret: string | undefined;
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  /** How a login ended. */
  readonly onOutcome?: (outcome: { code: string; login: string; address: string }) => void;
  readonly now?: () => number;
}

type Library = typeof import('openid-client');

interface Pending {
  readonly nonce: string;
  readonly verifier: string;
  readonly until: number;
}

function isLoopbackUrl(url: URL): boolean {
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(\.\d+){3}$/.test(url.hostname);
}

export function createOidcLogins(options: OidcOptions): OidcLogins {
  const { config, clientSecret, accounts, tokens, now = Date.now } = options;
  const pending = new Map<string, Pending>();
  const hints = new Map<string, string>();
  let known: Promise<{ library: Library; provider: Configuration }> | undefined;
  /** Where to log out, once the provider is known. */
  let endSession: ((hint: string | undefined, back: string) => string | undefined) | undefined;

  async function discover(): Promise<{ library: Library; provider: Configuration }> {
    const library = await import('openid-client');
    const issuer = new URL(config.issuer);
    const provider = await library.discovery(issuer, config.clientId, clientSecret, undefined, {
      timeout: ASK_SECONDS,
      // Between two programs of one machine there is nobody to listen.
      ...(issuer.protocol === 'http:' && isLoopbackUrl(issuer) ? { execute: [library.allowInsecureRequests] } : {}),
    });
    const canLogOut = provider.serverMetadata().end_session_endpoint !== undefined;
    endSession = (hint, back) =>
      canLogOut
        ? library.buildEndSessionUrl(provider, {
            post_logout_redirect_uri: back,
            ...(hint === undefined ? {} : { id_token_hint: hint }),
          }).href
        : undefined;
    return { library, provider };
  }

  /** The provider's description, fetched once; a failure is not remembered. */
  function provider(): Promise<{ library: Library; provider: Configuration }> {
    known ??= discover().catch((cause: unknown) => {
      known = undefined;
      throw new CasementError('oidc-failed', { cause });
    });
    return known;
  }

  function forget(): void {
    for (const [state, { until }] of pending) {
      if (until > now() && pending.size < MOST) return;
      pending.delete(state);
    }
  }

  /** @throws CasementError `oidc-failed`, `oidc-denied` */
  async function exchange(url: URL, redirectUri: string, state: string, login: Pending) {
    const { library, provider: at } = await provider();
    const current = new URL(redirectUri);
    current.search = url.search;
    try {
      const answer = await library.authorizationCodeGrant(at, current, {
        pkceCodeVerifier: login.verifier,
        expectedState: state,
        expectedNonce: login.nonce,
        idTokenExpected: true,
      });
      const claims = answer.claims();
      if (!claims) throw new Error('no ID token');
      const more: Claims =
        at.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await library.fetchUserInfo(at, answer.access_token, claims.sub);
      return { claims: { ...more, ...claims } satisfies Claims, idToken: answer.id_token };
    } catch (cause) {
      if (cause instanceof library.AuthorizationResponseError) {
        throw new CasementError('oidc-denied', { details: { reason: cause.error.slice(0, 100) }, cause });
      }
      throw new CasementError('oidc-failed', { cause });
    }
  }

  return {
    label: config.label,

    async begin(redirectUri) {
      const { library, provider: at } = await provider();
      forget();
      const state = randomBytes(24).toString('base64url');
      const nonce = library.randomNonce();
      const verifier = library.randomPKCECodeVerifier();
      pending.set(state, { nonce, verifier, until: now() + LIFETIME_MS });
      const url = library.buildAuthorizationUrl(at, {
        redirect_uri: redirectUri,
        scope: config.scope,
        state,
        nonce,
        code_challenge: await library.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, state };
    },

    async finish(url, redirectUri, state, client) {
      const shown = url.searchParams.get('state');
      const login = state === undefined || state !== shown ? undefined : pending.get(state);
      if (state === undefined || !login) throw new CasementError('login-expired');
      // Once, whatever comes of it.
      pending.delete(state);
      if (login.until < now()) throw new CasementError('login-expired');
      let name = '';
      try {
        const { claims, idToken } = await exchange(url, redirectUri, state, login);
        const account = await accounts.find(await accountNameOf(config, claims));
        // Whoever may be root on the machine logs in to it as sshd allows, not by what another system says.
        if (!account || account.uid === 0) throw new CasementError('oidc-unmapped');
        name = account.login;
        await checkUsable(account);
        const loggedIn = await tokens.issue(account.login, 'oidc', client, levelFromClaims(config, claims));
        if (idToken !== undefined) {
          const { jti } = await tokens.verify(loggedIn.token);
          hints.set(jti, idToken);
          for (const oldest of hints.keys()) {
            if (hints.size <= MOST_HINTS) break;
            hints.delete(oldest);
          }
        }
        options.onOutcome?.({ code: 'ok', login: name, address: client.address });
        return loggedIn;
      } catch (thrown) {
        const code = thrown instanceof CasementError ? thrown.code : 'internal';
        options.onOutcome?.({ code, login: name, address: client.address });
        throw thrown;
      }
    },

    logoutUrl(jti, back) {
      const hint = hints.get(jti);
      hints.delete(jti);
      // Without a hint it was not this provider that let them in, or the server has been restarted since.
      return hint === undefined ? undefined : endSession?.(hint, back);
    },
  };
}
