/** The HTTP server: API, sockets, pages. Built here, listened with elsewhere. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import fastifyCookie from '@fastify/cookie';
import fastifyRateLimit from '@fastify/rate-limit';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import * as z from 'zod/mini';
import { CasementError } from '../../src/contract/errors.ts';
import { registerAuditExport } from './audit-export.ts';
import type { HttpContext } from './context.ts';
import { installErrors } from './errors.ts';
import { registerCors } from './cors.ts';
import { registerFiles } from './files.ts';
import { registerOidc } from './oidc.ts';
import { registerOpenApi, registerOpenApiRoutes } from './openapi.ts';
import type { ServerOptions } from './options.ts';
import { registerPages } from './pages.ts';
import { registerPush } from './push.ts';
import { registerCompatPush } from './routes/compat-push.ts';
import { registerApi } from './routes/register.ts';
import { COMMON_HEADERS } from './security-headers.ts';
import { Tickets } from './tickets.ts';
import { registerViewerSocket } from './viewer-socket.ts';

/** A paste of 16 MiB (Xvnc's `MaxCutText`) may come in one frame, with its RFB header. */
const MAX_FRAME = 17 * 1024 * 1024;

export async function buildServer(options: ServerOptions): Promise<FastifyInstance> {
  // The small build of zod has no sentences of its own.
  z.config(z.locales.en());

  const { tls } = options;
  // With a logger of its own the type names that; nobody here needs to know.
  const app = Fastify({
    loggerInstance: options.log,
    // Its own lines would hold whole URLs, and with them the tokens of v2 calls; ours below hold the route's pattern.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomBytes(6).toString('hex'),
    requestIdHeader: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 4096 },
    // Whose word counts on where a call came from; nobody's unless told.
    ...(options.proxies?.length ? { trustProxy: [...options.proxies] } : {}),
    // Typed as a plain server either way: a TLS server differs in nothing that is used of it.
    serverFactory: (handler) =>
      (tls ? createTlsServer({ cert: tls.cert, key: tls.key }, handler) : createServer(handler)) as ReturnType<
        typeof createServer
      >,
  }) as unknown as FastifyInstance;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest('caller', undefined);
  installErrors(app);

  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // A call without input may name the type and send nothing.
    if (body === '') done(null, undefined);
    else void parseJson(request, body.toString(), done);
  });

  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(COMMON_HEADERS);
  });
  app.addHook('onResponse', async (request, reply) => {
    request.log.debug(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        ms: reply.elapsedTime,
      },
      'request',
    );
  });

  const tickets = new Tickets(options.now);
  const context: HttpContext = { ...options, tickets };
  const forget = options.auth.onRevoked((jti) => tickets.dropLogin(jti));
  app.addHook('onClose', async () => {
    forget();
  });
  await app.register(fastifyCookie);
  await app.register(fastifyRateLimit, {
    global: false,
    errorResponseBuilder: () => new CasementError('rate-limited'),
  });
  await app.register(fastifyWebsocket, {
    options: { perMessageDeflate: false, maxPayload: MAX_FRAME },
    // Viewers come back by themselves; waiting for their goodbye would only delay a restart.
    preClose(done) {
      for (const socket of app.websocketServer.clients) socket.terminate();
      done();
    },
  });
  registerCors(app, context);
  await registerOpenApi(app, options.version);
  registerApi(app, context);
  registerAuditExport(app, context);
  registerOidc(app, context);
  registerOpenApiRoutes(app);
  registerPush(app, context);
  registerCompatPush(app, context);
  registerViewerSocket(app, context, registerFiles(app, context));
  if (options.webDir !== undefined) {
    await registerPages(app, context, options.webDir);
  } else {
    app.setNotFoundHandler(() => {
      throw new CasementError('not-found');
    });
  }
  await app.ready();
  return app;
}
