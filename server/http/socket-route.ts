/** One address that speaks WebSocket only: its origin checked before the upgrade, a dead peer noticed, a refusal said. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { CasementError } from '../../src/contract/errors.ts';
import { CLOSE_REFUSED } from '../../src/contract/socket.ts';
import { toCasementError } from './errors.ts';
import { keepAlive } from './keep-alive.ts';
import { checkUpgradeOrigin } from './origin.ts';

export interface SocketRoute {
  readonly url: string;
  readonly parents: () => readonly string[];
  /** What it throws ends the socket, with the error's code as the reason. `cookieCounts`: it came from our own pages. */
  readonly serve: (socket: WebSocket, request: FastifyRequest, cookieCounts: boolean) => Promise<void>;
  /** Before the socket is closed for that. */
  readonly refuse?: (socket: WebSocket, request: FastifyRequest, error: CasementError) => void;
}

export function registerSocketRoute(app: FastifyInstance, { url, parents, serve, refuse }: SocketRoute): void {
  app.route({
    method: 'GET',
    url,
    schema: { hide: true },
    onRequest: async (request) => {
      checkUpgradeOrigin(request, parents());
    },
    handler: () => {
      throw new CasementError('bad-request', { message: 'This address speaks WebSocket only.' });
    },
    wsHandler: (socket, request) => {
      keepAlive(socket, request.raw.socket);
      socket.on('error', () => socket.terminate());
      const { cookieCounts } = checkUpgradeOrigin(request, parents());
      serve(socket, request, cookieCounts).catch((cause: unknown) => {
        const error = toCasementError(cause);
        if (error.code === 'internal') request.log.error({ err: cause, url }, 'a socket failed');
        refuse?.(socket, request, error);
        socket.close(CLOSE_REFUSED, error.code);
      });
    },
  });
}
