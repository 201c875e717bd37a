/** Builds one page as the product's own are built, serves it on loopback, and relays WebSockets to RFB servers. */
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { build } from 'vite';
import { WebSocketServer, type WebSocket } from 'ws';
import { buildDecoder } from '../../scripts/build-decoder.mjs';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

export interface PageServerOptions {
  onSocket(socket: WebSocket, path: string): void;
  /** Gives whether it answers this path itself. */
  onRequest?(path: string, response: ServerResponse): boolean;
  /** Cross-origin isolated: clocks are finer then, and memory can be measured. */
  isolated?: boolean;
}

export class PageServer {
  readonly origin: string;
  readonly directory: string;
  readonly #server: Server;

  private constructor(server: Server, directory: string, port: number) {
    this.#server = server;
    this.directory = directory;
    this.origin = `http://127.0.0.1:${port}`;
  }

  /** `page`: the path of an HTML file below `root`, which is served at `/`. */
  static async start(root: string, page: string, options: PageServerOptions): Promise<PageServer> {
    await buildDecoder();
    const directory = await mkdtemp(join(tmpdir(), 'casement-page-'));
    await build({
      root,
      configFile: false,
      logLevel: 'warn',
      worker: { format: 'es' },
      build: { outDir: directory, emptyOutDir: true, target: 'chrome120', rollupOptions: { input: join(root, page) } },
    });
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? '/', 'http://page').pathname;
      const file = join(directory, normalize(path === '/' ? page : decodeURIComponent(path)));
      if (options.isolated) {
        response.setHeader('cross-origin-opener-policy', 'same-origin');
        response.setHeader('cross-origin-embedder-policy', 'require-corp');
      }
      if (options.onRequest?.(path, response)) return;
      response.setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
      createReadStream(file)
        .on('error', () => response.writeHead(404).end())
        .pipe(response);
    });
    const sockets = new WebSocketServer({ server, perMessageDeflate: false, maxPayload: 64 * 1024 * 1024 });
    sockets.on('connection', (socket, request) => options.onSocket(socket, request.url ?? '/'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new PageServer(server, directory, address.port);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Bytes both ways, slower of the two decides. */
export function relay(socket: WebSocket, to: NetConnectOpts): Socket {
  const target = connect(to);
  target.setNoDelay(true);
  target.on('data', (chunk) => {
    target.pause();
    socket.send(chunk, { binary: true }, () => target.resume());
  });
  target.on('close', () => socket.close());
  target.on('error', () => socket.close());
  socket.on('message', (data: Buffer) => target.write(data));
  socket.on('close', () => target.destroy());
  return target;
}
