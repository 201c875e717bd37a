/**
 * What `/xrdp` is opened with: one JSON object in base64, in the URL's fragment (contract section 4). Both alphabets
 * are read, with and without padding; we write the URL-safe one without.
 */
import * as z from 'zod/mini';
import { Role } from './session.ts';

export const ViewerUi = z.object({
  toolbar: z.optional(z.boolean()),
  viewOnly: z.optional(z.boolean()),
  scaling: z.optional(z.enum(['remote', 'fit', 'none'])),
  quality: z.optional(z.number()),
  locale: z.optional(z.string()),
  theme: z.optional(z.enum(['light', 'dark', 'auto'])),
  /** Whether the embedding page is told what is copied in the session. */
  clipboard: z.optional(z.boolean()),
});
export type ViewerUi = z.infer<typeof ViewerUi>;

/** `password` is the ticket, by its documented name. Unknown members are ignored. */
export const ViewerData = z.object({
  id: z.string(),
  port: z.optional(z.union([z.number(), z.string()])),
  RdpPort: z.optional(z.union([z.number(), z.string()])),
  username: z.optional(z.string()),
  password: z.optional(z.string()),
  geometry: z.optional(z.string()),
  serverId: z.optional(z.string()),
  role: z.optional(Role),
  ui: z.optional(ViewerUi),
  v: z.optional(z.number()),
});
export type ViewerData = z.infer<typeof ViewerData>;

export function encodeViewerData(data: ViewerData): string {
  const bytes = new TextEncoder().encode(JSON.stringify(data));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Returns the data, or which of the steps failed: the base64, the UTF-8, the JSON, or a member by its name. */
export function decodeViewerData(
  text: string,
): { ok: true; data: ViewerData } | { ok: false; problem: 'base64' | 'utf8' | 'json' | 'member'; member?: string } {
  let binary: string;
  try {
    binary = atob(text.trim().replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''));
  } catch {
    return { ok: false, problem: 'base64' };
  }
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
  } catch {
    return { ok: false, problem: 'utf8' };
  }
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, problem: 'json' };
  }
  const parsed = ViewerData.safeParse(value);
  if (parsed.success) return { ok: true, data: parsed.data };
  const member = parsed.error.issues[0]?.path[0];
  return { ok: false, problem: 'member', ...(typeof member === 'string' ? { member } : {}) };
}
