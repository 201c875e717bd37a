/** Where a request comes from, as far as the browser tells. */
import type { FastifyRequest } from 'fastify';
import { CasementError } from '../../src/contract/errors.ts';

/** The origin in its one canonical spelling, or `undefined` for what is none (`null`, a path, another scheme). */
export function parseOrigin(text: string): string | undefined {
  try {
    const url = new URL(text);
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.origin === text.toLowerCase()
      ? url.origin
      : undefined;
  } catch {
    return undefined;
  }
}

/** The server's origin as the caller sees it. Behind a proxy that ends TLS, the scheme is the browser's own word. */
export function ownOrigin(request: FastifyRequest): string {
  const own = `${request.protocol}://${request.host}`;
  const { origin } = request.headers;
  return origin !== undefined && isOwnOrigin(request, origin) ? origin : own;
}

export function isOwnOrigin(request: FastifyRequest, origin: string): boolean {
  const parsed = parseOrigin(origin);
  if (parsed === undefined) return false;
  const url = new URL(parsed);
  // A page without TLS is not the same site as a server with it.
  const fits = url.protocol === 'https:' || request.protocol === 'http';
  return fits && url.host === new URL(`${url.protocol}//${request.host}`).host;
}

/**
 * Every upgrade passes here. A missing Origin is no browser, so it cannot be riding on somebody's cookie; what then
 * counts is a ticket or a token in the first frame.
 *
 * @returns whether the cookie may be used
 * @throws CasementError `origin-denied`
 */
export function checkUpgradeOrigin(request: FastifyRequest, parents: readonly string[]): { cookieCounts: boolean } {
  const { origin } = request.headers;
  if (origin === undefined) return { cookieCounts: false };
  if (isOwnOrigin(request, origin)) return { cookieCounts: true };
  const parsed = parseOrigin(origin);
  if (parsed !== undefined && parents.includes(parsed)) return { cookieCounts: false };
  throw new CasementError('origin-denied');
}
