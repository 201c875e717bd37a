/** `/api/auth/oidc` and its callback: navigations of the browser, so they answer with redirects. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CasementError } from '../../src/contract/errors.ts';
import type { OidcLogins } from '../auth/port.ts';
import type { HttpContext } from './context.ts';
import { toCasementError } from './errors.ts';
import { loginClient, setLoginCookie } from './login-cookie.ts';

const PATH = '/api/auth/oidc';
const COOKIE = 'oidc';
/** Seconds; as long as the provider's page may stay open. */
const COOKIE_SECONDS = 600;

/** `lax`: the provider sends the browser back, and a strict cookie would not come along. */
const cookie = (request: FastifyRequest) =>
  ({ path: PATH, httpOnly: true, sameSite: 'lax', secure: request.protocol === 'https' }) as const;

/** The chain of sentences, without what the errors carry beside: that may be a token, or all that is said of a person. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const deeper = reasonOf(cause.cause);
  return deeper === '' ? cause.message : `${cause.message}: ${deeper}`;
}

export function registerOidc(app: FastifyInstance, context: HttpContext): void {
  const { oidc } = context.auth;

  const redirectUri = (request: FastifyRequest) =>
    context.oidcRedirectUri ?? `${request.protocol}://${request.host}${PATH}/callback`;

  /** The login page says what went wrong, by the code. */
  const toLogin = (request: FastifyRequest, reply: FastifyReply, thrown: unknown) => {
    const error = toCasementError(thrown);
    if (error.code === 'internal') request.log.error({ err: thrown }, 'a login by OpenID Connect failed');
    else request.log.warn({ code: error.code, reason: reasonOf(error.cause) }, 'a login by OpenID Connect was refused');
    return reply.redirect(`/login?failed=${error.code}`, 303);
  };

  const need = (): OidcLogins => {
    if (!oidc) throw new CasementError('login-unavailable');
    return oidc;
  };

  for (const base of ['', '/v3']) {
    app.get(`${base}${PATH}`, { schema: { hide: true } }, async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const logins = need();
      try {
        const { url, state } = await logins.begin(redirectUri(request));
        return reply.setCookie(COOKIE, state, { ...cookie(request), maxAge: COOKIE_SECONDS }).redirect(url, 303);
      } catch (thrown) {
        return toLogin(request, reply, thrown);
      }
    });
  }

  app.get(`${PATH}/callback`, { schema: { hide: true } }, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const logins = need();
    const url = new URL(request.url, 'http://callback.invalid');
    const state = request.cookies[COOKIE];
    reply.clearCookie(COOKIE, cookie(request));
    try {
      const loggedIn = await logins.finish(url, redirectUri(request), state, loginClient(request, false));
      setLoginCookie(request, reply, loggedIn, false);
      return reply.redirect('/', 303);
    } catch (thrown) {
      return toLogin(request, reply, thrown);
    }
  });
}
