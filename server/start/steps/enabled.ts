/** Step 9, on the session server: does it accept starts just now, and can it? */
import { CasementError } from '../../../src/contract/errors.ts';
import type { SessionServer } from '../../policy/port.ts';
import { done, type StepResult } from '../tracker.ts';

/** Which server it was, since another one may do. @throws CasementError `start-disabled`, `xserver-missing` */
export async function enabled(server: Pick<SessionServer, 'canStart' | 'info'>): Promise<StepResult<null>> {
  const { accepts, xserver } = await server.canStart();
  const { serverId, hostname } = server.info();
  const details = { serverId, hostname };
  if (!accepts) {
    const message = `The server ${hostname} does not accept new sessions at the moment.`;
    throw new CasementError('start-disabled', { message, details });
  }
  if (!xserver) {
    throw new CasementError('xserver-missing', { details });
  }
  return done(null);
}
