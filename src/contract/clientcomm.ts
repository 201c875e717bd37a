/** ClientComm: small messages between scripts in a session and whoever looks at it (contract section 5). */
import * as z from 'zod/mini';
import { Role } from './session.ts';

/** UTF-8 bytes of one message's data. */
export const MAX_DATA_BYTES = 1024 * 1024;
/** Seconds a page that embeds the viewer has to answer a forwarded message, or to say `ack`. */
export const FORWARD_TIMEOUT_MS = 30_000;

export const ClientCommErrorName = z.enum([
  'format',
  'timeout',
  'unhandled',
  'disconnected',
  'denied',
  'too-large',
  'busy',
]);
export type ClientCommErrorName = z.infer<typeof ClientCommErrorName>;

export const ClientCommError = z.object({ name: z.string(), message: z.optional(z.string()) });
export type ClientCommError = z.infer<typeof ClientCommError>;

export const ClientCommType = z.string().check(z.minLength(1), z.maxLength(128), z.regex(/^[^\s\p{Cc}]+$/u));

/** `number` 0 is a notification; anything else a query that must be answered once. */
export const ClientCommMessage = z.object({
  type: ClientCommType,
  number: z.int().check(z.minimum(0)),
  data: z.string(),
  /** The sender: a client's id, or `session` for a script. */
  from: z.optional(z.string()),
});
export type ClientCommMessage = z.infer<typeof ClientCommMessage>;

export const ClientCommAnswer = z.object({
  number: z.int().check(z.minimum(1)),
  data: z.optional(z.string()),
  error: z.optional(ClientCommError),
  /** "Working on it": no answer yet, but do not time out. */
  ack: z.optional(z.literal(true)),
});
export type ClientCommAnswer = z.infer<typeof ClientCommAnswer>;

export const CLIENT_ROLES = Role.options;
/** Roles of which there may be many, so a query to one of them has no single answerer. */
export const CROWD_ROLES: readonly Role[] = ['viewer', 'inactive'];
