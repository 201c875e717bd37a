/** The cookie that a browser's login lives in, and what is noted of the browser. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LoggedIn, LoginClient } from '../auth/port.ts';
import { COOKIE } from './authenticate.ts';

const cookie = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' }) as const;

/** `shared`: it ends with the browser. */
export function setLoginCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  { token, expires }: LoggedIn,
  shared: boolean,
): void {
  reply.setCookie(COOKIE, token, { ...cookie(request), ...(shared ? {} : { expires: new Date(expires) }) });
}

export function clearLoginCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(COOKIE, cookie(request));
}

export function loginClient(request: FastifyRequest, shared: boolean): LoginClient {
  return { address: request.ip, userAgent: request.headers['user-agent'] ?? '', shared };
}
