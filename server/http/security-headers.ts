/** Headers by which a browser holds a page to what it is for. */
import type { FastifyRequest } from 'fastify';

/** Who may frame a page: nobody, pages of ours, or the allowed parents as well. */
export type Framing = 'none' | 'self' | 'parents';

const VIEWER_FEATURES = ['fullscreen', 'clipboard-read', 'clipboard-write'];
const FEATURES = ['camera', 'microphone', 'geolocation', 'payment', 'usb', 'serial', 'midi', 'display-capture'];

/** A Host header as it may stand in a policy; anything else is left out of it. */
const HOST = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** Who may make markup or a script's address of text, by page; whatever else tries is refused. */
export const TRUSTED_TYPES = {
  /** Markup by DOMPurify; the one worker is that of functions' dry runs, whose policy knows its address alone. */
  portal: "require-trusted-types-for 'script'; trusted-types dompurify casement-dry-run",
  /** No markup at all; the one worker is the screen's, whose policy knows its address alone. */
  viewer: "require-trusted-types-for 'script'; trusted-types casement-screen",
} as const;

export type TrustedTypes = keyof typeof TRUSTED_TYPES;

export function contentSecurityPolicy(host: string, framing: Framing, parents: readonly string[]): string {
  const sockets = HOST.test(host) ? ` ws://${host} wss://${host}` : '';
  const ancestors = { none: "'none'", self: "'self'", parents: ["'self'", ...parents].join(' ') }[framing];
  return [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    // Named beside 'self', which older browsers do not stretch to WebSockets.
    `connect-src 'self'${sockets}`,
    "worker-src 'self' blob:",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');
}

/**
 * For every answer, pages or not. No Strict-Transport-Security: it would bind every other port of the host as well,
 * `localhost` included, which is for whoever runs the host to decide.
 */
export const COMMON_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;

/**
 * What nobody here uses is off. What the viewer uses is for this origin and, so that they can hand it on to the frame,
 * for the same parents that may embed it.
 */
function permissionsPolicy(parents: readonly string[]): string {
  const allowed = `(${['self', ...parents.map((origin) => `"${origin}"`)].join(' ')})`;
  return [
    ...FEATURES.map((feature) => `${feature}=()`),
    ...VIEWER_FEATURES.map((feature) => `${feature}=${allowed}`),
  ].join(', ');
}

export function pageHeaders(
  request: FastifyRequest,
  framing: Framing,
  parents: readonly string[],
  trustedTypes?: TrustedTypes,
): Record<string, string> {
  const policy = contentSecurityPolicy(request.host, framing, parents);
  return {
    'content-security-policy': trustedTypes ? `${TRUSTED_TYPES[trustedTypes]}; ${policy}` : policy,
    'permissions-policy': permissionsPolicy(framing === 'none' ? [] : parents),
    // Only where nobody may frame it: the header knows no lists.
    ...(framing === 'none' ? { 'x-frame-options': 'DENY' } : {}),
  };
}
