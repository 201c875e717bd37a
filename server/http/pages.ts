/** The built pages and their assets. */
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CasementError } from '../../src/contract/errors.ts';
import type { HttpContext } from './context.ts';
import { parentPage, strangerAround } from './parent-page.ts';
import { pageHeaders, type Framing, type TrustedTypes } from './security-headers.ts';

interface Page {
  /** Below the folder of built pages. */
  readonly file: string;
  readonly framing: Framing;
  readonly trustedTypes?: TrustedTypes;
}

const PORTAL: Page = { file: 'index.html', framing: 'self', trustedTypes: 'portal' };
const PAGES: Readonly<Record<string, Page>> = {
  '/': PORTAL,
  '/xrdp': { file: 'src/viewer/xrdp.html', framing: 'parents', trustedTypes: 'viewer' },
  '/demo': { file: 'mocks/demo.html', framing: 'none' },
  '/demo-xrdp': { file: 'mocks/demo-xrdp.html', framing: 'self' },
};
/** Not the portal's: what is missing there is missing. */
const NOT_PORTAL = /^\/(?:api|v3|ws|files|assets|sse|bus)(?:\/|$)/;

export async function registerPages(app: FastifyInstance, context: HttpContext, webDir: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: webDir,
    serve: true,
    index: false,
    preCompressed: true,
    // Both set below, by what the file is.
    cacheControl: false,
    setHeaders(reply, path) {
      // Names in `assets` hold a hash of what is in them.
      const hashed = path.startsWith(`${webDir}/assets/`);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  const sendPage = (request: FastifyRequest, reply: FastifyReply, { file, framing, trustedTypes }: Page) => {
    const stranger = framing === 'parents' ? strangerAround(request, context.parents()) : undefined;
    if (stranger !== undefined) {
      const { html, headers } = parentPage(stranger);
      return reply.code(403).headers(headers).send(html);
    }
    return reply.headers(pageHeaders(request, framing, context.parents(), trustedTypes)).sendFile(file);
  };

  for (const [url, page] of Object.entries(PAGES)) {
    app.get(url, { schema: { hide: true } }, (request, reply) => sendPage(request, reply, page));
    // By its place in the build, too: a page without its headers must not be had.
    if (page.file !== 'index.html') {
      app.get(`/${page.file}`, { schema: { hide: true } }, (request, reply) => sendPage(request, reply, page));
    }
  }
  app.get('/index.html', { schema: { hide: true } }, (request, reply) => sendPage(request, reply, PORTAL));

  // Asked for by browsers on pages that name no icon, and by nobody else.
  app.get('/favicon.ico', { schema: { hide: true } }, (_request, reply) => reply.sendFile('favicon.svg'));

  // A worker is held to the policy that its own script came with.
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/assets/') && !reply.hasHeader('content-security-policy')) {
      reply.headers(pageHeaders(request, 'none', []));
    }
  });

  app.setNotFoundHandler((request, reply) => {
    const [path = '/'] = request.url.split('?', 1);
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    const isFile = /\.\w+$/.test(path);
    // The portal's own addresses, which only it knows.
    if (request.method === 'GET' && wantsPage && !isFile && !NOT_PORTAL.test(path)) {
      return sendPage(request, reply, PORTAL);
    }
    throw new CasementError('not-found');
  });
}
