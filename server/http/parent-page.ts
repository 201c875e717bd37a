/**
 * What a portal's developer sees in the frame when the portal is not on the list of allowed parents. Without it the
 * browser shows an empty frame and a line in its console. The page holds nothing but the portal's own origin, so it may
 * be framed by anyone.
 */
import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isOwnOrigin } from './origin.ts';

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:0;padding:2rem;color:#1d2126;background:#fff}main{max-width:42rem;margin:auto}pre{padding:.75rem 1rem;background:#eef1f4;border-radius:.4rem;overflow:auto}code{font-family:ui-monospace,monospace}';
const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/**
 * The origin of the page that frames this request, where it is known not to be allowed. `undefined`: it is allowed, is
 * no frame, or is not known; then `frame-ancestors` alone decides.
 */
export function strangerAround(request: FastifyRequest, parents: readonly string[]): string | undefined {
  const { referer } = request.headers;
  const destination = request.headers['sec-fetch-dest'];
  if (destination !== 'iframe' && destination !== 'frame') return undefined;
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const { origin, protocol } = new URL(referer);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return isOwnOrigin(request, origin) || parents.includes(origin) ? undefined : origin;
}

/** The page and its headers. Its style is allowed by hash, so that the policy can forbid all else. */
export function parentPage(origin: string): { html: string; headers: Record<string, string> } {
  // An origin as `URL` writes it has none of the characters that HTML knows; escaped all the same.
  const shown = origin.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
  return {
    html: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>This portal may not embed the viewer yet</title>
<style>${STYLE}</style>
<main>
<h1>This portal may not embed the viewer yet</h1>
<p>Pages on <code>${shown}</code> are not on the server's list of allowed parents, so the viewer does not open in them. An administrator of the server can change that. Start the server with</p>
<pre><code>--parents ${shown}</code></pre>
<p>or add the line to <code>config.json</code> in its data directory</p>
<pre><code>"parents": ["${shown}"]</code></pre>
<p>and start it again; several origins are separated by commas. The same list decides who may call the API from a page and who may exchange messages with the viewer.</p>
<p>Code: <code>origin-denied</code></p>
</main>
</html>
`,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors *`,
      'cache-control': 'no-store',
    },
  };
}
