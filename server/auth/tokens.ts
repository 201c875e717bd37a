/**
 * Tokens: JWTs whose `jti` has to be on the store's list of live logins, so that each can be taken back at once.
 */
import { createHash, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { CasementError } from '../../src/contract/errors.ts';
import type { LiveToken, Store } from '../store/port.ts';
import { summarizeBrowser } from './browser.ts';
import type { LoggedIn, LoginClient, LoginMethod, PermissionLevel } from './port.ts';

const HOUR_MS = 3600 * 1000;
/** A personal server is opened day by day; a week without it asks for a new link. */
export const LOCAL_LIFETIME_MS = 7 * 24 * HOUR_MS;
/** A working day, and its evening. */
export const LIFETIME_MS = 24 * HOUR_MS;
export const SHARED_LIFETIME_MS = 8 * HOUR_MS;
/** "Last used" is no finer than this, so that reading costs no writing. */
const TOUCH_MS = 60_000;
const AUDIENCE = 'api';

export interface Tokens {
  issue(login: string, method: LoginMethod, client: LoginClient, level?: PermissionLevel): Promise<LoggedIn>;
  /** @throws CasementError `unauthenticated` */
  verify(token: string): Promise<LiveToken>;
  revoke(jti: string): Promise<void>;
  onRevoked(listener: (jti: string) => void): () => void;
}

export interface TokensOptions {
  readonly store: Store;
  /** Names this server in its tokens, so that another server's are refused. */
  readonly issuer: string;
  readonly now: () => number;
}

/** What a login is called in lists: its `jti` proves that a call comes from its own page, so others are not told it. */
export function publicId(jti: string): string {
  return createHash('sha256').update(`login ${jti}`).digest('hex').slice(0, 24);
}

export async function createTokens({ store, issuer, now }: TokensOptions): Promise<Tokens> {
  const stored = await store.settings.getOrCreate('token.key', () => randomBytes(32).toString('base64url'));
  const key = Buffer.from(stored, 'base64url');
  const listeners = new Set<(jti: string) => void>();

  return {
    async issue(login, method, client, level) {
      const issued = now();
      const lifetime = method === 'local' ? LOCAL_LIFETIME_MS : client.shared ? SHARED_LIFETIME_MS : LIFETIME_MS;
      const expires = issued + lifetime;
      const jti = randomBytes(16).toString('base64url');
      await store.tokens.add({
        jti,
        login,
        issued,
        expires,
        method,
        level: level ?? null,
        browser: summarizeBrowser(client.userAgent),
        address: client.address,
        lastUsed: issued,
      });
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(login)
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setJti(jti)
        .setIssuedAt(Math.floor(issued / 1000))
        .setExpirationTime(Math.floor(expires / 1000))
        .sign(key);
      return { token, login, expires };
    },

    async verify(token) {
      let claims;
      try {
        const verified = await jwtVerify(token, key, {
          algorithms: ['HS256'],
          issuer,
          audience: AUDIENCE,
          requiredClaims: ['sub', 'iss', 'iat', 'exp', 'jti'],
          currentDate: new Date(now()),
        });
        claims = verified.payload;
      } catch (cause) {
        throw new CasementError('unauthenticated', { cause });
      }
      const live = claims.jti === undefined ? undefined : await store.tokens.find(claims.jti);
      if (!live || live.login !== claims.sub) throw new CasementError('unauthenticated');
      const time = now();
      if (time - live.lastUsed > TOUCH_MS) await store.tokens.touch(live.jti, time);
      return live;
    },

    async revoke(jti) {
      await store.tokens.revoke(jti);
      await store.resume.dropLogin(jti);
      for (const listener of listeners) listener(jti);
    },

    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
