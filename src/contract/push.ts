/** `GET /api/push` (WebSocket): first the present state, then every change. `data: null` means it is gone. */
import * as z from 'zod/mini';
import { ServerInfo, Session } from './session.ts';
import { StartProgress } from './start.ts';

export const PushMessage = z.discriminatedUnion('event', [
  z.object({ event: z.literal('session'), id: z.string(), data: z.nullable(Session) }),
  z.object({ event: z.literal('server'), id: z.string(), data: z.nullable(ServerInfo) }),
  z.object({ event: z.literal('start'), id: z.string(), data: z.nullable(StartProgress) }),
  /** All of the present state has been sent. */
  z.object({ event: z.literal('ready'), id: z.literal(''), data: z.null() }),
]);
export type PushMessage = z.infer<typeof PushMessage>;
