/**
 * The addresses of sharing, which this version does not have: whoever calls them learns that, by a code of its own, and
 * does not take it for a mistyped address. With a login only, as the calls themselves will be.
 */
import type { FastifyInstance, HTTPMethods } from 'fastify';
import { CasementError } from '../../../src/contract/errors.ts';
import { requireCaller } from '../authenticate.ts';
import type { HttpContext } from '../context.ts';

const ADDRESSES: readonly { readonly method: HTTPMethods; readonly path: string }[] = [
  { method: 'POST', path: '/share' },
  { method: 'POST', path: '/share/revoke' },
  { method: 'GET', path: '/sessions/:id/shares' },
];

export function registerSharing(app: FastifyInstance, context: HttpContext): void {
  const refuse = (method: HTTPMethods, url: string) => {
    app.route({
      method,
      url,
      schema: { hide: true },
      onRequest: requireCaller(context, 'share'),
      handler: () => {
        throw new CasementError('sharing-unavailable');
      },
    });
  };
  for (const { method, path } of ADDRESSES) {
    refuse(method, `/api${path}`);
    refuse(method, `/v3/api${path}`);
  }
  // With the token as the last member, as integrations of version 2 call it.
  refuse('POST', '/api/share/:token');
}
