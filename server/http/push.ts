/**
 * `/api/push`: the present state, `ready`, then every change, to the one it concerns. Who it is comes from the cookie,
 * or from the first text frame `{"token": …}`.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { CasementError } from '../../src/contract/errors.ts';
import type { PushMessage } from '../../src/contract/push.ts';
import type { Caller } from '../auth/port.ts';
import { COOKIE } from './authenticate.ts';
import type { HttpContext } from './context.ts';
import { endWithLogin } from './end-socket.ts';
import { limitBeforeHello } from './before-hello.ts';
import { registerSocketRoute } from './socket-route.ts';

/** How often load, memory and sessions of the servers are told anew: a person who chooses one looks at them. */
const SERVER_EVERY_MS = 5_000;
/** Bytes waiting for one reader. Past it the socket is closed: when it comes back it gets the whole state anyway. */
const MAX_BUFFERED = 1024 * 1024;
const First = z.object({ token: z.string() });

export function registerPush(app: FastifyInstance, context: HttpContext): void {
  const { auth, bus, host, log } = context;

  /** Sends state and changes until the socket or the login ends. */
  function serve(socket: WebSocket, caller: Caller): void {
    const mine = new Set<string>();
    const send = (message: PushMessage) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_BUFFERED) {
        log.info({ login: caller.login }, 'a push socket that does not read was closed');
        socket.terminate();
        return;
      }
      socket.send(JSON.stringify(message));
    };

    const told = new Map<string, string>();
    const sendServer = () => {
      const servers = context.policy.servers.list();
      for (const server of servers) {
        // `uptime` alone is no news.
        const news = JSON.stringify({ ...server, uptime: 0 });
        if (news !== told.get(server.serverId)) send({ event: 'server', id: server.serverId, data: server });
        told.set(server.serverId, news);
      }
    };
    sendServer();
    for (const session of host.list()) {
      if (session.login !== caller.login) continue;
      mine.add(session.id);
      send({ event: 'session', id: session.id, data: session });
    }
    send({ event: 'ready', id: '', data: null });

    const again = setInterval(sendServer, SERVER_EVERY_MS);
    again.unref();
    const endings = [
      () => clearInterval(again),
      host.subscribe((id, data) => {
        if (data ? data.login !== caller.login : !mine.delete(id)) return;
        if (data) mine.add(id);
        send({ event: 'session', id, data });
      }),
      bus.subscribe(({ login, progress }) => {
        if (login === caller.login) send({ event: 'start', id: progress.startId, data: progress });
      }),
    ];
    socket.once('close', () => {
      for (const end of endings) end();
    });
  }

  async function identify(request: FastifyRequest, socket: WebSocket, cookieCounts: boolean): Promise<Caller> {
    const cookie = cookieCounts ? request.cookies[COOKIE] : undefined;
    if (cookie !== undefined) return auth.verify(cookie);
    const frame = await limitBeforeHello(request, socket);
    const first = First.safeParse(frame);
    if (!first.success) throw new CasementError('unauthenticated');
    return auth.verify(first.data.token);
  }

  registerSocketRoute(app, {
    url: '/api/push',
    parents: context.parents,
    serve: async (socket, request, cookieCounts) => {
      const { jti } = await identify(request, socket, cookieCounts);
      if (!endWithLogin(socket, auth, jti, 'list')) return;
      // Asked once more, now that nothing is missed.
      const caller = await auth.current(jti);
      const refusal = auth.refuses(caller, 'list');
      if (refusal) throw new CasementError(refusal);
      if (socket.readyState === socket.OPEN) serve(socket, caller);
    },
  });
}
