/** What a viewer needs to open a session. */
import * as z from 'zod/mini';
import { SessionId } from './session.ts';

/** Everything `/xrdp` needs: encode it with `encodeViewerData` into the fragment. */
export const ConnectResult = z.object({
  id: SessionId,
  port: z.number(),
  RdpPort: z.number(),
  username: z.string(),
  /** The ticket: single use, good for 60 s. */
  password: z.string(),
  geometry: z.string(),
  serverId: z.string(),
  role: z.string(),
  url: z.string(),
});
export type ConnectResult = z.infer<typeof ConnectResult>;
