/** Schemas of what the viewer says, by `msg` (contract section 4). */
import * as z from 'zod/mini';
import { Deadline, Role, SessionClient } from '../contract/session.ts';
import { Settings, ViewerState } from './messages.ts';

const Empty = z.object({});

export const FROM_VIEWER = {
  connected: z.object({ id: z.string(), width: z.number(), height: z.number(), role: z.optional(Role) }),
  error: z.string(),
  disconnect: z.string(),
  'security.password': Empty,
  'security.none': Empty,
  'settings.update': Settings,
  state: ViewerState,
  role: z.object({ role: Role }),
  participants: z.object({ clients: z.array(SessionClient) }),
  resize: z.object({ width: z.number(), height: z.number() }),
  title: z.object({ title: z.string() }),
  clipboard: z.object({ text: z.string() }),
  stats: z.record(z.string(), z.unknown()),
  deadline: Deadline,
  fullscreen: z.object({ active: z.boolean() }),
} as const;
