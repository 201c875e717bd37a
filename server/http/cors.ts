/**
 * Calls from pages on other origins. The list of allowed parents decides, as it does on framing and messages: a portal
 * that may embed the viewer may call the API, with a token it holds. Cookies are never let across.
 */
import type { FastifyInstance } from 'fastify';
import type { HttpContext } from './context.ts';
import { parseOrigin } from './origin.ts';

const CALLABLE = /^\/(?:api|v3\/api|sse)(?:\/|\?|$)/;
const METHODS = 'GET, POST, PUT, DELETE';
const HEADERS = 'Authorization, Content-Type, X-FASTX-TOKEN, X-Start-Id';
/** Seconds for which a browser need not ask again; short, so that a change of the list is soon felt. */
const MAX_AGE = '600';

export function registerCors(app: FastifyInstance, context: Pick<HttpContext, 'parents'>): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!CALLABLE.test(request.url)) return undefined;
    // Caches must not hand one origin's answer to another.
    reply.header('vary', 'Origin');
    const { origin } = request.headers;
    const parsed = origin === undefined ? undefined : parseOrigin(origin);
    if (parsed === undefined || !context.parents().includes(parsed)) return undefined;
    reply.header('access-control-allow-origin', parsed);
    reply.header('access-control-expose-headers', 'Retry-After');
    if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined) {
      return undefined;
    }
    return reply
      .code(204)
      .headers({
        'access-control-allow-methods': METHODS,
        'access-control-allow-headers': HEADERS,
        'access-control-max-age': MAX_AGE,
      })
      .send();
  });
}
