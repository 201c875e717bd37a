/**
 * Step 13, where FastX checks its licence: is there a seat for one more session? It is taken here and kept for the
 * session; where the start fails after all, it is free again.
 */
import type { Seats } from '../../policy/port.ts';
import type { StartCall, StartDeps } from '../deps.ts';
import type { Launch } from '../launch.ts';
import { done, skipped, type StepResult } from '../tracker.ts';

/** @throws CasementError `seats-taken` */
export async function seats(
  call: StartCall,
  wish: Pick<Parameters<Seats['take']>[0], 'sessionId' | 'serverId' | 'hostname'>,
  launch: Launch<unknown>,
  deps: Pick<StartDeps, 'seats'>,
): Promise<StepResult<null>> {
  if (!(await launch.untilSeats())) return skipped(null);
  try {
    const seat = deps.seats.take({ ...wish, login: call.caller.login });
    launch.result.then(
      () => seat.settle(true),
      () => seat.settle(false),
    );
  } catch (refusal) {
    launch.refuse(refusal);
    throw refusal;
  }
  launch.enter();
  return deps.seats.limited() ? done(null) : skipped(null);
}
