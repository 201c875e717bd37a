/**
 * How integrations written for FastX hear of changes: server-sent events with `update` and `delete` (version 3), and
 * sockets that send `{id, data}` (version 2, for administrators). Each tells the present state first.
 *
 * A token comes as it does with any call: header, cookie, or a socket's first frame `{"token": …}`; never in the query,
 * which ends up in logs.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { CasementError } from '../../../src/contract/errors.ts';
import type { ServerInfo, Session } from '../../../src/contract/session.ts';
import type { Action, Caller } from '../../auth/port.ts';
import { callerOf, COOKIE, requireCaller } from '../authenticate.ts';
import { limitBeforeHello } from '../before-hello.ts';
import type { HttpContext } from '../context.ts';
import { registerSocketRoute } from '../socket-route.ts';
import { endWithLogin } from '../end-socket.ts';

/** Bytes waiting for one reader. Past it the stream is ended; who comes back is told the present state. */
const MAX_BUFFERED = 1024 * 1024;
/** Between the end of a stream and that of its connection. */
const PATIENCE_MS = 500;
/** A comment this often keeps proxies from ending a stream on which nothing happens. */
const COMMENT_MS = 25_000;
/** Load and memory of servers change all the time. */
const SERVERS_MS = 10_000;

/** `gone`: the thing as it was last, whose id is all that is left of it. */
type Tell<Thing> = (id: string, data: Thing, gone: boolean) => void;
/** Tells the present state at once and every change; returns the way to stop. */
type Source<Thing> = (caller: Caller, tell: Tell<Thing>) => () => void;

function sources(context: HttpContext): { mine: Source<Session>; all: Source<Session>; servers: Source<ServerInfo> } {
  const { host } = context;
  const sessions =
    (everybody: boolean): Source<Session> =>
    (caller, tell) => {
      const last = new Map<string, Session>();
      const update = (session: Session) => {
        if (!everybody && session.login !== caller.login) return;
        last.set(session.id, session);
        tell(session.id, session, false);
      };
      for (const session of host.list()) update(session);
      return host.subscribe((id, data) => {
        const was = last.get(id);
        if (data) update(data);
        else if (was && last.delete(id)) tell(id, was, true);
      });
    };
  return {
    mine: sessions(false),
    all: sessions(true),
    servers: (_caller, tell) => {
      const update = () => {
        for (const server of context.policy.servers.list()) tell(server.serverId, server, false);
      };
      update();
      const timer = setInterval(update, SERVERS_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

export function registerCompatPush(app: FastifyInstance, context: HttpContext): void {
  const { mine, all, servers } = sources(context);
  registerEvents(app, context, '/sse/my-sessions', 'list', mine);
  registerEvents(app, context, '/sse/all-sessions', 'sessions-all', all);
  registerEvents(app, context, '/sse/all-servers', 'admin', servers);
  registerSocket(app, context, '/api/admin/session', 'sessions-all', all);
  registerSocket(app, context, '/api/admin/server', 'admin', servers);
}

function registerEvents<Thing>(
  app: FastifyInstance,
  context: HttpContext,
  url: string,
  action: Action,
  source: Source<Thing>,
): void {
  const stream = (request: FastifyRequest, reply: FastifyReply): void => {
    const caller = callerOf(request);
    reply.header('content-type', 'text/event-stream; charset=utf-8');
    reply.header('cache-control', 'no-store');
    // Known to the proxies that would otherwise collect a stream before handing it on.
    reply.header('x-accel-buffering', 'no');
    reply.hijack();
    const { raw } = reply;
    // It went while it was asked who it is, and nothing would ever end what is begun for it.
    if (raw.destroyed) return;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200);
    raw.flushHeaders();
    const write = (text: string) => {
      if (raw.destroyed || raw.writableEnded) return;
      if (raw.writableLength > MAX_BUFFERED) raw.destroy();
      else raw.write(text);
    };
    // Who reads nothing hears of no end; that must not be up to them.
    const end = () => {
      raw.end();
      setTimeout(() => raw.destroy(), PATIENCE_MS).unref();
    };
    const endings = [
      source(caller, (_id, data, gone) =>
        // JSON has no raw line breaks, so one `data:` line holds it.
        write(`event: ${gone ? 'delete' : 'update'}\ndata: ${JSON.stringify(data)}\n\n`),
      ),
      context.auth.watch(caller.jti, action, end),
    ];
    // Asked once more, now that nothing is missed.
    context.auth.current(caller.jti).then((now) => context.auth.refuses(now, action) && end(), end);
    const timer = setInterval(() => write(':\n\n'), COMMENT_MS);
    timer.unref();
    raw.once('close', () => {
      clearInterval(timer);
      for (const stop of endings) stop();
    });
  };
  app.get(url, { schema: { hide: true }, onRequest: requireCaller(context, action) }, stream);
}

const First = z.object({ token: z.string() });

function registerSocket<Thing>(
  app: FastifyInstance,
  context: HttpContext,
  url: string,
  action: Action,
  source: Source<Thing>,
): void {
  const { auth } = context;

  async function identify(request: FastifyRequest, socket: WebSocket, cookieCounts: boolean): Promise<Caller> {
    const header = request.headers['x-fastx-token'] ?? /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const given = header ?? (cookieCounts ? request.cookies[COOKIE] : undefined);
    if (typeof given === 'string') return auth.verify(given);
    const first = First.safeParse(await limitBeforeHello(request, socket));
    if (!first.success) throw new CasementError('unauthenticated');
    return auth.verify(first.data.token);
  }

  async function serve(request: FastifyRequest, socket: WebSocket, cookieCounts: boolean): Promise<void> {
    const { jti } = await identify(request, socket, cookieCounts);
    if (!endWithLogin(socket, auth, jti, action)) return;
    const caller = await auth.current(jti);
    const refusal = auth.refuses(caller, action);
    if (refusal) throw new CasementError(refusal);
    if (socket.readyState !== socket.OPEN) return;
    const stop = source(caller, (id, data, gone) => {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > MAX_BUFFERED) socket.terminate();
      else socket.send(JSON.stringify({ id, data: gone ? null : data }));
    });
    socket.once('close', stop);
  }

  registerSocketRoute(app, {
    url,
    parents: context.parents,
    serve: (socket, request, cookieCounts) => serve(request, socket, cookieCounts),
  });
}
