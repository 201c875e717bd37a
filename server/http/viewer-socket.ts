/**
 * `/ws/session/:id`, the viewer's socket. This file handles its first text frame, the hello with a ticket or a resume
 * token; everything after the welcome is relayed unread (`relay.ts`).
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { CasementError } from '../../src/contract/errors.ts';
import { Hello, SOCKET_VERSION, type Welcome } from '../../src/contract/socket.ts';
import type { ResumeGrant } from '../store/port.ts';
import { limitBeforeHello } from './before-hello.ts';
import { pathId, type HttpContext } from './context.ts';
import { endSocket, endWithLogin } from './end-socket.ts';
import type { Files } from './files.ts';
import { ownOrigin } from './origin.ts';
import { createRelay } from './relay.ts';
import { registerSocketRoute } from './socket-route.ts';
import { hashToken } from './tickets.ts';

/** Characters kept of what a viewer says about itself. */
const MAX_VERSION = 64;
/** How long an older socket of the same viewer has to show that it is alive. */
const PROBE_MS = 3000;

const newClientId = () => randomBytes(8).toString('hex');
const newToken = () => randomBytes(32).toString('base64url');

export function registerViewerSocket(app: FastifyInstance, context: HttpContext, files: Files): void {
  const { auth, host, store, tickets } = context;
  /** Open sockets by client id. */
  const open = new Map<string, WebSocket>();

  /** What the hello entitles to, and the hash of the resume token it was shown by. */
  async function admit(hello: Hello, sessionId: string): Promise<{ grant: ResumeGrant; presented: string | null }> {
    if (hello.v !== SOCKET_VERSION) throw new CasementError('version-mismatch');
    if (hello.ticket !== undefined && hello.resume === undefined) {
      const ticket = tickets.use(hello.ticket, sessionId, hello.parentOrigin);
      return { grant: { ...ticket, clientId: newClientId() }, presented: null };
    }
    if (hello.resume === undefined || hello.ticket !== undefined) throw new CasementError('ticket-missing');
    const presented = hashToken(hello.resume);
    const grant = await store.resume.find(presented);
    if (!grant) throw new CasementError('resume-unknown');
    const sameParent = grant.parentOrigin === null || grant.parentOrigin === hello.parentOrigin;
    if (grant.sessionId !== sessionId || !sameParent) throw new CasementError('ticket-foreign');
    return { grant, presented };
  }

  /** A viewer that comes back keeps its id, unless its former socket still counts as open: then that one is probed. */
  function settleClientId(grant: ResumeGrant): ResumeGrant {
    const former = open.get(grant.clientId);
    if (!former) return grant;
    const timer = setTimeout(() => former.terminate(), PROBE_MS);
    timer.unref();
    former.once('pong', () => clearTimeout(timer));
    former.ping();
    return { ...grant, clientId: newClientId() };
  }

  async function connect(socket: WebSocket, request: FastifyRequest, sessionId: string): Promise<void> {
    const parsed = Hello.safeParse(await limitBeforeHello(request, socket));
    if (!parsed.success) {
      throw new CasementError('bad-request', { details: { field: parsed.error.issues[0]?.path.join('.') ?? 't' } });
    }
    // What a hasty viewer sends before its welcome waits on the wire until the relay takes over.
    socket.pause();
    const hello = parsed.data;
    const admitted = await admit(hello, sessionId);
    const { presented } = admitted;
    const { jti } = admitted.grant;
    if (!endWithLogin(socket, auth, jti, 'connect')) return;
    // After the watch has begun, so that neither a login nor a permission ends unnoticed.
    const caller = await auth.current(jti);
    const refusal = auth.refuses(caller, 'connect');
    if (refusal) throw new CasementError(refusal);
    // Whose end has been told already is not to be waited for.
    if (socket.readyState === socket.CLOSED) return;
    const clipboard = auth.refuses(caller, 'clipboard') === undefined;
    // A viewer whose clipboard is taken away comes back by itself, and without it.
    if (clipboard) {
      socket.once(
        'close',
        auth.watch(jti, 'clipboard', () => endSocket(socket, 'disconnected')),
      );
    }
    const session = host.get(sessionId);
    if (!session || session.login !== admitted.grant.login) throw new CasementError('session-unknown');
    if (session.status !== 'running') throw new CasementError('session-not-running');

    const grant = settleClientId(admitted.grant);
    const { clientId } = grant;
    open.set(clientId, socket);
    socket.once('close', () => {
      if (open.get(clientId) === socket) open.delete(clientId);
    });
    const clientVersion = (hello.clientVersion ?? '').slice(0, MAX_VERSION);
    const stream = await host.openStream(sessionId, {
      clientId,
      login: grant.login,
      role: grant.role,
      clipboard,
      ip: request.ip,
      transport: 'Web',
      clientVersion,
      reservedParams: { clientVersion, clientId, clientIP: request.ip, clientTransport: 'Web' },
    });
    if (socket.readyState !== socket.OPEN) {
      stream.close();
      return;
    }
    const { role, login } = grant;
    const moving = files.grant(session, caller, { session: sessionId, login, role, clientId, jti });
    socket.once('close', () => moving?.lost());
    const relay = createRelay(socket, stream, (reason) => {
      if (reason === 'kicked' || reason === 'ended') {
        moving?.over();
        store.resume.dropClient(clientId).catch((cause: unknown) => request.log.error({ err: cause }, 'resume token'));
      }
    });

    // The token is changed only now: a connection that failed on the session's side has cost the viewer nothing.
    const resume = newToken();
    if (presented === null) await store.resume.issue(hashToken(resume), grant);
    else await store.resume.rotate(presented, hashToken(resume), grant);
    const welcome: Welcome = {
      t: 'welcome',
      v: SOCKET_VERSION,
      clientId,
      role: grant.role,
      resume,
      session: {
        id: session.id,
        name: session.name,
        windowMode: session.windowMode,
        deadline: session.deadline,
        ...(session.allows ? { allows: session.allows } : {}),
      },
      ...(moving ? { files: moving.grant } : {}),
      parents: [ownOrigin(request), ...context.parents()],
    };
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(welcome));
    relay.begin();
    socket.resume();
  }

  registerSocketRoute(app, {
    url: '/ws/session/:id',
    parents: context.parents,
    serve: (socket, request) => connect(socket, request, pathId(request)),
    refuse: (socket, request, error) => {
      request.log.info({ code: error.code, session: pathId(request) }, 'a viewer was refused');
      socket.resume();
      if (socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify({ t: 'error', error: { ...error.toJSON(), ref: request.id } }));
    },
  });
}
