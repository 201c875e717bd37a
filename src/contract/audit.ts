/** Who did what to what, from where, with which outcome. */
import * as z from 'zod/mini';
import { JsonValue } from './json.ts';

/** The events there are; a filter may name any other text as well, which finds nothing. */
export const AUDIT_EVENTS = [
  'login',
  'login-refused',
  'logout',
  'login-revoked',
  'host-key-added',
  'host-key-changed',
  'host-key-unknown',
  'session-refused',
  'start',
  'connect',
  'disconnect',
  'terminate',
  'purge',
  'params',
  'log',
  'clientcomm',
  'upload',
  'download',
  'refused',
  'permission-changed',
  'settings-changed',
  'server-changed',
  'form-changed',
  'function-changed',
  'bookmark-created',
  'bookmark-changed',
  'bookmark-deleted',
  'bookmark-restored',
  'bookmark-hidden',
  'bookmark-shown',
  'profile-changed',
  'audit-exported',
] as const;
export type AuditEvent = (typeof AUDIT_EVENTS)[number];

export const AuditEntry = z.object({
  id: z.number(),
  /** Milliseconds since 1970. */
  at: z.number(),
  event: z.string(),
  /** Who; `''` where that is not known. */
  login: z.string(),
  /** From where. */
  address: z.string(),
  /** `ok`, or the code of the error. */
  outcome: z.string(),
  /** What it was done to: a session's id, a rule's, a form's, or `''`. */
  target: z.string(),
  /** Whose that is, where it is somebody else's; `''` where it is one's own. */
  owner: z.string(),
  /** A few words. */
  detail: z.string(),
  /** More of it: what was changed, or the steps of a start. `null` where there is nothing more. */
  data: JsonValue,
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const Text = z.string().check(z.maxLength(256));
const Time = z.coerce.number().check(z.int(), z.minimum(0));

/** Every member that is there has to fit. Texts are compared whole, except `search`. */
export const AuditFilter = z.object({
  /** Milliseconds since 1970, both inclusive. */
  from: z.optional(Time),
  to: z.optional(Time),
  /** Who did it, or whose it was. */
  login: z.optional(Text),
  /** One, or several with commas between. */
  event: z.optional(Text),
  /** The session's id, or that of whatever else it was about. */
  target: z.optional(Text),
  /** `ok`, the code of an error, or `failed`: anything but `ok`. */
  outcome: z.optional(Text),
  /** A part of login, owner, address, target or detail, in any case. */
  search: z.optional(Text),
});
export type AuditFilter = z.output<typeof AuditFilter>;

export const MAX_AUDIT_PAGE = 500;

export const AuditQuery = z.object({
  ...AuditFilter.shape,
  limit: z.optional(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(MAX_AUDIT_PAGE))),
  /** `next` of the page before. */
  cursor: z.optional(z.string().check(z.maxLength(64))),
});
export type AuditQuery = z.output<typeof AuditQuery>;

export const AuditPage = z.object({
  /** Newest first. */
  entries: z.array(AuditEntry),
  /** Give it as `cursor` for the entries after these; `null`: these were the last. */
  next: z.nullable(z.string()),
});
export type AuditPage = z.infer<typeof AuditPage>;

/** Below `/api`. A download, not a call: a page links to it, with the filter as the query. */
export const AUDIT_EXPORT_PATH = '/admin/audit/export';
export const AuditExport = z.object({ ...AuditFilter.shape, format: z._default(z.enum(['jsonl', 'csv']), 'jsonl') });
