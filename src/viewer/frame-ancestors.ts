/**
 * Which origins may embed this page, as the server says in the page's own `frame-ancestors`: known before there is a
 * connection whose `welcome` tells it. One list on the server, so the two cannot disagree.
 */

/** The exact origins of a Content-Security-Policy's `frame-ancestors`. Patterns with `*` are nobody one can speak to. */
export function originsOf(policy: string, self: string): string[] {
  const directive = policy
    .split(/[;,]/)
    .map((part) => part.trim().split(/\s+/))
    .find(([name]) => name?.toLowerCase() === 'frame-ancestors');
  return (directive?.slice(1) ?? []).flatMap((source) =>
    source.toLowerCase() === "'self'" ? [self] : exactOrigin(source),
  );
}

/** An origin spelled as browsers spell it, or nothing. */
export function exactOrigin(text: string): string[] {
  return URL.canParse(text) && /^https?:\/\/[^*]+$/.test(text) ? [new URL(text).origin] : [];
}

/** Asks for this page's headers again. Nothing is allowed where that fails. */
export async function fetchFrameAncestors(fetch: typeof globalThis.fetch, location: Location): Promise<string[]> {
  try {
    const response = await fetch(location.pathname, { method: 'HEAD', credentials: 'omit' });
    return originsOf(response.headers.get('content-security-policy') ?? '', location.origin);
  } catch {
    return [];
  }
}
