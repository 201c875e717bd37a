/** Serves this folder and the package's script: `node examples/portal/serve.mjs [PORT]`, after `npm run build:sdk`. */
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const sdk = fileURLToPath(new URL('../../dist-sdk/', import.meta.url));
const FILES = { '/': 'index.html', '/portal.js': 'portal.js', '/portal.css': 'portal.css' };
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

const port = Number(process.argv[2] ?? 8080);
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const path = pathname === '/casement.js' ? join(sdk, 'casement.js') : FILES[pathname] && join(here, FILES[pathname]);
  if (!path || !existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': TYPES[extname(path)] });
  createReadStream(path).pipe(response);
});
server.listen(port, '127.0.0.1', () => {
  const { port: actual } = server.address();
  process.stdout.write(`A small portal on http://127.0.0.1:${actual}\n`);
});
