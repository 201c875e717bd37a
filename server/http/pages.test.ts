import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { API } from '../../src/contract/api.ts';
import { PARENT, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let webDir: string;

beforeAll(async () => {
  webDir = mkdtempSync(join(tmpdir(), 'casement-web-'));
  for (const dir of ['assets', 'src/viewer', 'mocks']) mkdirSync(join(webDir, dir), { recursive: true });
  const page = (name: string) => `<!doctype html><title>${name}</title>`;
  writeFileSync(join(webDir, 'index.html'), page('portal'));
  writeFileSync(join(webDir, 'src/viewer/xrdp.html'), page('viewer'));
  writeFileSync(join(webDir, 'mocks/demo.html'), page('demo'));
  writeFileSync(join(webDir, 'mocks/demo-xrdp.html'), page('demo viewer'));
  writeFileSync(join(webDir, 'assets/a-1234.js'), 'plain');
  writeFileSync(join(webDir, 'assets/a-1234.js.gz'), gzipSync('packed'));
  writeFileSync(join(webDir, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(webDir, '..', 'casement-outside.txt'), 'outside');
  server = await startTestServer({ webDir });
});
afterAll(async () => {
  await server.close();
  rmSync(webDir, { recursive: true });
  rmSync(join(webDir, '..', 'casement-outside.txt'));
});

const get = (url: string, headers: Record<string, string> = { accept: 'text/html' }) =>
  server.app.inject({ method: 'GET', url, headers: { host: 'desk.example.org:3300', ...headers } });
const titleOf = (html: string) => /<title>(.*)<\/title>/.exec(html)?.[1];
const policyOf = async (url: string) => String((await get(url)).headers['content-security-policy']);

describe('pages', () => {
  it.each([
    ['/', 'portal'],
    ['/login', 'portal'],
    ['/sessions/abc', 'portal'],
    ['/xrdp', 'viewer'],
    ['/demo', 'demo'],
    ['/demo-xrdp', 'demo viewer'],
    ['/src/viewer/xrdp.html', 'viewer'],
    ['/index.html', 'portal'],
  ])('%s is the %s, asked for anew each time', async (url, title) => {
    const answer = await get(url);
    expect([answer.statusCode, titleOf(answer.body)]).toEqual([200, title]);
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['permissions-policy']).toContain('camera=()');
    expect(answer.headers['content-security-policy']).toBeDefined();
  });

  it('lets the allowed parents frame the viewer, and nothing else', async () => {
    expect(await policyOf('/xrdp')).toContain(`frame-ancestors 'self' ${PARENT}`);
    expect(await policyOf('/src/viewer/xrdp.html')).toContain(`frame-ancestors 'self' ${PARENT}`);
    expect(await policyOf('/')).toMatch(/frame-ancestors 'self'$/);
    expect(await policyOf('/api/docs')).toMatch(/frame-ancestors 'none'$/);
    expect(await policyOf('/assets/a-1234.js')).toMatch(/frame-ancestors 'none'$/);
  });

  it('lets markup in the portal come from the sanitiser alone', async () => {
    const walls = /^require-trusted-types-for 'script'; trusted-types dompurify casement-dry-run; /;
    expect(await policyOf('/')).toMatch(walls);
    expect(await policyOf('/login')).toMatch(walls);
    expect(await policyOf('/index.html')).toMatch(walls);
  });

  it('lets nothing in the viewer become markup, and no script but the screen’s worker be loaded', async () => {
    const walls = /^require-trusted-types-for 'script'; trusted-types casement-screen; /;
    expect(await policyOf('/xrdp')).toMatch(walls);
    expect(await policyOf('/src/viewer/xrdp.html')).toMatch(walls);
  });

  it('tells the developer of a portal that is not on the list which line to add', async () => {
    const framed = (referer: string, dest = 'iframe') =>
      get('/xrdp', { accept: 'text/html', referer, 'sec-fetch-dest': dest, 'sec-fetch-site': 'cross-site' });
    const refused = await framed('https://other.example/some/page');
    expect([refused.statusCode, titleOf(refused.body)]).toEqual([403, 'This portal may not embed the viewer yet']);
    expect(refused.body).toContain('--parents https://other.example<');
    expect(refused.body).toContain('"parents": ["https://other.example"]');
    expect(refused.body).not.toContain('some/page');
    const policy = String(refused.headers['content-security-policy']);
    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';.* frame-ancestors \*$/);
    expect(titleOf((await framed(`${PARENT}/portal`)).body)).toBe('viewer');
    expect(titleOf((await framed('http://desk.example.org:3300/')).body)).toBe('viewer');
    expect(titleOf((await framed('https://other.example/', 'document')).body)).toBe('viewer');
    expect(titleOf((await framed('"><script>')).body)).toBe('viewer');
  });

  it('gives what the viewer uses to itself and the allowed parents', async () => {
    const features = String((await get('/xrdp')).headers['permissions-policy']);
    for (const feature of ['fullscreen', 'clipboard-read', 'clipboard-write']) {
      expect(features).toContain(`${feature}=(self "${PARENT}")`);
    }
  });

  it('allows scripts of our own and WebAssembly, sockets to this host, and no inline anything', async () => {
    const policy = await policyOf('/xrdp');
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).toContain("connect-src 'self' ws://desk.example.org:3300 wss://desk.example.org:3300;");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
    const forged = await get('/', { host: 'x; script-src *', accept: 'text/html' });
    expect(forged.headers['content-security-policy'] ?? '').not.toContain('script-src *');
  });

  it('keeps hashed assets for ever and hands out the compressed copy', async () => {
    const plain = await get('/assets/a-1234.js', {});
    expect([plain.body, plain.headers['cache-control']]).toEqual(['plain', 'public, max-age=31536000, immutable']);
    const packed = await get('/assets/a-1234.js', { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(packed.headers['content-type']).toContain('javascript');
    expect((await get('/favicon.svg', {})).headers['cache-control']).toBe('no-cache');
  });

  it.each([
    '/api/nothing',
    '/assets/missing.js',
    '/missing.png',
    '/v3/api/nothing',
    '/..%2fcasement-outside.txt',
    '/%2e%2e/casement-outside.txt',
  ])('has nothing at %s', async (url) => {
    const answer = await get(url);
    expect([answer.statusCode, answer.json().error.name]).toEqual([404, 'not-found']);
  });
});

describe('the description of the API', () => {
  it('is OpenAPI 3.1 with every call of the table, made from what validates', async () => {
    const document = (await get('/api/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const calls = Object.entries(API).map(
      ([name, { method, path }]) => `${name} ${method.toLowerCase()} /api${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    const described = Object.entries<Record<string, { operationId: string }>>(document.paths).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
    );
    expect(described.toSorted()).toEqual(calls.toSorted());
    const { schema } = document.paths['/api/start'].post.requestBody.content['application/json'];
    expect(schema).toMatchObject({ type: 'object', required: ['command', 'geometry'] });
    expect(schema.properties.command).toMatchObject({ type: 'string', minLength: 1, maxLength: 16384 });
    const limit = document.paths['/api/sessions'].get.parameters.find((one: { name: string }) => one.name === 'limit');
    expect(limit).toMatchObject({ in: 'query', schema: { maximum: 1000 } });
    // Each reference leads somewhere.
    const text = JSON.stringify(document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"/]+)"/g)) {
      expect(document.components.schemas).toHaveProperty(name ?? '');
    }
  });

  it('can be read as a page without scripts', async () => {
    const page = await get('/api/docs');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('POST /api/start');
    expect(page.body).not.toMatch(/<script|\sstyle=|\son\w+=/);
  });
});
